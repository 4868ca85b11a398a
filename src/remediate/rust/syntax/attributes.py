"""Attributes: ``#[path(..)]`` and ``#![path = ..]``, as path and tokens."""

from collections.abc import Sequence
from dataclasses import dataclass

from tree_sitter import Node

from remediate.rust.syntax.lexer import Token, TokenKind, tokens
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
    return Attribute(start, end, inner, *path_and_arguments(content))


def path_and_arguments(content: Sequence[Token]) -> tuple[str, tuple[Token, ...]]:
    """Return the path that an attribute's tokens begin with, and its arguments as ``Attribute`` has them."""
    length = next(
        (i for i, t in enumerate(content) if t.kind is not TokenKind.IDENT and t.text != b":"), len(content)
    )
    rest = content[length:]
    rest = rest[1:-1] if rest and rest[0].text in (b"(", b"[", b"{") else rest[1:]
    return b"".join(t.text for t in content[:length]).decode(), tuple(rest)
