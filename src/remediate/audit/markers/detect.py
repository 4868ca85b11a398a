"""Where markers of unfinished code stand in a file: in comments, in strings, and as fields that hold nothing.

One detector for the reader and the scanner: the scanner reports what ``markers`` yields; the reader, asked
about a place that an audit names, also takes a bare word there (``is_noun`` says which are none).
``classified_at`` gives both the same class.
"""

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from remediate.audit.markers.beside import DOC, Beside
from remediate.audit.markers.classes import (
    TOLD_BY_CODE,
    Remark,
    begins_with_it,
    beside,
    classified,
    is_empty,
    of_string,
    pretends,
    refuses,
)
from remediate.audit.markers.words import NEEDLES, NEVER, WORDS, Word
from remediate.rust.syntax.outline import Outline

_DECORATION = re.compile(rb"\A\s*(?://[/!]*|/\*[*!]*|\*(?!/))?\s*|\s*(?:\*/)?\s*\Z")
_OPENER = re.compile(rb"\s*(?://[/!]*|/\*[*!]*)")
_FENCE = re.compile(rb"^\s*(?://[/!]|\*)?\s*(?:```|~~~)", re.MULTILINE)
_STRING = re.compile(
    rb"\bnot\s+(?:yet\s+)?implemented\b|\bin\s+a\s+real\s+(?:implementation|system|application)\b"
    rb"|\b(?:placeholder|dummy|stub|mock)\s+(?:implementation|response|result|data|value)\b"
    rb"|\A\W*(?:placeholder|dummy)\W*\Z",
    re.IGNORECASE,
)
_FIELD = re.compile(rb"(?<![\w.])(_?placeholder)\s*:\s*\(\s*\)(?=\s*[,}])")
_FIELD_REMARK = Remark("stub", "a field that holds nothing")
_NAME = Remark("noun", "a name")
_LET = re.compile(rb"\blet\s+(_?placeholder)\b(?=\s*[:=])")
_DESIGN_TERMS = ("shim",)
_REFUSALS = ((b"implemented", b"supported"), (b"would", b"ideally"), (b"would",))
_SIMULATE = (b"simulat",)
_DEPRECATED = re.compile(rb"\s*(?:#\s*\[(?!\s*deprecated\b)[^\]]*\]\s*)*#\s*\[\s*deprecated\b")
_DENIED = re.compile(
    rb"\b(?:rather\s+than|instead\s+of|no\s+longer|never|not|isn't)\s+(?:an?\s+|the\s+)?\Z", re.IGNORECASE
)
_WORD = re.compile(rb"\w+")
_CONNECTED = re.compile(rb"\w::|::\w|[`_/\\@=<>$]|://")


class Marker(NamedTuple):
    """One marker: its rule, its bytes, its class ("stub", "remark", ..) and one sentence of evidence."""

    rule: str
    start: int
    end: int
    kind: str
    note: str


def markers(outline: Outline) -> Iterator[Marker]:
    """Yield the markers of a file; nouns, identifiers and examples in docs are none."""
    if b"laceholder" in outline.code:
        yield from (Marker("placeholder", start, end, *remark) for start, end, remark in _empty(outline))
    present = _present(outline)
    if not present:
        return
    for start, end in outline.opaque:
        opaque = outline.text[start:end]
        lowered = opaque.lower()
        said = [needle for needle in present if needle in lowered]
        if said:
            yield from _in(outline, start, opaque, said)


def classified_at(outline: Outline, rule: str, at: int) -> Remark:
    """Return the class of a rule's word at an offset, be it in a comment, in a string, or a name."""
    span = outline.opaque_at(at)
    if span is None:
        return next((remark for start, end, remark in _empty(outline) if start <= at < end), _NAME)
    if outline.text[span[0]] != ord("/"):
        return of_string(outline, span[0])
    return classified(rule, beside(outline, rule, at, span[1]))


def is_empty_field(outline: Outline, at: int) -> bool:
    """Return whether a name holds nothing: ``_placeholder: ()``, or ``let _placeholder`` in a stub."""
    return any(start <= at < end for start, end, _ in _empty(outline))


def is_noun(outline: Outline, rule: str, at: int) -> bool:
    """Whether a marker's word at an offset is only a noun of its comment: "legacy format", "mock server".

    A word that no pattern of the rule knows is none, a term of design is none beside a stub, "legacy" is none
    above what is deprecated, and "placeholder" where the code beside it is empty.
    """
    start, end = outline.opaque_at(at) or (at, at)
    known = _is_known_noun(rule, outline.text[start:end], at - start)
    if known and rule == "legacy" and _DEPRECATED.match(outline.code, end):
        return False
    word = _WORD.match(outline.text, at)
    code = beside(outline, rule, at, end)
    if known and rule in TOLD_BY_CODE and word and is_empty(word[0], code):
        return False
    return known and not (rule in _DESIGN_TERMS and classified(rule, code).kind == "stub")


def _is_known_noun(rule: str, comment: bytes, at: int) -> bool:
    known = False
    for word in WORDS:
        for match in word.pattern.finditer(comment) if word.rule == rule else ():
            if match.start() <= at < match.end():
                line = comment.rfind(b"\n", 0, match.end()) + 1
                if _marks(word, comment, line, match):
                    return False
                known = True
    return known


def _present(outline: Outline) -> list[bytes]:
    """Return which of the words' needles any comment or string of the file holds."""
    lowered = b"\n".join([outline.text[start:end] for start, end in outline.opaque]).lower()
    return [needle for needle in NEEDLES if needle in lowered]


def _empty(outline: Outline) -> Iterator[tuple[int, int, Remark]]:
    """Yield the names of fields that hold nothing, and of variables of functions that do nothing."""
    for match in _FIELD.finditer(outline.code):
        yield *match.span(1), _FIELD_REMARK
    for match in _LET.finditer(outline.code):
        remark = classified("placeholder", beside(outline, "placeholder", *match.span(1)))
        if remark.kind == "stub":
            yield *match.span(1), remark


def _in(outline: Outline, start: int, opaque: bytes, said: Sequence[bytes]) -> Iterator[Marker]:
    if opaque.startswith((b"//", b"/*")):
        words = [word for word in WORDS if any(needle in said for needle in word.needles)]
        yield from _in_comment(outline, start, opaque, words)
    elif not opaque.startswith(b"'"):
        yield from _in_string(outline, start, opaque)


def _in_comment(outline: Outline, start: int, comment: bytes, words: Iterable[Word]) -> Iterator[Marker]:
    """Yield what a comment says, each rule at most once a line."""
    seen: set[tuple[str, int]] = set()
    for word in words:
        for match in word.pattern.finditer(comment):
            line = comment.rfind(b"\n", 0, match.end()) + 1
            if (word.rule, line) in seen or (
                word.rule == "placeholder" and _DENIED.search(comment, line, match.start())
            ):
                continue
            at = start + max(match.start(), line)
            code = beside(outline, word.rule, at, start + len(comment))
            marks = _marks(word, comment, line, match)
            if word.needles == _SIMULATE:
                marks = marks or (begins_with_it(code) and not _is_name(comment, match))
                if not (marks and pretends(word.rule, code)):
                    continue
            elif not marks and not _is_told_by_code(word, code, is_name=_is_name(comment, match)):
                continue
            seen.add((word.rule, line))
            yield Marker(word.rule, at, start + match.end(), *classified(word.rule, code))


def _is_told_by_code(word: Word, code: Beside, *, is_name: bool) -> bool:
    """Whether the code says what a word does not: nothing at all is below it, or it refuses.

    A term of design stands beside a stub, "legacy" above what is deprecated. What would go wrong is said of
    much code that refuses; of a function that does nothing else it says why.
    """
    outline, rule = code.outline, word.rule
    if word.needles in _REFUSALS and (code.is_doc or word.marks is not NEVER) and refuses(rule, code):
        return True
    if is_name or word.marks is NEVER:
        return False
    said = word.pattern.match(outline.text, code.start)
    if said and (rule in TOLD_BY_CODE or b"would" in word.needles) and is_empty(said[0], code):
        return True
    return rule in (*_DESIGN_TERMS, "legacy") and not is_noun(outline, rule, code.start)


def _marks(word: Word, comment: bytes, line: int, match: re.Match[bytes]) -> bool:
    text = comment[line:].partition(b"\n")[0]
    doc = DOC.match(text) is not None
    if doc and _in_example(comment, match.start()):
        return False
    condition = word.marks_doc if doc else word.marks
    bare = _DECORATION.sub(b"", text)
    if condition.pattern and not any(
        m.start() <= _at(bare, match) <= m.end() for m in condition.finditer(bare)
    ):
        return False
    return not _is_name(comment, match)


def _at(bare: bytes, match: re.Match[bytes]) -> int:
    """Return where the matched words begin in their line without its decoration."""
    return bare.find(match.group().partition(b"\n")[0])


def _in_example(comment: bytes, at: int) -> bool:
    return len(_FENCE.findall(comment[:at])) % 2 == 1


def _is_name(comment: bytes, match: re.Match[bytes]) -> bool:
    """Whether the word is part of a path, an identifier, code in backticks or a URL."""
    start = match.start()
    opener = _OPENER.match(comment, comment.rfind(b"\n", 0, start) + 1)
    first = opener.end() if opener and opener.end() <= start else 0  # "//TODO" is no path
    before, after = comment[max(first, start - 2) : start], comment[match.end() : match.end() + 2]
    if _CONNECTED.search(before[-1:]) or after.startswith(
        (b"_", b"`", b"::", b"=", b"/", b"!(", b"<", b"\\")
    ):
        return True
    if before.endswith(b"::") or (before.endswith((b'"', b"'")) and after[:1] in (b'"', b"'")):
        return True
    line = comment[comment.rfind(b"\n", 0, start) + 1 : start]
    return line.count(b"`") % 2 == 1


def _in_string(outline: Outline, start: int, string: bytes) -> Iterator[Marker]:
    match = _STRING.search(string.strip(b'rbc#"'))
    if match is None or len(string) > _LONGEST_STRING:
        return
    rule = "temporary-code" if b"real" in match.group().lower() else "placeholder"
    at = start + string.find(match.group())
    remark = of_string(outline, start)
    if remark.kind != "noun":
        yield Marker(rule, at, at + len(match.group()), *remark)


_LONGEST_STRING = 300
