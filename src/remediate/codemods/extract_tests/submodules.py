"""The files below a test module: they move with it, laid out as they were."""

import posixpath

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.model import Skip
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package


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
        if below.loaded_by == "path" and _declared_at_the_top(module, below):
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


def _declared_at_the_top(module: Embedded, below: Module) -> bool:
    """Whether the test module's own text declares it: only there does a ``#[path]`` change its base."""
    return below.parent is not None and below.parent.file in {v.file for v in module.variants}
