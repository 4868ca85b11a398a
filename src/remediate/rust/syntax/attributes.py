"""Attributes: ``#[path(..)]`` and ``#![path = ..]``, as path and tokens."""

from dataclasses import dataclass

from tree_sitter import Node

from remediate.rust.syntax.lexer import Token, tokens
from remediate.rust.syntax.source import Source


@dataclass(frozen=True, slots=True)
class Attribute:
    """One attribute.

    Attributes:
        start: Offset of ``#``.
        end: Offset behind ``]``.
        inner: Whether it is ``#![..]``.
        path: "cfg", "tokio::test", "path", ...; ``unsafe(no_mangle)`` is "unsafe".
        arguments: The tokens behind the path: ``(test)`` without its parentheses, or what follows ``=``.
    """

    start: int
    end: int
    inner: bool
    path: str
    arguments: tuple[Token, ...]

    @property
    def text(self) -> str:
        """The arguments as text, tokens joined without blanks."""
        return b"".join(t.text for t in self.arguments).decode(errors="replace")


def attribute(source: Source, node: Node) -> Attribute:
    """Read an ``attribute_item`` or ``inner_attribute_item`` node."""
    return attribute_at(source.text, node.start_byte, node.end_byte)


def attribute_at(text: bytes, start: int, end: int) -> Attribute:
    """Read the attribute whose ``#`` is at ``start`` and whose ``]`` is before ``end``."""
    inner = text[start + 1 : start + 2] == b"!"
    content = list(tokens(text, start + (3 if inner else 2), end - 1))
    content = [t for t in content if t.text != b"["] if not content or content[0].text == b"[" else content
    length = 0
    while length < len(content) and (content[length].text == b":" or content[length].kind == "ident"):
        length += 1
    rest = content[length:]
    if rest and rest[0].text in (b"(", b"[", b"{"):
        rest = rest[1:-1]
    elif rest:
        rest = rest[1:]
    path = b"".join(t.text for t in content[:length]).decode()
    return Attribute(start, end, inner, path, tuple(rest))
