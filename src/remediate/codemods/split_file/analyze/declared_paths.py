"""A file that its parent finds through ``#[path]``: whether it can move, and what the parent then says."""

import posixpath

from remediate.edits import Edit
from remediate.rust.modules.module import Module, relative
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.modules.relative_paths import module_paths
from remediate.rust.package import Package


def beside(path: str) -> str:
    """Return where a file with children of its own goes: ``odd/place.rs`` to ``odd/place/mod.rs``."""
    return posixpath.join(path.removesuffix(".rs"), "mod.rs")


def declaration(package: Package, module: Module, new: str) -> tuple[str, Edit] | None:
    """Return the parent's file and its ``#[path]`` for the file ``new``, None where one cannot be written.

    That is so for a ``#[path]`` under a ``cfg_attr`` or in an inline module, and where M has files below it,
    which are found beside it.
    """
    parent, item = module.parent, module.item
    if parent is None or parent.span is not None or item is None or _has_files(package, module):
        return None
    if sum(a.path == "path" for a in item.attributes) != 1 or any(
        a.path == "cfg_attr" for a in item.attributes
    ):
        return None
    found = module_paths([item], "", "")
    if not found:
        return None
    [old] = found
    name = relative(new, posixpath.dirname(parent.file))
    return parent.file, Edit(old.start, old.end, f'"{name}"'.encode())


def _has_files(package: Package, module: Module) -> bool:
    below = (m for m in module_tree(package).modules if any(a is module for a in m.ancestors()))
    return any(m.span is None for m in below)
