"""Questions to ask of what the compiler knows of a package."""

from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from itertools import islice, takewhile

from remediate.facts.model import (
    UNKNOWN,
    Call,
    Definition,
    Form,
    Item,
    Origin,
    Reference,
    Span,
    TargetFacts,
    Unknown,
)
from remediate.model import Files


@dataclass(frozen=True)
class Facts:
    """What is known of one package; with no targets, every answer is ``UNKNOWN``.

    A file's facts are those of every target that compiles it: code under a cfg that none of them sets is
    unknown, not absent.

    Attributes:
        targets: What each source tells of each target.
        files: The text that it is true of.
    """

    targets: tuple[TargetFacts, ...] = ()
    files: Files = field(default_factory=dict, compare=False, repr=False)

    def source_for(self, file: str) -> Origin:
        """Return the best source that knows something of a file; SYNTAX where none does."""
        return next((o for o in Origin if file in self._files.get(o, ())), Origin.SYNTAX)

    def body_at(self, file: str, offset: int) -> Definition | Unknown:
        """Return the innermost typed body around a byte; UNKNOWN outside of all, or under a cfg."""
        around = [s for s in self._bodies_of.get(file, ()) if s.start <= offset < s.end]
        inner = min(around, key=lambda s: s.end - s.start, default=None)
        return UNKNOWN if inner is None else self._bodies[inner]

    def knows(self, span: Span) -> bool:
        """Whether the typed bodies around or within a span are known."""
        return any(span in s or s in span for s in self._bodies_of.get(span.file, ()))

    def calls_in(self, span: Span, owners: Iterable[str] = ()) -> tuple[Call, ...] | Unknown:
        """Return the calls of a piece of code in the order of the source; UNKNOWN without a typed body there.

        Calls that macros and derives make count where the body they are in, or the item around it, lies
        within the span: their own spans may lie in the definition of the macro. ``owners`` are paths of other
        items that are known to be made there.
        """
        inside = dict.fromkeys(self._bodies_within(span))
        for path in (*(i.definition.path for i in self.items_in(span)), *owners):
            inside |= dict.fromkeys(_below(self._body_paths, path))
        if not inside and not self.knows(span):
            return UNKNOWN
        made = [call for path in inside for call in self._expanded.get(path, ())]
        written = [call for call in self._calls_of.get(span.file, ()) if call.span in span]
        return tuple(sorted((*written, *made), key=lambda c: (c.span, c.name)))

    def callers_of(self, definition: Definition) -> tuple[Call, ...] | Unknown:
        """Return every call and mention of a function; UNKNOWN where no target of the package is typed.

        That is complete for the targets in ``typed_targets`` alone.
        """
        return self._callers.get(definition.path, ()) if self.typed_targets else UNKNOWN

    @cached_property
    def typed_targets(self) -> frozenset[str]:
        """The targets whose every call is known, as cargo's messages call them."""
        return frozenset(t.target for t in self.targets if t.origin is Origin.TYPED)

    def type_at(self, file: str, start: int, end: int) -> str | Unknown:
        """Return the type, as rustc writes it with full paths, of the expression with exactly these bytes."""
        for target in self.targets:
            found = target.types.get(file, {}).get((start, end))
            if found is not None:
                return found
        return UNKNOWN

    @property
    def types(self) -> frozenset[str]:
        """Every type of an expression, as ``type_at`` returns it."""
        return frozenset(one for t in self.targets for some in t.types.values() for one in some.values())

    def owner_of_field(self, file: str, end: int) -> str | Unknown:
        """Return the type, as ``type_at``, that has the field whose name ends at a byte of an expression."""
        for target in self.targets:
            found = target.owners.get(file, {}).get(end)
            if found is not None:
                return found
        return UNKNOWN

    def call_at(self, file: str, offset: int) -> Call | Unknown:
        """Return the call whose callee is named at a byte: the method's name, or a part of the path."""
        return next(iter(self.calls_named(file, offset)), UNKNOWN)

    def calls_named(self, file: str, offset: int) -> tuple[Call, ...]:
        """Return all calls named at a byte: generic code of macros makes more than one of the same tokens."""
        near, longest = self._by_name.get(file, ([], 0))
        first = bisect_left(near, offset - longest, key=lambda c: c.name.start)
        last = bisect_right(near, offset, key=lambda c: c.name.start)
        return tuple(c for c in near[first:last] if offset < c.name.end)

    @cached_property
    def _by_name(self) -> dict[str, tuple[list[Call], int]]:
        """The written calls of each file in the order of their names, and how long the longest name is."""
        named = ((f, sorted(cs, key=lambda c: c.name.start)) for f, cs in self._calls_of.items())
        return {file: (calls, max(c.name.end - c.name.start for c in calls)) for file, calls in named}

    def calls_made_of(self, span: Span) -> tuple[Call, ...]:
        """Return the calls that macros make of names in a piece of code, wherever their bodies are."""
        near = self._made_calls.get(span.file, [])
        first = bisect_left(near, span.start, key=lambda c: c.name.start)
        last = bisect_left(near, span.end, key=lambda c: c.name.start)
        return tuple(near[first:last])

    @cached_property
    def _made_calls(self) -> dict[str, list[Call]]:
        found: dict[str, list[Call]] = {}
        for call in sorted((c for c in self._calls if c.expanded), key=lambda c: c.name):
            found.setdefault(call.name.file, []).append(call)
        return found

    def names_made_call(self, file: str, offset: int) -> bool:
        """Whether the name at a byte is that of a call which a macro made of these tokens."""
        return any(s.start <= offset < s.end for s in self._made_names.get(file, ()))

    @cached_property
    def _made_names(self) -> dict[str, list[Span]]:
        return _by_file(dict.fromkeys(c.name for c in self._calls if c.expanded and c.name.file))

    def trait_of_method(self, file: str, offset: int) -> Definition | Unknown | None:
        """Return the trait that the method whose name is at a byte resolves to; None for an inherent one."""
        for call in self.calls_named(file, offset):
            if call.form is Form.METHOD:
                return None if call.trait is None else Definition(call.trait, "trait")
        linked = self._reference_at(file, offset)
        if linked is None or linked.origin is not Origin.LINKS:
            return UNKNOWN
        if linked.definition.kind == "trait method":
            return Definition(linked.definition.parent, "trait")
        return None if linked.definition.kind == "method" else UNKNOWN

    def definition_of(self, file: str, offset: int) -> Definition | Unknown:
        """Return what the name at a byte leads to: a path's segment, a method, a leaf of a ``use``."""
        found = self._reference_at(file, offset)
        if found is not None:
            return self.located(found.definition)
        call = self.call_at(file, offset)
        return UNKNOWN if isinstance(call, Unknown) else self.located(call.callee)

    def items_in(self, span: Span) -> tuple[Item, ...]:
        """Return the items whose tokens come from a piece of code: written there, or made of it."""
        near = self._items.get(span.file, [])
        first = bisect_left(near, span.start, key=lambda p: p[0].start)
        last = bisect_left(near, span.end, key=lambda p: p[0].start)
        return tuple(item for place, item in near[first:last] if place in span)

    def named_in(self, span: Span, owners: Iterable[str] = ()) -> frozenset[str] | Unknown:
        """Return what a piece of code names, its macros expanded; UNKNOWN if it is not compiled.

        ``owners`` are paths of items that are known to be made there.
        """
        inside = {*owners, *(i.definition.path for i in self.items_in(span))}
        if not inside & self._named.keys():
            return UNKNOWN
        found: set[str] = set()
        for path in inside:
            found.update(*(self._named[own] for own in _below(self._owners, path)))
        return frozenset(found)

    def is_named(self, path: str) -> bool:
        """Whether any compiled code names a definition."""
        return any(path in names for names in self._named.values())

    @cached_property
    def _named(self) -> dict[str, set[str]]:
        found: dict[str, set[str]] = {}
        for target in self.targets:
            for path, names in target.named.items():
                found.setdefault(path, set()).update(names)
        return found

    @cached_property
    def _owners(self) -> list[str]:
        return sorted(self._named)

    def items_beside(
        self, file: str, starts: Collection[int]
    ) -> Iterator[tuple[tuple[Item, ...], tuple[Item, ...]]]:
        """Yield, for each target, its items and those of the module that has items at these bytes of a file.

        The latter are in the order of the source, what macros make in the place of their calls.
        """
        for target in self.targets:
            written = (i.definition for i in target.items if not i.made)
            spans = ((d.parent, d.span) for d in written if d.span is not None and d.span.file == file)
            module = next((parent for parent, span in spans if span.start in starts), None)
            if module is not None:
                yield target.items, tuple(i for i in target.items if i.definition.parent == module)

    @cached_property
    def _items(self) -> dict[str, list[tuple[Span, Item]]]:
        found: dict[str, list[tuple[Span, Item]]] = {}
        for item in dict.fromkeys(i for t in self.targets for i in t.items):
            if item.definition.span is not None:
                found.setdefault(item.definition.span.file, []).append((item.definition.span, item))
        return {file: sorted(items, key=lambda p: p[0]) for file, items in found.items()}

    def located(self, definition: Definition) -> Definition:
        """Return a definition with its kind and place where it is one of the package's own."""
        return self._defined.get(definition.path, definition)

    @property
    def own_definitions(self) -> Iterable[Definition]:
        """What the package itself defines."""
        return self._defined.values()

    def references_in(self, span: Span) -> tuple[Reference, ...]:
        """Return the names within a piece of code whose definition is known, in order."""
        starts, found = self._references.get(span.file, ((), ()))
        return tuple(
            r
            for r in found[bisect_left(starts, span.start) : bisect_left(starts, span.end)]
            if r.span in span
        )

    def _reference_at(self, file: str, offset: int) -> Reference | None:
        starts, found = self._references.get(file, ((), ()))
        index = bisect_left(starts, offset + 1) - 1
        if index >= 0 and found[index].span.start <= offset < found[index].span.end:
            return found[index]
        return None

    @cached_property
    def _defined(self) -> dict[str, Definition]:
        """The package's own definitions by path; items say more than bodies, functions win over modules."""
        found = {d.path: d for t in self.targets for d in t.bodies}
        items = [i.definition for t in self.targets for i in t.items]
        items.sort(key=lambda d: d.kind != "mod")
        return found | {d.path: d for d in items}

    @cached_property
    def _bodies(self) -> dict[Span, Definition]:
        return {d.span: d for t in self.targets for d in t.bodies if d.span is not None}

    @cached_property
    def _bodies_of(self) -> dict[str, list[Span]]:
        return _by_file(self._bodies)

    @cached_property
    def _calls(self) -> tuple[Call, ...]:
        """All calls, once each: a library and its test build share most of them."""
        return tuple(dict.fromkeys(c for t in self.targets for c in t.calls))

    @cached_property
    def _expanded(self) -> dict[str, list[Call]]:
        """What macros and derives call, by the body they do it in."""
        found: dict[str, list[Call]] = {}
        for call in self._calls:
            if call.expanded:
                found.setdefault(call.body.path, []).append(call)
        return found

    @cached_property
    def _calls_of(self) -> dict[str, list[Call]]:
        found: dict[str, list[Call]] = {}
        for call in self._calls:
            if not call.expanded:
                found.setdefault(call.span.file, []).append(call)
        return found

    @cached_property
    def _body_paths(self) -> list[str]:
        return sorted({d.path for t in self.targets for d in t.bodies})

    def _bodies_within(self, span: Span) -> list[str]:
        """Return the paths of the bodies whose place is known to be within a span, in order."""
        near = self._placed.get(span.file, [])
        first = bisect_left(near, span.start, key=lambda p: p[0].start)
        last = bisect_left(near, span.end, key=lambda p: p[0].start)
        return list(dict.fromkeys(path for place, path in near[first:last] if place in span))

    @cached_property
    def _placed(self) -> dict[str, list[tuple[Span, str]]]:
        """Every body by file with its place, or that of the innermost item around it which has one."""
        found: dict[str, list[tuple[Span, str]]] = {}
        for body in (d for t in self.targets for d in t.bodies):
            path, span = body.path, body.span
            while span is None and path:
                path = path.rpartition("::")[0]
                span = self._defined[path].span if path in self._defined else None
            if span is not None:
                found.setdefault(span.file, []).append((span, body.path))
        return {file: sorted(places, key=lambda p: p[0]) for file, places in found.items()}

    def is_compiled(self, file: str, offset: int) -> bool:
        """Whether a byte is part of an item that some target compiles; statements in it may still be off."""
        return any(s.start <= offset < s.end for s in self._written.get(file, ()))

    @cached_property
    def _written(self) -> dict[str, list[Span]]:
        """The places of the items that are written as they are."""
        spans = (i.definition.span for t in self.targets for i in t.items if not i.made)
        return _by_file(s for s in dict.fromkeys(spans) if s is not None)

    @cached_property
    def _callers(self) -> dict[str, tuple[Call, ...]]:
        found: dict[str, list[Call]] = {}
        for call in self._calls:
            found.setdefault(call.callee.path, []).append(call)
        return {path: tuple(calls) for path, calls in found.items()}

    @cached_property
    def _references(self) -> dict[str, tuple[tuple[int, ...], tuple[Reference, ...]]]:
        """References by file, sorted and disjoint, of the best source where several say one."""
        best: dict[Span, Reference] = {}
        for target in sorted(self.targets, key=lambda t: list(Origin).index(t.origin)):
            for reference in target.references:
                best.setdefault(reference.span, reference)
        by_file: dict[str, list[Reference]] = {}
        for span in sorted(best):
            by_file.setdefault(span.file, []).append(best[span])
        return {f: (tuple(r.span.start for r in rs), tuple(rs)) for f, rs in by_file.items()}

    @cached_property
    def _files(self) -> dict[Origin, set[str]]:
        found: dict[Origin, set[str]] = {}
        for target in self.targets:
            found.setdefault(target.origin, set()).update(_files_of(target))
        return found


def _below(paths: Sequence[str], path: str) -> Iterator[str]:
    """Yield of sorted paths the one of an item and those inside of it, wherever their tokens come from."""
    behind = islice(paths, bisect_left(paths, path), None)
    near = takewhile(lambda one: one.startswith(path), behind)
    return (one for one in near if one[len(path) :][:2] in ("", "::"))


def _by_file(spans: Iterable[Span]) -> dict[str, list[Span]]:
    found: dict[str, list[Span]] = {}
    for span in spans:
        found.setdefault(span.file, []).append(span)
    return found


def _files_of(target: TargetFacts) -> Iterator[str]:
    yield from target.types
    yield from (d.span.file for d in target.bodies if d.span is not None)
    yield from (r.span.file for r in target.references)
    yield from (i.definition.span.file for i in target.items if i.definition.span is not None)
