"""Markers of unfinished code in comments, and placeholder texts in strings."""

import re
from collections.abc import Iterator

from remediate.audit.scan.found import Found
from remediate.audit.scan.marker_class import Remark, classified
from remediate.audit.scan.marker_words import NEEDLES, WORDS, Word
from remediate.audit.scan.scopes import Scopes
from remediate.rust.syntax.outline import Outline

_PIECE = re.compile(rb"[^\n]*\n?")
_DOC = re.compile(rb"\s*(?://[/!]|/\*[*!])(?!/)")
_DECORATION = re.compile(rb"\A\s*(?://[/!]*|/\*[*!]*|\*(?!/))?\s*|\s*(?:\*/)?\s*\Z")
_OPENER = re.compile(rb"\s*(?://[/!]*|/\*[*!]*)")
_FENCE = re.compile(rb"^\s*(?://[/!]|\*)?\s*(?:```|~~~)", re.MULTILINE)
_STRING = re.compile(
    rb"\bnot\s+(?:yet\s+)?implemented\b|\bin\s+a\s+real\s+(?:implementation|system|application)\b"
    rb"|\b(?:placeholder|dummy|stub|mock)\s+(?:implementation|response|result|data|value)\b"
    rb"|\A\W*(?:placeholder|dummy)\W*\Z",
    re.IGNORECASE,
)
_CONNECTED = re.compile(rb"\w::|::\w|[`_/\\@=<>$]|://")


def markers(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield the markers of a file; nouns, identifiers and examples in docs are none."""
    present = _present(outline)
    if not present:
        return
    for start, end in outline.opaque:
        opaque = outline.text[start:end]
        lowered = opaque.lower()
        for needle in present:
            if needle in lowered:
                yield from _in(outline, scopes, start, opaque)
                break


def is_noun(rule: str, comment: bytes, at: int) -> bool:
    """Whether a marker's word at an offset of a comment is only a noun: "legacy format", "mock server".

    A word that no pattern of the rule knows is none.
    """
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


def _in(outline: Outline, scopes: Scopes, start: int, opaque: bytes) -> Iterator[Found]:
    if opaque.startswith((b"//", b"/*")):
        yield from _in_comment(outline, scopes, start, opaque)
    elif not opaque.startswith(b"'"):
        yield from _in_string(outline, scopes, start, opaque)


def _in_comment(outline: Outline, scopes: Scopes, start: int, comment: bytes) -> Iterator[Found]:
    """Yield what a comment says, each rule at most once a line."""
    seen: set[tuple[str, int]] = set()
    for word in WORDS:
        for match in word.pattern.finditer(comment):
            line = comment.rfind(b"\n", 0, match.end()) + 1
            if (word.rule, line) in seen or not _marks(word, comment, line, match):
                continue
            seen.add((word.rule, line))
            at = start + max(match.start(), line) + _lead(match.group(), match.start() < line)
            yield _found(outline, scopes, word, (at, start + match.end()), start + len(comment))


def _lead(text: bytes, whole: bool) -> int:  # noqa: FBT001
    """Return how many bytes in front of the word the pattern took along."""
    return 0 if whole else len(text) - len(text.lstrip(b" \t\r\n.:;!?(/*"))


def _marks(word: Word, comment: bytes, line: int, match: re.Match[bytes]) -> bool:
    text = comment[line:].partition(b"\n")[0]
    doc = _DOC.match(text) is not None
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
    words = match.group().strip(b" \t\r\n.:;!?(/*")
    return bare.find(words.partition(b"\n")[0])


def _in_example(comment: bytes, at: int) -> bool:
    return len(_FENCE.findall(comment[:at])) % 2 == 1


def _is_name(comment: bytes, match: re.Match[bytes]) -> bool:
    """Whether the word is part of a path, an identifier, code in backticks or a URL."""
    words = match.group().strip(b" \t\r\n.:;!?(/*")
    start = match.start() + match.group().find(words)
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


def _in_string(outline: Outline, scopes: Scopes, start: int, string: bytes) -> Iterator[Found]:
    match = _STRING.search(string.strip(b'rbc#"'))
    if match is None or len(string) > _LONGEST_STRING:
        return
    rule = "temporary-code" if b"real" in match.group().lower() else "placeholder"
    at = start + string.find(match.group())
    remark = classified(outline, start, start + len(string), string=True)
    if remark.kind != "noun":
        test = scopes.covers(at)
        kind = "test" if test else remark.kind
        yield Found(rule, kind, at, at + len(match.group()), "note" if test else "", remark.note, test)


_LONGEST_STRING = 300


def _found(outline: Outline, scopes: Scopes, word: Word, place: tuple[int, int], end: int) -> Found:
    """Return the finding of a word at ``place``, in a comment that ends at ``end``."""
    remark = classified(outline, place[0], end)
    if word.simulates and remark.kind == "remark":
        remark = Remark("simulation", "simulates what the code should do")
    test = scopes.covers(place[0])
    kind = "test" if test else remark.kind
    return Found(word.rule, kind, *place, "note" if test else "", remark.note, test)
