"""How rustc names what is of the standard library: by the way the crate at hand sees it."""

import re

_STANDARD = re.compile(r"(?<![\w:])(?:core|alloc)::")
_SEEN_ELSEWHERE = {"std::collections::Bound": "std::ops::Bound", "std::rt::panic": "std::panicking::panic"}
_ELSEWHERE = re.compile(rf"(?<![\w:])(?:{'|'.join(_SEEN_ELSEWHERE)})")


def standard(text: str) -> str:
    """Return MIR with one name for each thing of the standard library, also in a ``no_std`` crate."""
    return _ELSEWHERE.sub(lambda match: _SEEN_ELSEWHERE[match[0]], _STANDARD.sub("std::", text))
