"""The plan of one finding: each of its markers judged, and what can be done as one change."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from remediate.audit.rules.advice import advice
from remediate.codemods.resolve_markers.aliases import alias
from remediate.codemods.resolve_markers.allowances import allowance
from remediate.codemods.resolve_markers.comments import stale
from remediate.codemods.resolve_markers.fix import Fix
from remediate.codemods.resolve_markers.literals import constant, is_about_a_literal
from remediate.codemods.resolve_markers.options import MarkerOptions
from remediate.codemods.resolve_markers.places import Place, places
from remediate.codemods.resolve_markers.stubs import refusal
from remediate.edits import Change, Edit
from remediate.model import Finding, Skip
from remediate.quantities import quantity
from remediate.rust.codebase import Codebase

_RIGHT = {"test": "test-code", "noun": "not-a-marker", "": "not-a-marker", "honest-error": "honest-error"}


class Judgment(NamedTuple):
    """A marker and what is done about it, or why it stays."""

    place: Place
    answer: Fix | Skip


@dataclass(frozen=True, slots=True)
class Memo:
    """What ``refine`` plans anew with; ``expected`` are the attributes that rustc has asked for."""

    finding: Finding
    options: MarkerOptions
    expected: frozenset[int]
    fixes: tuple[Fix, ...]


def planned(
    codebase: Codebase, finding: Finding, options: MarkerOptions, expected: frozenset[int] = frozenset()
) -> Change | Skip:
    """Return the change for a finding's markers, or why all of them stay."""
    inside = {site.path for site in finding.sites} - {finding.path}
    if inside and finding.path not in codebase.files:
        many = f"{quantity(len(finding.sites), 'marker')} in {quantity(len(inside), 'file')}"
        return Skip("not-simple", f"{finding.path} is a folder, with {many}: look at each file by itself.")
    if finding.path not in codebase.files or not finding.path.endswith(".rs"):
        return Skip("no-marker", f"{finding.path} is no Rust file of the workspace.")
    found = judged(codebase, finding, options, expected)
    done, left = _apart(found)
    if not done:
        return _skipped(finding, left)
    edits = tuple(sorted(edit for fix in done for edit in fix.edits))
    return Change(
        summary=_title(done, finding.path),
        edits={finding.path: edits},
        rewrites={finding.path: edits},
        comments=_by_path(finding.path, tuple(c for fix in done for c in fix.comments)),
        functions=frozenset(f for fix in done for f in fix.functions),
        api=frozenset(a for fix in done for a in fix.api),
        format={finding.path: finding.path},
        notes=tuple(dict.fromkeys(fix.note for fix in done if fix.note)),
        partial=_partial(found, left),
        memo=Memo(finding, options, expected, tuple(done)),
    )


def judged(
    codebase: Codebase, finding: Finding, options: MarkerOptions, expected: Collection[int] = ()
) -> tuple[Judgment, ...]:
    """Return the judgment of each marker that a finding names."""
    return tuple(Judgment(p, _answer(p, options, expected)) for p in places(codebase, finding))


def _answer(place: Place, options: MarkerOptions, expected: Collection[int]) -> Fix | Skip:
    where = f"{place.path}:{place.line}"
    if place.kind in _RIGHT:
        said = place.note if place.kind == "honest-error" else place.said
        return Skip(_RIGHT[place.kind], f"{where}: {said.rstrip('.')}.", mistaken=True)
    if place.rule == "legacy" and (found := alias(place, options)) is not None:
        return found
    if place.kind == "dead-code":
        return allowance(place, expected)
    if place.kind not in ("stub", "simulation"):
        return _working(place, options)
    if options.scaffold:
        return refusal(place)
    said = place.note if place.kind == "stub" else place.said
    return Skip(place.kind, f"{where}: {said.rstrip('.')}.")


def _working(place: Place, options: MarkerOptions) -> Fix | Skip:
    """Answer a marker beside code that does its work."""
    if is_about_a_literal(place):
        return constant(place)
    if options.stale_comments:
        return stale(place)
    return Skip("working-code", f"{place.path}:{place.line}: {place.said.rstrip('.')}.")


def _apart(found: Sequence[Judgment]) -> tuple[list[Fix], list[Skip]]:
    """Return what is done, each edit once, and why the others stay; what lies in an edit goes with it."""
    done: list[Fix] = []
    taken: list[Edit] = []
    left = []
    for place, answer in found:
        if any(edit.start <= place.start < edit.end for edit in taken):
            continue
        if isinstance(answer, Skip):
            left.append(answer)
        elif not any(a.start < b.end and b.start < a.end for a in answer.edits for b in taken):
            done.append(answer)
            taken += answer.edits
        else:
            left.append(
                Skip("not-simple", f"{place.path}:{place.line}: another marker is resolved around it.")
            )
    return done, left


def _skipped(finding: Finding, left: Sequence[Skip]) -> Skip:
    if not left:
        return Skip("no-marker", f"{finding.path} holds no marker where the finding says.")
    # What a person has to do says more than what is right as it is.
    open_ones = [one for one in left if not one.mistaken]
    first = (open_ones or left)[0]
    others = len(left) - 1
    more = f" {quantity(others, 'other marker')} of it stay as well." if others > 1 else ""
    more = " Another marker of it stays as well." if others == 1 else more
    person = f" A person would: {advice(finding.rule)}" if open_ones else ""
    return Skip(first.reason, first.sentence + more + person, mistaken=not open_ones)


def _partial(found: Sequence[Judgment], left: Sequence[Skip]) -> str:
    open_ones = [one for one in left if not one.mistaken]
    return f"{len(open_ones)} of {len(found)} markers stay: {open_ones[0].sentence}" if open_ones else ""


def _title(done: Sequence[Fix], path: str) -> str:
    first = done[0].summary[0].upper() + done[0].summary[1:]
    return first if len(done) == 1 else f"Resolve {quantity(len(done), 'marker')} in {path}"


def _by_path(path: str, comments: tuple[bytes, ...]) -> dict[str, tuple[bytes, ...]]:
    return {path: comments} if comments else {}
