"""Files that source text names, and their names written anew where the text moves.

``include!``, ``include_str!`` and ``include_bytes!``, in attributes too: rustc resolves these against the
file of the outermost macro call, so a move of code changes what they mean.
"""

import posixpath
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType

from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.module import normalised, relative
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.lexer import Token, TokenKind, closing, code, tokens

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
    stream = code(text, start, limit)
    for index, token in enumerate(stream[:-2]):
        if token.text in _MACROS and stream[index + 1].text == b"!":
            end_of_call = closing(stream, index + 2)
            arguments = stream[index + 2 : end_of_call + 1] if end_of_call < len(stream) else []
            literals, anchor = _path(arguments[1:-1])
            last = arguments[-1] if arguments else token
            yield Inclusion(token.text.decode(), token.start, last.end, literals, anchor)


def identifiers(text: bytes, start: int, end: int) -> set[str]:
    """Return the identifiers among the tokens of ``text[start:end]``."""
    return {t.name for t in tokens(text, start, end) if t.kind == TokenKind.IDENT}


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


_NOTHING: Mapping[str, str] = MappingProxyType({})


def anchored(
    text: bytes, span: tuple[int, int], old: str, new: str, moved: Mapping[str, str] = _NOTHING
) -> tuple[Edit, ...] | Skip:
    """Return the edits of the file names in ``text[span]``, which moves from the file ``old`` to ``new``.

    ``moved`` are files that move too: where from and where to.
    """
    edits: list[Edit] = []
    for inclusion in inclusions(text, *span):
        if inclusion.anchor != "file":
            continue
        if inclusion.path is None:
            line = text.count(b"\n", 0, inclusion.start) + 1
            return Skip("relative-include", f"{old}:{line} builds the path of an `{inclusion.macro}!`")
        edits.append(_rewritten(inclusion, posixpath.dirname(old), posixpath.dirname(new), moved))
    return tuple(e for e in edits if text[e.start : e.end] != e.new)


def module_paths(declared: Iterable[Item], old: str, new: str) -> tuple[Edit, ...] | None:
    """Return the edits of the ``#[path]`` of modules: relative to the folder ``old``, now to ``new``.

    None where a path is no plain literal.
    """
    edits: list[Edit] = []
    for item in declared:
        for conditional in (c for a in item.attributes for c in resolved(a)):
            if item.kind == "mod" and conditional.path == "path":
                literal = _only_literal(conditional.arguments)
                if literal is None:
                    return None
                path = literal.text[1:-1].decode()
                if not path.startswith("/"):
                    meant = normalised(posixpath.join(old, path))
                    edits.append(Edit(literal.start, literal.end, f'"{relative(meant, new)}"'.encode()))
    return tuple(edits)


def spellings(pairs: Iterable[tuple[bytes, bytes]]) -> dict[bytes, bytes]:
    """Return for every old spelling of a literal a new one, the same for all spellings that are linked.

    One literal may be rewritten in two ways, at two depths, or into what another one was: then only the whole
    group can be compared.
    """
    leader: dict[bytes, bytes] = {}
    for old, new in pairs:
        one, other = _followed(leader, old), _followed(leader, new)
        if one != other:
            leader[one] = other
    return {text: _followed(leader, text) for text in sorted(leader)}


def including_macros(package: Package, text: bytes, span: tuple[int, int]) -> list[str]:
    """Return the macros named in ``text[span]`` that include files relative to their caller."""
    defined = package.derived(_including_macros)
    return sorted(defined & identifiers(text, *span)) if defined else []


def _rewritten(inclusion: Inclusion, old: str, new: str, moved: Mapping[str, str]) -> Edit:
    first, *others = inclusion.literals
    path = said_by(first)
    meant = normalised(posixpath.join(old, path))
    if path.startswith("/"):
        text = path
    elif others and not path.endswith("/"):
        text = relative(posixpath.join(old, "_"), new).removesuffix("_") + path
    else:
        text = relative(moved.get(meant, meant), new) + ("/" if others else "")
    start, end = first.text.index(b'"') + 1, first.text.rindex(b'"')
    return Edit(first.start, first.end, first.text[:start] + text.encode() + first.text[end:])


def _only_literal(arguments: Sequence[Token]) -> Token | None:
    said = [t for t in arguments if t.kind is not TokenKind.COMMENT]
    plain = len(said) == 1 and said[0].text.startswith(b'"') and b"\\" not in said[0].text
    return said[0] if plain else None


def _followed(leader: dict[bytes, bytes], text: bytes) -> bytes:
    while text in leader:
        text = leader[text]
    return text


def _including_macros(package: Package) -> frozenset[str]:
    names = set[str]()
    for path in package.rust_files:
        if MAYBE.search(package.files[path]) and b"macro_rules" in package.files[path]:
            source = package.source(path)
            for item in items(source):
                found = inclusions(source.text, item.start, item.end) if item.kind == "macro_rules" else ()
                if item.name and any(i.anchor == "file" for i in found):
                    names.add(item.name)
    return frozenset(names)
