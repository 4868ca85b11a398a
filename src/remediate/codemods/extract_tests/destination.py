"""Where a test module goes, and how its declaration finds it there."""

from dataclasses import dataclass

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.layout import beside, mirrored
from remediate.model import Skip
from remediate.rust.modules.module import Module, ModuleLocation, folders_of, inside, normalised, relative
from remediate.rust.modules.module_tree import hidden_modules, module_tree, path_attribute
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import requires_test


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
    found = {_of_variant(package, module, v, layout, nested=nested) for v in module.variants}
    if len(found) > 1:
        skips = [f for f in found if isinstance(f, Skip)]
        return (
            skips[0]
            if skips
            else Skip("several-places", f"{module.declared_in} is loaded as several modules")
        )
    return found.pop()


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
    place = outer.place if outer else ModuleLocation("")
    anchored: list[tuple[int, bool]] = []
    for enclosing in around:
        path = path_attribute(enclosing.item) if enclosing.item else None
        inner = inside(place, enclosing.name, path)
        if normalised(inner.base) not in package.derived(_lasting_folders):
            if path is not None or enclosing.item is None or _declares_files(package, enclosing):
                sentence = f"the inline module {enclosing.name} has no folder and declares files of its own"
                return Skip("inline-directory", sentence)
            anchored.append((enclosing.item.start, bool(enclosing.item.attributes)))
            inner = ModuleLocation(place.base)
        place = inner
    return normalised(place.base), tuple(anchored)


def _lasting_folders(package: Package) -> frozenset[str]:
    """Return the folders that exist even when all test modules have left them."""
    modules = module_tree(package).modules
    leaving = {m.file for m in modules if m.span is None and requires_test(m.cfg)}
    return folders_of((*(p for p in package.files if p not in leaving), *package.paths))


def _declares_files(package: Package, module: Module) -> bool:
    start, end = module.span or (0, 0)
    return any(True for _ in hidden_modules(package.files[module.file], start, end))


def _sibling(package: Package, module: Embedded, variant: Module, *, nested: bool) -> Destination | Skip:
    parent = variant.parent
    assert parent is not None  # noqa: S101 - a test module is declared somewhere
    file, plain = beside(package, parent, module.file_stem)
    if plain and module.ordinal == 1:
        return Destination(file, None)
    if nested:
        return Skip("custom-path", f"{module.name} has files below it that a `#[path]` would move")
    return Destination(file, relative(file, normalised(parent.place.base)))
