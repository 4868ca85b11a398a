"""Which file is which module of a package, for every target, and which files are none.

The tree is of syntax: every cfg'd alternative is in it, with its condition. A file that two targets declare,
or one target twice, is several modules. Modules that only macros declare are in it too, marked not certain.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import TypeVar

from remediate.rust.modules.module import Missing, Module
from remediate.rust.modules.module_walk import own_files, walk
from remediate.rust.package import Package

_Key = TypeVar("_Key", str, int)


@dataclass(frozen=True)
class ModuleTree:
    """All modules of a package.

    Attributes:
        modules: Every module, each before its children; roots in the order of the targets.
        included: Each file that an ``include!`` of Rust code names, with the files that include it.
        missing: Declarations without a file.
        cycles: Files that declare themselves again, directly or through others.
        orphans: ``.rs`` files of the package that no target reaches, sorted. Test data and templates are
            among them; what a build script or another build system does with them is not known.
    """

    modules: tuple[Module, ...]
    included: dict[str, tuple[str, ...]]
    missing: tuple[Missing, ...]
    cycles: tuple[str, ...]
    orphans: tuple[str, ...]

    def of_file(self, path: str) -> tuple[Module, ...]:
        """Return the modules whose whole text is that file: none for an orphan, several for a shared one."""
        return self._by_file.get(path, ())

    def at(self, path: str, offset: int) -> tuple[Module, ...]:
        """Return the innermost modules around an offset of a file, one for each that the file is."""
        return tuple(self._innermost(outer, offset) for outer in self.of_file(path))

    def children(self, module: Module) -> tuple[Module, ...]:
        """Return the modules declared directly in a module."""
        return self._children.get(id(module), ())

    def _innermost(self, module: Module, offset: int) -> Module:
        for child in self.children(module):
            if child.span is not None and child.span[0] <= offset <= child.span[1]:
                return self._innermost(child, offset)
        return module

    @cached_property
    def _by_file(self) -> dict[str, tuple[Module, ...]]:
        return _grouped((m.file, m) for m in self.modules if m.span is None)

    @cached_property
    def _children(self) -> dict[int, tuple[Module, ...]]:
        return _grouped((id(m.parent), m) for m in self.modules if m.parent is not None)


def module_tree(package: Package) -> ModuleTree:
    """Return the modules of a package; the same object every time."""
    return package.derived(_module_tree)


def _module_tree(package: Package) -> ModuleTree:
    found = walk(package)
    reached = {m.file for m in found.modules} | set(found.included)
    return ModuleTree(
        modules=tuple(found.modules),
        included={path: tuple(sorted(by)) for path, by in sorted(found.included.items())},
        missing=tuple(found.missing),
        cycles=tuple(sorted(found.cycles)),
        orphans=tuple(p for p in own_files(package) if p not in reached),
    )


def _grouped(pairs: Iterable[tuple[_Key, Module]]) -> dict[_Key, tuple[Module, ...]]:
    found: dict[_Key, list[Module]] = {}
    for key, module in pairs:
        found.setdefault(key, []).append(module)
    return {key: tuple(modules) for key, modules in found.items()}
