"""Which functions a change rewrites, as rustc's MIR calls them: all others have to do what they did."""

from collections import Counter
from collections.abc import Iterator

from remediate.edits import Change
from remediate.rust.modules.module import items_of
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.items import Item, children
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.source import Source

_BODIES = {"fn", "const", "static"}
_OWNERS = {"impl", "trait"}


def rewritten_functions(before: Package, after: Package, change: Change) -> frozenset[str]:
    """Return the paths in the crate of functions and constants that are new, gone, or have other tokens."""
    paths = {*change.originals(), *change.creations, *change.moves.values()}
    old, new = (Counter(_bodies(side, paths)) for side in (before, after))
    return frozenset(path for path, _ in (old - new) + (new - old))


def _bodies(package: Package, paths: set[str]) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    for module in module_tree(package).modules:
        if module.file in paths and module.file in package.files:
            source = package.source(module.file)
            yield from _of(source, items_of(source, module), module.path[1:])


def _of(
    source: Source, found: tuple[Item, ...], inside: tuple[str, ...]
) -> Iterator[tuple[str, tuple[bytes, ...]]]:
    for item in found:
        if item.kind in _BODIES and item.name:
            code = tokens(source.text, item.lead, item.end)
            words = tuple(token.text for token in code if token.kind is not TokenKind.COMMENT)
            yield "::".join([*inside, item.name]), words
        elif item.kind in _OWNERS:
            owner = item.name or item.self_type.partition("<")[0].rpartition("::")[2].strip("& ")
            yield from _of(source, children(source, item), (*inside, owner))
