"""The split as a person may see and change it: pieces by name, where each goes, and why."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence

from remediate.codemods.split_file.analyze.immovable import SENTENCES
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import AS_PLANNED, FACADE, Draft, Group, Survey
from remediate.codemods.split_file.plans.arrangement import Arrangement, Piece, Tie, name_problem
from remediate.codemods.split_file.taken_names import taken_names
from remediate.edits import Change
from remediate.model import PlannedModule, Skip

_UNLISTED = {"use", "extern crate", "error"}
_MOST_NAMED = 3


def keys(survey: Survey) -> dict[str, int]:
    """Return the key of every piece that a plan can speak of, with its unit's index, in file order."""
    found: dict[str, int] = {}
    for unit in survey.units:
        if unit.own.kind not in _UNLISTED and not (unit.item.kind == "mod" and unit.item.body is None):
            key, number = _key(unit), 1
            while (key if number == 1 else f"{key} ({number})") in found:
                number += 1
            found[key if number == 1 else f"{key} ({number})"] = unit.index
    return found


def _key(unit: Unit) -> str:
    if unit.member is not None:
        return f"{unit.member.kind} {unit.title}"
    if unit.item.kind == "impl":
        whole = (
            f"{unit.item.trait} for {unit.item.self_type}" if unit.item.trait else f"{unit.item.self_type}"
        )
        return f"impl {' '.join(whole.split())}"
    bang = "!" if unit.item.kind in {"macro", "macro_rules"} else ""
    return f"{unit.item.kind}{bang} {unit.item.name or ''}".strip()


def arranged(
    survey: Survey, wanted: Sequence[PlannedModule]
) -> tuple[tuple[Group, ...], dict[int, str]] | Skip:
    """Return the groups a plan asks for, and why pieces it wants moved stay: sentences by unit."""
    known, path = keys(survey), survey.ground.path
    unknown = [key for module in wanted for key in module.items if key not in known]
    if unknown:
        return Skip("plan-mismatch", f"{path} has no `{unknown[0]}`, which the plan names.")
    for module in wanted:
        if problem := name_problem(module.name, taken_names(survey)):
            return Skip("plan-mismatch", f"no module of {path} can be called `{module.name}`: {problem}.")
    asked = {known[key]: module.name for module in wanted for key in module.items}
    bound = {*survey.pins, *survey.company}
    held = {i: _held(survey, i) for i in asked if i in bound and not _follows(survey, i, asked)}
    held |= {i: "another item of its name goes elsewhere" for i in _parted(survey, asked) if i not in held}
    public = {module.name: module.public for module in wanted}
    members: dict[str, list[int]] = defaultdict(list)
    for index in sorted(set(asked) - set(held)):
        members[asked[index]].append(index)
    groups = [Group(name, tuple(units), AS_PLANNED, public[name]) for name, units in members.items()]
    return tuple(sorted(groups, key=lambda g: g.units)), held


def _parted(survey: Survey, asked: Mapping[int, str]) -> Iterator[int]:
    """Yield the units that share a name (``#[cfg]`` duplicates) and would not stay together."""
    sharing: dict[object, list[int]] = defaultdict(list)
    for unit in survey.units:
        for name in unit.names:
            sharing[name].append(unit.index)
    for units in sharing.values():
        if len({asked.get(i, FACADE) for i in units}) > 1:
            yield from (i for i in units if i in asked)


def _follows(survey: Survey, index: int, asked: Mapping[int, str]) -> bool:
    """Whether a unit is asked to go where all go that it has to be with."""
    others = survey.company.get(index, frozenset())
    return bool(others) and {asked.get(other, FACADE) for other in others} == {asked[index]}


def _held(survey: Survey, index: int) -> str:
    code = survey.pins.get(index, "made-private")
    return f"{code}: {SENTENCES[code]}"


def described(draft: Draft, change: Change) -> Arrangement:
    """Return a draft as an arrangement; ``change`` is what it renders to."""
    survey = draft.survey
    ground, known = survey.ground, keys(survey)
    after = change.result(ground.package.files)
    names = {index: key for key, index in known.items()}
    by_module = {g.name: [names[i] for i in g.units] for g in draft.alive}
    paths = {FACADE: ground.facade, **{g.name: ground.child_path(g.name) for g in draft.alive}}
    return Arrangement(
        path=ground.path,
        facade=ground.facade,
        modules=tuple(
            PlannedModule(g.name, g.reason, g.public, items=tuple(by_module[g.name])) for g in draft.alive
        ),
        pieces=tuple(_piece(draft, key, survey.units[i], names, after) for key, i in known.items()),
        ties=tuple(_ties(draft)),
        sizes={name: (after[path] or b"").count(b"\n") for name, path in paths.items()},
        taken=taken_names(survey),
    )


def _piece(draft: Draft, key: str, unit: Unit, names: Mapping[int, str], made: Collection[str]) -> Piece:
    text, place = draft.survey.ground.source.text, draft.place[unit.index]
    line = text.count(b"\n", 0, unit.own.lead) + 1
    held = _held(draft.survey, unit.index) if unit.index in draft.survey.pins else ""
    own_file = draft.survey.ground.child_path(unit.item.name or "")
    if unit.item.kind == "mod" and own_file in made:
        held = f"declaration: its body becomes {own_file}"
    why = held or "; ".join(_reasons(draft, unit, names)) or "nothing else in the file is tied to it"
    lines = text.count(b"\n", unit.own.lead, unit.own.end) + 1
    return Piece(key, line, lines, place, why, held)


def _reasons(draft: Draft, unit: Unit, names: Mapping[int, str]) -> Iterator[str]:
    """Yield what ties a piece to the others in its place, the strongest first."""
    here = [i for i, place in draft.place.items() if place == draft.place[unit.index] and i in names]
    needs, units = draft.survey.needs, draft.survey.units
    types = {n for i in here for n, _ in units[i].names}
    if unit.item.kind == "impl" and unit.type_name in types:
        yield f"of {unit.type_name}"
    fields = Counter(s.key for i in here if i != unit.index for s in needs[i].symbols if s.kind == "field")
    shared = sorted(s.key for s in needs[unit.index].symbols if s.kind == "field" and fields[s.key])
    if shared:
        yield f"shares {_listed(shared)}"
    used = {s.unit for s in needs[unit.index].symbols if s.unit in here and s.unit != unit.index}
    if used:
        yield f"uses {_listed(names[i] for i in sorted(used))}"
    users = [i for i in here if i != unit.index and any(s.unit == unit.index for s in needs[i].symbols)]
    if users:
        yield f"used by {_listed(names[i] for i in users)}"
    if draft.place[unit.index] == FACADE:
        yield from _used_from(draft, unit)


def _used_from(draft: Draft, unit: Unit) -> Iterator[str]:
    """Yield which new modules use a piece that stays: there they see its private parts."""
    modules = {
        draft.place[i]
        for i, needs in enumerate(draft.survey.needs)
        if any(s.unit == unit.index for s in needs.symbols)
    }
    if modules - {FACADE}:
        yield f"seen by {_listed(sorted(modules - {FACADE}))}"


def _listed(words: Iterable[str]) -> str:
    found = list(words)
    more = len(found) - _MOST_NAMED
    return ", ".join(found[:_MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _ties(draft: Draft) -> Iterator[Tie]:
    found: dict[tuple[str, str], set[str]] = defaultdict(set)
    for unit, needs in zip(draft.survey.units, draft.survey.needs, strict=True):
        for symbol in needs.symbols:
            pair = (draft.place[unit.index], draft.place[symbol.unit])
            if pair[0] != pair[1]:
                found[pair].add(symbol.key)
    for (source, target), names in sorted(found.items()):
        yield Tie(source, target, tuple(sorted(names)))
