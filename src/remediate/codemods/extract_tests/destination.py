"""Where tests go: the names of the files, how a declaration finds them, and the files that move along.

Those are modules below the tests, snapshots, and what only they include.
"""

import posixpath
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import takewhile

from remediate.codemods.extract_tests.discovery import Embedded, Piece, whole_file
from remediate.codemods.extract_tests.obstacles import obstacle_in
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.module import (
    Module,
    ModuleLocation,
    candidates,
    folders_of,
    inside,
    normalised,
    relative,
)
from remediate.rust.modules.module_tree import hidden_modules, module_tree, path_attribute
from remediate.rust.modules.relative_paths import Inclusion, inclusions, readers
from remediate.rust.package import LIBRARIES, Package
from remediate.rust.syntax.cfg import predicates, requires_test
from remediate.rust.syntax.indent import indentation_at, line_end
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.lexer import tokens

_MAYBE = re.compile(rb"_snapshot\s*!|\bexpect_file\s*!|\bglob\s*!|\bset_snapshot_path\b")


def home(package: Package) -> str:
    """Return the folder of the unit tier."""
    return posixpath.join(package.root, "tests/unit")


def folder_taken(package: Package) -> Skip | None:
    """Return the reason why ``tests/unit`` cannot be used, or None.

    ``cargo package`` leaves out folders with a Cargo.toml, and links lead out of the package.
    """
    unit = home(package)
    for folder in (unit.removesuffix("/unit"), unit):
        if folder in package.members or package.exists(f"{folder}/Cargo.toml") or package.exists(folder):
            return Skip("tests-folder-taken", f"{folder} is a package or a link of its own")
    return None


def mirrored(package: Package, file: str, names: Sequence[str], *, nested: bool = False) -> str:
    """Return the path under tests/unit of the module or function file ``names`` of a source file.

    ``nested`` asks for a folder of its own. cargo takes ``tests/*/main.rs`` for a target: none is called so.
    """
    folder, prefix = _mirror(package, file)
    parts = [prefix + names[0], *names[1:]]
    if parts[-1] == "main":
        parts[-1] = "main_mod"
    last = f"{parts[-1]}/mod.rs" if nested else f"{parts[-1]}.rs"
    return posixpath.join(home(package), folder, *parts[:-1], last)


def beside(package: Package, module: Module, stem: str) -> tuple[str, bool]:
    """Return the path beside a module's file, and whether it is the one plain ``mod stem;`` finds.

    It is not where that file could be another module's or target's, or be taken for a target itself.
    """
    base = posixpath.basename(module.file).removesuffix(".rs")
    prefix = ""
    if module.span is None and module.loaded_by == "root" and _is_shared_folder(package, module.file):
        prefix = "main_" if base == "main" else f"{base}/"
    elif module.span is None and module.loaded_by == "path" and base != "mod":
        prefix = f"{base}_"
    return normalised(candidates(module.location, f"{prefix}{stem}")[0]), not prefix


def _mirror(package: Package, file: str) -> tuple[str, str]:
    """Return the folder that mirrors a source file, and the prefix of names below it."""
    library = next((t.root for t in package.targets if LIBRARIES & set(t.kinds)), None)
    if file == library:
        return "", ""
    sources = [posixpath.dirname(library)] if library else []
    for folder in (*sources, posixpath.join(package.root, "src"), package.root):
        if not folder or file.startswith(f"{folder}/"):
            inner = file.removeprefix(f"{folder}/")
            break
    else:
        inner = file
    stem, base = posixpath.dirname(inner), posixpath.basename(inner)
    if base == "mod.rs":
        return stem, ""
    return (stem, "main_") if base == "main.rs" else (posixpath.join(stem, base.removesuffix(".rs")), "")


def _is_shared_folder(package: Package, root: str) -> bool:
    """Whether a file beside this target root could be another target's, or be taken for a target."""
    library = any(LIBRARIES & set(t.kinds) for t in package.targets if t.root == root)
    folder, base = posixpath.split(root)
    discovered = posixpath.basename(folder) in ("bin", "examples", "tests", "benches")
    others = {t.root for t in package.targets if posixpath.dirname(t.root) == folder and t.root != root}
    return not library and (bool(others) or (discovered and base != "main.rs"))


@dataclass(frozen=True, slots=True)
class Destination:
    """The new place of a test module.

    Attributes:
        file: The new file.
        path: The text of its ``#[path]``; None where plain ``mod x;`` finds it.
        anchored: Where the inline modules begin that need ``#[path = "."]`` for it, and whether each has
            attributes already.
    """

    file: str
    path: str | None
    anchored: tuple[tuple[int, bool], ...] = ()


def destination(package: Package, module: Embedded, layout: str, *, nested: bool) -> Destination | Skip:
    """Return where the module goes; ``nested`` says that it has files below it."""
    each = (_of_variant(package, module, v, layout, nested=nested) for v in module.variants)
    found = list(dict.fromkeys(each))
    if len(found) == 1:
        return found[0]
    several = Skip("several-places", f"{module.declared_in} is loaded as several modules")
    return next((one for one in found if isinstance(one, Skip)), several)


def _of_variant(
    package: Package, module: Embedded, variant: Module, layout: str, *, nested: bool
) -> Destination | Skip:
    if layout == "sibling":
        return _sibling(package, module, variant, nested=nested)
    base = _base(package, module, variant)
    if isinstance(base, Skip):
        return base
    folder, anchored = base
    names = [*(m.name for m in module.inside(variant)), module.file_stem]
    file = mirrored(package, module.declared_in, names, nested=nested)
    return Destination(file, relative(file, folder), anchored)


def _base(
    package: Package, module: Embedded, variant: Module
) -> tuple[str, tuple[tuple[int, bool], ...]] | Skip:
    """Return the folder that ``#[path]`` on the declaration is relative to.

    Below an inline module without a folder on the disk no ``..`` works. ``#[path = "."]`` on it takes the
    enclosing folder instead, which moves nothing as long as the inline module declares no file.
    """
    around = module.inside(variant)
    outer = around[0].parent if around else variant.parent
    location = outer.location if outer else ModuleLocation("")
    anchored: list[tuple[int, bool]] = []
    for enclosing in around:
        path = path_attribute(enclosing.item) if enclosing.item else None
        inner = inside(location, enclosing.name, path)
        if normalised(inner.base) not in package.derived(_lasting_folders):
            files = hidden_modules(package.files[enclosing.file], *(enclosing.span or (0, 0)))
            if path is not None or enclosing.item is None or any(True for _ in files):
                sentence = f"the inline module {enclosing.name} has no folder and declares files of its own"
                return Skip("inline-directory", sentence)
            anchored.append((enclosing.item.start, bool(enclosing.item.attributes)))
            inner = ModuleLocation(location.base)
        location = inner
    return normalised(location.base), tuple(anchored)


def _lasting_folders(package: Package) -> frozenset[str]:
    """Return the folders that exist even when all test modules have left them."""
    modules = module_tree(package).modules
    leaving = {m.file for m in modules if m.span is None and requires_test(m.cfg)}
    return folders_of((*(p for p in package.files if p not in leaving), *package.paths))


def _sibling(package: Package, module: Embedded, variant: Module, *, nested: bool) -> Destination | Skip:
    parent = variant.parent
    assert parent is not None  # noqa: S101 - a test module is declared somewhere
    file, plain = beside(package, parent, module.file_stem)
    if plain and module.ordinal == 1:
        return Destination(file, None)
    if nested:
        return Skip("custom-path", f"{module.name} has files below it that a `#[path]` would move")
    return Destination(file, relative(file, normalised(parent.location.base)))


def declaration_edits(package: Package, module: Embedded, where: Destination) -> tuple[Edit, ...]:
    """Return the edits of the declaring file that make the module's text come from ``where``."""
    text, item, edits = package.files[module.declared_in], module.item, []
    own = next((a for a in item.attributes if a.path == "path"), None)
    literal = f'"{where.path}"'.encode()
    if own is not None:
        edits.append(Edit(own.arguments[0].start, own.arguments[0].end, literal))
    elif where.path is not None:
        edits.append(_path_attribute(text, item.start, literal, follows=bool(item.attributes)))
    edits += [_path_attribute(text, start, b'"."', follows=follows) for start, follows in where.anchored]
    if item.body is not None and item.name_span is not None:
        # A comment between the name and the brace stays.
        brace, name_end = item.body[0] - 1, item.name_span[1]
        start = brace if text[name_end:brace].strip() else name_end
        edits.append(Edit(start, item.end, b";"))
    return tuple(edits)


def _path_attribute(text: bytes, start: int, literal: bytes, *, follows: bool) -> Edit:
    """Return ``#[path]`` before the item at ``start``; if it ``follows`` others, parted as the item was."""
    gap = line_end(text) + indentation_at(text, start)
    if follows:
        gap = text[len(text[:start].rstrip()) : start]
    return Edit(start, start, b"#[path = " + literal + b"]" + gap)


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
        target = _included_file(package, inclusion, file)
        if target is not None and _is_own(package, target, file, span):
            new = posixpath.join(folder, posixpath.normpath(inclusion.path or ""))
            piece = whole_file(package, target, new)
            if new != target and _can_move(package, piece):
                yield piece


def _included_file(package: Package, inclusion: Inclusion, file: str) -> str | None:
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
