"""The ``cfg`` attributes around the lines that a change rewrites: where none holds, nothing is compiled."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher
from itertools import accumulate

from remediate.rust.syntax.cfg import Predicate, parse
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

_OPEN, _CLOSE = {b"(", b"[", b"{"}, {b")", b"]", b"}"}


@dataclass(frozen=True, slots=True)
class _Conditional:
    """An attribute, its line, and the bytes of what it is about."""

    line: int
    predicate: Predicate
    start: int
    end: int


def conditions(before: bytes, after: bytes) -> Iterator[tuple[int, Predicate]]:
    """Yield the line and the predicate of each ``#[cfg(..)]`` in ``after`` that is about a rewritten line.

    Lines that only go count where they stood.
    """
    if b"cfg" not in after:
        return
    spans = list(_rewritten(before, after))
    for one in _conditionals(after):
        if any(start < one.end and one.start <= max(end - 1, start) for start, end in spans):
            yield one.line, one.predicate


def _rewritten(before: bytes, after: bytes) -> Iterator[tuple[int, int]]:
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, new))]
    for kind, _, _, first, last in SequenceMatcher(None, old, new, autojunk=False).get_opcodes():
        if kind != "equal":
            yield starts[first], starts[last]


def _conditionals(text: bytes) -> Iterator[_Conditional]:
    code = [token for token in tokens(text) if token.kind is not TokenKind.COMMENT]
    words = [token.text for token in code]
    for index in range(2, len(code) - 1):
        if words[index] == b"cfg" and words[index - 1] == b"[" and words[index + 1] == b"(":
            closed = _closing(words, index + 1)
            predicate = parse(code[index + 2 : closed])
            inner = words[index - 2] == b"!"
            start, end = (0, len(text)) if inner else (code[index].start, _end(code, words, closed + 2))
            yield _Conditional(text.count(b"\n", 0, code[index].start) + 1, predicate, start, end)


def _closing(words: Sequence[bytes], opened: int) -> int:
    """Return the index of the bracket that closes the one at an index; the last one where none does."""
    depth = 0
    for index in range(opened, len(words)):
        depth += (words[index] in _OPEN) - (words[index] in _CLOSE)
        if not depth:
            return index
    return len(words) - 1


def _end(code: Sequence[Token], words: Sequence[bytes], index: int) -> int:
    """Return where the item, statement, field or arm ends that begins at an index, behind its attributes."""
    while words[index : index + 2] == [b"#", b"["]:
        index = _closing(words, index + 1) + 1
    while index < len(words):
        if words[index] in {b";", b","} or words[index] in _CLOSE:
            return code[index].end
        if words[index] in _OPEN:
            index = _closing(words, index)
            if words[index] == b"}" and words[index + 1 : index + 2] != [b"else"]:
                return code[index].end
        index += 1
    return code[-1].end if code else 0
