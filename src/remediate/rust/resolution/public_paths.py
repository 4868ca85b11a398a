"""The paths by which other crates reach a crate's definitions, as far as syntax tells."""

from dataclasses import dataclass, field

from remediate.rust.modules.module import Module
from remediate.rust.resolution.names import Import, visibility_of
from remediate.rust.resolution.resolver import Path, Resolver
from remediate.rust.syntax.cfg import predicates, requires_test

_DEEP = 20
# A path to what a macro seems to define comes behind all that are written.
_GUESSED = 100


@dataclass
class PublicPaths:
    """The paths by which other crates reach a crate's definitions, as far as syntax tells."""

    resolver: Resolver
    found: dict[Path, tuple[int, Path | None]] = field(default_factory=dict)
    exported_macros: set[str] = field(default_factory=set)
    private_macros: set[str] = field(default_factory=set)
    # Modules that glob one another are reached in very many ways: each is walked again only by a shorter one.
    _walked: dict[tuple[int, Path], int] = field(default_factory=dict)

    def __post_init__(self) -> None:
        self._walk(self.resolver.root, (), 0, ())
        for module in self.resolver.modules.values():
            self._macros(module)

    def is_macro(self, path: Path) -> bool:
        """Whether a path leads to a macro that is exported in all its forms."""
        return len(path) == 1 and path[0] in self.exported_macros - self.private_macros

    def modules_with(self, source: Path, names: frozenset[str]) -> Path | None:
        """Return the best public path of a module that offers these names of another module as they are."""
        modules = (path for path, (_, target) in self.found.items() if target in self.resolver.modules)
        fit = (p for p in modules if all(self.leads_to((*p, name)) == (*source, name) for name in names))
        return min(fit, key=lambda path: (path[-1:] != source[-1:], len(path), path), default=None)

    def _macros(self, module: Module) -> None:
        for item in self.resolver.scope_of(module).items:
            if item.kind == "macro_rules" and item.name:
                exported = any(a.path == "macro_export" for a in item.attributes)
                if exported and not requires_test((*module.cfg, *predicates(item.attributes))):
                    self.exported_macros.add(item.name)
                    self._add((item.name,), (item.name,), 0)
                else:
                    self.private_macros.add(item.name)

    def leads_to(self, path: Path) -> Path | None:
        """Return the definition a public path leads to, None where it is no public path."""
        _, definition = self.found.get(path, (0, None))
        if definition is None and len(path) > 1:
            owner = self.leads_to(path[:-1])
            if owner is not None and path[-1] in self.resolver.variants_of(owner):
                return (*owner, path[-1])
        return definition if path else ()

    def path_to(self, definition: Path) -> Path | None:
        """Return the best public path to a definition: its own, else the shortest; None where none leads."""
        if self.leads_to(definition) == definition:
            return definition
        found = [path for path, (_, target) in self.found.items() if target == definition]
        if not found and len(definition) > 1 and definition[-1] in self.resolver.variants_of(definition[:-1]):
            owner = self.path_to(definition[:-1])
            return (*owner, definition[-1]) if owner is not None else None
        return min(found, key=lambda path: (len(path), path), default=None)

    def _walk(self, module: Module, prefix: Path, globs: int, trail: tuple[int, ...]) -> None:
        """Add what a module offers as ``prefix::..``, which took so many globs to get there."""
        if (
            id(module) in trail
            or len(prefix) + globs > _DEEP
            or module.file not in self.resolver.package.files
            or self._walked.get((id(module), prefix), globs + 1) <= globs
        ):
            return
        self._walked[id(module), prefix] = globs
        trail = (*trail, id(module))
        here, source = self.resolver.scope_of(module), self.resolver.package.source(module.file)
        for definition in here.definitions:
            public = not definition.sure or visibility_of(source, definition.item).kind == "pub"
            if public and definition.item.kind not in ("macro_rules", "extern crate"):
                far = globs if definition.sure else globs + _GUESSED
                self._offer((*prefix, definition.name), (*module.path[1:], definition.name), far, trail)
        for imported in here.imports:
            if imported.visibility.kind == "pub" and imported.name != "_":
                self._reexport(module, imported, prefix, globs, trail)

    def _reexport(
        self, module: Module, imported: Import, prefix: Path, globs: int, trail: tuple[int, ...]
    ) -> None:
        target = self.resolver.of_import(module, imported)
        if target.outside or not target.known or requires_test(imported.cfg):
            return
        if not imported.leaf.glob:
            self._offer((*prefix, imported.name), target.path, globs, trail)
        elif target.path in self.resolver.modules:
            self._walk(self.resolver.modules[target.path], prefix, globs + 1, trail)
        else:
            for name in self.resolver.variants_of(target.path):
                self._add((*prefix, name), (*target.path, name), globs + 1)

    def _offer(self, path: Path, definition: Path, globs: int, trail: tuple[int, ...]) -> None:
        self._add(path, definition, globs)
        module = self.resolver.modules.get(definition)
        if module is not None and not requires_test(module.cfg):
            self._walk(module, path, 0, trail)

    def _add(self, path: Path, definition: Path, globs: int) -> None:
        """Remember where a path leads: what is named goes before what a glob brings; two are none."""
        known = self.found.get(path)
        if known is None or globs < known[0]:
            self.found[path] = (globs, definition)
        elif globs == known[0] and known[1] != definition:
            self.found[path] = (globs, None)
