"""The move of loose test functions into a file that is included where they stood."""

import posixpath
import re
from collections.abc import Iterator

from remediate.codemods.extract_tests.layout import beside, mirrored
from remediate.codemods.extract_tests.loose import STEM, Loose
from remediate.codemods.extract_tests.obstacles import obstacle_in
from remediate.codemods.extract_tests.piece import Piece
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.codemods.extract_tests.snapshots import looked_for, proptest_seeds
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.modules.module import relative
from remediate.rust.modules.relative_paths import anchored
from remediate.rust.package import Package
from remediate.rust.syntax.indent import dedented, indentation_at, line_end
from remediate.rust.syntax.items import Item

_LINE_AND_BLANK_LINES = re.compile(rb"[ \t]*\r?\n(?:[ \t]*\r?\n)*")
_LINE = re.compile(rb"[ \t]*\r?\n")


def included(package: Package, loose: Loose, layout: str) -> tuple[Relocation | None, list[Skip]]:
    """Return the move of those of the functions that can, and why the others stay."""
    file, new = loose.module.file, _destination(package, loose, layout)
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


def _destination(package: Package, loose: Loose, layout: str) -> str:
    if layout == "sibling":
        return beside(package, loose.module, STEM)[0]
    around = [m.name for m in (loose.module, *loose.module.ancestors()) if m.span is not None]
    names = [name for name in reversed(around) if loose.module.span is not None]
    return mirrored(package, loose.module.file, [*names, STEM])


def _moved(package: Package, piece: Piece, relocation: Relocation) -> bytes | Skip:
    """Return a function's text as it stands in the new file."""
    text = package.files[piece.file]
    if (skip := obstacle_in(package, piece)) is not None:
        return skip
    if (skip := proptest_seeds(package, piece)) is not None:
        return skip
    if looked_for(text, piece.span):
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
