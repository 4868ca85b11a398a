"""Files that moved tests ``include!``: where nothing else reads them, they are tests too and move along."""

import posixpath
from collections.abc import Iterator

from remediate.codemods.extract_tests.layout import mirrored
from remediate.codemods.extract_tests.obstacles import obstacle_in
from remediate.codemods.extract_tests.piece import Piece
from remediate.codemods.extract_tests.snapshots import looked_for
from remediate.rust.modules.module_tree import hidden_modules, module_tree
from remediate.rust.modules.relative_paths import Inclusion, inclusions, readers
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import predicates, requires_test
from remediate.rust.syntax.items import Item, items


def carried(package: Package, piece: Piece) -> tuple[Piece, ...]:
    """Return the files that a piece includes and that go where the same ``include!`` finds them."""
    found = _carried(package, piece.file, piece.span, posixpath.dirname(piece.new))
    return tuple(found)


def included_tests(package: Package, path: str, layout: str) -> tuple[tuple[Item, Piece], ...]:
    """Return each ``#[cfg(test)] include!("tests.rs");`` of a file, with the included file's move."""
    modules = module_tree(package).of_file(path)
    if not modules or any(requires_test(m.cfg) for m in modules) or layout != "tests":
        return ()
    folder = posixpath.dirname(mirrored(package, path, ["_"]))
    calls = [i for i in items(package.source(path)) if i.kind == "macro" and _is_test(i)]
    return tuple((i, p) for i in calls for p in _carried(package, path, (i.start, i.end), folder))


def _is_test(item: Item) -> bool:
    return item.name == "include" and requires_test(predicates(item.attributes))


def _carried(package: Package, file: str, span: tuple[int, int], folder: str) -> Iterator[Piece]:
    text = package.files[file]
    for inclusion in inclusions(text, *span):
        target = _target(package, inclusion, file)
        if target is not None and _is_own(package, target, file, span):
            new = posixpath.join(folder, posixpath.normpath(inclusion.path or ""))
            piece = Piece(target, (0, len(package.files[target])), new, whole=True)
            if new != target and _can_move(package, piece):
                yield piece


def _target(package: Package, inclusion: Inclusion, file: str) -> str | None:
    """Return the file of a plain ``include!("below/it.rs")``."""
    path = inclusion.path or ""
    plain = inclusion.macro == "include" and inclusion.anchor == "file" and not posixpath.isabs(path)
    if not plain or ".." in path.split("/") or not path.endswith(".rs"):
        return None
    target = inclusion.target(package, file)
    return target if target in package.files else None


def _is_own(package: Package, target: str, file: str, span: tuple[int, int]) -> bool:
    """Whether nothing but one call in ``file[span]`` reads a file."""
    tree = module_tree(package)
    calls = [i for i in inclusions(package.files[file]) if i.target(package, file) == target]
    return (
        tree.included.get(target) == (file,)
        and all(m.loaded_by == "include" for m in tree.of_file(target))
        and len(calls) == 1
        and span[0] <= calls[0].start < span[1]
        and not any(readers(package, target))
    )


def _can_move(package: Package, piece: Piece) -> bool:
    """Whether a file means the same elsewhere: it declares no files and does not ask where it is."""
    text = package.files[piece.file]
    children = (c for m in module_tree(package).of_file(piece.file) for c in module_tree(package).children(m))
    return (
        obstacle_in(package, piece) is None
        and not looked_for(text, piece.span)
        and not any(hidden_modules(text, *piece.span))
        and all(c.span is not None for c in children)
    )
