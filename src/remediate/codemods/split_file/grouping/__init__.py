"""Which units of a large file belong together, and what their modules are called.

    Grouper(survey).grouped(planned, longer) -> Grouping

One objective (``objective``), one search for it (``search``); families (``families``) are never parted where
they fit a file. The answer depends on the file and the plan only.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from remediate.codemods.split_file.draft import Group, Survey
from remediate.codemods.split_file.grouping.affinity import affinity
from remediate.codemods.split_file.grouping.families import Family, families
from remediate.codemods.split_file.grouping.naming import Name, Namer, is_free
from remediate.codemods.split_file.grouping.objective import ENOUGH_USERS, SHARED_LINES, State
from remediate.codemods.split_file.grouping.objective import planned as planned_group
from remediate.codemods.split_file.grouping.parts import Link, Part, links, parts
from remediate.codemods.split_file.grouping.plan_fit import fits
from remediate.codemods.split_file.grouping.search import search
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.taken_names import taken_names
from remediate.model import PlannedModule

__all__ = ["Grouper", "Grouping"]


@dataclass(frozen=True)
class Grouping:
    """The new modules, and what a plan asked for that could not be done, as sentences."""

    groups: tuple[Group, ...]
    unanswered: tuple[str, ...] = ()


class Grouper:
    """Groups the units of a file, again and again: what speaks for it is gathered once."""

    def __init__(self, survey: Survey) -> None:
        self._survey = survey
        self._parts, self._links = parts(survey), links(survey)
        self._taken, self._module = _taken(survey), _own_name(survey)

    def grouped(
        self, planned: Sequence[PlannedModule] = (), longer: Mapping[int, int] | None = None
    ) -> Grouping:
        """Return the new modules; what is in none of them stays.

        ``longer`` says by how many lines units are longer in a file than they seemed, by index.
        """
        options = self._survey.options
        known = [replace(p, lines=p.lines + (longer or {}).get(p.index, 0)) for p in self._parts]
        limits = Limits(options.max_lines, options.min_lines)
        kin = families(known, self._links, limits)
        wanted = [p for p in planned if p.name]
        state = State(kin, affinity(kin, self._links), limits, fits(wanted, kin), _shared(kin, self._links))
        labels = {part.index: family.label for family in kin for part in family.parts}
        namer = Namer(known, self._taken, self._module, labels)
        search(state, _Qualities(namer))
        return _named(state, namer, wanted, _missing_exports(self._survey, wanted))


class _Qualities:
    """The quality of the best name of families, remembered."""

    def __init__(self, namer: Namer) -> None:
        self._namer = namer
        self._known: dict[tuple[int, ...], float] = {}

    def __call__(self, members: Sequence[Family]) -> float:
        key = tuple(sorted(f.number for f in members))
        if key not in self._known:
            self._known[key] = self._namer.best(_parts(members)).quality
        return self._known[key]


def _parts(members: Sequence[Family]) -> list[Part]:
    return sorted((part for family in members for part in family.parts), key=lambda part: part.index)


def _shared(kin: Sequence[Family], found: Sequence[Link]) -> frozenset[int]:
    """Return the families that several others use, and that are no types with impls."""
    home = {part.index: family.number for family in kin for part in family.parts}
    users: dict[int, set[int]] = defaultdict(set)
    for link in found:
        if link.source in home and link.target in home:
            users[home[link.target]].add(home[link.source])
    return frozenset(
        family.number
        for family in kin
        if len(users[family.number] - {family.number}) >= ENOUGH_USERS
        and family.lines <= SHARED_LINES
        and family.parts[0].kind in ("const", "static", "type", "fn")
    )


def _missing_exports(survey: Survey, wanted: Sequence[PlannedModule]) -> Iterator[str]:
    """Yield what is to be said of names that a plan re-exports and that the file does not have."""
    known = {name for unit in survey.units for name, _ in unit.names} | set(survey.ground.scope.imported)
    for plan in wanted:
        for name in plan.exports:
            if name not in known:
                yield f"the plan re-exports `{name}` from `{plan.name}`, which the file does not define"


def _named(state: State, namer: Namer, wanted: Sequence[PlannedModule], missing: Iterable[str]) -> Grouping:
    """Return the groups in file order; planned ones get their names first, then the best named."""
    members = {g: _parts(state.members(g)) for g in state.children() if state.groups[g]}
    names: dict[int, Name] = {}
    unanswered = list(missing)
    given: set[str] = set()
    for index, plan in enumerate(wanted):
        number = planned_group(index)
        if number not in members:
            unanswered.append(
                f"the planned module `{plan.name}` is not made: nothing in the file is about it"
            )
            continue
        last = plan.name.rpartition("/")[2]
        reason = f"planned: {plan.description}" if plan.description else "planned"
        if is_free(last, namer.taken | given):
            names[number] = Name(last, reason, 1.0)
        else:
            names[number] = replace(namer.best(members[number], given), reason=reason)
            unanswered.append(
                f"the planned module `{plan.name}` is called `{names[number].name}`: that name is taken"
            )
        given.add(names[number].name)
    rest = {g: namer.best(found) for g, found in members.items() if g not in names}
    for number in sorted(rest, key=lambda g: (-rest[g].quality, -state.sizes[g].lines, g)):
        names[number] = namer.best(members[number], given)
        given.add(names[number].name)
    public = {planned_group(i): plan.public for i, plan in enumerate(wanted)}
    said = {planned_group(i): plan.description for i, plan in enumerate(wanted)}
    groups = (
        Group(
            names[g].name,
            tuple(p.index for p in found),
            names[g].reason,
            public.get(g, False),
            said.get(g, ""),
        )
        for g, found in members.items()
    )
    return Grouping(tuple(sorted(groups, key=lambda g: g.units)), tuple(unanswered))


def _own_name(survey: Survey) -> str:
    """Return the name of the module to split: of a library's root the library's."""
    ground = survey.ground
    return ground.module.name if ground.module.parent else ground.package.name.replace("-", "_")


def _taken(survey: Survey) -> frozenset[str]:
    """Return the names that no module may have."""
    return taken_names(survey)
