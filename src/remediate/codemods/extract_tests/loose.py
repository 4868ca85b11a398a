"""Test functions beside the code: they move to a file that ``include!`` reads into their module.

In a module of their own they would get other names. An included file is no module: its functions are where
the ``include!`` stands; names, privacy and macros in scope are unchanged. ``#[test]`` functions exist only in
test builds, so the ``#[cfg(test)]`` before it takes nothing away.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.codemods.extract_tests.companions import files_looked_for, proptest_seeds
from remediate.codemods.extract_tests.destination import beside, mirrored
from remediate.codemods.extract_tests.discovery import Piece
from remediate.codemods.extract_tests.obstacles import obstacle_in
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.modules.module import Module, items_of, relative
from remediate.rust.modules.module_tree import ModuleTree, module_tree
from remediate.rust.modules.relative_paths import anchored
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import requires_test, resolved
from remediate.rust.syntax.indent import dedented, indentation_at, line_end
from remediate.rust.syntax.items import Item

STEM = "loose_tests"
_TESTS = {"test", "bench"}


@dataclass(frozen=True)
class Loose:
    """The test functions that stand directly in a module which is in every build.

    Attributes:
        module: That module: a file, or an inline module of it.
        items: The functions, in order.
    """

    module: Module
    items: tuple[Item, ...]


def loose_tests(package: Package, path: str) -> tuple[Loose, ...]:
    """Return the loose tests of a file, by the module they stand in."""
    tree = module_tree(package)
    modules = tree.of_file(path)
    return tuple(_below(package, tree, modules[0])) if modules and b"test" in package.files[path] else ()


def _below(package: Package, tree: ModuleTree, module: Module) -> Iterator[Loose]:
    if requires_test(module.cfg):
        return
    declared = items_of(package.source(module.file), module)
    found = tuple(item for item in declared if _is_test(item))
    macros = [item.name for item in declared if item.kind == "macro_rules"]
    # Which of two macros a name means would depend on where in the module it is used.
    if found and len(macros) == len(set(macros)):
        yield Loose(module, found)
    for child in tree.children(module):
        if child.span is not None and child.file == module.file:
            yield from _below(package, tree, child)


def _is_test(item: Item) -> bool:
    """Whether this is a function that only test builds have, whatever expands the attribute."""
    return (
        item.kind == "fn"
        and item.body is not None
        and any(
            c.path.rpartition("::")[2] in _TESTS and not c.when for a in item.attributes for c in resolved(a)
        )
    )


_LINE_AND_BLANK_LINES = re.compile(rb"[ \t]*\r?\n(?:[ \t]*\r?\n)*")
_LINE = re.compile(rb"[ \t]*\r?\n")


def included(package: Package, loose: Loose, layout: str) -> tuple[Relocation | None, list[Skip]]:
    """Return the move of those of the functions that can, and why the others stay."""
    file = loose.module.file
    if layout == "sibling":
        new = beside(package, loose.module, STEM)[0]
    else:
        around = [m.name for m in (loose.module, *loose.module.ancestors()) if m.span is not None]
        names = [] if loose.module.span is None else around[::-1]
        new = mirrored(package, file, [*names, STEM])
    text = package.files[file]
    relocation = Relocation(new, {}, includes=(new,), module="::".join(loose.module.path[1:]))
    moved: list[tuple[Item, bytes]] = []
    skips: list[Skip] = []
    for item in loose.items:
        piece = Piece(file, (item.lead, item.tail), new, whole=False)
        body = _moved(package, piece, relocation)
        if isinstance(body, Skip):
            skips.append(body)
        else:
            moved.append((item, body))
    if not moved:
        return None, skips
    relocation.edits[file] = tuple(_edits(text, [item for item, _ in moved], new, file))
    relocation.creations[new] = line_end(text).join(body for _, body in moved)
    relocation.format[new] = file
    return relocation, skips


def _moved(package: Package, piece: Piece, relocation: Relocation) -> bytes | Skip:
    """Return a function's text as it stands in the new file."""
    text = package.files[piece.file]
    if (skip := obstacle_in(package, piece) or proptest_seeds(package, piece)) is not None:
        return skip
    if files_looked_for(text, piece.span):
        return Skip("snapshot-files", f"snapshots of a test beside the code of {piece.file} cannot be told")
    edits = anchored(text, piece.span, piece.file, piece.new)
    if isinstance(edits, Skip):
        return edits
    relocation.rewritten += [(text[e.start : e.end], e.new) for e in edits]
    body = apply(text[: piece.span[1]], edits)
    return dedented(body, piece.span[0], len(body))


def _edits(text: bytes, moved: list[Item], new: str, file: str) -> Iterator[Edit]:
    """Yield the removal of all functions but the last, in whose place the ``include!`` comes.

    There every macro that one of them uses by textual scope is in scope.
    """
    for item in moved[:-1]:
        yield Edit(*_whole_lines(text, item), b"")
    last = moved[-1]
    path = relative(new, posixpath.dirname(file)).encode()
    gap = line_end(text) + indentation_at(text, last.lead)
    yield Edit(last.lead, last.tail, b"#[cfg(test)]" + gap + b'include!("' + path + b'");')


def _whole_lines(text: bytes, item: Item) -> tuple[int, int]:
    """Return the lines of an item, with the blank lines below it if there are some above it too."""
    start = text.rfind(b"\n", 0, item.lead) + 1
    if text[start : item.lead].strip():
        return item.lead, item.tail
    above = text[:start].rstrip(b" \t\r\n")
    blank_above = text.count(b"\n", len(above), start) > 1 or above.endswith(b"{")
    match = (_LINE_AND_BLANK_LINES if blank_above else _LINE).match(text, item.tail)
    return (start, match.end()) if match else (item.lead, item.tail)
