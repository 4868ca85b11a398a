"""The plan of one finding: each of its markers judged, and what can be done as one change."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from remediate.audit.rules.documentation import advice
from remediate.codemods.resolve_markers.aliases import alias
from remediate.codemods.resolve_markers.allowances import allowance
from remediate.codemods.resolve_markers.answers import Judgment, Stays, kept, partial, refused, skipped, title
from remediate.codemods.resolve_markers.comments import stale
from remediate.codemods.resolve_markers.error_types import error_text
from remediate.codemods.resolve_markers.fix import Fix, around
from remediate.codemods.resolve_markers.literals import constant, is_about_a_literal
from remediate.codemods.resolve_markers.options import MarkerOptions
from remediate.codemods.resolve_markers.pending import is_as_written, test_of, tests_for
from remediate.codemods.resolve_markers.places import Place, places
from remediate.codemods.resolve_markers.skeletons import Skeleton, misfit, skeleton
from remediate.codemods.resolve_markers.stubs import scaffold, stub_of, waits
from remediate.edits import Change, Edit
from remediate.model import Finding, Skip, WaitingTest
from remediate.quantities import quantity
from remediate.rust.codebase import Codebase

_RIGHT = {"test": "test-code", "noun": "not-a-marker", "": "not-a-marker", "honest-error": "honest-error"}


class Part(StrEnum):
    """What a scaffold can do without, where rustc or a gate does not take it."""

    SKELETON = "skeleton"
    VARIANTS = "variants"
    REFERENCES = "references"


@dataclass(frozen=True, slots=True)
class Learned:
    """What the compiler has said so far.

    Attributes:
        expected: The attributes that allow dead code and that rustc has asked for.
        given_up: What is left out of scaffolds.
        misfit: What was said of a skeleton that is left out.
    """

    expected: frozenset[int] = frozenset()
    given_up: frozenset[Part] = frozenset()
    misfit: str = ""


NOTHING = Learned()


@dataclass(frozen=True, slots=True)
class Memo:
    """What ``refine`` plans anew with; ``used`` are the parts that the plan holds."""

    finding: Finding
    options: MarkerOptions
    learned: Learned
    fixes: tuple[Fix, ...]
    used: frozenset[Part] = frozenset()


def planned(
    codebase: Codebase, finding: Finding, options: MarkerOptions, learned: Learned = NOTHING
) -> Change | Skip:
    """Return the change for a finding's markers, or why all of them stay."""
    inside = {site.path for site in finding.sites} - {finding.path}
    if inside and finding.path not in codebase.files:
        many = f"{quantity(len(finding.sites), 'marker')} in {quantity(len(inside), 'file')}"
        each = f"`remediate resolve-markers {finding.path}` looks at each file by itself"
        sentence = f"{finding.path} is a folder, with {many}: {each}."
        return Skip("not-simple", f"{sentence} A person would: {advice(finding.rule)}")
    if finding.path not in codebase.files or not finding.path.endswith(".rs"):
        return Skip("no-marker", f"{finding.path} is no Rust file of the workspace.")
    found = judged(codebase, finding, options, learned)
    done, left = _apart(found)
    waiting = [fix.pending for fix in done if fix.pending]
    tests = tests_for(finding, waiting, plain=Part.REFERENCES in learned.given_up)
    frame = Skeleton()
    if options.scaffold and Part.SKELETON in learned.given_up:
        frame = misfit(finding, learned.misfit)
    elif options.scaffold:
        errors = [error for one in waiting if (error := error_text(one.place, one.function))]
        frame = skeleton(codebase, finding, errors)
    if not done and not frame.creations:
        return skipped(finding, left, "" if options.scaffold else _offer(finding, left, options))
    own = {finding.path: (*(edit for fix in done for edit in fix.edits), *tests.edits)}
    edits = _together(own, *(fix.elsewhere for fix in done), frame.edits)
    creations = {**tests.creations, **frame.creations}
    comments = tuple(c for fix in done for c in fix.comments)
    notes = [note for fix in done for note in (fix.note, fix.also) if note]
    return Change(
        summary=title(done, finding.path),
        edits=edits,
        creations=creations,
        rewrites=edits,
        comments={finding.path: comments} if comments else {},
        generated=frozenset(creations),
        functions=frozenset(f for fix in done for f in fix.functions) | frame.functions,
        api=frozenset(a for fix in done for a in fix.api) | frame.api,
        adds_tests=tests.names | frame.names,
        format={path: path if path in edits else finding.path for path in (*edits, *creations)},
        notes=(
            *refused(waiting),
            *kept(done),
            *dict.fromkeys(notes),
            *tests.work,
            *([f"to do: {frame.said}"] if frame.said else []),
        ),
        partial=partial(len(found), left, waiting, frame.said),
        memo=Memo(finding, options, learned, tuple(done), frozenset(_parts(done, frame))),
    )


def _offer(finding: Finding, left: Sequence[Stays], options: MarkerOptions) -> str:
    """Return what the user may ask for instead; "" where no scaffold can be written."""
    wide = options.public_api
    found = [
        scaffold(one.place, variants=True, public_api=wide)
        for one in left
        if one.answer.reason in ("stub", "simulation")
    ]
    waiting = [one.pending for one in found if isinstance(one, Fix) and one.pending]
    if not waiting:
        return ""
    lines = {one.place.line for one in waiting}
    at = f":{lines.pop()}" if len(lines) == 1 else ""
    refusing = sum(one.refuses for one in waiting)
    what = "writes an ignored test" if len(waiting) == 1 else "writes an ignored test for each stub"
    if refusing:
        which = "it return" if len(waiting) == 1 else f"{refusing} of them return"
        what += f", and lets {which} an error until it is written"
    return f"`remediate resolve-markers {finding.path}{at} --scaffold` {what}."


def judged(
    codebase: Codebase, finding: Finding, options: MarkerOptions, learned: Learned = NOTHING
) -> tuple[Judgment, ...]:
    """Return the judgment of each marker that a finding names."""
    return tuple(Judgment(p, _answer(p, options, learned)) for p in places(codebase, finding))


def waiting(codebase: Codebase, finding: Finding) -> tuple[WaitingTest, ...]:
    """Return the tests that wait for what a finding is about, each as a scaffold wrote it."""
    found = places(codebase, finding) if finding.path in codebase.files else ()
    known = (
        test_of(place, function)
        for place in found
        if (function := stub_of(place) or around(place)) is not None
    )
    return tuple(
        dict.fromkeys(test for test in known if test and is_as_written(codebase.files[test.path], test))
    )


def _parts(done: Sequence[Fix], frame: Skeleton) -> list[Part]:
    used = [Part.SKELETON] if frame.creations else []
    used += [Part.VARIANTS] if any(fix.elsewhere for fix in done) else []
    return [*used, Part.REFERENCES] if any(fix.pending for fix in done) else used


def _answer(place: Place, options: MarkerOptions, learned: Learned) -> Fix | Skip:  # noqa: PLR0911 - one per class
    where = f"{place.path}:{place.line}"
    if place.kind in _RIGHT:
        function = around(place) if place.kind == "honest-error" else None
        if function and (test := test_of(place, function)):
            return waits(place, test)  # it refuses because a scaffold made it do so
        said = place.note if place.kind == "honest-error" else place.said
        return Skip(_RIGHT[place.kind], f"{where}: {said.rstrip('.')}.", mistaken=True)
    if place.rule == "legacy" and (found := alias(place, options)) is not None:
        return found
    if place.kind == "dead-code":
        return allowance(place, learned.expected)
    if place.kind not in ("stub", "simulation"):
        return _working(place, options)
    if options.scaffold:
        variants = Part.VARIANTS not in learned.given_up
        return scaffold(place, variants=variants, public_api=options.public_api)
    said = place.note if place.kind == "stub" else place.said
    return Skip(place.kind, f"{where}: {said.rstrip('.')}.")


def _working(place: Place, options: MarkerOptions) -> Fix | Skip:
    """Answer a marker beside code that does its work."""
    if is_about_a_literal(place):
        return constant(place)
    if options.stale_comments:
        return stale(place)
    return Skip("working-code", f"{place.path}:{place.line}: {place.said.rstrip('.')}.")


def _apart(found: Sequence[Judgment]) -> tuple[list[Fix], list[Stays]]:
    """Return what is done, each edit once, and what stays; what lies in an edit or a stub goes with it."""
    done: list[Fix] = []
    taken: list[tuple[int, int]] = []
    left = []
    for place, answer in found:
        if any(start <= place.start < end for start, end in taken):
            continue
        if isinstance(answer, Skip):
            left.append(Stays(place, answer))
            continue
        spans = [(edit.start, edit.end) for edit in answer.edits]
        spans += (
            [place.span if answer.pending.part else answer.pending.function.span] if answer.pending else []
        )
        if any(start < last and first < end for start, end in taken for first, last in spans):
            sentence = f"{place.path}:{place.line}: another marker is resolved around it."
            left.append(Stays(place, Skip("not-simple", sentence)))
        else:
            done.append(answer)
            taken += spans
    return done, left


def _together(*parts: Mapping[str, tuple[Edit, ...]]) -> dict[str, tuple[Edit, ...]]:
    """Return the edits of several fixes by path, each once."""
    found: dict[str, set[Edit]] = {}
    for part in parts:
        for path, edits in part.items():
            found.setdefault(path, set()).update(edits)
    return {path: tuple(sorted(edits)) for path, edits in found.items() if edits}
