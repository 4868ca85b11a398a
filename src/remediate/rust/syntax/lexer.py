"""Rust's tokens, by a lexer of our own that does not know tree-sitter.

It exists beside the parser on purpose: the conservation check must not share the parser's mistakes. It
never fails: what is no token becomes a one-byte PUNCT. The grammar is that of the
Rust reference, chapter "Lexical structure".
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from typing import NamedTuple

_IDENT = rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*"
_TOKEN = re.compile(
    rb"(?P<space>[ \t\r\n\x0b\x0c]+)"
    rb"|(?P<comment>//[^\n]*|/\*)"
    rb"|(?P<raw>(?:br|cr|r)(?P<hashes>\#*)\".*?\"(?P=hashes))"
    rb"|(?P<string>[bc]?\"(?:[^\"\\]|\\.)*\")"
    rb"|(?P<char>b?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]*\}|.)|[^\\'\n\r\t\x80-\xff]|[\xc0-\xff][\x80-\xbf]+)')"
    rb"|(?P<lifetime>'(?:r\#)?" + _IDENT + rb")"
    rb"|(?P<number>[0-9](?:(?<=[eE])[+-](?=[0-9])|[0-9A-Za-z_])*(?:\.(?![.A-Za-z_])(?:[0-9](?:(?<=[eE])[+-](?=[0-9])|[0-9A-Za-z_])*)?)?)"
    rb"|(?P<ident>(?:r\#)?" + _IDENT + rb")"
    rb"|(?P<punct>.)",
    re.DOTALL,
)
_COMMENT_EDGE = re.compile(rb"/\*|\*/")
_SHEBANG = re.compile(rb"#!(?!\s*\[)[^\n]*")
_FRONTMATTER = re.compile(
    rb"(?:[ \t]*\r?\n)*(?P<fence>-{3,})[^\n-]*[^\n]*\n(?:[^\n]*\n)*?(?P=fence)[ \t]*(?=\r?\n|\Z)"
)
_BOM = b"\xef\xbb\xbf"


class TokenKind(StrEnum):
    """What a token is; whitespace is not a token."""

    COMMENT = "comment"
    LITERAL = "literal"
    LIFETIME = "lifetime"
    IDENT = "ident"
    PUNCT = "punct"


class Token(NamedTuple):
    """One token at bytes ``start:end``; a tuple, because there are hundreds of thousands of them."""

    kind: TokenKind
    start: int
    end: int
    text: bytes

    @property
    def name(self) -> str:
        """An identifier as a name, without ``r#``."""
        return self.text.decode(errors="replace").removeprefix("r#")


_KINDS = {
    "comment": TokenKind.COMMENT,
    "raw": TokenKind.LITERAL,
    "string": TokenKind.LITERAL,
    "char": TokenKind.LITERAL,
    "number": TokenKind.LITERAL,
    "lifetime": TokenKind.LIFETIME,
    "ident": TokenKind.IDENT,
    "punct": TokenKind.PUNCT,
}


def string_value(literal: bytes) -> str:
    """Return what a string literal, raw or not, says as it is spelled; escapes stay as they are.

    An ``r`` inside the quotes is part of it, so this is no matter for ``strip``.
    """
    return literal.decode(errors="replace").lstrip("bc").removeprefix("r").strip("#").strip('"')


def tokens(text: bytes, start: int = 0, end: int | None = None) -> Iterator[Token]:
    """Yield the tokens of ``text[start:end]`` in order; a line comment holds no line end.

    ``start`` must not be inside a token.
    """
    limit = len(text) if end is None else end
    position = preamble_end(text) if start == 0 else start
    while position < limit:
        match = _TOKEN.match(text, position, limit)
        assert match is not None  # noqa: S101 - the last alternative takes any byte
        group = match.lastgroup if match.lastgroup != "hashes" else "raw"
        stop = _comment_end(text, match, limit) if group == "comment" else match.end()
        if group != "space":
            assert group is not None  # noqa: S101 - every alternative is named
            yield Token(_KINDS[group], position, stop, text[position:stop])
        position = stop


def code(text: bytes, start: int = 0, end: int | None = None) -> list[Token]:
    """Return the tokens of ``text[start:end]`` without its comments."""
    return [token for token in tokens(text, start, end) if token.kind is not TokenKind.COMMENT]


BRACKETS = {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}
"""How each bracket changes the depth of what follows it."""


def closing(stream: Sequence[Token], index: int) -> int:
    """Return where the bracket at an index closes; the stream's length where it does not."""
    depth = 0
    for at in range(index, len(stream)):
        depth += BRACKETS.get(stream[at].text, 0)
        if not depth:
            return at
    return len(stream)


def line_count(text: bytes) -> int:
    """Return the lines of a text as ``wc -l`` and editors count them; a last one without line end counts."""
    return text.count(b"\n") + (not text.endswith(b"\n") and text != b"")


def preamble_end(text: bytes) -> int:
    """Return where Rust begins: behind a byte order mark, a shebang line and a cargo script's frontmatter."""
    start = len(_BOM) if text.startswith(_BOM) else 0
    shebang = _SHEBANG.match(text, start)
    start = shebang.end() if shebang else start
    frontmatter = _FRONTMATTER.match(text, start)
    return frontmatter.end() if frontmatter else start


def is_outer_doc(comment: bytes) -> bool:
    """Whether a comment documents what is behind it."""
    line = comment.startswith(b"///") and not comment.startswith(b"////")
    return line or (comment.startswith(b"/**") and not comment.startswith((b"/***", b"/**/")))


def block_comment_end(text: bytes, position: int, limit: int) -> int:
    """Return where a block comment ends that is open at a position, inner ones included; else the limit."""
    depth = 1
    while depth:
        edge = _COMMENT_EDGE.search(text, position, limit)
        if edge is None:
            return limit
        depth += 1 if edge.group() == b"/*" else -1
        position = edge.end()
    return position


def _comment_end(text: bytes, match: re.Match[bytes], limit: int) -> int:
    if match.group() == b"/*":
        return block_comment_end(text, match.end(), limit)
    return match.end() - (match.group().endswith(b"\r"))
