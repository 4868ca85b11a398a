"""Where tests go: the names of the files, and how a declaration finds them there."""

import posixpath
from collections.abc import Sequence
from dataclasses import dataclass

from remediate.codemods.extract_tests.discovery import Embedded
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
from remediate.rust.package import LIBRARIES, Package
from remediate.rust.syntax.cfg import requires_test
from remediate.rust.syntax.indent import indentation_at, line_end


def home(package: Package) -> str:
    """Return the folder of the unit tier."""
    return posixpath.join(package.root, "tests/unit")


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
