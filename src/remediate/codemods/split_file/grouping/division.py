"""Cut what is too long for a file: a type's family by traits and by what its methods are about.

A piece is *whole*: all that is about its topic, and nothing else: who wants a method knows the file.
Whatever no topic claims stays with the definition, also where that is longer than a file should be: a long
file about one thing is easier to read than two about nothing. Impls of traits go first, by kinds of traits;
then what stands under a section comment; then, of a type that fills two files, methods by nouns, the concepts
of the standard library's API, and verbs.
"""

from collections import Counter, defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from remediate.codemods.split_file.grouping.concepts import (
    base,
    is_activity,
    is_noun,
    is_noun_phrase,
    is_telling,
    is_topic,
    known_concept,
    section_name,
    std_concept,
    subject,
    topics,
    trait_concept,
    trait_stem,
)
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.graph import Graph, Sets
from remediate.codemods.split_file.grouping.parts import Part
from remediate.codemods.split_file.grouping.siblings import definitions, heads, join_siblings
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.grouping.vocabulary import (
    EMPTY_VERBS,
    GERUNDS,
    MODIFIERS,
    OF_DEFINITIONS,
    PREPOSITIONS,
    VERBS,
)
from remediate.codemods.split_file.grouping.words import stem
from remediate.rust.resolution.names import snake, words

_FULL = 0.97
"""A topic may fill this share of a file; that leaves room for what rendering adds."""
_CRUMB = 0.15
"""What is shorter than this share of the limit is cut off only if the rest fits then."""
_ALIKE = 0.2
"""Methods of one concept of std's API are worth a file from this share of the limit on."""
_WORTHWHILE = 0.25
"""Methods about any other thing are worth one from this share on."""
_ALONE = 0.5
"""One method with its helpers is worth one from this share on."""
_HELPFUL = 0.25
"""What is cut off a type that stays too long is worth it from this share of the type on."""
_FEW = 2
"""So many methods with a word in common may have it by chance."""
_DULL = 0.7
"""A topic of more than this share of the lines of a family tells nothing."""
_SMALL_CONSTRUCTOR = 25
"""Lines of code of what makes a value and stands with the definition."""


@dataclass(frozen=True)
class Piece:
    """Part of a family: what it is about, "" for the definition and what belongs to nothing else.

    ``others`` are further topics that all of it has.
    """

    family: Family
    topic: str
    reason: str
    others: tuple[str, ...] = ()
    series: str = ""
    """What it is one of: such pieces are cut all or not at all."""
    titled: bool = False
    """Whether somebody has written a title above it."""

    @property
    def topics(self) -> list[str]:
        """All topics that it has, the best first; none of a definition."""
        return [self.topic, *self.others] if self.topic else []


def divided(
    family: Family,
    limits: Limits,
    dull: Iterable[str] = (),
    wanted: Collection[str] = (),
    together: Iterable[Family] = (),
) -> list[Piece]:
    """Return a family as pieces that are about one thing each, ``together`` in one; the rest comes first.

    ``dull`` are words that say nothing here: the names of the type and of the file's own module. ``wanted``
    are topics to cut in any case, because a type much like this one is cut by them.
    """
    division = _Division(family, limits, frozenset(dull), frozenset(wanted))
    for one in together:
        division.sets.join(one.numbers)
    return division.pieces()


def shared_topics(family: Family, limits: Limits, dull: Iterable[str] = ()) -> set[str]:
    """Return what several functions of a family are about, by which it can be cut where it need not be."""
    division = _Division(family, limits, frozenset(dull), frozenset())
    join_siblings(division.sets, family, limits)
    found: dict[str, set[int]] = defaultdict(set)
    count: Counter[str] = Counter()
    for leader in {division.sets.of(n) for n in family.numbers}:
        members = division.sets.members(leader)
        for topic in division.topics(members):
            found[topic].update(members)
            count[topic] += len({part.name for part in heads(family.graph, members) if part.kind == "fn"})
    whole = {
        topic: (len(members), len(words(topic)), topic)
        for topic, members in found.items()
        if count[topic] > 1 and not is_activity(topic) and family.graph.length(members) > limits.min_lines
    }
    return {t for t in whole if not any(found[t] <= found[o] and whole[t] < whole[o] for o in whole)}


class _Division:
    def __init__(self, family: Family, limits: Limits, dull: frozenset[str], wanted: frozenset[str]) -> None:
        self.graph: Graph = family.graph
        self.family, self.limits, self.wanted = family, limits, wanted
        self.dull = frozenset(map(stem, dull))
        self.concepts = {known_concept(p.name) for p in family.parts if p.kind in ("member", "fn")} - {""}
        self.named = {p.name for p in family.parts if p.kind in ("member", "fn") and len(words(p.name)) == 1}
        self.rest = set(family.numbers)
        self.sets = Sets(family.numbers)
        self.found: list[Piece] = []
        self.core = definitions(family)
        self.about: dict[int, list[str]] = {}

    def pieces(self) -> list[Piece]:
        join_siblings(self.sets, self.family, self.limits)
        self.about = {leader: self.topics(members) for leader, members in self._atoms().items()}
        for choices in (self._by_section, self._implementations):
            self._take_all(choices, self._is_far_too_long)
        if self._may_be_parted():
            for choices in (self._by_trait, self._constants):
                self._take_all(choices, self._is_too_long)
        if self._may_be_parted():
            by_topics = (self._by_concept, self._by_topic, self._by_first_words, self._by_word)
            for choices in (*by_topics, self._alone, self._constructors, self._builders):
                self._take_all(choices, self._is_far_too_long)
        self._take_back()
        self.found = [self._named_apart(piece) for piece in self.found]
        rest = self._piece(self.rest, "", f"`{self.family.home}` itself" if self.family.home else "the rest")
        return [rest, *self.found] if self.rest else self.found

    def _take_all(
        self, choices: Callable[[], Iterable[Piece]], too_long: Callable[[Iterable[int]], bool]
    ) -> None:
        """Take pieces, the best first, until the rest is short enough."""
        while found := [c for c in choices() if c.topic in self.wanted or too_long(self.rest)]:
            best = max(found, key=self._worth)
            for piece in [c for c in found if c.series and c.series == best.series] or [best]:
                self._take(piece)

    def _may_be_parted(self) -> bool:
        """Whether methods and impls of traits may go: up to some length a type is better whole."""
        return not self.family.home or bool(self.wanted) or self.graph.length(self.rest) > self.limits.whole

    def _is_too_long(self, numbers: Iterable[int]) -> bool:
        return self.graph.length(numbers) > self._room(numbers)

    def _is_far_too_long(self, numbers: Iterable[int]) -> bool:
        """Whether methods have to go: up to a little over the limit a type is better whole."""
        share = self.limits.about / self.limits.max_lines if self.family.home else 1.0
        return self.graph.length(numbers) > share * self._room(numbers)

    def _room(self, numbers: Iterable[int]) -> int:
        """Return the limit, or the length of a file with a part that is too long for any, and its type."""
        longest = max(numbers, key=lambda n: (self.graph.parts[n].lines, -n), default=-1)
        if longest < 0 or self.graph.length([longest]) <= self.limits.max_lines:
            return self.limits.max_lines
        return self.graph.length({longest, *self.core}) + self.limits.min_lines

    def _piece(self, numbers: Iterable[int], topic: str, reason: str) -> Piece:
        family = Family(self.graph, tuple(sorted(numbers)))
        leaders = {self.sets.of(n) for n in family.numbers}
        shared = [set(self.about[n]) for n in sorted(leaders) if n in self.about]
        others = set.intersection(*shared) - {topic} if shared and len(shared) == len(leaders) else set()
        return Piece(family, topic, reason, tuple(sorted(others)))

    def _worth(self, piece: Piece) -> tuple[bool, int, int, str]:
        """Return how much a piece helps: first one that fits a file, then one of much about it alone."""
        first = [n for n in piece.family.numbers if self._first(n) == piece.topic]
        about = sum(self.graph.parts[n].lines for n in first)
        return not self._is_too_long(piece.family.numbers), about, piece.family.lines, piece.topic

    def _first(self, number: int) -> str:
        found = self.about.get(self.sets.of(number))
        return found[0] if found else ""

    def _take(self, piece: Piece) -> None:
        """Make a piece, with the private helpers that only it uses, as far as they fit."""
        taken = self.rest & set(piece.family.numbers)
        changed = True
        while changed:
            changed = False
            for number in sorted(self.rest - taken - self.core):
                atom = set(self.sets.members(number))
                users = {u for m in atom for u in self.graph.users[m]} - atom
                parts = self.graph.of(atom)
                helper = atom <= self.rest and all(part.private and part.name for part in parts)
                little = bool(self.family.home) or self.graph.length(atom) < 2 * self.limits.min_lines
                long = little and self.graph.length(taken) > self.limits.max_lines
                if helper and users and users <= taken and (long or not self._is_too_long(taken | atom)):
                    taken |= atom
                    changed = True
        self.rest -= taken
        for number, other in enumerate(self.found):
            both = taken | set(other.family.numbers)
            if other.topic == piece.topic and not self._is_too_long(both):
                self.found[number] = replace(other, family=self._piece(both, "", "").family)
                return
        made = self._piece(taken, piece.topic, piece.reason)
        self.found.append(replace(made, series=piece.series, titled=piece.titled))

    def _named_apart(self, piece: Piece) -> Piece:
        """Return a piece of one long method under its own name, where another one has the same topic."""
        named = [part.name for part in piece.family.parts if part.name]
        doubled = sum(other.topic == piece.topic for other in self.found) > 1
        return replace(piece, topic=named[0]) if doubled and len(named) == 1 else piece

    def _take_back(self) -> None:
        """Give back what fits beside the rest, the weakest reason first, and crumbs that did not help."""
        for piece in reversed(self.found.copy()):
            both = self.rest | set(piece.family.numbers)
            fits = self.graph.length(both) <= _FULL * self._room(both)
            crumb = piece.family.length < _CRUMB * self.limits.max_lines and self._is_too_long(self.rest)
            alike = piece.series and sum(p.series == piece.series for p in self.found) > 1
            if self.rest and ((fits and not alike) or crumb) and piece.topic not in self.wanted:
                self.rest = both
                self.found.remove(piece)
        self._take_back_what_does_not_help()

    def _take_back_what_does_not_help(self) -> None:
        """Give back all methods of a type, where it is too long without them too and they are few of it."""
        found = [p for p in self.found if not p.titled and p.topic not in self.wanted]
        methods = [p for p in found if not any(part.trait for part in p.family.parts)]
        cut = sum(p.family.lines for p in methods)
        if self.family.home and self._is_far_too_long(self.rest) and cut < _HELPFUL * self.family.lines:
            self.rest = self.rest.union(*(p.family.numbers for p in methods))
            self.found = [p for p in self.found if p not in methods]

    # Pieces, best first by ``_worth``

    def _by_trait(self) -> Iterator[Piece]:
        """Yield impls of traits of one kind; of one trait where a kind is too long for a file."""
        kinds: dict[str, list[int]] = defaultdict(list)
        for number in self.rest:
            part = self.graph.parts[number]
            others = part.trait and part.trait != self.family.home
            kind = trait_concept(part.trait) if others else ""
            if kind and stem(kind) != stem(snake(self.family.home)):
                kinds[kind].append(number)
        for kind, members in kinds.items():
            if not self._is_too_long(members):
                yield from self._worthwhile(members, kind, f"impls of traits for {kind}")
                continue
            stems = {trait_stem(self.graph.parts[n].trait) for n in members}
            for trait, found in self._grouped(self._impls(), lambda p: trait_stem(p.trait)).items():
                if trait in stems and not self._is_too_long(found):
                    yield from self._worthwhile(found, trait, f"impls of `{trait}`", kind)
        for trait, found in self._grouped(self._impls(), lambda p: trait_stem(p.trait)).items():
            if not trait_concept(self.graph.parts[found[0]].trait) and stem(trait) != stem(
                snake(self.family.home)
            ):
                yield from self._worthwhile(found, trait, f"impls of `{trait}`", least=_WORTHWHILE)

    def _impls(self) -> list[int]:
        parts = self.graph.parts
        own = self.rest - self.core
        return [n for n in sorted(own) if parts[n].trait and parts[n].trait not in OF_DEFINITIONS]

    def _grouped(self, numbers: Iterable[int], of: Callable[[Part], str]) -> dict[str, list[int]]:
        found: dict[str, list[int]] = defaultdict(list)
        for number in sorted(numbers):
            if key := of(self.graph.parts[number]):
                found[key].append(number)
        return found

    def _by_section(self) -> Iterator[Piece]:
        """Yield what stands under one section comment, siblings elsewhere left out.

        What somebody has made an impl block of is a file of its own, even if it is too long for one.
        """
        free = self.rest - self.core
        inside = {n for n in free if self._is_under_one_section(self.sets.members(n))}
        for title, found in self._grouped(inside, lambda p: p.banner or "").items():
            topic = section_name(title)
            whole = all(part.headed for part in self.graph.of(found))
            bare = self.graph.length(self.rest.difference(found)) < 2 * self.limits.min_lines
            fits = (whole or not self._is_too_long(found)) and not (bare and self.family.home)
            if topic and fits and stem(topic) not in self.dull:
                pieces = self._worthwhile(found, topic, f'section "{title}"')
                yield from (replace(piece, titled=True) for piece in pieces)

    def _is_under_one_section(self, members: Sequence[int]) -> bool:
        titles = {self.graph.parts[m].banner for m in members}
        return len(titles) == 1 and self.rest.issuperset(members) and self.core.isdisjoint(members)

    def _by_concept(self) -> Iterator[Piece]:
        """Yield all methods of one concept of std's API."""
        carriers: dict[str, list[int]] = defaultdict(list)
        for leader, members in self._atoms().items():
            carriers[self._first(leader)] += members
        for concept, numbers in carriers.items():
            several = len({self.sets.of(n) for n in numbers}) > 1
            if concept in self.concepts and several and not self._is_dull(concept, numbers):
                yield from self._worthwhile(numbers, concept, concept.replace("_", " "), "concepts", _ALIKE)

    def _by_topic(self) -> Iterator[Piece]:
        """Yield all methods about one thing, best several of them."""
        atoms = self._atoms()
        carriers: dict[str, set[int]] = defaultdict(set)
        for leader, found in self.about.items():
            if leader in atoms or self._first(leader) not in self.concepts:
                for topic in found:
                    carriers[topic].add(leader)
        for topic, leaders in carriers.items():
            if not leaders <= set(atoms):
                continue  # some of it is in another piece: this one would not be whole
            numbers = [m for leader in leaders for m in atoms[leader]]
            if len(leaders) > 1 and not self._is_dull(topic, numbers):
                yield from self._worthwhile(numbers, topic, topic.replace("_", " "), least=_WORTHWHILE)

    def _alone(self) -> Iterator[Piece]:
        """Yield a long method with its siblings and helpers, by its name."""
        for leader, numbers in self._atoms().items():
            first = self._first(leader)
            named = (t for t in self.about[leader] if self._is_named(t, numbers))
            topic = first if first in self.concepts else next(named, "")
            if topic and not self._is_dull(topic, numbers):
                series = "siblings" if self.family.home else ""
                least = _ALONE if series and not self._are_siblings(numbers) else _WORTHWHILE
                yield from self._worthwhile(numbers, topic, topic.replace("_", " "), series, least)

    def _is_named(self, topic: str, members: Iterable[int]) -> bool:
        """Whether siblings are called so, or, if they are functions, are about that first of all."""
        heads = {base(p.name) for p in self.graph.of(members) if p.name and not p.private}
        return topic in heads or (not self.family.home and self._first(min(members)) == topic)

    def _are_siblings(self, members: Iterable[int]) -> bool:
        return sum(p.unit.own.kind == "fn" and not p.private for p in self.graph.of(members)) > 1

    def _is_dull(self, topic: str, numbers: Iterable[int]) -> bool:
        """Whether nearly all of the family is about a topic: then it tells nothing."""
        lines = sum(self.graph.parts[n].lines for n in numbers)
        return lines > _DULL * self.family.lines and topic not in self.wanted

    def _by_first_words(self) -> Iterator[Piece]:
        """Yield all methods whose names begin with the same two words or more."""
        atoms = self._atoms()
        beginning: dict[tuple[str, ...], set[int]] = defaultdict(set)
        for leader, members in atoms.items():
            named = [words(p.name) for p in self.graph.of(members) if p.name and not p.private]
            for said in named:
                for count in range(2, len(said) + 1):
                    if all(other[:count] == said[:count] for other in named):
                        beginning[said[:count]].add(leader)
        for said, leaders in beginning.items():
            if len(leaders) > 1:
                numbers = [m for leader in leaders for m in atoms[leader]]
                name = "_".join(said)
                if subject(name):
                    reason = f"methods called `{name}..`"
                    yield from self._worthwhile(numbers, name, reason, least=_WORTHWHILE)

    def _by_word(self) -> Iterator[Piece]:
        """Yield all methods whose names have a noun or a verb in common, wherever it stands in them."""
        atoms = self._atoms()
        carriers: dict[str, set[int]] = defaultdict(set)
        for leader in self.about:
            for part in heads(self.graph, self.sets.members(leader)):
                said = words(part.name)
                for word in said[
                    : next((i for i, w in enumerate(said) if i and w in PREPOSITIONS), len(said))
                ]:
                    carriers[word].add(leader)
        for word, leaders in carriers.items():
            name = word if is_noun(word) else GERUNDS.get(word, "") if word in VERBS else ""
            if (
                len(leaders) > _FEW
                and name
                and word not in MODIFIERS
                and stem(word) not in self.dull
                and leaders <= set(atoms)
            ):
                numbers = [m for leader in leaders for m in atoms[leader]]
                reason = f"methods with `{word}` in their names"
                if self.family.home or not self._is_dull(name, numbers):
                    yield from self._worthwhile(numbers, name, reason, least=_WORTHWHILE)

    def _atoms(self) -> dict[int, list[int]]:
        """Return what can still go, joined with its siblings, by leader."""
        leaders = {self.sets.of(n) for n in self.rest - self.core}
        found = {leader: self.sets.members(leader) for leader in sorted(leaders)}
        whole = {a: m for a, m in found.items() if self.core.isdisjoint(m) and self.rest.issuperset(m)}
        return {a: m for a, m in whole.items() if not self._belongs_to_core(m)}

    def _belongs_to_core(self, members: Sequence[int]) -> bool:
        """Whether methods make the type or say a little of it; what has no topic of its own."""
        parts = self.graph.of(members)
        if any(part.trait for part in parts):
            return True
        makes = all(_makes(part) and part.code_lines <= _SMALL_CONSTRUCTOR for part in parts)
        return bool(self.family.home) and makes

    def topics(self, members: Sequence[int]) -> list[str]:
        """Return what joined methods are about, best first: what the public ones say counts."""
        parts = self.graph.of(members)
        telling = [p for p in parts if not p.private] or parts
        found: Counter[str] = Counter()
        order: dict[str, int] = {}
        for part in telling:
            own = [base(part.name)] if base(part.name) in self.named else []
            said = words(part.name)
            like = [said[0]] if said[1:] and said[0] in self.named and not known_concept(said[0]) else []
            for rank, topic in enumerate(dict.fromkeys([*like, *topics(part, self.concepts), *own])):
                found[topic] += part.lines
                order[topic] = min(order.get(topic, rank), rank)
        total = sum(part.lines for part in telling)
        kept = [t for t in found if 2 * found[t] >= total and stem(t) not in self.dull]
        told = {t for t in self.named.intersection(kept) if t in VERBS - EMPTY_VERBS or is_telling(t)}
        kept = [t for t in kept if is_topic(t) or is_noun_phrase(t) or t in told]
        return sorted(kept, key=lambda t: (order[t], t))

    def _worthwhile(
        self, numbers: Sequence[int], topic: str, reason: str, series: str = "", least: float = 0.0
    ) -> Iterator[Piece]:
        """Yield a piece that is long enough for a file."""
        length = self.graph.length(numbers)
        enough = self.limits.min_lines if topic in self.wanted else least * self.limits.max_lines
        if numbers and length >= max(enough, self.limits.min_lines):
            yield replace(self._piece(numbers, topic, reason), series=series)

    def _constants(self) -> Iterator[Piece]:
        """Yield the associated constants, where they are many."""
        parts = self.graph.parts
        found = [
            n for n in sorted(self.rest - self.core) if parts[n].unit.own.kind == "const" and parts[n].home
        ]
        yield from self._worthwhile(found, "constants", "associated constants")

    def _implementations(self) -> Iterator[Piece]:
        """Yield all impls of a trait, where they do not fit beside it."""
        parts = self.graph.parts
        trait = next((p.name for p in self.family.parts if p.kind == "trait"), "")
        found = [n for n in sorted(self.rest - self.core) if parts[n].trait == trait == self.family.home]
        if trait and self.limits.min_lines <= self.graph.length(found):
            yield self._piece(found, "impls", f"impls of `{self.family.home}`")

    def _constructors(self) -> Iterator[Piece]:
        """Yield all that makes values of the type, where that does not fit beside its definition."""
        found = [n for n in sorted(self.rest - self.core) if _makes(self.graph.parts[n])]
        own = {m for n in found for m in self.sets.members(n)}
        whole = len(found) > 1 and self.rest.issuperset(own)
        if whole and all(_makes(part) or part.private for part in self.graph.of(own)):
            yield from self._worthwhile(sorted(own), "constructors", "constructors", least=_ALONE)

    def _builders(self) -> Iterator[Piece]:
        """Yield the methods that change a value and hand it on: ``with_port(self, port)``."""
        found = [a for a in self._atoms().values() if all(p.chains for p in heads(self.graph, a))]
        numbers = sorted(n for members in found for n in members)
        if len(found) > _FEW and "builder" not in words(self.family.home):
            yield from self._worthwhile(numbers, "builder", "methods that hand on the value", least=_ALIKE)


def _makes(part: Part) -> bool:
    """Whether a method, or each of a small impl, makes a value of its type."""
    return part.constructor and std_concept(part.name) != "capacity"
