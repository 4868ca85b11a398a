"""What a name means inside one crate, as the path of its definition, as far as syntax can tell.

Where two things could be meant it is unknown. What the tokens of a macro's call seem to define counts as
defined: whoever relies on it has the compiler confirm it.
"""

from collections.abc import Callable, Hashable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property

from remediate.rust.modules.manifest import dependencies
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.names import (
    Definition,
    Import,
    ModuleScope,
    generated,
    module_scope,
    variants,
    visibility_of,
)
from remediate.rust.syntax.cfg import conjunction, evaluate, predicates, requires_test
from remediate.rust.syntax.known_names import STANDARD_CRATES

Path = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Meaning:
    """What a name means.

    Attributes:
        path: Of something of this crate, the path of its definition below the crate root, () for the root;
            of something else, its path from another crate's name on.
        outside: Whether it is another crate's.
        known: False where something is meant, but syntax cannot tell what. Where it has a path all the same,
            several definitions have that path, each under a cfg of its own, or only test builds import it.
        test_only: Whether only test builds have it.
        choices: Of what several imports bring under cfgs of their own, all from other crates: each cfg, and
            the path from the crate's name on. Then ``path`` is empty and it is not ``known``.
        module: The module it is, where it is one of this crate.
    """

    path: Path
    outside: bool = False
    known: bool = True
    test_only: bool = False
    choices: tuple[tuple[str, Path], ...] = ()
    module: Module | None = field(default=None, compare=False, repr=False)


UNKNOWN = Meaning((), known=False)


def resolver(package: Package, module: Module) -> "Resolver":
    """Return the resolver of the crate that a module is of; the same object every time."""
    root = (module, *module.ancestors())[-1]
    known = package.derived(_resolvers)
    if id(root) not in known:
        known[id(root)] = Resolver(package, root)
    return known[id(root)]


def _resolvers(package: Package) -> "dict[int, Resolver]":
    del package  # it is what they are kept by
    return {}


class Resolver:
    """The names of the crate that one root module begins."""

    def __init__(self, package: Package, root: Module) -> None:
        self.package, self.root = package, root
        self.tree = module_tree(package)
        self.modules: dict[Path, Module] = {}
        self._alternatives: dict[Path, list[Module]] = {}
        for module in self.tree.modules:
            if module is root or root in module.ancestors():
                self.modules[module.path[1:]] = module
                self._alternatives.setdefault(module.path[1:], []).append(module)
        self._scopes: dict[int, ModuleScope] = {}
        self._answers = _RecursiveAnswers()

    def scope_of(self, module: Module) -> ModuleScope:
        """Return a module's own names; nothing for a file that could not be read."""
        if id(module) not in self._scopes:
            self._scopes[id(module)] = module_scope(self.package, module)
        return self._scopes[id(module)]

    def member(self, module: Module, name: str, user: Module | None = None) -> Meaning | None:
        """Return what ``module::name`` is, None where there is no such name.

        Seen from inside, or from the module ``user`` by a glob, which leaves out what is private. What globs
        on other crates bring is not looked for.
        """
        inside = user is None or module is user or module in user.ancestors()
        return self._answers.ask((id(module), name), inside, lambda: self._found(module, name, inside=inside))

    def of_path(self, module: Module, path: Path) -> Meaning:
        """Return what a path in a module leads to."""
        current, rest = self._start(module, path)
        for index, name in enumerate(rest):
            if current is not None and current.choices:
                choices = tuple((cfg, front + rest[index:]) for cfg, front in current.choices)
                return replace(current, choices=choices)
            if current is None or not current.known:
                return replace(UNKNOWN, test_only=current is not None and current.test_only)
            if current.outside:
                return Meaning(current.path + rest[index:], outside=True)
            current = self._below(current, name)
        return current or UNKNOWN

    def of_use(self, module: Module, path: Path) -> Meaning:
        """Return what the path of a ``use`` declaration in a module leads to."""
        if self.package.edition == "2015" and path and path[0] not in ("crate", "self", "super", ""):
            return self.of_path(self.root, path)
        return self.of_path(module, path)

    def of_import(self, module: Module, imported: Import) -> Meaning:
        """Return what an import leads to; under a module's own cfg no glob stands for that module."""
        found, path = self.of_use(module, imported.leaf.path), imported.leaf.path
        owner = self.root if path[:1] == ("crate",) else module
        named = path[1:] if path[:1] in (("crate",), ("self",)) else path
        if found.known or len(named) != 1:
            return found
        here = [c for c in self.tree.children(owner) if c.name == named[0] and c.item is not None]
        held = {str(p) for p in imported.cfg}
        sure = [c for c in here if c.item and {str(p) for p in predicates(c.item.attributes)} <= held]
        if len(here) == 1 and sure and sure[0].certain:
            return Meaning(sure[0].path[1:], module=sure[0])
        return found

    def at_home(self, meaning: Meaning) -> "tuple[Resolver, Meaning]":
        """Return who knows more of a meaning: of what another target imports, the package's own library."""
        library = self._library
        if library is None or not meaning.outside or meaning.path[:1] != (library[0],):
            return self, meaning
        other = resolver(self.package, library[1])
        return other, other.of_path(other.root, ("crate", *meaning.path[1:]))

    @cached_property
    def _library(self) -> tuple[str, Module] | None:
        """The package's own library and the name that its other targets know it by."""
        roots = (m for m in self.tree.modules if m.parent is None and m.root != self.root.root)
        found = ((t.name.replace("-", "_"), m) for m in roots for t in m.targets if t.is_linkable)
        return next(found, None)

    def modules_of(self, meaning: Meaning) -> tuple[Module, ...]:
        """Return the module that is meant, or all that may be: none where it is something else."""
        if meaning.outside:
            return ()
        if meaning.known:
            found = meaning.module or self.modules.get(meaning.path)
            return () if found is None else (found,)
        return tuple(self._alternatives.get(meaning.path, ())) if meaning.path else ()

    def definitions_of(self, meaning: Meaning) -> tuple[tuple[Module, Definition], ...]:
        """Return the definitions that may be meant, each with its module; none of modules and variants."""
        if meaning.outside or not meaning.path:
            return ()
        *front, name = meaning.path
        owners = self._alternatives.get(tuple(front), ())
        return tuple((m, d) for m in owners for d in self.scope_of(m).defined.get(name, ()))

    def variants_of(self, path: Path) -> Path:
        """Return the variants of the enum that a path defines; none for anything else."""
        module = self.modules.get(path[:-1]) if path else None
        if module is None:
            return ()
        enums = [d for d in self.scope_of(module).defined.get(path[-1], ()) if d.item.kind == "enum"]
        source = self.package.source(module.file)
        return tuple(name for definition in enums for name in variants(source, definition.item))

    def names_by_glob(
        self, module: Module, glob: Import, seen: set[int] | None = None
    ) -> frozenset[str] | None:
        """Return every name a glob import may bring from elsewhere, None where that cannot be told.

        Modules that lead back to one another are asked once each: ``seen`` has the ids of those that were.
        """
        home, meaning = self.at_home(self.of_import(module, glob))
        modules, seen = home.modules_of(meaning), {id(module)} if seen is None else seen
        if not modules:
            return frozenset(home.variants_of(meaning.path)) or None
        names = set[str]()
        for inner in (m for m in modules if id(m) not in seen):
            seen.add(id(inner))
            here = home.scope_of(inner)
            if any(i.kind in ("macro", "error") for i in here.items):
                return None
            names |= {*here.defined, *here.imported, *(c.name for c in home.tree.children(inner))}
            for deeper in here.globs:
                more = home.names_by_glob(inner, deeper, seen)
                if more is None:
                    return None
                names |= more
        return frozenset(names)

    def _start(self, module: Module, path: Path) -> tuple[Meaning | None, Path]:
        first, rest = path[:1], path[1:]
        if first == ("",):
            return Meaning(rest[:1], outside=True), rest[1:]
        if first == ("crate",):
            return Meaning((), module=self.root), rest
        if first in (("self",), ("super",)):
            rest = path[1:] if first == ("self",) else path
            at: Module | None = module
            while rest[:1] == ("super",) and at is not None:
                at, rest = at.parent, rest[1:]
            return (Meaning(at.path[1:], module=at) if at is not None else None), rest
        found = self.member(module, first[0])
        if found is None and self._is_crate(first[0]):
            found = Meaning(first, outside=True)
        return found, rest

    def _is_crate(self, name: str) -> bool:
        library = self._library is not None and self._library[0] == name
        return library or name in STANDARD_CRATES or name in self.package.derived(dependencies)

    def _below(self, current: Meaning, name: str) -> Meaning | None:
        if self._is_doubled(current.path):
            return UNKNOWN
        module = self.modules.get(current.path)
        if module is not None:
            return self.member(module, name)
        return Meaning((*current.path, name)) if name in self.variants_of(current.path) else UNKNOWN

    def _is_doubled(self, path: Path) -> bool:
        """Whether several modules have a path, each under a cfg of its own."""
        return len(self._alternatives.get(path, ())) > 1

    def _found(self, module: Module, name: str, *, inside: bool) -> Meaning | None:
        found = set(self._explicit(module, name, inside=inside))
        if found and self._has_rival(module, name):
            return UNKNOWN
        found = found or set(self._by_globs(module, name, inside=inside))
        if len(found) > 1:
            return self._by_cfg(module, name) or UNKNOWN
        return next(iter(found), None)

    def _explicit(self, module: Module, name: str, *, inside: bool) -> Iterator[Meaning]:
        here, source = self.scope_of(module), self.package.source(module.file)
        for child in self.tree.children(module):
            if child.name == name and (
                inside or child.item is None or not visibility_of(source, child.item).private
            ):
                known = child.certain and not self._is_doubled(child.path[1:])
                test_only = requires_test(child.cfg)
                yield Meaning(child.path[1:], known=known, test_only=test_only, module=child)
        for definition in here.defined.get(name, ()):
            seen = inside or not visibility_of(source, definition.item).private
            if definition.item.kind not in ("macro_rules", "mod") and seen:
                yield self._definition(module, definition)
        for imported in here.imported.get(name, ()):
            if inside or not imported.visibility.private:
                yield self._imported(module, imported)

    def _definition(self, module: Module, definition: Definition) -> Meaning:
        if definition.item.kind == "extern crate":
            name = definition.item.name or ""
            return UNKNOWN if name == "self" else Meaning((name,), outside=True)
        known = not self._is_doubled(module.path[1:])
        path = (*module.path[1:], definition.name)
        return Meaning(path, known=known, test_only=requires_test((*module.cfg, *definition.cfg)))

    def _imported(self, module: Module, imported: Import) -> Meaning:
        found = self.of_use(module, imported.leaf.path)
        return replace(found, known=False, test_only=True) if requires_test(imported.cfg) else found

    def _has_rival(self, module: Module, name: str) -> bool:
        """Whether all items and imports of a name are under cfgs, and else a glob or a macro may bring it."""
        here, source = self.scope_of(module), self.package.source(module.file)
        named = [c.item for c in self.tree.children(module) if c.name == name and c.item is not None]
        sure = [d.cfg for d in here.defined.get(name, ()) if d.sure]
        sure += [i.cfg for i in here.imported.get(name, ())]
        sure += [predicates(item.attributes) for item in named]
        # All are under cfgs if there are test builds in which their predicates do not hold.
        if not sure or not all(any(evaluate(p, {"test": True}) is not True for p in cfg) for cfg in sure):
            return False
        calls = [i for i in here.items if i.kind == "macro"]
        rules = [i for i in here.items if i.kind == "macro_rules" and i.name in {c.name for c in calls}]
        made = any(name == n for i in (*calls, *rules) for n, _ in generated(source, i))
        return made or any(self._may_bring(module, glob, name) for glob in here.globs)

    def _may_bring(self, module: Module, glob: Import, name: str) -> bool:
        if name in glob.leaf.path:
            return False  # it is all of what the name means
        target = self.of_import(module, glob)
        inner = self.modules.get(target.path) if target.known and not target.outside else None
        if inner is None:
            return name in self.variants_of(target.path) or target.outside or not target.known
        return self.member(inner, name, module) is not None

    def _by_cfg(self, module: Module, name: str) -> Meaning | None:
        """Return what imports under cfgs of their own bring, where nothing else has the name."""
        here = self.scope_of(module)
        imports = here.imported.get(name, ())
        if here.defined.get(name) or any(child.name == name for child in self.tree.children(module)):
            return None
        found = [(conjunction(i.cfg), self._imported(module, i)) for i in imports]
        if not all(cfg and meaning.outside and meaning.known for cfg, meaning in found):
            return None
        return Meaning((), known=False, choices=tuple((cfg, meaning.path) for cfg, meaning in found))

    def _by_globs(self, module: Module, name: str, *, inside: bool) -> Iterator[Meaning]:
        for glob in self.scope_of(module).globs:
            if not inside and glob.visibility.private:
                continue
            target = self.of_import(module, glob)
            if not target.known:
                yield UNKNOWN  # it may bring the name
            elif not target.outside and name in self.variants_of(target.path):
                yield Meaning((*target.path, name))
            elif not target.outside and target.path in self.modules:
                found = self.member(self.modules[target.path], name, module)
                yield from () if found is None else (found,)


class _RecursiveAnswers:
    """What is known of each question; one may lead back to itself.

    A question that is asked while it is open has no answer (None). What was answered meanwhile is a draft: it
    holds for as long as another question is open. Without the drafts each way through names that lead to one
    another would be gone.
    """

    def __init__(self) -> None:
        self._open: set[Hashable] = set()
        self._answers: dict[Hashable, Meaning | None] = {}
        self._drafts: dict[Hashable, Meaning | None] = {}
        self._cuts = 0

    def ask(self, subject: Hashable, way: Hashable, work_out: Callable[[], Meaning | None]) -> Meaning | None:
        """Return the answer to a question about a subject; only one about each can be open at a time."""
        if subject in self._open:
            self._cuts += 1
            return None
        question = (subject, way)
        if question in self._drafts:
            self._cuts += 1
            return self._drafts[question]
        if question not in self._answers:
            return self._worked_out(subject, question, work_out)
        return self._answers[question]

    def _worked_out(
        self, subject: Hashable, question: Hashable, work_out: Callable[[], Meaning | None]
    ) -> Meaning | None:
        cuts = self._cuts
        self._open.add(subject)
        try:
            found = work_out()
        finally:
            self._open.discard(subject)
            if not self._open:
                self._drafts.clear()
        settled = cuts == self._cuts or not self._open
        (self._answers if settled else self._drafts)[question] = found
        return found
