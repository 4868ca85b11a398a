"""Fill the modules that an audit plans with what they are about (``plan_words``), never with what is left.

A family goes whole to the module that it suits best. Of one that is too long for a file, a module called like
the type gets the definition and what belongs to nothing else; a module about something else gets the methods,
and impls of traits, that are about that. What is private goes where all its users went.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from remediate.codemods.split_file.grouping.division import divided
from remediate.codemods.split_file.grouping.families import Family
from remediate.codemods.split_file.grouping.kinds import dull_words, is_data, main_type
from remediate.codemods.split_file.grouping.modules import Module
from remediate.codemods.split_file.grouping.naming import topic_names
from remediate.codemods.split_file.grouping.parts import Part
from remediate.codemods.split_file.grouping.plan_words import (
    ABOUT,
    KIND,
    PRESENT,
    Wanted,
    common_words,
    fit,
    hint,
    is_called_after,
    subject_of,
    type_words,
)
from remediate.codemods.split_file.grouping.siblings import atoms
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.grouping.words import stem
from remediate.model import PlannedModule
from remediate.rust.resolution.names import words

_TINY = 0.5
"""What is shorter than this share of a small file is better with what uses it than by itself."""
_SHOWN = 3
"""Names that an answer lists."""


@dataclass(frozen=True)
class Planned:
    """What a plan gets.

    Attributes:
        filled: By the place of each module in the plan what it is filled with.
        further: Modules of what a planned one about a long type has no room for.
        left: What is in none of them.
        answers: Why modules are not filled, by their places, and what else is to be said.
    """

    filled: dict[int, Family]
    further: list[Module]
    left: list[Family]
    answers: list[str]


def planned(
    plan: Sequence[PlannedModule], families: Sequence[Family], limits: Limits, module: str
) -> Planned:
    """Fill planned modules of a file whose own module is called ``module``."""
    return _Filling([Wanted(one) for one in plan], families, limits, module).result()


@dataclass(frozen=True)
class _Claim:
    """A piece of a family that is about a planned module."""

    score: float
    module: int
    family: int
    piece: Family


class _Filling:
    def __init__(
        self, plan: Sequence[Wanted], families: Sequence[Family], limits: Limits, module: str
    ) -> None:
        self.plan, self.families, self.limits, self.module = plan, families, limits, module
        self.main = main_type(families, module)
        self.subjects = [subject_of(family) for family in families]
        self.common = common_words(self.subjects)
        self.scores = [
            [fit(one, s, self.common, is_main=bool(s.home) and s.home == self.main) for s in self.subjects]
            for one in plan
        ]
        self._hint()
        self.homes = {at: home for at in range(len(families)) if (home := self._home(at)) is not None}
        self.claims = sorted(self._claims(), key=lambda c: (-c.score, c.module, c.piece.numbers))
        self._spread()
        self.rest = list(families)
        self.placed: set[int] = set()
        self.filled: dict[int, Family] = {}
        self.further: list[Module] = []
        self.origin: dict[int, int] = {}
        self.loose: list[Family] = []
        self.answers: list[str] = []

    def result(self) -> Planned:
        """Return what the plan gets."""
        about = self._long_types()
        for module in range(len(self.plan)):
            if module not in about:
                self._fill(module)
        most = self.limits.max_lines
        for claim in self.claims:
            if self._is_cut(claim.family) and self._add(claim.module, claim.piece, most):
                kept = set(self.rest[claim.family].numbers) - set(claim.piece.numbers)
                self.rest[claim.family] = replace(claim.piece, numbers=tuple(sorted(kept)))
        for module, family in sorted(about.items()):
            if self.rest[family].numbers:
                self._divide(module, family)
            self._fill(module)
        self._second_best()
        self._follow()
        self._by_role()
        left = [f for at, f in enumerate(self.rest) if at not in self.placed and f.numbers]
        missing = [m for m in range(len(self.plan)) if m not in self.filled]
        self.answers += [self._inline(m) or self._why_not(m) for m in missing]
        return Planned(self.filled, self.further, [*left, *self.loose], self.answers)

    def _hint(self) -> None:
        """Let what suits no module go to the only one that says its whole name, or a whole phrase of it."""
        dull = self.common | {stem(word) for word in (*words(self.module), *words(self.main))}
        for at, subject in enumerate(self.subjects):
            hints = [(m, hint(one, subject, dull)) for m, one in enumerate(self.plan)]
            found = [m for m, score in hints if score]
            if len(found) == 1 and not any(row[at] for row in self.scores):
                self.scores[found[0]][at] = hints[found[0]][1]

    def _long_types(self) -> dict[int, int]:
        """Return by module the family too long for a file that it is about."""
        long = [f for f in self.homes if self._is_long(f)]
        return {self.homes[f]: f for f in sorted(long, key=lambda f: (self.scores[self.homes[f]][f], -f))}

    def _is_long(self, family: int) -> bool:
        return self.families[family].length > self.limits.max_lines

    def _is_cut(self, family: int) -> bool:
        """Whether pieces of a family may go where they suit best: functions only share what they use."""
        return self._is_long(family) or not (self.subjects[family].home or family in self.homes)

    def _home(self, family: int) -> int | None:
        """Return the one module that a family suits best; of a long one it has the name, or names it."""
        long, home = self._is_long(family), self.subjects[family].home
        least = ABOUT if long else 0.0
        others = {s.type_words for s in self.subjects if s.type_words != self.subjects[family].type_words}
        found = [
            (row[family], -m)
            for m, row in enumerate(self.scores)
            if row[family] > 0 and not (long and self.plan[m].name in others)
            if not long or home in self.plan[m].named or self.plan[m].says(home)
        ]
        best = max(found, default=(0.0, 0))
        tied = sum(score == best[0] for score, _ in found) > 1
        return -best[1] if best[0] > 0 and best[0] >= least and not tied else None

    def _claims(self) -> Iterator[_Claim]:
        """Yield what of each family is about a module that is about something else than its type."""
        types = type_words(name for family in self.families for name in family.types)
        for at, family in enumerate(self.families if self.plan else ()):
            home = self.subjects[at].home
            pieces = self._pieces(family, home)
            subjects = [subject_of(piece, inside=home) for piece in pieces]
            common = common_words(subjects) | (types if home else set())
            open_ = [m for m in range(len(self.plan)) if self._takes_pieces(m, at)]
            for piece, subject in zip(pieces, subjects, strict=True):
                found = [(fit(self.plan[m], subject, common), -m) for m in open_]
                score, module = max(found, default=(0.0, 0))
                if score and sum(other == score for other, _ in found) == 1:
                    yield _Claim(score, -module, at, piece)

    def _spread(self) -> None:
        """Give a module that would have nothing what has all words of its name, from one that has more."""
        claiming = {claim.module for claim in self.claims if self._is_cut(claim.family)}
        for module in sorted({*range(len(self.plan))} - {*self.homes.values()} - claiming):
            held = Counter(self.homes.values())
            name = self.plan[module].name
            found = [
                f
                for f, home in self.homes.items()
                if held[home] > 1 and self.scores[module][f] and self.scores[home][f] < KIND
                if all(self.subjects[f].present.get(word, 0.0) >= PRESENT for word in name)
            ]
            if found:
                self.homes[max(found, key=lambda f: (self.scores[module][f], -f))] = module

    def _pieces(self, family: Family, home: str) -> list[Family]:
        """Return what can be cut off a type, its methods and impls; of functions each, and their types."""
        if home:
            return [a for a in atoms(family, self.limits) if not any(p.defines_type for p in a.parts)]
        apart: dict[str, list[int]] = {}
        for number in family.numbers:
            apart.setdefault(family.graph.parts[number].home, []).append(number)
        functions = Family(family.graph, tuple(apart.pop("", ())))
        return [Family(family.graph, tuple(n)) for n in apart.values()] + atoms(functions, self.limits)

    def _takes_pieces(self, module: int, family: int) -> bool:
        """Whether a module may have pieces of a family: of methods none that is called after another type."""
        own = [self.subjects[f] for f, home in self.homes.items() if home == module]
        if self.homes.get(family) == module:
            return False
        return not self.subjects[family].home or not any(is_called_after(self.plan[module], s) for s in own)

    def _add(self, module: int, piece: Family, most: int) -> bool:
        whole = self.filled[module].joined(piece) if module in self.filled else piece
        if whole.length > most:
            return False
        self.filled[module] = whole
        return True

    def _fill(self, module: int) -> None:
        """Give a module the families that suit it best, the best first."""
        mine = [f for f, home in self.homes.items() if home == module and self.rest[f].numbers]
        found = [f for f in mine if f not in self.placed]
        for family in sorted(found, key=lambda f: (-self.scores[module][f], f)):
            if self._add(module, self.rest[family], self.limits.max_lines):
                self.placed.add(family)
            elif self.scores[module][family] >= ABOUT:
                name, home = self.plan[module].plan.name, self.subjects[family].home
                self.answers.append(f"`{home}` is not in the planned module `{name}`: that would be too long")

    def _second_best(self) -> None:
        """Give what the best module has no room for to the next that it suits."""
        for family in [f for f in self.homes if f not in self.placed and self.rest[f].numbers]:
            ranked = sorted(range(len(self.plan)), key=lambda m: (-self.scores[m][family], m))
            for module in [m for m in ranked if self.scores[m][family] > 0 and m != self.homes[family]]:
                if not self._is_long(family) and self._add(module, self.rest[family], self.limits.max_lines):
                    self.placed.add(family)
                    break

    def _by_role(self) -> None:
        """Fill ``types`` with data types, and ``utils`` with functions that several modules use."""
        roles = {m: one.role for m, one in enumerate(self.plan) if m not in self.filled and one.role}
        for module, role in sorted(roles.items()):
            free = [f for f in range(len(self.rest)) if f not in self.placed and self.rest[f].numbers]
            for at in [f for f in free if self._has_role(self.rest[f], role)]:
                if self._add(module, self.rest[at], self.limits.max_lines):
                    self.placed.add(at)

    def _has_role(self, family: Family, role: str) -> bool:
        if role == "types":
            return is_data(family) and all(part.defines_type for part in family.parts)
        users = family.users()
        using = {at for at, one in enumerate(self.rest) if any(n in users for n in one.numbers)}
        return not family.types and all(part.kind == "fn" for part in family.parts) and len(using) > 1

    def _divide(self, module: int, at: int) -> None:
        """Fill a module with what a long type is by itself, leaving room for its kin.

        Functions that only make or use it go first, then what ``divided`` cuts off.
        """
        kin = [f for f, home in self.homes.items() if home == module and f != at]
        claimed = [self.filled[module]] if module in self.filled else []
        others = [*claimed, *(self.rest[f] for f in kin)]
        whole = self.rest[at]
        apart = {n for piece in self._functions(module, at) for n in piece.numbers}
        if apart and self._with_helpers(whole.joined(*others)).length > self.limits.about:
            self.loose.append(replace(whole, numbers=tuple(sorted(apart))))
            whole = replace(whole, numbers=tuple(n for n in whole.numbers if n not in apart))
        self.placed.add(at)
        if whole.joined(*others).length <= self.limits.whole:
            self.placed.update(kin)
            self.filled[module] = whole.joined(*others)
            return
        home = self.subjects[at].home
        needed = sum(other.lines for other in others)
        room = self.limits.max_lines - (needed if 2 * needed < self.limits.max_lines else 0)
        limits = replace(self.limits, max_lines=room)
        first, *pieces = divided(whole, limits, dull_words(home, self.module))
        self.filled[module] = first.family.joined(*claimed)
        for piece in pieces:
            names = topic_names(piece.family, piece.topics, piece.reason, self.main, home)
            self.further.append(Module(piece.family, tuple(names)))
            self.origin.update(dict.fromkeys(piece.family.numbers, module))

    def _functions(self, module: int, at: int) -> Iterator[Family]:
        """Yield the public functions in a type's family, each with its helpers, that a plan does not name."""
        for atom in atoms(self.rest[at], self.limits):
            heads = [part.name for part in atom.parts if not part.private]
            free = all(part.kind == "fn" for part in atom.parts) and self.plan[module].named.isdisjoint(heads)
            if heads and free and self.rest[at].types:
                yield atom

    def _with_helpers(self, whole: Family) -> Family:
        """Return what is to be in one file with what is private and only that uses."""
        waiting = [f for f in range(len(self.rest)) if f not in self.placed and self._is_private(f)]
        outside = [f for f in waiting if {*whole.numbers}.isdisjoint(self.rest[f].numbers)]
        return whole.joined(*(self.rest[f] for f in self._used_only_by({*whole.numbers}, outside)))

    def _is_private(self, family: int) -> bool:
        return all(part.private or part.kind in ("impl", "extern") for part in self.rest[family].parts)

    def _follow(self) -> None:
        """Let what only a module uses go there: if it is private, or short, or has a word of the plan."""
        for module, whole in sorted(self.filled.items()):
            inside = {*whole.numbers, *(n for n, origin in self.origin.items() if origin == module)}
            said = self.plan[module].said - self.common
            waiting = [
                f
                for f, family in enumerate(self.rest)
                if family.numbers and f not in self.placed
                if self._is_private(f)
                or family.lines < _TINY * self.limits.min_lines
                or any(self.subjects[f].present.get(word, 0.0) >= PRESENT for word in said)
            ]
            long = whole.length > self.limits.max_lines
            for family in self._used_only_by(inside, waiting):
                most = self.limits.whole if long and self._is_private(family) else self.limits.max_lines
                if self._add(module, self.rest[family], most):
                    self.placed.add(family)

    def _used_only_by(self, inside: set[int], waiting: Sequence[int]) -> list[int]:
        """Return the families that only ``inside`` uses, or what only that uses."""
        users = {f: {*self.rest[f].users()} for f in waiting}
        kept = {f: self.rest[f].numbers for f in waiting}
        while foreign := [f for f in kept if not users[f] <= inside.union(*kept.values()) or not users[f]]:
            kept = {f: numbers for f, numbers in kept.items() if f not in foreign}
        reached = set(inside)
        found: list[int] = []
        while near := [f for f in kept if f not in found and not users[f].isdisjoint(reached)]:
            found += near
            reached = reached.union(*(kept[f] for f in near))
        return found

    def _inline(self, module: int) -> str:
        """Return what is said of a module whose name an inline one has: its file is not made here."""
        one, graph = self.plan[module], self.families[0].graph if self.families else None
        if graph is None or not any(part.kind == "mod" and part.name == one.label for part in graph.parts):
            return ""
        return f"the planned module `{one.plan.name}` is an inline module of the file already"

    def _why_not(self, module: int) -> str:
        """Return why a module is not made."""
        begin = f"the planned module `{self.plan[module].plan.name}` is not made"
        if self.plan[module].is_vague:
            return f"{begin}: it says nothing that tells what belongs there"
        if better := self._better(module):
            return f"{begin}: what is about it is in `{better}`"
        claims = [c for c in self.claims if c.module == module and self.subjects[c.family].home]
        if claims:
            said = _listed(part for claim in claims for part in claim.piece.parts)
            homes = sorted({f"`{self.subjects[c.family].home}`" for c in claims})
            return f"{begin}: what is about it ({said}) belongs to {' and '.join(homes)}"
        about = self._about(module)
        if staying := [part for part in about if not part.movable]:
            return f"{begin}: what is about it ({_listed(staying)}) has to stay"
        if about:
            return f"{begin}: what is about it ({_listed(about)}) goes with what uses it"
        said = self.plan[module].plan.description
        return (
            f"{begin}: no item is called `{self.plan[module].label}`"
            + (f' or what "{said}" says' if said else "")
            + "; what belongs there goes there if the plan names it"
        )

    def _better(self, module: int) -> str:
        """Return the module that has what would suit this one best, but suits that better."""
        suits = [
            (self.scores[module][f], -f) for f in self.homes if self.scores[module][f] and f in self.placed
        ]
        return self.plan[self.homes[-max(suits)[1]]].plan.name if suits else ""

    def _about(self, module: int) -> list[Part]:
        """Return what would suit a module by itself."""
        graph = self.families[0].graph if self.families else None
        return [
            part
            for number, part in enumerate(graph.parts if graph else ())
            if part.kind != "mod"
            if graph and fit(self.plan[module], subject_of(Family(graph, (number,))), self.common)
        ]


def _listed(parts: Iterable[Part]) -> str:
    return ", ".join(list(dict.fromkeys(f"`{part.called}`" for part in parts if part.called))[:_SHOWN])
