"""The last word on single units: where moving one saves visibility edits, it moves.

Cohesion decides on families, a type with its impls; here a definition alone may stay in the facade, where
every new module sees its private fields.
"""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, replace

from remediate.codemods.split_file.draft import FACADE, Group, Slack, Survey
from remediate.codemods.split_file.symbols import Symbol

_NONE = Slack()
_HEADER = 12
"""Lines that a new module's imports are expected to take."""
_IMPORTS = 4
"""Lines that the imports of a small module take."""
_PER_GROUP = 3
"""Lines of the facade for each new module."""
_CANDIDATES = 12
"""How many units are considered for an exchange, those that gain most first."""
_LARGEST_STAY = 0.6
"""Units of more than this share of the limit are not exchanged into the facade."""
_NEXT_DOOR = 40
"""Units of more lines do not change groups for an edit's sake."""


def settled(survey: Survey, groups: tuple[Group, ...], slack: Slack = _NONE) -> tuple[Group, ...]:
    """Return the groups with units moved as long as each move saves visibility edits and fits."""
    work = _Settling(survey, groups, slack)
    while (moves := work.best() or work.best_exchange()) is not None:
        for unit, target in moves:
            work.move(unit, target)
    work.dissolve([g.name for g in groups if not g.reason.startswith("planned")])
    found = (replace(g, units=tuple(sorted(work.members(g.name)))) for g in groups)
    return tuple(g for g in found if g.units)


@dataclass(frozen=True)
class _Move:
    value: float
    unit: int
    target: str

    def key(self) -> tuple[float, int, str]:
        return (self.value, -self.unit, self.target)


class _Settling:
    def __init__(self, survey: Survey, groups: tuple[Group, ...], slack: Slack) -> None:
        self.survey = survey
        self.place = {u.index: FACADE for u in survey.units}
        for group in groups:
            self.place.update(dict.fromkeys(group.units, group.name))
        self.users, self.outside = _users(survey)
        self.owned: dict[int, list[Symbol]] = defaultdict(list)
        self.used: dict[int, list[Symbol]] = defaultdict(list)
        for symbol in sorted({*self.users, *self.outside}, key=lambda s: s.insert):
            self.owned[symbol.unit].append(symbol)
            for user in self.users.get(symbol, ()):
                self.used[user].append(symbol)
        limit = survey.options.max_lines
        self.room = {g.name: limit - slack.modules - _HEADER - self._lines(g.units) for g in groups}
        fixed = self._lines(u.index for u in survey.units if self.place[u.index] == FACADE)
        self.room[FACADE] = limit - slack.facade - _HEADER - _PER_GROUP * len(groups) - fixed

    def members(self, name: str) -> list[int]:
        return [u for u, where in self.place.items() if where == name]

    def dissolve(self, names: list[str]) -> None:
        """Move what is left of modules that have become too small to be files, each as a whole."""
        least = self.survey.options.min_lines - _IMPORTS
        sizes = {name: self._lines(self.members(name)) for name in names}
        for name in sorted((n for n in names if 0 < sizes[n] < least), key=lambda n: (sizes[n], n)):
            members = self.members(name)
            target = self._host(name, members)
            for unit in members if target is not None else ():
                self.move(unit, target or FACADE)

    def _host(self, name: str, members: list[int]) -> str | None:
        """Return where a small module goes: to what it has most to do with, else to the facade."""
        lines = self._lines(members)
        free = sorted(t for t, room in self.room.items() if t != name and (t == FACADE or self.members(t)))
        near = [(sum(self._nearness(u, t) for u in members), t) for t in free if lines <= self.room[t]]
        best = max(near, default=None)
        if best is not None and best[0] <= 0 and lines <= self.room[FACADE]:
            return FACADE
        return None if best is None else best[1]

    def best(self) -> list[tuple[int, str]] | None:
        """Return the move that saves most edits for its lines, None if none saves any."""
        found = [m for unit in sorted({*self.owned, *self.used}) for m in self._moves(unit)]
        best = max(found, key=_Move.key, default=None)
        return None if best is None else [(best.unit, best.target)]

    def best_exchange(self) -> list[tuple[int, str]] | None:
        """Return moves that make room in the facade for a unit that is worth more there, None if none is."""
        wanted = [(self._gain(u, FACADE), -u) for u in sorted(self.owned) if self._may_enter(u)]
        for gain, negative in sorted(wanted, reverse=True)[:_CANDIDATES]:
            moves = self._exchange(-negative, gain)
            if moves is not None:
                return moves
        return None

    def _may_enter(self, unit: int) -> bool:
        large = self.survey.units[unit].lines > self.survey.options.max_lines * _LARGEST_STAY
        return unit not in self.survey.pins and self.place[unit] != FACADE and not large

    def _exchange(self, unit: int, gain: int) -> list[tuple[int, str]] | None:
        """Return moves out of the facade and a unit's move in, if all of them together save edits."""
        place, room, exposed = dict(self.place), dict(self.room), self._total()
        moves: list[tuple[int, str]] = []
        while self.room[FACADE] < self.survey.units[unit].lines and gain > 0:
            out = self._cheapest_leave()
            if out is None:
                break
            cost, leaving, target = out
            gain -= cost
            self.move(leaving, target)
            moves.append((leaving, target))
        fits = self.room[FACADE] >= self.survey.units[unit].lines
        self.move(unit, FACADE)
        saves = fits and self._total() < exposed
        self.place, self.room = place, room
        return [*moves, (unit, FACADE)] if saves else None

    def _total(self) -> int:
        return sum(self._is_exposed(s) for symbols in self.owned.values() for s in symbols)

    def _cheapest_leave(self) -> tuple[int, int, str] | None:
        """Return (edits, unit, group) of the unit that leaves the facade at the least cost for its lines."""
        found: list[tuple[int, int, int, int, str]] = []
        for unit, home in sorted(self.place.items()):
            lines = self.survey.units[unit].lines
            if home == FACADE and unit not in self.survey.pins:
                for target in sorted(t for t in self.room if t != FACADE and lines <= self.room[t]):
                    near = self._nearness(unit, target)
                    found.append((-self._gain(unit, target), -near, -lines, unit, target))
        best = min(found, default=None)
        return None if best is None else (best[0], best[3], best[4])

    def _nearness(self, unit: int, target: str) -> int:
        """Return how much a unit has to do with a group: names in common, then the distance in the file."""
        needs = self.survey.needs
        ties = sum(self.place[s.unit] == target for s in needs[unit].symbols)
        ties += sum(
            s.unit == unit for u, where in self.place.items() if where == target for s in needs[u].symbols
        )
        nearest = min((abs(unit - u) for u, where in self.place.items() if where == target), default=10_000)
        return 1_000 * ties - nearest

    def move(self, unit: int, target: str) -> None:
        lines = self.survey.units[unit].lines
        self.room[self.place[unit]] += lines
        self.room[target] -= lines
        self.place[unit] = target

    def _moves(self, unit: int) -> Iterable[_Move]:
        if unit in self.survey.pins:
            return
        lines = self.survey.units[unit].lines
        targets = {FACADE}
        if lines <= _NEXT_DOOR and self.place[unit] != FACADE:
            targets |= {self.place[s.unit] for s in self.used.get(unit, ())}
            targets |= {self.place[u] for s in self.owned.get(unit, ()) for u in self.users.get(s, ())}
        for target in sorted(targets - {self.place[unit]}):
            gain = self._gain(unit, target) if lines <= self.room[target] else 0
            if gain > 0:
                yield _Move(gain / lines**0.5, unit, target)

    def _gain(self, unit: int, target: str) -> int:
        touched = dict.fromkeys((*self.owned.get(unit, ()), *self.used.get(unit, ())))
        before = sum(map(self._is_exposed, touched))
        home, self.place[unit] = self.place[unit], target
        after = sum(map(self._is_exposed, touched))
        self.place[unit] = home
        return before - after

    def _is_exposed(self, symbol: Symbol) -> bool:
        home = self.place[symbol.unit]
        if home == FACADE:
            return False
        return symbol in self.outside or any(self.place[u] != home for u in self.users.get(symbol, ()))

    def _lines(self, units: Iterable[int]) -> int:
        # An inline module becomes a file of its own.
        found = (self.survey.units[u] for u in units)
        return sum(2 if unit.item.kind == "mod" else unit.lines for unit in found)


def _users(survey: Survey) -> tuple[dict[Symbol, set[int]], set[Symbol]]:
    """Return the users of each private symbol of another unit, and the symbols that modules below use."""
    users: dict[Symbol, set[int]] = defaultdict(set)
    for unit, needs in zip(survey.units, survey.needs, strict=True):
        for symbol in needs.symbols:
            if symbol.visibility.private and symbol.unit != unit.index:
                users[symbol].add(unit.index)
    below = (n for b in survey.below for n in (b.by_glob, b.by_path))
    return users, {s for needs in below for s in needs.symbols if s.visibility.private}
