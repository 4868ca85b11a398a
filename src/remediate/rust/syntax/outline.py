"""The outline of a file, at the speed of a byte search: what is code, comment or string, which braces nest.

The scanner reads whole workspaces, so it asks the syntax tree only where it must. An outline is got by one
regular expression over the bytes. It knows no grammar: it finds blocks by their braces, and what a block is
by the code in front of its brace.
"""

import re
from bisect import bisect_right
from dataclasses import dataclass
from functools import cached_property

from remediate.rust.syntax.attributes import Attribute, attribute_at
from remediate.rust.syntax.lexer import block_comment_end, line_count, preamble_end

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
        """The lines of the file."""
        return line_count(self.text)

    @cached_property
    def _broken(self) -> bool:
        """Whether a string or comment never ends."""
        last = self.text[self.opaque[-1][0] :] if self.opaque else b""
        at_the_end = bool(self.opaque) and self.opaque[-1][1] == len(self.text)
        return at_the_end and last.startswith(b"/*") and not last.endswith(b"*/")

    def _opaque(self) -> list[tuple[int, int]]:
        found: list[tuple[int, int]] = []
        start = preamble_end(self.text)
        while True:
            for match in _OPAQUE.finditer(self.text, start):
                if match.end() - match.start() == _OPENING and match.group() == b"/*":
                    start = block_comment_end(self.text, match.end(), len(self.text))
                    found.append((match.start(), start))
                    break
                found.append(match.span())
            else:
                return found


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

    def close_of(self, brace: int) -> int:
        """Return where the block ends whose ``{`` is at an offset."""
        return self.closes[bisect_right(self.opens, brace) - 1]

    def chain(self, offset: int) -> list[int]:
        """Return the blocks around an offset, innermost first."""
        found, block = [], self.around(offset)
        while block >= 0:
            found.append(block)
            block = self.parents[block]
        return found

    def header(self, block: int) -> bytes:
        """Return the code in front of a block's brace, back to the last ``;``, ``{`` or ``}``."""
        if block not in self._headers:
            self._headers[block] = self._code[self.header_start(block) : self.opens[block]]
        return self._headers[block]

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


_ATTRIBUTE = re.compile(rb"#\s*!?\s*\[")
_BLANKS = re.compile(rb"\s*")
_BRACKET = re.compile(rb"[\[\]]")
_CLOSURE = re.compile(rb"\|[^|{}]*\|\s*(?:->[^|]*)?\Z")
_ASYNC_BLOCK = re.compile(rb"\b(?:async|gen)(?:\s+move)?\s*\Z")
_FN = re.compile(rb"\bfn\s+(?:r#)?([\w\x80-\xff]+)")
_NAMED = re.compile(rb"\b(mod|trait|struct|enum|union)\s+(?:r#)?([\w\x80-\xff]+)")
_IMPL = re.compile(rb"\A(?:default\s+)?(?:unsafe\s+)?impl\b")
_MACRO = re.compile(rb"(?<![\w:])(?!(?:if|while|match|return)\b)([\w:]+)\s*!\s*(\w*)\s*\Z")
_CONST = re.compile(rb"\A(?:pub(?:\s*\([^)]*\))?\s+)?(?:const|static(?:\s+mut)?)\s+([\w\x80-\xff]+)\s*:")
_EXTERN = re.compile(rb'\bextern\s*"*\s*\Z')


@dataclass(frozen=True)
class Frame:
    """One block around a place.

    Attributes:
        block: Its number in ``Outline.blocks``.
        kind: "mod", "fn", "impl", "trait", "struct", "enum", "union", "extern", "macro_rules", "macro",
            "const", "closure", "async" (an async block), or "other" (match, if, a struct literal, ..).
        name: The declared name; for "macro" the invoked path; "" for the others.
        start: Where the header begins, attributes included.
        own: Where it begins behind them.
    """

    outline: Outline
    block: int
    kind: str
    name: str
    start: int
    own: int

    @property
    def header(self) -> bytes:
        """The header without its attributes, strings as quotes."""
        return self.outline.code[self.own : self.outline.blocks.opens[self.block]].strip()

    @cached_property
    def attributes(self) -> tuple[Attribute, ...]:
        """The outer attributes."""
        return attributes(self.outline, self.start, self.own)


def frames(outline: Outline, offset: int) -> list[Frame]:
    """Return what the blocks around an offset are, innermost first."""
    return [frame(outline, block) for block in outline.blocks.chain(offset)]


def frame(outline: Outline, block: int) -> Frame:
    """Return what a block is; the same object every time."""
    known = _known(outline)
    if block not in known:
        known[block] = _frame(outline, block)
    return known[block]


def attributes(outline: Outline, start: int, end: int) -> tuple[Attribute, ...]:
    """Return the attributes that lie between two offsets, in order."""
    found, at = [], start
    while (match := _ATTRIBUTE.match(outline.code, _solid(outline.code, at), end)) is not None:
        at = _bracket_end(outline.code, match.end(), end)
        found.append(attribute_at(outline.text, match.start(), at))
    return tuple(found)


def behind_attributes(code: bytes, start: int, end: int) -> int:
    """Return where the first token is that belongs to no attribute."""
    at = _solid(code, start)
    while at < end and (match := _ATTRIBUTE.match(code, at, end)) is not None:
        at = _solid(code, _bracket_end(code, match.end(), end))
    return min(at, end)


def _known(outline: Outline) -> dict[int, Frame]:
    cache: dict[int, Frame] = outline.__dict__.setdefault("_frames", {})
    return cache


def _frame(outline: Outline, block: int) -> Frame:
    start, brace = outline.blocks.header_start(block), outline.blocks.opens[block]
    own = behind_attributes(outline.code, start, brace)
    kind, name = _kind(outline.code[own:brace].rstrip())
    return Frame(outline, block, kind, name.decode(errors="replace"), start, own)


def _kind(header: bytes) -> tuple[str, bytes]:
    if _ASYNC_BLOCK.search(header):
        return "async", b""
    if _CLOSURE.search(header) and b"fn " not in header:
        return "closure", b""
    if match := _MACRO.search(header):
        return ("macro_rules", match[2]) if match[1] == b"macro_rules" else ("macro", match[1])
    return _item_kind(header)


def _item_kind(header: bytes) -> tuple[str, bytes]:
    if _IMPL.match(header):
        return "impl", b""
    for kind, pattern in (("const", _CONST), ("fn", _FN)):
        if match := pattern.search(header):
            return kind, match[1]
    if match := _NAMED.search(header):
        return match[1].decode(), match[2]
    return ("extern", b"") if _EXTERN.search(header) else ("other", b"")


def _solid(code: bytes, at: int) -> int:
    """Return the offset of the next byte that is no blank."""
    match = _BLANKS.match(code, at)
    return match.end() if match else at


def _bracket_end(code: bytes, at: int, end: int) -> int:
    depth = 1
    while depth and (match := _BRACKET.search(code, at, end)) is not None:
        depth += 1 if match.group() == b"[" else -1
        at = match.end()
    return at if not depth else end
