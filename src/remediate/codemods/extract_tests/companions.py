"""The files that move along with tests: modules below them, snapshots, and what only they include."""

import posixpath
import re
from collections.abc import Iterator
from itertools import takewhile

from remediate.codemods.extract_tests.destination import mirrored
from remediate.codemods.extract_tests.discovery import Embedded, Piece, whole_file
from remediate.codemods.extract_tests.obstacles import obstacle_in
from remediate.model import Skip
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import hidden_modules, module_tree
from remediate.rust.modules.relative_paths import Inclusion, inclusions, readers
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import predicates, requires_test
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.lexer import tokens

_MAYBE = re.compile(rb"_snapshot\s*!|\bexpect_file\s*!|\bglob\s*!|\bset_snapshot_path\b")


def files_below(package: Package, module: Embedded) -> tuple[Module, ...]:
    """Return the whole-file modules below a test module, each file once."""
    tree, found = module_tree(package), dict[str, Module]()
    open_modules = list(module.variants)
    while open_modules:
        children = tree.children(open_modules.pop(0))
        found.update({c.file: c for c in children if c.span is None and c.file not in found})
        open_modules += children
    return tuple(found.values())


def moves_below(package: Package, module: Embedded, folder: str) -> dict[str, str] | Skip:
    """Return old and new path of every file below a test module whose children are to be in ``folder``."""
    moves: dict[str, str] = {}
    old = module.module.directory
    for below in files_below(package, module):
        if below.loaded_by not in ("name", "path") or not below.certain:
            return Skip("in-macro", f"{below.file} is declared in a macro below {module.name}")
        if not below.file.startswith(f"{old}/"):
            return Skip("custom-path", f"{below.file} is not in the folder of {module.name}")
        # Only in the test module's own text does a `#[path]` change its base.
        at_the_top = below.parent is not None and below.parent.file in {v.file for v in module.variants}
        if below.loaded_by == "path" and at_the_top:
            return Skip("custom-path", f"{module.name} finds {below.file} by a `#[path]`")
        if (skip := shared(package, module, below.file)) is not None:
            return skip
        moves[below.file] = posixpath.join(folder, below.file.removeprefix(f"{old}/"))
    return moves


def shared(package: Package, module: Embedded, file: str) -> Skip | None:
    """Return the reason why a file of a test module cannot move with it: something else loads it too."""
    tree = module_tree(package)
    mine = {id(variant) for variant in module.variants}
    foreign = (m for m in tree.of_file(file) if not any(id(a) in mine for a in (m, *m.ancestors())))
    if file in tree.included or any(True for _ in foreign):
        return Skip("shared-submodule", f"{file} is also loaded outside of {module.name}")
    return None


def proptest_seeds(package: Package, piece: Piece) -> Skip | None:
    """Return why a piece stays where proptest has saved seeds for its file.

    proptest 1 looks for them beside the folder with the crate's root, by the path below that folder.
    Elsewhere it would replay none, and below ``src/../tests`` it finds none in a fresh clone.
    """
    if package.files[piece.file].find(b"proptest", *piece.span) < 0:
        return None
    folder = posixpath.dirname(piece.file)
    while folder and not any(package.exists(f"{folder}/{root}") for root in ("lib.rs", "main.rs")):
        folder = posixpath.dirname(folder)
    inner = posixpath.relpath(piece.file, folder or ".").removesuffix(".rs")
    seeds = posixpath.join(posixpath.dirname(folder), "proptest-regressions", f"{inner}.txt")
    if not package.exists(seeds):
        return None
    return Skip("regression-files", f"proptest replays {seeds} by the path of {piece.file}")


def snapshot_moves(package: Package, module: Embedded, piece: Piece) -> dict[str, str] | Skip:
    """Return old and new path of the snapshots that belong to the tests in a piece."""
    asked = files_looked_for(package.files[piece.file], piece.span)
    if other := next((name for name in asked if not name.endswith("_snapshot")), None):
        return Skip("snapshot-files", f"`{other}` in {module.name} finds files beside the test's own")
    if not asked:
        return {}
    old = posixpath.join(posixpath.dirname(piece.file), "snapshots")
    prefixes = tuple(
        f"{old}/{'__'.join([target.name.replace('-', '_'), *variant.path[1:]])}__"
        for variant in module.variants
        for target in variant.targets
    )
    mine = sorted(p for p in (*package.paths, *package.files) if p.startswith(prefixes))
    if not mine or not all(path in package.files for path in mine):
        return Skip("snapshot-files", f"snapshot files of {module.name} cannot be moved along")
    folder = posixpath.dirname(piece.new)
    return {path: posixpath.join(folder, "snapshots", posixpath.basename(path)) for path in mine}


def files_looked_for(text: bytes, span: tuple[int, int]) -> list[str]:
    """Return what in the text looks for files; an assertion with ``@".."`` holds its snapshot itself."""
    if not _MAYBE.search(text, *span):
        return []
    code = list(tokens(text, *span))
    found = []
    for index, token in enumerate(code):
        if token.text in (b"expect_file", b"glob", b"set_snapshot_path"):
            found.append(token.text.decode())
        elif token.text.endswith(b"_snapshot") and code[index + 1 : index + 2]:
            statement = takewhile(lambda t: t.text != b";", code[index + 1 :])
            if code[index + 1].text == b"!" and all(t.text != b"@" for t in statement):
                found.append(token.text.decode())
    return found


def carried(package: Package, piece: Piece) -> tuple[Piece, ...]:
    """Return the files that a piece includes and that go where the same ``include!`` finds them."""
    return tuple(_carried(package, piece.file, piece.span, posixpath.dirname(piece.new)))


def included_tests(package: Package, path: str, layout: str) -> tuple[tuple[Item, Piece], ...]:
    """Return each ``#[cfg(test)] include!("tests.rs");`` of a file, with the included file's move."""
    modules = module_tree(package).of_file(path)
    if not modules or any(requires_test(m.cfg) for m in modules) or layout != "tests":
        return ()
    folder = posixpath.dirname(mirrored(package, path, ["_"]))
    calls = [i for i in items(package.source(path)) if i.kind == "macro" and i.name == "include"]
    mine = [i for i in calls if requires_test(predicates(i.attributes))]
    return tuple((i, p) for i in mine for p in _carried(package, path, (i.start, i.end), folder))


def _carried(package: Package, file: str, span: tuple[int, int], folder: str) -> Iterator[Piece]:
    text = package.files[file]
    for inclusion in inclusions(text, *span):
        target = _target(package, inclusion, file)
        if target is not None and _is_own(package, target, file, span):
            new = posixpath.join(folder, posixpath.normpath(inclusion.path or ""))
            piece = whole_file(package, target, new)
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
        and not files_looked_for(text, piece.span)
        and not any(hidden_modules(text, *piece.span))
        and all(c.span is not None for c in children)
    )
