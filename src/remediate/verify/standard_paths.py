"""How rustc names what is of the standard library: by the way the crate at hand sees it."""

import re

_STANDARD = re.compile(r"(?<![\w:])(?:core|alloc)::")
_SEEN_ELSEWHERE = re.compile(r"(?<![\w:])std::collections::Bound\b")


def standard(text: str) -> str:
    """Return MIR with one name for each thing of the standard library, also in a ``no_std`` crate."""
    return _SEEN_ELSEWHERE.sub("std::ops::Bound", _STANDARD.sub("std::", text))
