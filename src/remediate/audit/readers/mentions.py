"""Paths, line numbers and sizes in a line of prose, by their spelling alone.

What counts as a mention is decided here and nowhere else, before anyone asks what it means. So a reader can
be held to account for every one of them. All patterns are linear: an audit may be one line of 50 MB.
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from remediate.audit.document import LineRange

_MAYBE_PATH = re.compile(r"[./\\]")
_DIGIT = re.compile(r"\d")
_LETTER = re.compile(r"[^\W\d_]")
_WORD = re.compile(r"(?:[\w./\\~@+*$-]|\{[\w,./*-]{0,200}\})+")
_EXTENSIONS = {
    "c", "cpp", "h", "html", "j2", "js", "json", "lock", "md", "proto", "py", "rs", "rst", "ron", "sh",
    "snap", "sql", "template", "tmpl", "toml", "ts", "txt", "yaml", "yml",
}  # fmt: skip
_ROOTS = frozenset({"src", "tests", "packages", "crates", "examples", "benches"})
_RANGE = r"L?\d{1,7}(?:\s?[-\u2013]\s?L?\d{1,7})?(?![\w+])"
# Blanks are counted everywhere: "\s*" beside "\s*" takes the square of a long run of them.
_LIST = rf"{_RANGE}(?:(?:\s{{0,3}},\s{{0,3}}|\s{{0,3}}(?:,\s{{0,3}})?(?:and|&)\s{{1,3}}){_RANGE})*"
# "`src/a.rs`: 1,952 lines" is a size.
_SUFFIX = re.compile(
    rf"[`*\"']{{0,3}}(?::\s?|#)({_RANGE}(?:,\s?{_RANGE})*)"
    r"(?!,\d|\+?[ -](?:physical |code |source )?lines?\b|[\s-]?S?LOC\b)",
    re.IGNORECASE,
)
_COLUMN = re.compile(r":\d{1,5}(?!\d)")
_LINES = re.compile(
    r"(?<!test )(?<!code )(?<!total )\blines?(?: numbers?)?\b[*`]{0,3}\s{0,3}:?\s{0,3}[*`]{0,3}\s{0,3}"
    rf"(?:at\s{{1,3}})?({_LIST})",
    re.IGNORECASE,
)
_NUMBERS = re.compile(_RANGE)
_NUMBER = r"(?<![\w.,:-])(?P<number>\d{1,3}(?:,\d{3})+|\d{1,7})"
_SIZE = re.compile(
    r"(?P<limit>(?:>|<|≤|≥|\b(?:under|over|below|above|than|exceed(?:s|ing)?|reaches|max(?:imum(?: of)?)?\.?"
    r"|(?:limit|cap)(?: of| is|:)?))\s{0,3})?" + _NUMBER + r"(?P<range>\s?[-\u2013]\s?\d{1,7})?\+?"
    r"(?:[ -](?:physical |code |source )?lines?(?P<cap>[ -]limit)?\b|[\s-]?S?LOC\b)",
    re.IGNORECASE,
)
# What a size is of: "a 427-LOC file", "a 120-line function", "`shake()` is 120 lines", "fn shake: 120 lines".
_OF_FILE = re.compile(r"[\s`)]{0,3}(?:source )?files?\b", re.IGNORECASE)
_OF_ITEM = re.compile(
    r"[\s`]{0,3}(?:long )?`?"
    r"(?:fns?|functions?|methods?|impls?|structs?|enums?|traits?|macros?|closures?|blocks?|body|bodies)\b",
    re.IGNORECASE,
)
_ITEM_BEFORE = re.compile(
    r"(?:`(?P<name>(?:\w{1,80}(?:::|\.)){0,8}\w{1,80})(?:\(\)|!)?`|::\w{1,80}(?:\(\))?`?"
    r"|\b(?:fn|function|method)\b[^.;,()|]{0,60})"
    r"(?:[\s(:=~\u2013\u2014-]|\b(?:is|has|spans|takes|at|with|about|roughly|function|method|fn|body|now|still)\b){0,8}\Z",
    re.IGNORECASE,
)
_ALLOWED = re.compile(
    r"\b(?:limit|cap|max(?:imum)?\.?|allowed|at most|no more than|exceed(?:s|ing)?(?: the)?(?: limit)?)"
    r"(?: of| is|:)?\s{0,3}"
    + _NUMBER
    + r"(?=\s?(?:\)|[;.,](?!\d)|$|(?:physical |code |source )?lines?\b|LOC\b))|"
    + _NUMBER.replace("number", "cap")
    + r"[ -]lines? (?:limit|maximum|allowed)\b",
    re.IGNORECASE,
)
_NEAR = 200
_COUNT = re.compile(
    _NUMBER + r"\+?\s{1,3}(?:[\w`()!#.\[\]]{1,40}\s{1,3}){0,2}?"
    r"(?:instances?|locations?|references?|TODOs?|calls?|tests?|blocks|comments?|occurrences?|implementations?)\b",
    re.IGNORECASE,
)


@dataclass(frozen=True, slots=True)
class Found:
    """One mention in a line of text at ``start:end``.

    Attributes:
        kind: "path", "line" (one number or range), "size" (of a file), "extent" (of a function or the like),
            "limit" (of files in general) or "count".
        text: As written.
        lines: The range of a "line".
        number: The value of a size, extent, limit or count.
    """

    kind: str
    start: int
    end: int
    text: str
    lines: LineRange | None = None
    number: int = 0


@lru_cache(maxsize=4096)
def mentions(text: str) -> tuple[Found, ...]:
    """Return all mentions of a line of text, in order; where two overlap, the more telling one."""
    found = list(_paths(text)) if _MAYBE_PATH.search(text) else []
    if not _DIGIT.search(text):
        return tuple(found)
    for more in (_line_words(text), _sizes(text), _counts(text)):
        found = sorted([*found, *_apart(found, more)], key=lambda m: m.start)
    return tuple(found)


def names_path(text: str) -> bool:
    """Whether a text holds a path."""
    return bool(_MAYBE_PATH.search(text)) and next(_paths(text), None) is not None


def without_paths(text: str) -> str:
    """Return a text without paths and sizes: the name of a file says nothing about what is wrong with it."""
    pieces, done = [], 0
    for found in mentions(text):
        if found.kind in ("path", "size", "extent", "line"):
            pieces.append(text[done : found.start])
            done = found.end
    return "".join([*pieces, text[done:]])


def _apart(found: Sequence[Found], more: Iterator[Found]) -> Iterator[Found]:
    """Yield those of ``more`` that overlap none of ``found``."""
    starts = [m.start for m in found]
    for candidate in more:
        before = bisect_left(starts, candidate.end)
        if not before or found[before - 1].end <= candidate.start:
            yield candidate


def _paths(text: str) -> Iterator[Found]:
    for match in _WORD.finditer(text):
        if not _MAYBE_PATH.search(match.group()):
            continue
        start, word = _bare(match)
        if not _is_path(word) or _in_url(text, start) or _is_call(text, start + len(word)):
            continue
        yield Found("path", start, start + len(word), word)
        suffix = _SUFFIX.match(text, start + len(word))
        if suffix:
            column = _COLUMN.match(text, suffix.end())
            yield from _ranges(suffix.group(1), suffix.start(1), column.end() if column else 0)


def _bare(match: re.Match[str]) -> tuple[int, str]:
    """Return a word without the emphasis and punctuation around it, and where it starts."""
    word, start = match.group(), match.start()
    if word.startswith("**") and not word.startswith("**/"):
        word, start = word.lstrip("*"), start + len(word) - len(word.lstrip("*"))
    if word.endswith("**") and not word.endswith("/**"):
        word = word.rstrip("*")
    return start, word.rstrip(".-~$@+")


def _is_path(word: str) -> bool:
    parts = [p for p in re.split(r"[/\\]", word) if p]
    if not any(_LETTER.search(part) for part in parts):
        return False
    stem, dot, extension = parts[-1].rpartition(".")
    if dot and stem and extension.lower() in _EXTENSIONS and not word.endswith(("/", "\\")):
        return True
    if "/" not in word:
        return "\\" in word and len(parts) > 2 and ":" not in word and bool(_ROOTS.intersection(parts))
    if word.startswith(("//", "/*")):
        return False
    rooted = word.startswith(("/", "./", "../", "~/")) and len(parts) > 1
    return rooted or word.endswith("/") or bool(_ROOTS.intersection(parts))


def _in_url(text: str, start: int) -> bool:
    return text.startswith("//", start) and start > 0 and text[start - 1] == ":"


def _is_call(text: str, end: int) -> bool:
    """Whether a call's brackets follow: ``self.state.lock()`` names no file, "x.rs(12)" does."""
    return text.startswith("(", end) and not text.endswith(".rs", 0, end)


def _ranges(numbers: str, offset: int, end: int = 0) -> Iterator[Found]:
    for match in _NUMBERS.finditer(numbers):
        values = [int(n) for n in re.findall(r"\d+", match.group())]
        lines = LineRange(min(values), max(values))
        stop = max(offset + match.end(), end)
        yield Found("line", offset + match.start(), stop, match.group(), lines)


def _line_words(text: str) -> Iterator[Found]:
    for match in _LINES.finditer(text):
        yield from _ranges(match.group(1), match.start(1))


def _sizes(text: str) -> Iterator[Found]:
    for match in _SIZE.finditer(text):
        if match.group("limit") or match.group("cap") or match.group("range"):
            kind = "limit"
        else:
            kind = "extent" if _is_of_item(text, match.start(), match.end()) else "size"
        yield Found(kind, match.start(), match.end(), match.group(), number=_value(match))


def _is_of_item(text: str, start: int, end: int) -> bool:
    """Whether a size is that of a function or the like, by the words right before and behind it."""
    if _OF_FILE.match(text, end):
        return False
    if _OF_ITEM.match(text, end):
        return True
    before = _ITEM_BEFORE.search(text, max(0, start - _NEAR), start)
    return before is not None and not _is_path(before.group("name") or "f")


def _counts(text: str) -> Iterator[Found]:
    for match in _COUNT.finditer(text):
        yield Found("count", match.start(), match.end(), match.group(), number=_value(match))


def _value(match: re.Match[str]) -> int:
    return int(match.group("number").replace(",", ""))


def size_allowed(text: str) -> int | None:
    """Return the size that a line of prose says files may have ("235 lines, limit 100"), None without one."""
    match = _ALLOWED.search(text) if _DIGIT.search(text) else None
    return int((match.group("number") or match.group("cap")).replace(",", "")) if match else None
