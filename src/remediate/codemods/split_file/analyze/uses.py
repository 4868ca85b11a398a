"""What each unit, and each module below M, needs of M's names."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from types import MappingProxyType

from remediate.codemods.split_file.analyze.macros import Macros
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.resolved_members import ResolvedMembers
from remediate.codemods.split_file.analyze.symbols import Symbol, Symbols
from remediate.codemods.split_file.analyze.units import Unit
from remediate.facts.model import Unknown
from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Member, Mention, References, Space
from remediate.rust.resolution.names import Definition, Import, ModuleScope, has_constructor
from remediate.rust.syntax.cfg import Predicate, resolved
from remediate.rust.syntax.items import inner_attributes
from remediate.rust.syntax.known_names import (
    HEURISTIC_EXPRESSION_MACROS,
    PRELUDE,
    PRELUDE_MACROS,
    PRIMITIVES,
    STANDARD_CRATES,
)

Cfg = tuple[Predicate, ...]
_NOTHING: Mapping[str, frozenset[str]] = MappingProxyType({})


@dataclass
class Needs:
    """What some code needs, with the cfg of every place that needs it.

    Attributes:
        definitions: M's own names, by name: the definitions it may mean.
        imports: M's imports by their place in the file: the ``use`` leaves it may mean.
        facade: Names it reaches as ``crate::..::M::name`` or ``super::name``: the facade has to keep them.
        symbols: Private or other items, methods and fields it accesses.
        members: Names behind ``.`` and ``::`` that the compiler does not know: what traits may have to be in
            scope for.
        traits: The traits, by their paths, that have to be in scope for the members which it does know.
        unresolved: Names that are neither M's nor local: a glob may bring them.
        docs: Names that only documentation links.
    """

    definitions: dict[str, list[tuple[Definition, Cfg]]] = field(default_factory=dict)
    imports: dict[int, list[Cfg]] = field(default_factory=dict)
    facade: dict[str, list[Cfg]] = field(default_factory=dict)
    symbols: dict[Symbol, list[Cfg]] = field(default_factory=dict)
    members: dict[str, list[Cfg]] = field(default_factory=dict)
    traits: dict[str, list[Cfg]] = field(default_factory=dict)
    unresolved: dict[str, list[Cfg]] = field(default_factory=dict)
    docs: dict[str, list[Cfg]] = field(default_factory=dict)

    def include(self, other: "Needs") -> None:
        """Add what other code needs."""
        for name in _ALL:
            mine, theirs = getattr(self, name), getattr(other, name)
            for key, places in theirs.items():
                mine.setdefault(key, []).extend(places)


_ALL = ("imports", "facade", "symbols", "members", "traits", "unresolved", "docs", "definitions")


class Lookup:
    """Looks M's names up for code that stands in M itself."""

    def __init__(
        self, ground: Ground, symbols: Symbols, macros: Macros, owners: Mapping[int, frozenset[str]]
    ) -> None:
        """``owners`` are the items that macro calls in item position make, by where these begin."""
        self.ground, self.symbols, self.macros = ground, symbols, macros
        self.scope: ModuleScope = ground.scope
        self.whole = mention_index(ground.package).of(ground.path)
        self.resolved = ResolvedMembers(ground, symbols, owners)

    def of_unit(self, unit: Unit) -> Needs:
        """Return what a unit needs; a member of a cut impl needs what the impl's header needs too."""
        needs = Needs()
        if unit.item.kind in ("use", "extern crate", "macro_rules") or is_module(unit):
            return needs
        own = self.whole.within(unit.own.lead, unit.end)
        mentions = own.mentions
        if unit.member is not None and unit.item.body is not None:
            header = self.whole.within(unit.item.lead, unit.item.body[0])
            mentions = (*mentions, *header.mentions)
            self._add(needs, header, mentions)
        self._add(needs, own, mentions, (unit.own.lead, unit.end))
        self._without_locals(needs, own, (unit.own.lead, unit.end))
        for symbol in self.resolved.symbols_by_macros((unit.own.lead, unit.end)):
            needs.symbols.setdefault(symbol, []).append(())
        return needs

    def _without_locals(self, needs: Needs, here: References, span: tuple[int, int]) -> None:
        """Drop names that no definition has which the code names, by the compiler's word: those of locals.

        Macros and attributes are no definitions there, and a re-export may have another name than what it
        leads to: that is told of locals by its capital, as rustc's lints want it.
        """
        known = self.resolved.named(span)
        if isinstance(known, Unknown) or self.macros.depend_on_cfg(here):
            return
        said = (*here.mentions, *self.macros.named(here).mentions)
        others = {m.path[0] for m in said if m.space is Space.MACRO or m.origin == "attribute"} | PRELUDE
        # A lifetime is named by the path of its item.
        segments = {segment for path in known if "::'" not in path for segment in path.split("::")} | others
        for name in [n for n in needs.unresolved if n[:1].islower() and n not in segments]:
            if under := [cfg for cfg in needs.unresolved.pop(name) if cfg]:
                needs.unresolved[name] = under

    def _add(
        self, needs: Needs, here: References, mentions: Sequence[Mention], span: tuple[int, int] | None = None
    ) -> None:
        """Record what code needs; ``mentions`` are all of the unit, ``span`` is the code if it has bodies."""
        bodies = self.macros.named(here)
        made = self.resolved.made_by_macros(span) if span is not None else _NOTHING
        compiled = None if self.macros.depend_on_cfg(here) else span
        for mention in here.mentions:
            self.mention(needs, mention, compiled)
        for mention in bodies.mentions:
            if self._may_be_meant(mention, compiled):
                self.mention(needs, mention)
        for member in here.members:
            self.member(needs, member, mentions)
        for member in bodies.members:
            if member.name in made:
                self._made(needs, made, member.name, member.cfg)
            else:
                self.member(needs, member)
        for mention in here.mentions:
            if mention.space is Space.MACRO and mention.path[-1] in ("write", "writeln"):
                self._made(needs, made, "write_fmt", mention.cfg)
        if any(self._is_foreign_call(m) for m in here.mentions):
            self._prelude(needs, here.mentions[0], compiled)

    def _made(self, needs: Needs, made: Mapping[str, frozenset[str]], name: str, cfg: Cfg) -> None:
        """Record a method that a macro calls: its traits where the compiler says so, else its name."""
        if name not in made:
            needs.members.setdefault(name, []).append(cfg)
        for trait in sorted(made.get(name, ())):
            needs.traits.setdefault(trait, []).append(cfg)

    def _is_foreign_call(self, mention: Mention) -> bool:
        """Whether a macro of another crate is called, whose expansion may name anything."""
        name = self._standard_name(mention.path[-1])
        called = mention.space is Space.MACRO and mention.origin != "attribute"
        return called and name not in HEURISTIC_EXPRESSION_MACROS and name not in self.macros.bodies

    def _standard_name(self, name: str) -> str:
        """Return what a name is in the standard library that M imports it from, else the name."""
        paths = (one.leaf.path for one in self.scope.imported.get(name, ()))
        return next((path[-1] for path in paths if path[0] in STANDARD_CRATES), name)

    def _prelude(self, needs: Needs, near: Mention, span: tuple[int, int] | None) -> None:
        """Record M's names that hide a name of the prelude: an expansion could name them."""
        for name in sorted(PRELUDE & (self.scope.defined.keys() | self.scope.imported.keys())):
            mention = replace(near, path=(name,), space=Space.ANY, origin="macro", pattern=False)
            if self._may_be_meant(mention, span):
                self.name(needs, name, mention)

    def _is_brought_by_a_body(self, mention: Mention, span: tuple[int, int] | None) -> bool:
        """Whether a lone value is known to mean no import of M: a ``use`` in the body brings it."""
        name, imported = mention.name, self.scope.imported.get(mention.name, ())
        alone = mention.origin == "code" and mention.space is Space.VALUE and len(mention.path) == 1
        if span is None or mention.cfg or not alone or not imported or name in self.scope.defined:
            return False
        return all(self.resolved.is_unnamed_type(one, span) for one in imported)

    def _may_be_meant(self, mention: Mention, span: tuple[int, int] | None) -> bool:
        """Whether code may mean M's name by a mention that only macros make: no if the compiler knows it.

        What a cfg takes away nobody has compiled.
        """
        if span is None or mention.cfg or mention.space is Space.MACRO:
            return True
        return self.resolved.is_named(mention.path[0], span) is not False

    def mention(self, needs: Needs, mention: Mention, span: tuple[int, int] | None = None) -> None:
        """Record a mention made in M's own scope; ``span`` is the code around it if that has bodies."""
        if self._is_brought_by_a_body(mention, span):
            return
        name = self._facade_name(mention.path)
        if name is not None:
            needs.facade.setdefault(name, []).append(mention.cfg)
            self._symbols(needs, name, mention)
            return
        path = mention.path[1:] if mention.path[0] == "self" else mention.path
        if not path or path[0] in ("super", "crate", "", "self"):
            return
        self.name(needs, path[0], mention)

    def name(self, needs: Needs, name: str, mention: Mention) -> None:
        """Record a name looked up in M."""
        if mention.origin == "doc":
            if name in self.scope.defined or name in self.scope.imported:
                needs.docs.setdefault(name, []).append(mention.cfg)
            return
        space = Space.ANY if mention.path[0] == "self" else mention.space
        found = self._definitions(name, space, mention)
        for definition in found:
            needs.definitions.setdefault(name, []).append((definition, mention.cfg))
        imported = self.scope.imported.get(name, ())
        if mention.space is Space.MACRO and name in PRELUDE_MACROS and self._has_std:
            # What is called is in scope anyway, whatever module of its name is imported.
            imported = tuple(i for i in imported if i.leaf.path != ("std", name))
        if mention.pattern:
            imported = tuple(i for i in imported if self._may_be_constant(i))
        if mention.origin in ("code", "definition") and len(mention.path) == 1:
            # A module alone is no value and no type; only a macro's arguments may be part of a path.
            imported = tuple(i for i in imported if not self.resolved.is_module(i))
        for one in imported:
            needs.imports.setdefault(one.leaf.start, []).append(mention.cfg)
        if found:
            self._symbols(needs, name, mention)
        primitive = mention.space is Space.TYPE and name in PRIMITIVES and name not in self._hidden
        if not found and not imported and not primitive:
            needs.unresolved.setdefault(name, []).append(mention.cfg)

    @cached_property
    def _hidden(self) -> frozenset[str]:
        """The primitive types that a glob may hide by a type; a function of that name hides none."""
        ground, hidden = self.ground, set[str]()
        for glob in self.scope.globs:
            targets = ground.resolver.modules_of(ground.resolver.of_import(ground.module, glob))
            scopes = [ground.resolver.scope_of(target) for target in targets]
            for name in PRIMITIVES & (ground.resolver.names_by_glob(ground.module, glob) or set()):
                known = [s for s in scopes if name in s.defined and name not in s.imported]
                if not known or any(s.definitions_of(name, Space.TYPE) for s in known):
                    hidden.add(name)
        return frozenset(hidden)

    @cached_property
    def _has_std(self) -> bool:
        """Whether the standard library's prelude is in scope, as far as the root says."""
        root = self.ground.package.source(self.ground.module.root)
        return not any(c.path == "no_std" for a in inner_attributes(root) for c in resolved(a))

    def member(self, needs: Needs, member: Member, mentions: Sequence[Mention] = ()) -> None:
        """Record a member access, by the compiler's word where it has one.

        ``mentions`` are those around it.
        """
        meant = self.resolved.meant(member)
        for symbol in self.symbols.meant(member) if isinstance(meant, Unknown) else meant:
            needs.symbols.setdefault(symbol, []).append(member.cfg)
        trait = self.resolved.trait(member, mentions)
        if not isinstance(trait, Unknown):
            if trait is not None:
                needs.traits.setdefault(trait, []).append(member.cfg)
            return
        # What is named through a module, ``mem::take``, is a function of its own, not a trait's.
        owner = member.receiver[-1] if member.form == "path" and member.receiver else ""
        free = owner[:1].islower() and owner not in PRIMITIVES
        if not free and not self.symbols.is_inherent(member):
            needs.members.setdefault(member.name, []).append(member.cfg)

    def _definitions(self, name: str, space: Space, mention: Mention) -> list[Definition]:
        found = list(self.scope.definitions_of(name, space))
        if mention.pattern:
            found = [d for d in found if d.item.kind in ("const", "static", "struct", "macro")]
        return found

    def _may_be_constant(self, one: Import) -> bool:
        """Whether a name in a pattern may be what is imported: else it is a new binding."""
        resolver = self.ground.resolver
        meaning = resolver.of_import(self.ground.module, one)
        if definitions := resolver.definitions_of(meaning):
            return any(d.item.kind not in ("fn", "trait", "mod", "union", "type") for _, d in definitions)
        standard = meaning.outside and meaning.path[0] in STANDARD_CRATES
        return not resolver.modules_of(meaning) and (one.name[:1].isupper() or not standard)

    def _symbols(self, needs: Needs, name: str, mention: Mention) -> None:
        for symbol in self.symbols.items.get(name, ()):
            needs.symbols.setdefault(symbol, []).append(mention.cfg)
        is_value = mention.space & Space.VALUE and len(mention.path) == (
            2 if mention.path[0] == "self" else 1
        )
        if is_value and any(_is_tuple_struct(d) for d in self.scope.defined.get(name, ())):
            for symbol in self.symbols.of_type.get(name, ()):
                if symbol.kind == "field":
                    needs.symbols.setdefault(symbol, []).append(mention.cfg)

    def _facade_name(self, path: tuple[str, ...]) -> str | None:
        """Return the name of M that an absolute path, or one through M's parent, reaches."""
        own = self.ground.module.path
        if len(path) > len(own) and path[: len(own)] == own:
            return path[len(own)]
        if len(path) > 1 and path[0] == own[-1] and self._sees_itself:
            return path[1]
        through_parent = len(path) > 2 and path[0] == "super" and path[1] == own[-1]
        return path[2] if through_parent else None

    @cached_property
    def _sees_itself(self) -> bool:
        """Whether M's own name stands for it in M: a `use super::*` brings it, if nothing else has it."""
        ground, name = self.ground, self.ground.module.path[-1]
        globs = (ground.resolver.of_import(ground.module, glob) for glob in self.scope.globs)
        brought = any(ground.module.parent in ground.resolver.modules_of(one) for one in globs)
        return brought and name not in self.scope.defined and name not in self.scope.imported


def is_module(unit: Unit) -> bool:
    """Whether a unit is a module of its own, with a scope of its own."""
    return unit.item.kind == "mod"


def trait_members_used(needs: Needs, traits: Iterable[str]) -> Iterator[Cfg]:
    """Yield the cfg of every place that uses one of these members."""
    for name in traits:
        yield from needs.members.get(name, ())


def _is_tuple_struct(definition: Definition) -> bool:
    return definition.item.kind == "struct" and has_constructor(definition.item)


__all__ = ["Cfg", "Import", "Lookup", "Needs", "is_module", "trait_members_used"]
