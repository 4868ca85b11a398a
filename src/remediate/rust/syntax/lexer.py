"""Rust's tokens, by a lexer of our own that does not know tree-sitter.

It exists beside the parser on purpose: the conservation check must not share the parser's mistakes. It
never fails: what is no token becomes a one-byte PUNCT. The grammar is that of the
Rust reference, chapter "Lexical structure".
"""

import re
from collections.abc import Iterator, Sequence
from enum import StrEnum
from functools import lru_cache
from typing import NamedTuple

_IDENT = rb"[A-Za-z_\x80-\xff][A-Za-z0-9_\x80-\xff]*"
# Whitespace goes with the token behind it. Most tokens are a word or a mark that begins nothing longer: they
# come first, for speed.
_TOKEN = re.compile(
    rb"[ \t\r\n\x0b\x0c]*+(?:"
    rb"(?P<word>[ad-qs-zA-Z_\x80-\xff][A-Za-z0-9_\x80-\xff]*)"
    rb"|(?P<mark>[(){}\[\];,.:&*=<>!?|+-])"
    rb"|(?P<comment>//[^\n]*|/\*)"
    rb"|(?P<raw>(?:br|cr|r)(?P<hashes>\#*)\".*?\"(?P=hashes))"
    rb"|(?P<string>[bc]?\"(?:[^\"\\]|\\.)*\")"
    rb"|(?P<char>b?'(?:\\(?:x[0-9a-fA-F]{2}|u\{[0-9a-fA-F_]*\}|.)|[^\\'\n\r\t\x80-\xff]|[\xc0-\xff][\x80-\xbf]+)')"
    rb"|(?P<lifetime>'(?:r\#)?" + _IDENT + rb")"
    rb"|(?P<number>[0-9](?:(?<=[eE])[+-](?=[0-9])|[0-9A-Za-z_])*(?:\.(?![.A-Za-z_])(?:[0-9](?:(?<=[eE])[+-](?=[0-9])|[0-9A-Za-z_])*)?)?)"
    rb"|(?P<ident>(?:r\#)?" + _IDENT + rb")"
    rb"|(?P<punct>.))",
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
    _TOKEN.groupindex[group]: kind
    for group, kind in {
        "word": TokenKind.IDENT,
        "mark": TokenKind.PUNCT,
        "comment": TokenKind.COMMENT,
        "raw": TokenKind.LITERAL,
        "string": TokenKind.LITERAL,
        "char": TokenKind.LITERAL,
        "number": TokenKind.LITERAL,
        "lifetime": TokenKind.LIFETIME,
        "ident": TokenKind.IDENT,
        "punct": TokenKind.PUNCT,
    }.items()
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
    if start == 0 and end is None:
        yield from _all(text)
    else:
        yield from _lexed(
            text, preamble_end(text) if start == 0 else start, len(text) if end is None else end
        )


@lru_cache(maxsize=32)
def _all(text: bytes) -> tuple[Token, ...]:
    """Return the tokens of a whole text; a fix asks for those of its few files again and again."""
    return tuple(_lexed(text, preamble_end(text), len(text)))


def _lexed(text: bytes, position: int, limit: int) -> Iterator[Token]:
    made, kinds = tuple.__new__, _KINDS
    while position < limit:
        for match in _TOKEN.finditer(text, position, limit):
            group = match.lastindex or 0
            begin, position = match.span(group)
            kind, stop = kinds[group], position
            if kind is TokenKind.COMMENT:
                position = _comment_end(text, begin, stop, limit)
            yield made(Token, (kind, begin, position, text[begin:position]))
            if position != stop:
                break  # the pattern takes another end for the comment's: on from its own
        else:
            return


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


def line_span(text: bytes, offset: int) -> tuple[int, int]:
    """Return where the line around an offset begins and ends, its line end left out."""
    end = text.find(b"\n", offset)
    return text.rfind(b"\n", 0, offset) + 1, end if end >= 0 else len(text)


def preamble_end(text: bytes) -> int:
    """Return where Rust begins: behind a byte order mark, a shebang line and a cargo script's frontmatter."""
    start = len(_BOM) if text.startswith(_BOM) else 0
    shebang = _SHEBANG.match(text, start)
    start = shebang.end() if shebang else start
    frontmatter = _FRONTMATTER.match(text, start)
    return frontmatter.end() if frontmatter else start


def is_doc(text: bytes) -> bool:
    """Whether a comment is documentation, of what follows it or of what it is in."""
    return is_outer_doc(text) or text.startswith((b"//!", b"/*!"))


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


def _comment_end(text: bytes, begin: int, stop: int, limit: int) -> int:
    if text[begin:stop] == b"/*":
        return block_comment_end(text, stop, limit)
    return stop - text.endswith(b"\r", begin, stop)
