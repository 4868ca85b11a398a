"""Which names of M a place has whatever is compiled, and the link targets that its documentation needs."""

from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import FACADE, Draft, Group
from remediate.codemods.split_file.imports.documentation import head_span, link_edits
from remediate.codemods.split_file.imports.import_planner import cfg_of
from remediate.codemods.split_file.imports.import_text import defining_cfg, rebased_path
from remediate.codemods.split_file.imports.imported import ModuleImports, Wiring
from remediate.codemods.split_file.imports.reachable import is_passed_on, named_elsewhere
from remediate.edits import Edit
from remediate.rust.syntax.cfg import Cfg, disjoint, without


def links_of(draft: Draft, wiring: Wiring, here: str) -> tuple[Edit, ...]:
    """Return the edits of the documentation in a place that let its links resolve."""
    place = wiring.facade if here == FACADE else wiring.children[here]
    always = _always_known(draft, here)
    units = [u for u in draft.survey.units if draft.place[u.index] == here and u.item.kind != "mod"]
    spans = [head_span(draft)] if here == FACADE else []
    spans += [(u.own.lead, u.end) for u in units]

    def is_known(name: str, cfg: Cfg) -> bool:
        return name in always or _is_imported(draft, place, here, name, cfg)

    return tuple(
        edit
        for span in spans
        for edit in link_edits(draft, here, span, is_known, lambda path: rebased_path(draft, here, path))
    )


def _always_known(draft: Draft, here: str) -> set[str]:
    """Return the names that a place defines itself, and those that the facade passes on."""
    found = {n for u in draft.survey.units if draft.place[u.index] == here for n, _ in u.names}
    if here == FACADE:
        found |= {one.name for one in draft.survey.ground.scope.imports if not one.visibility.private}
        found |= _passed_on(draft)
    return found


def _is_imported(draft: Draft, place: ModuleImports, here: str, name: str, held: Cfg) -> bool:
    """Whether a place imports what a name means in M, wherever M has it and ``held`` holds.

    Of what M has under cfgs each that may hold has to be imported; of what it always has one is enough.
    """
    scope = draft.survey.ground.scope
    asked: list[tuple[Cfg, str, list[Cfg] | None]] = [
        (one.cfg, f"use:{one.leaf.start}", place.leaves.get(one.leaf.start))
        for one in scope.imported.get(name, ())
    ]
    asked += [
        (defining_cfg(draft, name, where), name, place.names.get((name, where)))
        for where in {draft.place_of_item(d.item.start) for d in scope.defined.get(name, ())}
    ]
    found: dict[Cfg, bool] = {}
    for own, key, places in asked:
        cfg = None if places is None else cfg_of(draft, here, key, places, own)
        is_there = cfg is not None and not without(cfg, (*own, *held))
        found[own] = found.get(own, False) or is_there
    relevant = [is_there for own, is_there in found.items() if not disjoint(own, held)]
    return found.get((), False) or (bool(relevant) and all(relevant))


def _passed_on(draft: Draft) -> set[str]:
    """Return the names of new modules that the facade re-exports whatever is compiled."""
    units = draft.survey.units
    return {
        name
        for group in draft.alive
        for unit in (units[i] for i in group.units)
        for name, _ in unit.names
        if _is_always_passed_on(draft, group, unit, name)
    }


def _is_always_passed_on(draft: Draft, group: Group, unit: Unit, name: str) -> bool:
    if group.name in draft.revision.globs or not is_passed_on(draft, unit, name):
        return not unit.visible(name).private and group.name in draft.revision.globs
    asked = [()] if unit.visible(name).kind == "pub" else named_elsewhere(draft, name)
    return cfg_of(draft, FACADE, name, list(asked), ()) == ()
