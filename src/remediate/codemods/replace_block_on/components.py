"""Which calls belong together: those whose rewrites touch the same functions stand or fall together."""

from collections.abc import Sequence
from dataclasses import replace

from remediate.audit.fingerprint import joined
from remediate.codemods.replace_block_on.judging import Judgment, judge
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.sites import Site, sites
from remediate.model import Finding
from remediate.model import Site as Place


def divided(known: Known, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Return the findings' calls anew: one finding for each component that spreads, the rest by file.

    A rewrite that leaves other functions as they are joins those of its file; so do calls that stay.
    """
    asked = {(place.path, place.line, place.text): place for f in findings for place in f.sites}
    found = [
        (site, asked[site.path, site.line, site.text])
        for path in dict.fromkeys(place.path for place in asked.values())
        for site in sites(known, path)
        if (site.path, site.line, site.text) in asked
    ]
    # What goes with a site is told by its function: what would be left over of an executor is asked later.
    near: dict[str, list[Site]] = {}
    for site, _ in found:
        near.setdefault(known.function_of(site.path, site.name[0]), []).append(site)
    judged = [
        judge(known, site, tuple(near[known.function_of(site.path, site.name[0])])) for site, _ in found
    ]
    groups = _joined(known, judged)
    first = {finding.path: finding for finding in reversed(findings)}
    made = []
    for group in groups:
        places = dict.fromkeys(place for site, place in found if site in group)
        made.append(_finding(first[next(iter(places)).path], tuple(places)))
    return tuple(replace(one, id=str(number)) for number, one in enumerate(made, 1))


def _finding(like: Finding, places: tuple[Place, ...]) -> Finding:
    title = "a blocking call" if len(places) == 1 else f"{len(places)} blocking calls"
    whole = joined(place.fingerprint for place in places)
    return replace(like, sites=places, fingerprint=whole, title=title, path=places[0].path)


def _joined(known: Known, judged: Sequence[Judgment]) -> list[set[Site]]:
    """Return the sites in groups, each in the order of the first of its sites."""
    groups: list[tuple[set[str], set[Site]]] = []
    for one in judged:
        keys = _keys(known, one)
        same = [group for group in groups if group[0] & keys]
        for group in same:
            keys |= group[0]
        members = {one.site}.union(*(group[1] for group in same))
        at = groups.index(same[0]) if same else len(groups)
        groups = [group for group in groups if group not in same]
        groups.insert(min(at, len(groups)), (keys, members))
    return [members for _, members in groups]


def _keys(known: Known, one: Judgment) -> set[str]:
    """Return the functions that a rewrite touches beyond the call's own; its file where there are none."""
    own = known.function_of(one.site.path, one.site.name[0])
    if one.skip is not None or not one.spread.reached - {own}:
        return {one.site.path} if one.skip is not None or one.kind not in _SPREADS else {own}
    return {own, *one.spread.reached}


_SPREADS = frozenset({"M1", "M3", "S"})
