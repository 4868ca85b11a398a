"""What a name means inside one crate, as the path of its definition.

Stricter than ``rust.resolve``: where two things could be meant, or a macro may have made one, it is unknown.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from remediate.rust.cfg import requires_test
from remediate.rust.dependencies import dependencies
from remediate.rust.items import Item
from remediate.rust.known_names import STANDARD_CRATES
from remediate.rust.module import Module
from remediate.rust.module_tree import module_tree
from remediate.rust.names import variants
from remediate.rust.package import Package
from remediate.rust.scope import Definition, Import, Scope, module_scope, visibility_of
from remediate.rust.syntax import Source

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means.

    Attributes:
        path: Of something of this crate, the path of its definition below the crate root, () for the root;
            of something else, its path from another crate's name on.
        outside: Whether it is another crate's.
        known: False where something is meant, but syntax cannot tell what.
        test_only: Whether only test builds have it.
    """

    path: Path
    outside: bool = False
    known: bool = True
    test_only: bool = False


UNKNOWN = Meaning((), known=False)


class Meanings:
    """The names of the crate that one root module begins."""

    def __init__(self, package: Package, root: Module) -> None:
        self.package, self.root = package, root
        self.tree = module_tree(package)
        self.modules: dict[Path, Module] = {}
        self._doubled: set[Path] = set()
        for module in self.tree.modules:
            if module is root or root in module.ancestors():
                self._doubled |= {module.path[1:]} & set(self.modules)
                self.modules[module.path[1:]] = module
        self._scopes: dict[int, Scope] = {}
        self._open: set[tuple[int, str]] = set()

    def scope_of(self, module: Module) -> Scope:
        """Return a module's own names; nothing for a file that could not be read."""
        if id(module) not in self._scopes:
            self._scopes[id(module)] = module_scope(self.package, module)
        return self._scopes[id(module)]

    def member(self, module: Module, name: str, user: Module | None = None) -> Meaning | None:
        """Return what ``module::name`` is, None where there is no such name.

        Seen from inside, or from the module ``user`` by a glob, which leaves out what is private. What globs
        on other crates bring is not looked for.
        """
        key = (id(module), name)
        if key in self._open:
            return None
        inside = user is None or module is user or module in user.ancestors()
        self._open.add(key)
        try:
            found = set(self._explicit(module, name, inside=inside))
            found = found or set(self._by_globs(module, name, inside=inside))
        finally:
            self._open.discard(key)
        return UNKNOWN if len(found) > 1 else next(iter(found), None)

    def of_use(self, module: Module, path: Path) -> Meaning:
        """Return what the path of a ``use`` declaration in a module leads to."""
        if self.package.edition == "2015" and path and path[0] not in ("crate", "self", "super", ""):
            return self.of_path(self.root, path)
        return self.of_path(module, path)

    def of_path(self, module: Module, path: Path) -> Meaning:
        """Return what a path in a module leads to."""
        current, rest = self._start(module, path)
        for index, name in enumerate(rest):
            if current is None or not current.known:
                break
            if current.outside:
                return Meaning(current.path + rest[index:], outside=True)
            current = self._below(current, name)
        return current or UNKNOWN

    def _start(self, module: Module, path: Path) -> tuple[Meaning | None, Path]:
        first, rest = path[:1], path[1:]
        if first == ("",):
            return Meaning(rest[:1], outside=True), rest[1:]
        if first == ("crate",):
            return Meaning(()), rest
        if first in (("self",), ("super",)):
            rest = path[1:] if first == ("self",) else path
            at: Module | None = module
            while rest[:1] == ("super",) and at is not None:
                at, rest = at.parent, rest[1:]
            return (Meaning(at.path[1:]) if at is not None else None), rest
        found = self.member(module, first[0])
        if found is None and (first[0] in STANDARD_CRATES or first[0] in self.package.derived(dependencies)):
            found = Meaning(first, outside=True)
        return found, rest

    def _below(self, current: Meaning, name: str) -> Meaning | None:
        if current.path in self._doubled:
            return UNKNOWN
        module = self.modules.get(current.path)
        if module is not None:
            return self.member(module, name)
        return Meaning((*current.path, name)) if name in self.variants_of(current.path) else UNKNOWN

    def variants_of(self, path: Path) -> Path:
        """Return the variants of the enum that a path defines; none for anything else."""
        module = self.modules.get(path[:-1]) if path else None
        if module is None:
            return ()
        enums = [d for d in self.scope_of(module).defined.get(path[-1], ()) if d.item.kind == "enum"]
        source = self.package.source(module.file)
        return tuple(name for definition in enums for name in variants(source, definition.item))

    def _explicit(self, module: Module, name: str, *, inside: bool) -> Iterator[Meaning]:
        here, source = self.scope_of(module), self.package.source(module.file)
        for child in self.tree.children(module):
            if child.name == name and (inside or child.item is None or not _is_private(source, child.item)):
                known = child.certain and child.path[1:] not in self._doubled
                yield Meaning(child.path[1:], known=known, test_only=requires_test(child.cfg))
        for definition in here.defined.get(name, ()):
            seen = inside or not _is_private(source, definition.item)
            if definition.item.kind not in ("macro_rules", "mod") and seen:
                yield self._definition(module, definition)
        for imported in here.imported.get(name, ()):
            if inside or not imported.visibility.private:
                yield self._imported(module, imported)

    def _definition(self, module: Module, definition: Definition) -> Meaning:
        if definition.item.kind == "extern crate":
            name = definition.item.name or ""
            return UNKNOWN if name == "self" else Meaning((name,), outside=True)
        known = definition.sure and module.path[1:] not in self._doubled
        path = (*module.path[1:], definition.name)
        return Meaning(path, known=known, test_only=requires_test((*module.cfg, *definition.cfg)))

    def _imported(self, module: Module, imported: Import) -> Meaning:
        if requires_test(imported.cfg):
            return Meaning((), known=False, test_only=True)
        return self.of_use(module, imported.leaf.path)

    def _by_globs(self, module: Module, name: str, *, inside: bool) -> Iterator[Meaning]:
        for glob in self.scope_of(module).globs:
            if not inside and glob.visibility.private:
                continue
            target = self.of_use(module, glob.leaf.path)
            if not target.known:
                yield UNKNOWN  # it may bring the name
            elif not target.outside and name in self.variants_of(target.path):
                yield Meaning((*target.path, name))
            elif not target.outside and target.path in self.modules:
                found = self.member(self.modules[target.path], name, module)
                yield from () if found is None else (found,)


def _is_private(source: Source, item: Item) -> bool:
    return visibility_of(source, item).private
