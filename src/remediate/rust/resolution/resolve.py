"""Where a path leads inside one package: through modules, imports and globs, as far as syntax can tell."""

import re
from dataclasses import dataclass
from functools import cached_property

from remediate.rust.mentions.known_names import STANDARD_CRATES
from remediate.rust.modules.dependencies import dependencies
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import ModuleTree, module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.heuristic_traits import outside_members
from remediate.rust.resolution.names import trait_members, variants
from remediate.rust.resolution.scope import Definition, Import, Scope, module_scope

_DEEP = 24
_TRAIT = re.compile(rb"\btrait\s+(\$|\w+)")


@dataclass(frozen=True)
class Found:
    """A definition and the module it stands in."""

    module: Module
    definition: Definition


@dataclass(frozen=True)
class Outside:
    """A path that leaves the package, absolute: ("std", "fmt", "Debug")."""

    path: tuple[str, ...]


Target = Module | Found | Outside | None


class Resolver:
    """Follows paths in one package. Answers None where macros, cfg or a missing file leave it unknown."""

    def __init__(self, package: Package) -> None:
        self.package = package
        self.tree: ModuleTree = module_tree(package)
        self._scopes: dict[int, Scope] = {}
        self._members: dict[tuple[int, str], Target] = {}
        self._searched: dict[tuple[int, str], Target] = {}

    def scope_of(self, module: Module) -> Scope:
        """Return what is in scope in a module; empty for a file that could not be read."""
        if id(module) not in self._scopes:
            self._scopes[id(module)] = module_scope(self.package, module)
        return self._scopes[id(module)]

    def resolve(self, module: Module, path: tuple[str, ...], deep: int = _DEEP) -> Target:
        """Return what a path means in a module, looked up as an expression's or a type's path."""
        if not deep or not path:
            return None
        first, *rest = path
        if first in ("crate", "self", "super"):
            return self._relative(module, path, deep)
        if first == "":
            return Outside(tuple(rest))
        return self._walk(self._first(module, first, deep - 1), tuple(rest), deep)

    def resolve_use(self, module: Module, path: tuple[str, ...], deep: int = _DEEP) -> Target:
        """Return what a ``use`` path means in a module; in the 2015 edition it begins at the crate root."""
        if self.package.edition == "2015" and path and path[0] not in ("crate", "self", "super", ""):
            root = ([module, *module.ancestors()])[-1]
            found = self.resolve(root, path, deep)
            return found if found is not None else Outside(path)
        return self.resolve(module, path, deep)

    def member(self, module: Module, name: str, deep: int = _DEEP) -> Target:
        """Return what a name means as ``module::name``.

        Modules that import one another by glob are searched once each: what is being searched already has
        nothing to add to its own search.
        """
        key = (id(module), name)
        known = self._members if key in self._members else self._searched
        if key in known or not deep:
            return known.get(key)
        outermost = not self._searched
        self._searched[key] = None
        try:
            found = self._searched[key] = self._member(module, name, deep)
        finally:
            if outermost:
                self._searched.clear()
        if outermost:
            self._members[key] = found
        return found

    def _member(self, module: Module, name: str, deep: int) -> Target:
        for child in self.tree.children(module):
            if child.name == name:
                return child
        here = self.scope_of(module)
        for definition in here.defined.get(name, ()):
            return Found(module, definition)
        for imported in here.imported.get(name, ()):
            return self.resolve_use(module, imported.leaf.path, deep - 1)
        for glob in here.globs:
            target = self.resolve_use(module, glob.leaf.path, deep - 1)
            found = self._in_glob(target, name, deep - 1)
            if found is not None:
                return found
        return None

    def glob_names(self, module: Module, glob: Import, deep: int = 6) -> frozenset[str] | None:
        """Return every name a glob import may bring from elsewhere, None where that cannot be told."""
        return self._names(self.resolve_use(module, glob.leaf.path), deep, frozenset({id(module)}))

    def trait_names(self, module: Module, imported: Import) -> frozenset[str] | None:
        """Return the members that an import puts in scope: none if it is no trait, None if unknown."""
        target = self.resolve_use(module, imported.leaf.path)
        if isinstance(target, Found):
            return self._trait_of(target)
        if isinstance(target, Outside):
            return outside_members(target.path)
        return frozenset() if isinstance(target, Module) or not self._may_be_trait(imported) else None

    def _may_be_trait(self, imported: Import) -> bool:
        """Whether a name of this package that macros define may be a trait: some tokens would say so."""
        if imported.leaf.path[:1] not in (("crate",), ("self",), ("super",)):
            return True
        words = self.package.derived(trait_words)
        return imported.leaf.path[-1] in words or "$" in words

    def _trait_of(self, found: Found) -> frozenset[str] | None:
        source = self.package.source(found.module.file)
        if not found.definition.sure:
            return None
        kind = found.definition.item.kind
        if kind == "trait":
            return trait_members(source, found.definition.item)
        return None if kind in ("extern crate", "macro") else frozenset()

    def _relative(self, module: Module, path: tuple[str, ...], deep: int) -> Target:
        current: Module | None = module
        rest = list(path)
        if rest[0] == "crate":
            current, rest = [module, *module.ancestors()][-1], rest[1:]
        elif rest[0] == "self":
            rest = rest[1:]
        while rest and rest[0] == "super" and current is not None:
            current, rest = current.parent, rest[1:]
        return self._walk(current, tuple(rest), deep)

    def _first(self, module: Module, name: str, deep: int) -> Target:
        found = self.member(module, name, deep)
        if found is not None:
            return found
        library = self._libraries.get(name)
        if library is not None and library.root != module.root:
            return library
        if name in STANDARD_CRATES or self._is_dependency(name):
            return Outside((name,))
        return None

    @cached_property
    def _libraries(self) -> dict[str, Module]:
        """The package's own library by the name that its other targets know it by."""
        roots = (m for m in self.tree.modules if m.parent is None)
        kinds = {"lib", "rlib", "dylib"}
        return {t.name.replace("-", "_"): m for m in roots for t in m.targets if kinds & set(t.kinds)}

    def _is_dependency(self, name: str) -> bool:
        return name in self.package.derived(dependencies)

    def _walk(self, target: Target, rest: tuple[str, ...], deep: int) -> Target:
        for index, name in enumerate(rest):
            if isinstance(target, Outside):
                return Outside(target.path + rest[index:])
            if isinstance(target, Found):
                return self._inside(target, rest[index:])
            if target is None:
                return None
            target = self.member(target, name, deep - 1)
        return target

    def _inside(self, found: Found, rest: tuple[str, ...]) -> Target:
        """A variant or an associated item of a definition: for our purposes the definition itself."""
        if found.definition.item.kind == "extern crate":
            name = found.definition.item.name or ""
            return Outside((name, *rest))
        return found

    def _in_glob(self, target: Target, name: str, deep: int) -> Target:
        if isinstance(target, Module):
            return self.member(target, name, deep)
        if isinstance(target, Found) and name in self._variants(target):
            return target
        return None

    def _variants(self, found: Found) -> tuple[str, ...]:
        if found.definition.item.kind != "enum":
            return ()
        return variants(self.package.source(found.module.file), found.definition.item)

    def _names(self, target: Target, deep: int, seen: frozenset[int]) -> frozenset[str] | None:
        if isinstance(target, Found):
            return frozenset(self._variants(target)) if target.definition.item.kind == "enum" else None
        if not isinstance(target, Module) or not deep:
            return None
        if id(target) in seen:
            return frozenset()
        here = self.scope_of(target)
        if any(i.kind in ("macro", "error") for i in here.items):
            return None
        names = {*here.defined, *here.imported, *(c.name for c in self.tree.children(target))}
        for glob in here.globs:
            more = self._names(self.resolve_use(target, glob.leaf.path), deep - 1, seen | {id(target)})
            if more is None:
                return None
            names |= more
        return frozenset(names)


def resolver(package: Package) -> Resolver:
    """Return the package's resolver; the same object every time."""
    return package.derived(Resolver)


def trait_words(package: Package) -> frozenset[str]:
    """Return every name that follows ``trait`` in the package; "$" is among them if a macro makes traits."""
    found = (m.decode() for path in package.rust_files for m in _TRAIT.findall(package.files[path]))
    return frozenset(found)
