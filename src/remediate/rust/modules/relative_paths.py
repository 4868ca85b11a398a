"""File names in moved text: ``include_str!("../data")`` is written anew so that it means the same file."""

import posixpath
from collections.abc import Iterable, Iterator, Mapping, Sequence
from types import MappingProxyType

from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.hidden_modules import identifiers
from remediate.rust.modules.included_files import MAYBE, Inclusion, inclusions, said_by
from remediate.rust.modules.module_files import normalised, relative
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.lexer import Token, TokenKind

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
    code = [t for t in arguments if t.kind is not TokenKind.COMMENT]
    plain = len(code) == 1 and code[0].text.startswith(b'"') and b"\\" not in code[0].text
    return code[0] if plain else None


def _followed(leader: dict[bytes, bytes], text: bytes) -> bytes:
    while text in leader:
        text = leader[text]
    return text


def _including_macros(package: Package) -> frozenset[str]:
    return frozenset(_defined(package))


def _defined(package: Package) -> Iterator[str]:
    for path in package.rust_files:
        if MAYBE.search(package.files[path]) and b"macro_rules" in package.files[path]:
            source = package.source(path)
            for item in items(source):
                found = inclusions(source.text, item.start, item.end) if item.kind == "macro_rules" else ()
                if item.name and any(i.anchor == "file" for i in found):
                    yield item.name
