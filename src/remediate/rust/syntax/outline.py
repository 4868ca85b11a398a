"""The outline of a file, at the speed of a byte search: what is code, comment or string, which braces nest.

The scanner reads whole workspaces, so it asks the syntax tree only where it must. An outline is got by one
regular expression over the bytes. It knows no grammar: it finds blocks by their braces.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from remediate.rust.syntax.lexer import preamble_end

# Every alternative begins with a literal byte: that lets the search skip at memchr's speed.
_OPAQUE = re.compile(
    rb"//[^\n]*(?:\n[ \t]*//[^\n]*)*"
    rb"|/\*[^*/]*(?:(?:\*(?!/)|/(?!\*))[^*/]*)*\*/"
    rb"|/\*"
    rb'|#(?<=[rR]#)(#*)".*?"#\1'
    rb'|"(?<=[^A-Za-z0-9_]r")[^"]*"'
    rb'|"(?<=[^A-Za-z0-9_][bc]r")[^"]*"'
    rb'|"[^"\\]*(?:\\.[^"\\]*)*"'
    rb"|'(?:[^'\\\n\x80-\xff]|\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]*\}|.)|[\xc0-\xff][\x80-\xbf]{1,3})'",
    re.DOTALL,
)
_COMMENT_EDGE = re.compile(rb"/\*|\*/")
_BRACE = re.compile(rb"[{}]")
_ROUND_OR_SQUARE = re.compile(rb"[()\[\]]")
_BOUNDARY = re.compile(rb"[;{}]")


@dataclass(frozen=True)
class Outline:
    """One file's bytes, outlined. All positions are byte offsets into ``text``."""

    text: bytes

    @cached_property
    def opaque(self) -> tuple[tuple[int, int], ...]:
        """The spans of comments (neighbouring line comments as one), strings and characters, in order."""
        return tuple(self._opaque())

    @cached_property
    def code(self) -> bytes:
        """The text with each comment as blanks and each string or character as quotes; same length."""
        pieces, done = [b" " * preamble_end(self.text)], preamble_end(self.text)
        for start, end in self.opaque:
            filler = b" " if self.text[start] == _SLASH else b'"'
            pieces += [self.text[done:start], filler * (end - start)]
            done = end
        return b"".join([*pieces, self.text[done:]])

    @cached_property
    def comments(self) -> tuple[tuple[int, int], ...]:
        """The spans that are comments."""
        return tuple(span for span in self.opaque if self.text[span[0]] == _SLASH)

    @cached_property
    def balanced(self) -> bool:
        """Whether every delimiter has its partner, as far as counting can tell."""
        code = self.code
        return not self._broken and all(code.count(a) == code.count(b) for a, b in _PAIRS)

    @cached_property
    def blocks(self) -> "Blocks":
        """What the braces enclose."""
        return Blocks(self)

    def opaque_at(self, offset: int) -> tuple[int, int] | None:
        """Return the comment or string around an offset."""
        index = bisect_right(self.opaque, (offset, len(self.text))) - 1
        if index < 0 or self.opaque[index][1] <= offset:
            return None
        return self.opaque[index]

    @property
    def line_count(self) -> int:
        """Lines as ``wc -l`` and editors count them; a last line without line end counts."""
        return self.text.count(b"\n") + (not self.text.endswith(b"\n") and self.text != b"")

    @cached_property
    def _broken(self) -> bool:
        """Whether a string or comment never ends."""
        return bool(self.opaque) and self.opaque[-1][1] == len(self.text) and not self._ends_well()

    def _ends_well(self) -> bool:
        start, end = self.opaque[-1]
        last = self.text[start:end]
        return not last.startswith(b"/*") or last.endswith(b"*/")

    def _opaque(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        start = preamble_end(self.text)
        while True:
            for match in _OPAQUE.finditer(self.text, start):
                if match.end() - match.start() == _OPENING and match.group() == b"/*":
                    start = self._nested_end(match.end())
                    found.append((match.start(), start))
                    break
                found.append(match.span())
            else:
                return found

    def _nested_end(self, position: int) -> int:
        depth = 1
        while depth:
            edge = _COMMENT_EDGE.search(self.text, position)
            if edge is None:
                return len(self.text)
            depth += 1 if edge.group() == b"/*" else -1
            position = edge.end()
        return position


_SLASH, _OPENING = ord("/"), 2
_PAIRS = ((b"(", b")"), (b"[", b"]"), (b"{", b"}"))


class Blocks:
    """The brace pairs of an outline, numbered in the order they open.

    Attributes:
        opens: Offset of each ``{``.
        closes: Offset of its ``}``; the text's end where it is missing.
        parents: Number of the block around it; -1 at the top.
    """

    def __init__(self, outline: Outline) -> None:
        self._code = outline.code
        self.opens: list[int] = []
        self.closes: list[int] = []
        self.parents: list[int] = []
        self._headers: dict[int, bytes] = {}
        current = -1
        for match in _BRACE.finditer(self._code):
            at = match.start()
            if match.group() == b"{":
                self.opens.append(at)
                self.closes.append(len(self._code))
                self.parents.append(current)
                current = len(self.opens) - 1
            elif current >= 0:
                self.closes[current] = at
                current = self.parents[current]

    def around(self, offset: int) -> int:
        """Return the number of the innermost block around an offset, -1 for none."""
        block = bisect_right(self.opens, offset - 1) - 1
        while block >= 0 and self.closes[block] < offset:
            block = self.parents[block]
        return block

    def chain(self, offset: int) -> list[int]:
        """Return the blocks around an offset, innermost first."""
        found, block = [], self.around(offset)
        while block >= 0:
            found.append(block)
            block = self.parents[block]
        return found

    def header(self, block: int) -> bytes:
        """Return the code in front of a block's brace, back to the last ``;``, ``{`` or ``}``."""
        known = self._headers.get(block)
        if known is None:
            known = self._headers[block] = self._code[self.header_start(block) : self.opens[block]]
        return known

    def header_start(self, block: int) -> int:
        """Return where a block's header begins."""
        return item_start(self._code, self.opens[block])


def statement_start(code: bytes, offset: int) -> int:
    """Return the offset behind the last ``;``, ``{`` or ``}`` before an offset."""
    return max(code.rfind(b";", 0, offset), code.rfind(b"{", 0, offset), code.rfind(b"}", 0, offset)) + 1


def item_start(code: bytes, offset: int) -> int:
    """Return the same, but ``fn f(x: [u8; 4], S { y }: S) {`` is one header: no boundary in brackets."""
    start = statement_start(code, offset)
    while start and _leaves_bracket(code, start, offset):
        start = statement_start(code, start - 1)
    return start


def _leaves_bracket(code: bytes, start: int, end: int) -> bool:
    first = _ROUND_OR_SQUARE.search(code, start, end)
    return first is not None and first.group() in b")]"


def statement_end(code: bytes, offset: int) -> int:
    """Return the offset of the next ``;``, ``{`` or ``}`` from an offset on, or the end."""
    match = _BOUNDARY.search(code, offset)
    return match.start() if match else len(code)
