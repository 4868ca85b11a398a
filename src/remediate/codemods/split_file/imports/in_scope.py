"""Which names of M a place has whatever is compiled, and the link targets that its documentation needs."""

from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import FACADE, Draft, Group
from remediate.codemods.split_file.imports.documentation import head_span, is_for_rustdoc, link_edits
from remediate.codemods.split_file.imports.import_planner import cfg_of
from remediate.codemods.split_file.imports.import_text import defining_cfg, rebased_path
from remediate.codemods.split_file.imports.imported import Wiring
from remediate.codemods.split_file.imports.reachable import is_passed_on, named_elsewhere
from remediate.edits import Edit


def links_of(draft: Draft, wiring: Wiring, here: str) -> tuple[Edit, ...]:
    """Return the edits of the documentation in a place that let its links resolve."""
    known = _known(draft, wiring, here)
    units = [u for u in draft.survey.units if draft.place[u.index] == here and u.item.kind != "mod"]
    spans = [head_span(draft)] if here == FACADE else []
    spans += [(u.own.lead, u.end) for u in units]
    return tuple(
        edit
        for span in spans
        for edit in link_edits(draft, here, span, known, lambda path: rebased_path(draft, here, path))
    )


def _known(draft: Draft, wiring: Wiring, here: str) -> frozenset[str]:
    place = wiring.facade if here == FACADE else wiring.children[here]
    found = {n for u in draft.survey.units if draft.place[u.index] == here for n, _ in u.names}
    for (name, where), asked in place.names.items():
        own = defining_cfg(draft, name, where)
        if not own and cfg_of(draft, here, name, asked, own) == ():
            found.add(name)
    for one in draft.survey.ground.scope.imports:
        cfgs = place.leaves.get(one.leaf.start)
        kept = cfgs is not None and cfg_of(draft, here, f"use:{one.leaf.start}", cfgs, one.cfg) == ()
        if kept and (not one.cfg or is_for_rustdoc(one.cfg)):
            found.add(one.name)
        if here == FACADE and not one.visibility.private:
            found.add(one.name)
    return frozenset(found | (_passed_on(draft) if here == FACADE else set()))


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
    if group.name in draft.lessons.globs or not is_passed_on(draft, unit, name):
        return not unit.visibility.private and group.name in draft.lessons.globs
    asked = [()] if unit.visibility.kind == "pub" else named_elsewhere(draft, name)
    return cfg_of(draft, FACADE, name, list(asked), ()) == ()
