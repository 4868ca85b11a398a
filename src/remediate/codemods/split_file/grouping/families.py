"""Families: a type with its impls and what only it uses. No split takes one apart that fits a file.

What has to stay is in no family. A family may be longer than a file: ``division`` cuts it then.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from remediate.codemods.split_file.grouping.concepts import base, inverses, subject
from remediate.codemods.split_file.grouping.graph import Graph, Sets
from remediate.codemods.split_file.grouping.namesakes import namesakes
from remediate.codemods.split_file.grouping.parts import Part
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.grouping.vocabulary import EMPTY_VERBS, VERBS
from remediate.rust.resolution.names import words

_HELPERS = {"fn", "const", "static", "type"}
_OWN_TYPE = 0.33
"""A private type of up to this share of a file goes with the one family that uses it."""
_MAINLY = 0.6
"""What has so many lines of functions, or of methods of others, is about them, not about its types."""
_MOSTLY = 0.5
"""A function that makes a type goes with it, if it mentions no other one more."""
_PAIRED = 0.25
"""Functions of up to this share of a file each are kept with their inverse."""
_SERIES, _PREFIX = 3, 2
"""So many constants whose names begin with so many equal words, or that stand in a row, are a series."""


@dataclass(frozen=True)
class Family:
    """Parts that move together, in file order, by their numbers in the graph."""

    graph: Graph = field(repr=False, compare=False)
    numbers: tuple[int, ...]

    @cached_property
    def parts(self) -> list[Part]:
        """The parts in file order."""
        return self.graph.of(self.numbers)

    @cached_property
    def home(self) -> str:
        """The type or trait that it is about; "" for functions, and what little of types only they use.

        Of several the one that the others are called after, ``Downcast`` of ``DowncastSync``; else one that
        no other here mentions, then the one with most lines.
        """
        others = sum(part.lines for part in self.parts if not part.home)
        behaves = any(p.home and (p.kind in ("member", "trait") or p.inside) for p in self.parts)
        if others >= _MAINLY * self.lines and not (behaves or self.is_shared):
            return ""
        lines: Counter[str] = Counter()
        inside: set[str] = set()
        for number in self.numbers:
            part = self.graph.parts[number]
            lines[part.home] += part.lines
            users = (self.graph.parts[u] for u in self.graph.users[number] if u in self.numbers)
            homes = {user.home for user in users if user.kind != "type"} - {part.home, ""}
            if part.defines_type and (homes or part.kind == "type"):
                inside.add(part.name)
        defined = [name for name in self.types if name in lines]
        base = min(defined, key=len, default="")
        if len(defined) > 1 and all(words(name)[: len(words(base))] == words(base) for name in defined):
            return base
        ranked = sorted(
            defined or lines, key=lambda home: (home in inside, home in self.errors, -lines[home], home)
        )
        return next((home for home in ranked if home), "")

    @cached_property
    def types(self) -> tuple[str, ...]:
        """The types and traits that it defines."""
        return tuple(part.name for part in self.parts if part.defines_type)

    @cached_property
    def errors(self) -> frozenset[str]:
        """Its error types, by the usual end of their names."""
        return frozenset(p.name for p in self.parts if p.defines_type and _is_error(p))

    @cached_property
    def is_shared(self) -> bool:
        """Whether something else mentions a type of it: who reads that wants to find the type by its name."""
        defining = (n for n in self.numbers if self.graph.parts[n].defines_type)
        return any(user not in self.numbers for n in defining for user in self.graph.users[n])

    @cached_property
    def length(self) -> int:
        """Lines of a file with nothing else in it."""
        return self.graph.length(self.numbers)

    @cached_property
    def lines(self) -> int:
        """Lines of its parts alone."""
        return sum(part.lines for part in self.parts)

    def users(self) -> Counter[int]:
        """Return the parts outside that mention it, with how often."""
        return self._neighbours(self.graph.users)

    def uses(self) -> Counter[int]:
        """Return the parts outside that it mentions, with how often."""
        return self._neighbours(self.graph.uses)

    def _neighbours(self, direction: dict[int, dict[int, float]]) -> Counter[int]:
        found: Counter[int] = Counter()
        for number in self.numbers:
            for other, weight in direction.get(number, {}).items():
                if other not in self.numbers:
                    found[other] += int(weight)
        return found

    def joined(self, *others: "Family") -> "Family":
        """Return this family and others as one."""
        numbers = {*self.numbers, *(n for other in others for n in other.numbers)}
        return Family(self.graph, tuple(sorted(numbers)))


def _is_error(part: Part) -> bool:
    return part.name.endswith("Error") and part.kind != "trait"


def families(graph: Graph, limits: Limits) -> list[Family]:
    """Return the families of all parts that can move, in file order."""
    return [Family(graph, tuple(members)) for members in _Search(graph, limits).found()]


class _Search:
    def __init__(self, graph: Graph, limits: Limits) -> None:
        self.graph, self.limits = graph, limits
        fixed = {name for part in graph.parts if not part.movable for name in part.unit.names}
        self.numbers = [
            n
            for n, part in enumerate(graph.parts)
            if part.movable and not any(name in fixed for name in part.unit.names)
        ]
        self.sets = Sets(self.numbers)

    def found(self) -> list[list[int]]:
        for alike in (
            *self._twins(),
            *self._homes(),
            *self._series(),
            *self._rows(),
            *self._grammars(),
            *self._inverses(),
        ):
            self.sets.join(alike)
        for a, b in self._of_one_name():
            if self._fits(a, b):
                self.sets.join((a, b))
        changed = True
        while changed:
            changed = sum(self._absorbed(n) for n in self.numbers) > 0
        for a, b in (*namesakes(self.graph, self.numbers), *self._called_alike()):
            if self._fits(a, b):
                self.sets.join((a, b))
        for a, b in self._siblings():
            if self.graph.length({*self.sets.members(a), *self.sets.members(b)}) <= self.limits.about:
                self.sets.join((a, b))
        return self.sets.groups()

    def _twins(self) -> Iterable[list[int]]:
        """Yield parts of one name, ``#[cfg]`` duplicates: one ``use`` must bring them all."""
        sharing: dict[object, list[int]] = defaultdict(list)
        for number in self.numbers:
            for name in self.graph.parts[number].unit.names:
                sharing[name].append(number)
        return sharing.values()

    def _homes(self) -> Iterable[list[int]]:
        """Yield each type or trait with all its impls, and the impls of one trait of elsewhere."""
        kin: dict[tuple[str, str], list[int]] = defaultdict(list)
        for number in self.numbers:
            part = self.graph.parts[number]
            if part.home:
                kin[part.home, ""].append(number)
            elif part.kind in ("impl", "member"):
                kin["", part.trait or part.foreign].append(number)
        return kin.values()

    def _series(self) -> Iterator[list[int]]:
        """Yield constants that are numbered or named in a row: ``KIND_TEXT``, ``KIND_BLOB``, .."""
        alike: dict[tuple[str, ...], list[int]] = defaultdict(list)
        for number in self.numbers:
            part = self.graph.parts[number]
            if part.kind in ("const", "static"):
                alike[words(part.name)[:_PREFIX]].append(number)
        yield from (found for found in alike.values() if len(found) >= _SERIES)

    def _rows(self) -> Iterator[list[int]]:
        """Yield constants that others may name and that are written in a row, without a blank line."""
        rows: list[list[int]] = []
        for number in self.numbers:
            part = self.graph.parts[number]
            if part.kind in ("const", "static") and not part.private:
                if part.adjacent and rows and rows[-1][-1] == number - 1:
                    rows[-1].append(number)
                else:
                    rows.append([number])
        yield from (row for row in rows if len(row) >= _SERIES)

    def _inverses(self) -> list[list[int]]:
        """Return short private functions of which one undoes the other."""
        parts = {n: self.graph.parts[n] for n in self.numbers}
        short = _PAIRED * self.limits.max_lines
        private = {n for n, part in parts.items() if part.kind == "fn" and part.private}
        return inverses({n: parts[n].name for n in sorted(private) if self.graph.length([n]) <= short})

    def _grammars(self) -> Iterator[list[int]]:
        """Yield functions called after one verb that call each other and make several types: a parser.

        Each with the type that it makes would scatter them.
        """
        alike: dict[str, list[int]] = defaultdict(list)
        for number in self.numbers:
            part = self.graph.parts[number]
            if part.kind == "fn" and (said := words(part.name)) and said[0] in VERBS - EMPTY_VERBS:
                alike[said[0]].append(number)
        for found in alike.values():
            calling = [n for n in found if not self.graph.uses[n].keys().isdisjoint(found)]
            made = {name for n in found for name in self.graph.parts[n].made}
            if len(calling) > 1 and len(made) > 1 and self.graph.length(found) <= self.limits.max_lines:
                yield found

    def _siblings(self) -> Iterator[tuple[int, int]]:
        """Yield functions that are called alike: ``copy_items`` and ``copy_items_with_progress``.

        Or of which one's name of several words begins the other's: ``parse_date`` and ``parse_date_weak``.
        """
        first: dict[str, int] = {}
        functions = [n for n in self.numbers if self.graph.parts[n].kind == "fn"]
        for number in functions:
            name = base(self.graph.parts[number].name)
            yield first.setdefault(name, number), number
        said = {n: words(self.graph.parts[n].name) for n in functions}
        for number in functions:
            own = said[number]
            longer = (n for n in functions if n != number and len(own) > 1 and len(said[n]) > len(own))
            yield from ((number, other) for other in longer if said[other][: len(own)] == own)

    def _of_one_name(self) -> Iterator[tuple[int, int]]:
        """Yield a public function and the type of its very name: ``has_key`` and ``HasKey``.

        One word in common may be chance; then the function has to mention the type.
        """
        types = {words(self.graph.parts[n].name): n for n in self.numbers if self.graph.parts[n].defines_type}
        for number in self.numbers:
            part = self.graph.parts[number]
            about = types.get(words(part.name)) if part.kind == "fn" and not part.private else None
            if about is not None and (len(words(part.name)) > 1 or about in self.graph.uses[number]):
                yield number, about

    def _called_alike(self) -> Iterator[tuple[int, int]]:
        """Yield a constant or function and the type that it is called after.

        ``const CLOCK`` and ``struct Clock``, ``fn check_hyphens`` and ``enum Hyphens`` that it mentions.
        """
        types = {words(self.graph.parts[n].name): n for n in self.numbers if self.graph.parts[n].defines_type}
        for number in self.numbers:
            part = self.graph.parts[number]
            function = part.kind == "fn" and len(self.sets.members(number)) == 1
            about = types.get(tuple(subject(part.name).split("_"))) if function else None
            if about is not None and about in self.graph.uses[number]:
                yield number, about
            single = part.kind in ("const", "static") and len(self.sets.members(number)) == 1
            if single and words(part.name) in types:
                yield number, types[words(part.name)]

    def _absorbed(self, number: int) -> bool:
        """Join a helper with the one family that uses it, a function with the type that it makes."""
        own = self.sets.of(number)
        members = self.sets.members(number)
        to = self._only_user(members) if self._is_helper(members) else None
        if to is None and len(members) == 1:
            to = self._made(number)
        if to is None or to == own or not self._fits(own, to):
            return False
        self.sets.join((own, to))
        return True

    def _is_helper(self, members: list[int]) -> bool:
        parts = [self.graph.parts[m] for m in members]
        if all(part.kind in _HELPERS for part in parts):
            return all(part.private or part.kind != "fn" for part in parts)
        private = all(part.private or part.kind == "impl" for part in parts)
        return private and self.graph.length(members) <= _OWN_TYPE * self.limits.max_lines

    def _only_user(self, members: list[int]) -> int | None:
        users = {u for m in members for u in self.graph.users[m]}
        if any(u not in self.sets_of for u in users):
            return None
        leaders = {self.sets.of(u) for u in users} - {self.sets.of(members[0])}
        return leaders.pop() if len(leaders) == 1 else None

    @cached_property
    def sets_of(self) -> frozenset[int]:
        """The parts that can move."""
        return frozenset(self.numbers)

    def _made(self, number: int) -> int | None:
        part = self.graph.parts[number]
        if part.kind != "fn" or len(part.made) != 1:
            return None
        weights: Counter[int] = Counter()
        for other, weight in self.graph.uses[number].items():
            if other in self.sets_of and self.graph.parts[other].home:
                weights[self.sets.of(other)] += int(weight)
        (home,) = part.made
        for leader, weight in weights.items():
            found = self.sets.members(leader)
            if any(self.graph.parts[m].name == home for m in found):
                makers = [other.lines for other in self.graph.parts if home in other.made]
                few = len(makers) == 1 or sum(makers) <= sum(self.graph.parts[m].lines for m in found)
                return leader if few and weight >= _MOSTLY * weights.total() else None
        return None

    def _fits(self, a: int, b: int) -> bool:
        """Whether two sets fit one file; what is to be cut anyway may grow by a helper."""
        mine, other = self.sets.members(a), self.sets.members(b)
        most = self.limits.max_lines
        helper = all(self.graph.parts[m].kind in _HELPERS for m in mine)
        if helper and self.graph.length(other) > most:
            callers = {u for m in mine for u in self.graph.users[m]} - set(mine)
            return len(callers) == 1 or not any(self.graph.parts[m].kind == "fn" for m in mine)
        return self.graph.length([*mine, *other]) <= most
