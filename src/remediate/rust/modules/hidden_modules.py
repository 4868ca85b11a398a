"""Module declarations the syntax tree does not show: inside macro calls, macro bodies and function bodies.

``cfg_if! { if #[cfg(unix)] { mod unix; } }`` declares a module as surely as plain text does, but under which
condition only the macro knows.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.rust.syntax.lexer import Token, TokenKind, string_value, tokens

_MAYBE = re.compile(rb"\bmod\s+(?:r#)?\w+\s*;")
_OPEN, _CLOSE = {b"(", b"[", b"{"}, {b")", b"]", b"}"}


@dataclass(frozen=True, slots=True)
class HiddenModule:
    """A ``mod name;`` at bytes ``start:end``, in inline modules ``inside``; ``path`` is its ``#[path]``."""

    name: str
    start: int
    end: int
    inside: tuple[str, ...]
    path: str | None


def hidden_modules(text: bytes, start: int, end: int) -> Iterator[HiddenModule]:
    """Yield the ``mod x;`` among the tokens of ``text[start:end]``."""
    if not _MAYBE.search(text, start, end):
        return
    code = [t for t in tokens(text, start, end) if t.kind != TokenKind.COMMENT]
    scopes: list[str | None] = []
    path: str | None = None
    for index, token in enumerate(code):
        after = [t.text for t in code[index + 1 : index + 3]]
        if token.text == b"path" and after[:1] == [b"="] and _is_attribute(code, index):
            path = string_value(code[index + 2].text)
        elif token.text == b"mod" and after[1:] == [b";"] and code[index + 1].kind == TokenKind.IDENT:
            inside = tuple(s for s in scopes if s is not None)
            yield HiddenModule(_name(after[0]), token.start, code[index + 2].end, inside, path)
        elif token.text in _OPEN:
            scopes.append(_scope(code, index))
        elif token.text in _CLOSE and scopes:
            scopes.pop()
        if token.text in (b";", b"{", b"}"):
            path = None


def identifiers(text: bytes, start: int, end: int) -> set[str]:
    """Return the identifiers among the tokens of ``text[start:end]``."""
    return {_name(t.text) for t in tokens(text, start, end) if t.kind == TokenKind.IDENT}


def _is_attribute(code: list[Token], index: int) -> bool:
    return (
        index >= 2 and code[index - 1].text == b"[" and code[index - 2].text == b"#" and index + 2 < len(code)
    )


def _scope(code: list[Token], index: int) -> str | None:
    """Return the module that the brace at ``index`` opens, or None for any other bracket."""
    is_module = index >= 2 and code[index].text == b"{" and code[index - 2].text == b"mod"
    return _name(code[index - 1].text) if is_module else None


def _name(text: bytes) -> str:
    return text.decode(errors="replace").removeprefix("r#")
