"""What a crate's root says for all its modules: the root of a crate with some of them repeats it."""

from remediate.verify.text.normal import Normal
from remediate.verify.text.units import UnitKind

_ATTRIBUTES = {"feature", "recursion_limit"}


def is_of_root(kind: str, key: Normal) -> bool:
    """Whether a unit, in its normal form, is ``extern crate x;``, ``#![feature(..)]`` or its like."""
    words = [t for t in key if t.strip()]
    if kind == UnitKind.INNER_ATTRIBUTE:
        # Its name, not a word in it: `#![cfg(feature = "x")]` would switch tests off.
        return words[:3] == ["#", "!", "["] and not _ATTRIBUTES.isdisjoint(words[3:4])
    extern = any(words[i : i + 2] == ["extern", "crate"] for i in range(len(words)))
    return kind == UnitKind.ITEM and extern and words[-1] == ";"
