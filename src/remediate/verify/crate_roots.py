"""What a crate's root says for all its modules: the root of a crate with some of them repeats it."""

from remediate.verify.normal import Normal
from remediate.verify.units import UnitKind

_ATTRIBUTES = {"feature", "recursion_limit"}


def is_of_root(kind: str, key: Normal) -> bool:
    """Whether a unit, in its normal form, is ``extern crate x;``, ``#![feature(..)]`` or its like."""
    if kind == UnitKind.INNER_ATTRIBUTE:
        return bool(_ATTRIBUTES & set(key))
    words = [t for t in key if t.strip()]
    extern = any(words[i : i + 2] == ["extern", "crate"] for i in range(len(words)))
    return kind == UnitKind.ITEM and extern and words[-1] == ";"
