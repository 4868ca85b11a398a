"""What a block of an outline is, told by the code in front of its brace."""

import re
from dataclasses import dataclass
from functools import cached_property

from remediate.rust.syntax.attributes import Attribute, attribute_at
from remediate.rust.syntax.outline import Outline

_ATTRIBUTE = re.compile(rb"#\s*!?\s*\[")
_BLANKS = re.compile(rb"\s*")
_BRACKET = re.compile(rb"[\[\]]")
_CLOSURE = re.compile(rb"\|[^|{}]*\|\s*(?:->[^|]*)?\Z")
_ASYNC_BLOCK = re.compile(rb"\b(?:async|gen)(?:\s+move)?\s*\Z")
_FN = re.compile(rb"\bfn\s+(?:r#)?([\w\x80-\xff]+)")
_NAMED = re.compile(rb"\b(mod|trait|struct|enum|union)\s+(?:r#)?([\w\x80-\xff]+)")
_IMPL = re.compile(rb"\A(?:default\s+)?(?:unsafe\s+)?impl\b")
_MACRO = re.compile(rb"([\w:]+)\s*!\s*(\w*)\s*\Z")
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
