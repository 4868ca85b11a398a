"""Text that an audit quotes, found in a source file whatever its line breaks, case and comment leaders."""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache

from remediate.rust.syntax.source import Source

_LEADER = re.compile(r"^\s*(?://[/!]?|/\*[*!]?|\*(?!/)|#)?\s*")
_NOISE = re.compile(r"[^\w!#\[\]():.<>=&;,{}'-]+")
_IN_BACKTICKS = re.compile(r"(?<!`)`&?((?:[A-Za-z_]\w*(?:::|\.))*[A-Za-z_]\w*)(?:\(\)|!)?`(?!`)")
_SHORTEST_NAME = 3
# Keywords and names of the prelude: they are on so many lines that they tell none.
_COMMON_NAMES = """
    async await bool break char clone const continue crate default dyn else enum extern false for i128 i16
    i32 i64 impl isize let loop match mod move mut new None Option Box Vec String str pub ref Result return
    self Self Some static struct super trait true type u128 u16 u32 u64 unsafe use usize where while f32 f64
    Err main
"""


@dataclass(frozen=True, slots=True)
class _Lines:
    """A file's lines, normalised, as one text, and where each begins in it."""

    text: str
    starts: tuple[int, ...]


def lines_with(source: Source, quote: str) -> tuple[int, ...]:
    """Return the lines (from 1) on which a quote begins; () when it is too short to tell anything."""
    wanted = _normal(quote).strip(" .")
    if len(wanted) < 3:
        return ()
    lines, found, at = _normalised(source.text), list[int](), -1
    while (at := lines.text.find(wanted, at + 1)) >= 0:
        found.append(bisect_right(lines.starts, at))
    return tuple(dict.fromkeys(found))


def identifiers(text: str) -> Iterator[str]:
    """Yield the identifiers in backticks but for keywords: of `a::b()` the last segment."""
    for match in _IN_BACKTICKS.finditer(text):
        name = re.split(r"::|\.", match.group(1))[-1]
        if len(name) >= _SHORTEST_NAME and name not in _common_names():
            yield name


@cache
def _common_names() -> frozenset[str]:
    return frozenset(_COMMON_NAMES.split())


@lru_cache(maxsize=256)
def _normalised(text: bytes) -> _Lines:
    pieces, starts, length = [], [], 0
    for line in text.decode(errors="replace").split("\n"):
        normal = _normal(_LEADER.sub("", line))
        starts.append(length)
        if normal:
            pieces.append(normal + " ")
            length += len(normal) + 1
    return _Lines("".join(pieces), tuple(starts))


def _normal(text: str) -> str:
    return _NOISE.sub(" ", _LEADER.sub("", text)).strip().lower()
