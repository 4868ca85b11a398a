"""The move of tests, as edits and files: of one test module, or of test functions beside the code.

The functions move to a file that ``include!`` reads into their module. In a module of their own they would
get other names. An included file is no module: its functions are where the ``include!`` stands; names,
privacy and macros in scope are unchanged. ``#[test]`` functions exist only in test builds, so the
``#[cfg(test)]`` before it takes nothing away.
"""

import posixpath
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from remediate.codemods.extract_tests.destination import (
    beside,
    carried,
    declaration_edits,
    destination,
    files_below,
    files_looked_for,
    mirrored,
    moves_below,
    proptest_seeds,
    shared,
    snapshot_moves,
)
from remediate.codemods.extract_tests.discovery import Embedded, Piece, whole_file
from remediate.codemods.extract_tests.integration.target import Promoted
from remediate.codemods.extract_tests.obstacles import obstacle, obstacle_in
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.modules.module import Module, items_of, relative
from remediate.rust.modules.module_tree import ModuleTree, module_tree
from remediate.rust.modules.relative_paths import anchored
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import requires_test, resolved
from remediate.rust.syntax.indent import dedented, indentation_at, line_end
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.known_names import COMPILER_TESTS

STEM = "loose_tests"


@dataclass
class Relocation:
    """What moving one module takes; the parts are those of ``edits.Change``. Built up piece by piece.

    Attributes:
        file: Where its tests go.
        module: The module's path in the test harness, "" at the root.
    """

    file: str
    edits: dict[str, tuple[Edit, ...]]
    creations: dict[str, bytes] = field(default_factory=dict)
    moves: dict[str, str] = field(default_factory=dict)
    rewritten: list[tuple[bytes, bytes]] = field(default_factory=list)
    format: dict[str, str] = field(default_factory=dict)
    includes: tuple[str, ...] = ()
    promoted: Promoted | None = None
    module: str = ""

    @property
    def new_files(self) -> tuple[str, ...]:
        """The paths that must be free."""
        return (*self.creations, *self.moves.values())


Cuts = Callable[[str], tuple[Edit, ...] | Skip]
"""What is taken out of a text that moves to a file."""


def _nothing(_: str) -> tuple[Edit, ...]:
    return ()


def relocated(package: Package, module: Embedded, layout: str, cuts: Cuts = _nothing) -> Relocation | Skip:
    """Return the move of a test module, or why it stays; ``cuts`` are out of its own text."""
    if (skip := obstacle(package, module)) is not None:
        return skip
    if not module.inline and (skip := shared(package, module, module.module.file)) is not None:
        return skip
    where = destination(package, module, layout, nested=bool(files_below(package, module)))
    if isinstance(where, Skip):
        return where
    below = moves_below(package, module, posixpath.dirname(where.file)) if layout == "tests" else {}
    if isinstance(below, Skip):
        return below
    edits = {module.declared_in: declaration_edits(package, module, where)}
    relocation = Relocation(where.file, edits, module="::".join(module.module.path[1:]))
    file = module.module.file
    if module.item.body is not None:
        top = Piece(module.declared_in, module.item.body, where.file, whole=False)
    else:
        top = whole_file(package, file, where.file)
    for piece in (top, *(whole_file(package, old, new) for old, new in sorted(below.items()))):
        skip = _add(package, module, piece, relocation, cuts if piece is top else _nothing)
        if skip is not None:
            return skip
    return relocation


def _add(package: Package, module: Embedded, piece: Piece, relocation: Relocation, cuts: Cuts) -> Skip | None:
    """Add a piece's text, and the files that belong to it, to the relocation."""
    text = package.files[piece.file]
    if (skip := obstacle_in(package, piece) or proptest_seeds(package, piece)) is not None:
        return skip
    gone = cuts(piece.new)
    if isinstance(gone, Skip):
        return gone
    # What is cut out may be what includes a file: then nothing is carried along.
    along = {} if gone else _carry(package, piece, relocation)
    if isinstance(along, Skip):
        return along
    edits = anchored(text, piece.span, piece.file, piece.new, along)
    snapshots = snapshot_moves(package, module, piece)
    if isinstance(edits, Skip):
        return edits
    if isinstance(snapshots, Skip):
        return snapshots
    relocation.rewritten += [(text[e.start : e.end], e.new) for e in edits]
    edits = (*(e for e in edits if not any(g.start <= e.start < g.end for g in gone)), *gone)
    relocation.moves.update(snapshots)
    if piece.whole:
        _add_whole(piece, edits, relocation)
    else:
        start, end = piece.span
        body = apply(text[:end], edits)
        relocation.creations[piece.new] = dedented(body, start, len(body))
        if not any(c.path == "rustfmt::skip" for a in module.item.attributes for c in resolved(a)):
            relocation.format[piece.new] = piece.file
    return None


def relocated_include(package: Package, call: Item, piece: Piece) -> Relocation | Skip:
    """Return the move of a file that ``#[cfg(test)] include!("tests.rs");`` reads."""
    file = module_tree(package).included[piece.file][0]
    relocation = Relocation(piece.new, {})
    skip = _add_included(package, piece, relocation)
    span = (call.start, call.end)
    edits = anchored(package.files[file], span, file, file, {piece.file: piece.new})
    if skip is not None:
        return skip
    if isinstance(edits, Skip):
        return edits
    text = package.files[file]
    relocation.rewritten += [(text[e.start : e.end], e.new) for e in edits]
    relocation.edits[file] = edits
    return relocation


def _carry(package: Package, piece: Piece, relocation: Relocation) -> dict[str, str] | Skip:
    """Add the files that a piece includes to its relocation; return where each goes."""
    along = carried(package, piece)
    for included in along:
        if (skip := _add_included(package, included, relocation)) is not None:
            return skip
    return {included.file: included.new for included in along}


def _add_included(package: Package, piece: Piece, relocation: Relocation) -> Skip | None:
    text = package.files[piece.file]
    along = _carry(package, piece, relocation)
    edits = along if isinstance(along, Skip) else anchored(text, piece.span, piece.file, piece.new, along)
    if isinstance(edits, Skip):
        return edits
    relocation.rewritten += [(text[e.start : e.end], e.new) for e in edits]
    _add_whole(piece, edits, relocation)
    return None


def _add_whole(piece: Piece, edits: tuple[Edit, ...], relocation: Relocation) -> None:
    relocation.moves[piece.file] = piece.new
    relocation.edits[piece.file] = (*relocation.edits.get(piece.file, ()), *edits)
    relocation.format.update({piece.new: piece.file} if edits else {})


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
            c.path.rpartition("::")[2] in COMPILER_TESTS and not c.when
            for a in item.attributes
            for c in resolved(a)
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
