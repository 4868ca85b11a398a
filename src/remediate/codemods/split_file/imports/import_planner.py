"""Which names every place of a split has to import, under which cfg, and which ones the facade passes on."""

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property

from remediate.codemods.split_file.analyze.below import Below, globs_facade, globs_facade_privately
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.resolved_members import enum_of, made_names, variants_by_glob
from remediate.codemods.split_file.analyze.traits import Traits, glob_members, may_bring, traits, users
from remediate.codemods.split_file.analyze.uses import Needs
from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.documentation import link_child, link_facade
from remediate.codemods.split_file.imports.imported import ModuleImports, Wiring, is_legacy, merge, under
from remediate.model import Diagnostic, Span
from remediate.rust.resolution.names import Definition, Import
from remediate.rust.syntax.cfg import Cfg, Predicate, disjoint, needed, without
from remediate.rust.syntax.known_names import KEYWORDS, PRELUDE, PRIMITIVES, STANDARD_CRATES

TEST: Cfg = (Predicate(name="test"),)
_MODULE = "mod "
_ALWAYS_THERE = PRELUDE | PRIMITIVES | STANDARD_CRATES | KEYWORDS


def wire(draft: Draft) -> Wiring:
    """Work out the imports of every place."""
    return _Wirer(draft).wired()


class _Wirer:
    def __init__(self, draft: Draft) -> None:
        self.draft, self.survey = draft, draft.survey
        self.scope = self.survey.ground.scope
        self.traits: Traits = traits(self.survey.ground)
        self.made = made_names(self.survey.ground)
        self.by_start = {i.leaf.start: i for i in self.scope.imports}
        self.globs = [(glob, *self._brought(glob)) for glob in self.scope.globs]

    def wired(self) -> Wiring:
        children = {g.name: self._child(g.name, self._needs(g.units)) for g in self.draft.alive}
        stay = [u.index for u in self.survey.units if self.draft.place[u.index] == FACADE]
        facade = self._place(FACADE, self._needs(stay))
        below: dict[tuple[str, ...], ModuleImports] = {}
        for module in self.survey.below:
            self._below(module, facade, below)
        for needs in self.survey.needs:
            self._by_name(facade, needs.facade)
        link_facade(self.draft, facade, self._needs(stay).docs)
        self._through_uses(facade, children)
        for place in children.values():
            self._one_import_each(place, facade)
        return Wiring(children, facade, below)

    def _brought(self, glob: Import) -> tuple[frozenset[str] | None, frozenset[str] | None]:
        """Return the names that a glob may bring, and the members of its traits; None where unknown."""
        ground = self.survey.ground
        if variants := variants_by_glob(ground, glob):
            return variants, frozenset()
        if enum := enum_of(ground, glob):
            return self._variants(enum), frozenset()
        resolver, module = ground.resolver, ground.module
        names = resolver.names_by_glob(module, glob) or self._compiled_names(glob)
        return names, glob_members(resolver, module, glob)

    def _variants(self, enum: str) -> frozenset[str]:
        """Return the names that are variants of another crate's enum, by the compiler's word.

        What stands under a cfg, or in a module below, may not be compiled: any name of it may be one.
        """
        facts, below = self.survey.ground.package.facts, self.survey.below
        found = {n for b in below for needs in (b.by_glob, b.by_path) for n in needs.unresolved}
        for needs in self.survey.needs:
            found |= {n for n, c in needs.unresolved.items() if any(c) or facts.is_named(f"{enum}::{n}")}
        return frozenset(found - _ALWAYS_THERE)

    def _compiled_names(self, glob: Import) -> frozenset[str] | None:
        """Return what a module that is brought whole holds by the compiler's word; None if unknown."""
        ground = self.survey.ground
        facts, resolver = ground.package.facts, ground.resolver
        targets = resolver.modules_of(resolver.of_import(ground.module, glob))
        scopes = [resolver.scope_of(target) for target in targets]
        crate = next((d.crate for d in facts.own_definitions), "")
        paths = {"::".join((crate, *target.path[1:])) for target in targets}
        items = (i.definition for known in facts.targets for i in known.items)
        names = {d.name for d in items if d.parent in paths}
        if not names or any(not i.visibility.private for s in scopes for i in (*s.imports, *s.globs)):
            return None
        return frozenset(names)

    def _needs(self, units: Iterable[int]) -> Needs:
        total = Needs()
        for index in units:
            total.include(self.survey.needs[index])
        return total

    def _child(self, name: str, needs: Needs) -> ModuleImports:
        place = self._place(name, needs)
        place.leaves = {start: c for start, c in place.leaves.items() if not is_legacy(self.by_start[start])}
        link_child(self.draft, place, name, needs.docs)
        return place

    def _place(self, here: str, needs: Needs) -> ModuleImports:
        place = ModuleImports()
        for start, cfgs in needs.imports.items():
            held = [cfg for cfg in cfgs if not disjoint(cfg, self.by_start[start].cfg)]
            if held or not cfgs:
                place.leaves.setdefault(start, []).extend(held)
        for name, found in needs.definitions.items():
            for definition, cfg in found:
                self._definition(place, here, name, definition, cfg)
        for name in sorted(self.made & needs.unresolved.keys()) if here != FACADE else ():
            place.names.setdefault((name, FACADE), []).extend(needs.unresolved[name])
        self._trait_imports(place, here, needs)
        self._globs(place, needs)
        for key in self.draft.revision.missing:
            if key[0] == here:
                self._missing(place, here, key[1])
        return place

    def _definition(
        self, place: ModuleImports, here: str, name: str, definition: Definition, cfg: Cfg
    ) -> None:
        where = self._where(definition)
        inside = where == here or (where == FACADE and here.startswith(_MODULE))
        inside = inside or self.survey.ground.is_everywhere(definition.item)
        if not inside and definition.item.kind != "macro_rules":
            place.names.setdefault((name, where), []).append(cfg)

    def _where(self, definition: Definition) -> str:
        return self.draft.place_of_item(definition.item.start)

    def _trait_imports(self, place: ModuleImports, here: str, needs: Needs) -> None:
        for start, used in self.traits.imports_used(needs):
            held = [cfg for cfg in used if not disjoint(cfg, self.by_start[start].cfg)]
            if held:
                place.leaves.setdefault(start, []).extend(held)
        for name, used in self.traits.own_used(needs):
            for definition in self.scope.defined.get(name, ()) if used else ():
                for cfg in used:
                    if not disjoint(cfg, definition.cfg):
                        self._definition(place, here, name, definition, cfg)

    def _globs(self, place: ModuleImports, needs: Needs) -> None:
        resolver, module = self.survey.ground.resolver, self.survey.ground.module
        unnamed = self.traits.unnamed(needs)
        for glob, names, members in self.globs:
            meaning = resolver.of_import(module, glob)
            outside = meaning.path if meaning.outside else ()
            used = [c for t, cs in unnamed.items() if may_bring(outside, names, t) for c in cs]
            used += [c for n, cs in needs.unresolved.items() if _may_bring(names, n) for c in cs]
            if members is not None:
                used += users(needs, members)
            elif names is None or _holds_trait(names):
                used += [c for cs in needs.members.values() for c in cs]
            if used:
                place.leaves.setdefault(glob.leaf.start, []).extend(used)

    def _missing(self, place: ModuleImports, here: str, key: str) -> None:
        if key.startswith("use:"):
            place.leaves.setdefault(int(key[4:]), []).append(())
            return
        for definition in self.scope.defined.get(key, ()):
            self._definition(place, here, key, definition, ())
        for one in self.scope.imported.get(key, ()):
            place.leaves.setdefault(one.leaf.start, []).append(())
        if key not in self.scope.defined and key not in self.scope.imported and here != FACADE:
            # What a macro or a derive of the facade may have made.
            place.names.setdefault((key, FACADE), []).append(())

    def _by_name(self, facade: ModuleImports, names: dict[str, list[Cfg]]) -> None:
        """Let the facade keep names that code reaches through it."""
        for name, cfgs in names.items():
            for definition in self.scope.defined.get(name, ()):
                for cfg in cfgs:
                    self._definition(facade, FACADE, name, definition, cfg)
            for one in self._bringing(name):
                facade.leaves.setdefault(one.leaf.start, []).extend(cfgs)

    def _bringing(self, name: str) -> Iterator[Import]:
        """Yield the imports of M that a name of M may come from."""
        yield from self.scope.imported.get(name, ())
        if name not in self.scope.defined and name not in self.scope.imported:
            for glob, names, _ in self.globs:
                if names is None or name in names:
                    yield glob

    def _below(
        self, below: Below, facade: ModuleImports, moved: dict[tuple[str, ...], ModuleImports]
    ) -> None:
        self._by_name(facade, below.by_path.facade)
        here = f"mod {below.module.name}" if self._takes_imports(below) else FACADE
        by_glob = self._place(here, below.by_glob)
        if not globs_facade(self.survey.ground, below.module) and not below.local_glob:
            by_glob.leaves = {s: c for s, c in by_glob.leaves.items() if s in below.by_glob.imports}
        target = facade
        if self._takes_imports(below):
            target = moved.setdefault(below.module.path, ModuleImports())
            known = below.module.cfg[len(self.survey.ground.module.cfg) :]
            by_glob = ModuleImports(under(by_glob.leaves, known), under(by_glob.names, known), {})
        merge(target, by_glob)

    def _takes_imports(self, below: Below) -> bool:
        """Whether the module's own text is part of this change and may get imports of its own."""
        module, ground = below.module, self.survey.ground
        return (
            module.file == ground.path
            and module.parent is ground.module
            and globs_facade_privately(ground, module)
            and not below.local_glob
            and (f"{_MODULE}{module.name}", "*") not in self.draft.revision.unused
        )

    def _one_import_each(self, place: ModuleImports, facade: ModuleImports) -> None:
        """Where M has an item and an import of one name, ``use super::name`` brings both: once is enough."""
        both = {name for name, where in place.names if where == FACADE and name in self.scope.imported}
        for name in sorted(both):
            own = [definition.cfg for definition in self.scope.defined.get(name, ())]
            for one in self.scope.imported[name]:
                apart = bool(own) and all(disjoint(cfg, one.cfg) for cfg in own)
                cfgs = None if apart else place.leaves.pop(one.leaf.start, None)
                if cfgs is not None:
                    facade.leaves.setdefault(one.leaf.start, []).extend(cfgs)

    def _through_uses(self, facade: ModuleImports, children: dict[str, ModuleImports]) -> None:
        """Let the facade keep the names that remaining ``use`` declarations, or children's, go through."""
        todo = [s for s, i in self.by_start.items() if s in facade.leaves or not i.visibility.private]
        done: set[int] = set()
        while todo:
            start = todo.pop()
            if start not in done:
                done.add(start)
                todo += self._through(facade, start, facade.leaves.get(start) or [()])
        for place in children.values():
            for start, cfgs in place.leaves.items():
                for other in self._heads(start):
                    facade.leaves.setdefault(other, []).extend(cfgs)

    def _through(self, facade: ModuleImports, start: int, cfgs: list[Cfg]) -> list[int]:
        """Record what one ``use`` of the facade goes through; return the imports among it."""
        one = self.by_start[start]
        name = local_head(self.survey.ground, one)
        for definition in self.scope.defined.get(name, ()):
            for cfg in cfgs:
                self._definition(facade, FACADE, name, definition, (*cfg, *without(one.cfg, cfg)))
        heads = self._heads(start)
        for other in heads:
            facade.leaves.setdefault(other, []).extend(cfgs)
        return heads

    def _heads(self, start: int) -> list[int]:
        """Return the imports that the path of an import begins with."""
        name = local_head(self.survey.ground, self.by_start[start])
        return [i.leaf.start for i in self.scope.imported.get(name, ()) if name and i.leaf.start != start]


def local_head(ground: Ground, one: Import) -> str:
    """Return the name of M that the path of a ``use`` may begin with; "" if it is absolute."""
    path = below_the_root(ground, one.leaf.path)
    if path[:1] == ("self",):
        return path[1] if len(path) > 1 else ""
    if not plain_paths_are_local(ground) or path[:1] in (("super",), ("crate",), ("",)):
        return ""
    return path[0] if path else ""


def plain_paths_are_local(ground: Ground) -> bool:
    """Whether the path of a ``use`` may begin with a name of M: in edition 2015 it begins at the root."""
    return ground.package.edition != "2015" or ground.is_root


def below_the_root(ground: Ground, path: tuple[str, ...]) -> tuple[str, ...]:
    """Return the path of one of M's imports without a `::` that says nothing: in edition 2015 at the root."""
    absolute = path[:1] == ("",) and ground.package.edition == "2015" and ground.is_root
    return path[1:] if absolute else path


def cfg_of(draft: Draft, here: str, key: str, places: list[Cfg], known: Iterable[Predicate]) -> Cfg | None:
    """Return the cfg an import needs beyond what is known, None if it has been found unused."""
    if (here, key) in draft.revision.unused:
        return None
    learned = draft.revision.conditional.get((here, key))
    held = (*known, *_of_module(draft), *draft.conditions.get(here, ()))
    return without(needed(places) if learned is None else learned, held)


def _of_module(draft: Draft) -> Cfg:
    """Return what holds wherever M is compiled."""
    module = draft.survey.ground.module
    tested = all("test" in target.kinds for target in module.targets)
    return (*module.cfg, *TEST) if tested else module.cfg


def _may_bring(names: frozenset[str] | None, name: str) -> bool:
    return name in names if names is not None else name not in _ALWAYS_THERE


def _holds_trait(names: frozenset[str]) -> bool:
    return any(n[:1].isupper() for n in names)


class Places:
    """The files of one attempt, as the compiler saw them."""

    def __init__(self, draft: Draft, texts: Mapping[str, bytes | None]) -> None:
        ground = draft.survey.ground
        self.draft, self.texts = draft, texts
        self._place = {ground.child_path(g.name): g.name for g in draft.alive}
        self._place[ground.facade] = FACADE
        for item in ground.items:
            if item.kind == "mod" and item.body is not None:
                self._place[ground.child_path(item.name or "")] = f"mod {item.name}"

    @cached_property
    def wiring(self) -> Wiring:
        """Who imported what in this attempt."""
        return wire(self.draft)

    def here(self, path: str) -> str | None:
        """Return the place a file is: a group's name, "" for the facade, "mod x"; None for another file."""
        return self._place.get(path)

    def text(self, diagnostic: Diagnostic) -> str:
        """Return the source text a message points at."""
        span = next((s for s in diagnostic.spans if s.primary), None)
        return self.at(span) if span is not None else ""

    def at(self, span: Span) -> str:
        """Return the source text under a span."""
        text = self.texts.get(span.path) or b""
        return text[span.start : span.end].decode(errors="replace")
