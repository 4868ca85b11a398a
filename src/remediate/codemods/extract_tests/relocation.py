"""The move of one test module, as edits and files."""

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field

from remediate.codemods.extract_tests.companions import (
    carried,
    files_below,
    moves_below,
    proptest_seeds,
    shared,
    snapshot_moves,
)
from remediate.codemods.extract_tests.destination import declaration_edits, destination
from remediate.codemods.extract_tests.discovery import Embedded, Piece, whole_file
from remediate.codemods.extract_tests.integration.target import Promoted
from remediate.codemods.extract_tests.obstacles import obstacle, obstacle_in
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.modules.relative_paths import anchored
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.indent import dedented
from remediate.rust.syntax.items import Item


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
