"""Files that source text names: ``include!``, ``include_str!``, ``include_bytes!``, in attributes too.

rustc resolves these against the file of the outermost macro call, so a move of code changes what they mean.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.rust.modules.module_files import normalised
from remediate.rust.package import Package
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

MAYBE = re.compile(rb"\binclude(?:_str|_bytes)?\s*!")
_MACROS = {b"include", b"include_str", b"include_bytes"}
_PLAIN = re.compile(rb'"([^"\\]*)"\Z|r(#*)"(.*)"\2\Z', re.DOTALL)


@dataclass(frozen=True, slots=True)
class Inclusion:
    """One such macro call.

    Attributes:
        macro: "include", "include_str" or "include_bytes".
        start: Offset of the macro's name.
        end: Offset behind the closing bracket.
        literals: The string literals that, joined, are the path; empty when they cannot be told.
        anchor: What the path is relative to: "file", "manifest" (``env!("CARGO_MANIFEST_DIR")``), or
            "elsewhere" (another variable such as ``OUT_DIR``).
    """

    macro: str
    start: int
    end: int
    literals: tuple[Token, ...]
    anchor: str

    @property
    def path(self) -> str | None:
        """The path as written, or None where it is built from something unknown."""
        parts = [said_by(literal) for literal in self.literals]
        return "".join(parts) if parts else None

    def target(self, package: Package, file: str) -> str | None:
        """Return the path meant when the call stands in ``file``, relative to the workspace root."""
        if self.path is None or self.anchor == "elsewhere":
            return None
        if self.anchor == "manifest":
            return normalised(posixpath.join(package.root, self.path.lstrip("/")))
        return normalised(posixpath.join(posixpath.dirname(file), self.path))


def inclusions(text: bytes, start: int = 0, end: int | None = None) -> Iterator[Inclusion]:
    """Yield the inclusions in ``text[start:end]``, macro bodies and attributes included, strings not."""
    limit = len(text) if end is None else end
    if not MAYBE.search(text, start, limit):
        return
    code = [t for t in tokens(text, start, limit) if t.kind != TokenKind.COMMENT]
    for index, token in enumerate(code[:-2]):
        if token.text in _MACROS and code[index + 1].text == b"!":
            arguments = _bracketed(code, index + 2)
            literals, anchor = _path(arguments[1:-1])
            last = arguments[-1] if arguments else token
            yield Inclusion(token.text.decode(), token.start, last.end, literals, anchor)


def said_by(literal: Token) -> str:
    """Return what a string literal without escapes says, a plain or a raw one."""
    start, end = literal.text.index(b'"'), literal.text.rindex(b'"')
    return literal.text[start + 1 : end].decode(errors="replace")


def readers(package: Package, path: str) -> Iterator[str]:
    """Yield the files of a package in which the text of a file is data: ``include_str!("this.rs")``."""
    name = posixpath.basename(path).encode()
    for file, text in sorted(package.files.items()):
        if file.endswith(".rs") and name in text and MAYBE.search(text):
            found = (i for i in inclusions(text) if i.macro != "include")
            if any(i.target(package, file) == path for i in found):
                yield file


def _bracketed(code: Sequence[Token], index: int) -> Sequence[Token]:
    depth = 0
    for end in range(index, len(code)):
        depth += {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}.get(code[end].text, 0)
        if not depth:
            return code[index : end + 1]
    return ()


def _path(arguments: Sequence[Token]) -> tuple[tuple[Token, ...], str]:
    """Read ``"p"``, ``concat!("p", "q")`` and ``concat!(env!("CARGO_MANIFEST_DIR"), "/p")``."""
    texts = [t.text for t in arguments]
    if texts[:3] == [b"concat", b"!", b"("]:
        arguments, texts = arguments[3:-1], texts[3:-1]
    anchor = "file"
    if texts[:3] == [b"env", b"!", b"("]:
        anchor = "manifest" if texts[3:5] == [b'"CARGO_MANIFEST_DIR"', b")"] else "elsewhere"
    rest = [t for t in arguments[0 if anchor == "file" else 5 :] if t.text != b","]
    return (tuple(rest) if all(_PLAIN.match(t.text) for t in rest) else ()), anchor
