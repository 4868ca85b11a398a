"""What the compiler says of the members and imports in M's code: traits needed, methods and modules meant."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.symbols import Symbol, Symbols
from remediate.facts.model import UNKNOWN, Call, Definition, Form, Origin, Span, Unknown
from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Member, Mention
from remediate.rust.resolution.names import Import
from remediate.rust.syntax.items import Item


@dataclass(frozen=True)
class ResolvedMembers:
    """Answers about members by their offset; UNKNOWN for code that was not compiled."""

    ground: Ground
    symbols: Symbols
    owners: Mapping[int, frozenset[str]]
    """What macro calls in item position make, by where these begin."""
    _kinds: dict[int, str] = field(default_factory=dict, repr=False)
    _made: dict[tuple[int, int], dict[str, frozenset[str]]] = field(default_factory=dict, repr=False)
    _named: dict[tuple[int, int], frozenset[str] | Unknown] = field(default_factory=dict, repr=False)

    def trait(self, member: Member, mentions: Iterable[Mention]) -> str | Unknown | None:
        """Return the path of the trait that has to be in scope for a member; None if none has to.

        A bound brings its trait with it: where ``mentions`` name the trait and the receiver is of a type
        parameter or ``dyn``, nothing more is needed.
        """
        call = self._call(member)
        if isinstance(call, Unknown):
            return self._untyped(member, mentions)
        if call.trait is None or (member.form == "path" and self._is(member.receiver, call.trait)):
            return None
        bound = call.generic_self and any(self._brings(m.path, call.trait) for m in mentions)
        return None if bound else call.trait

    def _brings(self, path: tuple[str, ...], trait: str) -> bool:
        """Whether a bound brings a trait: it is that, or a trait of M below it."""
        todo, seen = [path], {path}
        while todo:
            one = todo.pop()
            if self._is(one, trait):
                return True
            above = {*self._heads.get(one[0], ())} - seen if len(one) == 1 else set()
            todo, seen = [*todo, *above], seen | above
        return False

    @cached_property
    def _heads(self) -> dict[str, list[tuple[str, ...]]]:
        """The paths that the heads of M's own traits name: their supertraits are among them."""
        here, text = mention_index(self.ground.package).of(self.ground.path), self.ground.source.text
        found: dict[str, list[tuple[str, ...]]] = {}
        for item in self.ground.items:
            if item.kind == "trait" and item.name and item.body is not None:
                start = text.find(b":", item.start, item.body[0])
                named = here.within(start, item.body[0]).mentions if start >= 0 else ()
                found[item.name] = [m.path for m in named if m.path != (item.name,)]
        return found

    def _untyped(self, member: Member, mentions: Iterable[Mention]) -> str | Unknown | None:
        """Return the trait of a member that no typed body has."""
        facts, path = self.ground.package.facts, self.ground.path
        if member.form == "path":
            # Where bodies are typed, what calls nothing and reads no constant is a type or a variant.
            compiled = facts.typed_targets and facts.is_compiled(path, member.start)
            return None if compiled else UNKNOWN
        linked = facts.trait_of_method(path, member.start)
        if not isinstance(linked, Definition):
            return linked
        # Whether a bound brings it, links don't say; a trait that is named has its import anyway.
        named = any(len(m.path) == 1 and self._is(m.path, linked.path) for m in mentions)
        return None if named else linked.path

    def _is(self, path: tuple[str, ...], trait: str) -> bool:
        """Whether a path is a trait's: what M's own names mean is known, others are told by their ends."""
        if len(path) == 1 and path[0] in self._bound:
            return self._bound[path[0]] == trait
        return path[-1:] == (trait.rpartition("::")[2],)

    @cached_property
    def _bound(self) -> dict[str, str]:
        """What the names of M's scope mean; "" for what is not known to be a trait."""
        known, scope = trait_paths(self.ground), self.ground.scope
        found = {name: known.own.get(name, "") for name in scope.defined}
        return found | {
            name: known.imported.get(one.leaf.start, "")
            for name, imports in scope.imported.items()
            for one in imports
        }

    def is_module(self, one: Import) -> bool:
        """Whether an import is known to bring a module and nothing else of its name."""
        if one.leaf.start not in self._kinds:
            meant = _leads_to(self.ground, one)
            self._kinds[one.leaf.start] = meant.kind if meant is not None else ""
        return self._kinds[one.leaf.start] == "mod"

    def is_named(self, name: str, code: tuple[int, int]) -> bool | Unknown:
        """Whether a piece of code means one of M's own definitions or imports by a name, macros expanded.

        UNKNOWN where that is not compiled, or where an import of the name leads is not known.
        """
        named, scope = self.named(code), self.ground.scope
        imported = [_leads_to(self.ground, one) for one in scope.imported.get(name, ())]
        if isinstance(named, Unknown) or None in imported:
            return UNKNOWN
        own = name in scope.defined and any(path.endswith(f"::{name}") for path in named)
        return own or any(one.path in named for one in imported if one is not None)

    def is_unnamed_type(self, one: Import, code: tuple[int, int]) -> bool:
        """Whether an import is known to bring a type that a piece of code, macros expanded, never names."""
        named, meant = self.named(code), _leads_to(self.ground, one)
        if isinstance(named, Unknown) or meant is None or meant.kind not in ("struct", "enum", "union"):
            return False
        return not any(path == meant.path or path.startswith(f"{meant.path}::") for path in named)

    def named(self, code: tuple[int, int]) -> frozenset[str] | Unknown:
        """Return the paths of what a piece of code names, its macros expanded; UNKNOWN if not compiled."""
        if code not in self._named:
            place, made = Span(self.ground.path, *code), self.owners.get(code[0], ())
            self._named[code] = self.ground.package.facts.named_in(place, made)
        return self._named[code]

    def made_by_macros(self, unit: tuple[int, int]) -> dict[str, frozenset[str]]:
        """Return the traits of the methods that macros call in a piece of code, by the method's name.

        A method that is inherent wherever it is called has none.
        """
        if unit not in self._made:
            place, owners = Span(self.ground.path, *unit), self.owners.get(unit[0], ())
            calls = self.ground.package.facts.calls_in(place, owners)
            found: dict[str, set[str]] = {}
            for call in calls or ():
                if call.expanded and call.form is Form.METHOD:
                    found.setdefault(call.callee.name, set()).update({call.trait} if call.trait else ())
            self._made[unit] = {name: frozenset(traits) for name, traits in found.items()}
        return self._made[unit]

    def symbols_by_macros(self, unit: tuple[int, int]) -> Iterator[Symbol]:
        """Yield M's methods that macros call in a piece of code, or make calls of where it names them."""
        place, facts = Span(self.ground.path, *unit), self.ground.package.facts
        inside = (c for c in facts.calls_in(place, self.owners.get(unit[0], ())) or () if c.expanded)
        for call in dict.fromkeys((*inside, *facts.calls_made_of(place))):
            yield from self._called(call) or ()

    def meant(self, member: Member) -> tuple[Symbol, ...] | Unknown:
        """Return the symbol of M that a member means; nothing where it is not one of M's own."""
        if member.form == "field":
            return self._field(member)
        call = self._call(member)
        return call if isinstance(call, Unknown) else self._called(call)

    def _field(self, member: Member) -> tuple[Symbol, ...] | Unknown:
        candidates, facts = self.symbols.members.get((True, member.name), ()), self.ground.package.facts
        owner = facts.owner_of_field(self.ground.path, member.start + len(member.name)) if candidates else ""
        if not owner:
            return () if not candidates else UNKNOWN
        definition = facts.located(Definition(f"{self._crate}::{owner.partition('<')[0]}"))
        if definition.span is None:
            return UNKNOWN
        mine = definition.span.file == self.ground.path
        return tuple(s for s in candidates if mine and s.type_name == definition.name)

    def _called(self, call: Call) -> tuple[Symbol, ...] | Unknown:
        candidates = self.symbols.members.get((False, call.callee.name), ())
        definition = self.ground.package.facts.located(call.callee)
        if not candidates or call.trait is not None:
            return ()
        if definition.span is None:
            return UNKNOWN if definition.crate == self._crate else ()
        span = definition.span
        inside = (s for s in candidates if s.kind == "method" and span.start <= s.insert <= span.end)
        return tuple(inside) if span.file == self.ground.path else ()

    def _call(self, member: Member) -> Call | Unknown:
        if member.form not in ("method", "path"):
            return UNKNOWN
        found = self.ground.package.facts.calls_named(self.ground.path, member.start)
        wanted = [c for c in found if c.callee.name == member.name and _is_written_so(c, member)]
        return min(wanted, key=lambda c: c.name.end - c.name.start) if wanted else UNKNOWN

    @cached_property
    def _crate(self) -> str:
        return next((d.crate for d in self.ground.package.facts.own_definitions), "")


@dataclass(frozen=True)
class TraitPaths:
    """The paths of the traits that M's scope holds: of imports by leaf offset, of M's own by name."""

    imported: dict[int, str]
    own: dict[str, str]
    other: frozenset[int]

    @property
    def all(self) -> frozenset[str]:
        """Every trait that M names itself."""
        return frozenset((*self.imported.values(), *self.own.values()))


def trait_paths(ground: Ground) -> TraitPaths:
    """Return the traits that imports and items of M are; ``other`` are imports of something else."""
    imported, other = {}, set()
    for one in ground.scope.imports:
        meant = _leads_to(ground, one)
        if meant is not None and meant.kind == "trait":
            imported[one.leaf.start] = meant.path
        elif meant is not None and meant.kind:
            other.add(one.leaf.start)
    own = {name: path for item in ground.items for name, path in _own_trait(ground, item)}
    return TraitPaths(imported, own, frozenset(other))


def enum_of(ground: Ground, glob: Import) -> str:
    """Return the path of the enum that a glob import is known to lead to; "" if it leads to none."""
    meant = _leads_to(ground, glob)
    return meant.path if meant is not None and meant.kind == "enum" else ""


def variants_by_glob(ground: Ground, glob: Import) -> frozenset[str]:
    """Return the variants that a glob import brings, where it is known to lead to an enum of the package."""
    return frozenset(ground.resolver.variants_of(tuple(enum_of(ground, glob).split("::")[1:])))


def made_names(ground: Ground) -> frozenset[str]:
    """Return the names of the items that macros and derives make in M itself, where the compiler says."""
    found = ground.package.facts.items_beside(ground.path, {item.start for item in ground.items})
    made = (i.definition for _, beside in found for i in beside if i.made and i.definition.kind != "macro")
    return frozenset(d.name for d in made if not d.name.startswith(("{", "_")))


def _leads_to(ground: Ground, one: Import) -> Definition | None:
    found = ground.package.facts.references_in(Span(ground.path, one.leaf.start, one.leaf.end))
    return next((r.definition for r in found if r.origin is Origin.RESOLVED), None)


def _own_trait(ground: Ground, item: Item) -> Iterator[tuple[str, str]]:
    if item.kind != "trait" or not item.name:
        return
    for definition in ground.package.facts.own_definitions:
        span, is_trait = definition.span, definition.kind == "trait" and definition.name == item.name
        if is_trait and span is not None and span.file == ground.path and item.start <= span.start < item.end:
            yield item.name, definition.path


def _is_written_so(call: Call, member: Member) -> bool:
    return (call.form is Form.METHOD) == (member.form == "method")
