"""Which unit goes where: the file as parts and links for ``cohesion``, and its answer as groups of units."""

from collections import defaultdict
from dataclasses import replace

from remediate.codemods.split_file.cohesion import Limits, Link, Part, Sorter, parts_and_links
from remediate.codemods.split_file.draft import Group, Slack, Survey
from remediate.codemods.split_file.settling import settled
from remediate.codemods.split_file.taken_names import taken_names
from remediate.codemods.split_file.uses import Needs
from remediate.model import PlannedModule

_OUTSIDE = Part(key="modules below", lines=0, kind="mod", name=None, position=1_000_000, movable=False)
_NONE = Slack()
_HEAD = {"use", "extern crate"}


class Grouper:
    """Groups the units of a file, again and again: what speaks for it is gathered once."""

    def __init__(self, survey: Survey) -> None:
        self._survey, self._facade_lines = survey, _facade_lines(survey)
        ground = survey.ground
        cut = {n for n, i in enumerate(ground.items) if any(u.member and u.item is i for u in survey.units)}
        parts, links = parts_and_links(ground.source, cut=cut)
        self._units = _units(survey, parts)
        fixed = [replace(p, movable=p.movable and self._units[p.key] not in survey.pins) for p in parts]
        precise = _links(survey, links, {i: k for k, i in self._units.items()})
        self._sorter = Sorter([*fixed, _OUTSIDE], precise, taken_names(survey), _own_name(survey))

    def grouped(self, planned: tuple[PlannedModule, ...], slack: Slack = _NONE) -> tuple[Group, ...]:
        """Return the new modules; what is in none of them stays. ``slack`` makes them, and it, smaller."""
        options, units = self._survey.options, self._units
        limits = Limits(
            options.max_lines - slack.modules,
            options.min_lines,
            self._facade_lines + max(0, slack.facade - slack.modules),
        )
        answer = self._sorter.group(limits, planned)
        found = tuple(
            Group(g.name, tuple(sorted(units[k] for k in g.members)), g.reason, g.public)
            for g in answer.groups
        )
        return self._renamed(found, settled(self._survey, found, slack))

    def _renamed(self, before: tuple[Group, ...], after: tuple[Group, ...]) -> tuple[Group, ...]:
        """Return settled groups, those that units have left with names of what is still there."""
        were = {group.name: group for group in before}
        keys = {index: key for key, index in self._units.items()}
        left = {
            group.name: [keys[i] for i in group.units if i in keys]
            for group in after
            if set(were[group.name].units) - set(group.units) and not group.reason.startswith("planned")
        }
        named = self._sorter.named_again(left, [g.name for g in after if g.name not in left])
        return tuple(
            replace(g, name=named[g.name][0], reason=named[g.name][1]) if g.name in named else g
            for g in after
        )


def _own_name(survey: Survey) -> str:
    """Return the name of the module to split: of a library's root the library's."""
    ground = survey.ground
    return ground.module.name if ground.module.parent else ground.package.name.replace("-", "_")


def _facade_lines(survey: Survey) -> int:
    """Return the lines of what is no part: the file's head, its imports, its module declarations."""
    source = survey.ground.source
    lines = sum(
        u.lines for u in survey.units if u.item.kind in _HEAD or (u.item.kind == "mod" and not u.item.body)
    )
    first = survey.units[0].start if survey.units else 0
    return lines + source.text.count(b"\n", 0, first)


def _units(survey: Survey, parts: tuple[Part, ...]) -> dict[str, int]:
    """Return the unit of each part, by the part's key."""
    first = {u.item.start: u.index for u in reversed(survey.units)}
    items = survey.ground.items
    return {p.key: first[items[p.item].start] + (p.member or 0) for p in parts}


def _links(survey: Survey, links: tuple[Link, ...], keys: dict[int, str]) -> list[Link]:
    """Return the links with the visibility edits that resolved names ask for, not bare ones."""
    edits: dict[tuple[str, str], set[str]] = defaultdict(set)
    for unit, needs in zip(survey.units, survey.needs, strict=True):
        if unit.index in keys:
            _collect(edits, keys[unit.index], needs, keys)
    for below in survey.below:
        _collect(edits, _OUTSIDE.key, below.by_glob, keys)
        _collect(edits, _OUTSIDE.key, below.by_path, keys)
    known = {(one.source, one.target) for one in links}
    found = [replace(one, edits=frozenset(edits.get((one.source, one.target), ()))) for one in links]
    found += [
        Link(s, t, 0.0, frozenset(names)) for (s, t), names in sorted(edits.items()) if (s, t) not in known
    ]
    return found


def _collect(edits: dict[tuple[str, str], set[str]], source: str, needs: Needs, keys: dict[int, str]) -> None:
    for symbol in needs.symbols:
        target = keys.get(symbol.unit)
        if symbol.visibility.private and target is not None and target != source:
            edits[(source, target)].add(symbol.key)
