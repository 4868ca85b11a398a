"""split-file: one large file becomes a facade and cohesive private modules; what it means stays the same.

The file M keeps its path in the crate and every name it had: new modules are its private children, and it
re-exports what moved by name at the item's own visibility. Mechanical: nothing but ``use``, ``mod``,
relative visibilities and relative path prefixes is written; everything else moves byte for byte.

Reason codes: ``REASONS`` in ``reasons.py``.
"""

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from remediate.codemods.split_file.analyze.preconditions import ground
from remediate.codemods.split_file.analyze.survey import survey
from remediate.codemods.split_file.arranging import arranged, described
from remediate.codemods.split_file.draft import Draft, Survey
from remediate.codemods.split_file.grouping import Grouper
from remediate.codemods.split_file.grouping.sizes import Limits
from remediate.codemods.split_file.options import SplitOptions
from remediate.codemods.split_file.plans.drafted import PlannedSplit, asked_for
from remediate.codemods.split_file.plans.plan import read
from remediate.codemods.split_file.reasons import SETTLED as SETTLED
from remediate.codemods.split_file.refine.compiler_feedback import refined
from remediate.codemods.split_file.rewrite.manifest import manifest_edits
from remediate.codemods.split_file.rewrite.render import render
from remediate.codemods.split_file.rewrite.report import staying, why_whole, with_answers
from remediate.edits import Change
from remediate.facts.model import Wanted
from remediate.feedback import Feedback
from remediate.model import Finding, Safety, Skip
from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.codebase import Codebase, changed_codebase
from remediate.rust.syntax.cfg import requires_test

OPTIONS = SplitOptions
RULES = ("large-file",)
SAFETY = Safety.MECHANICAL
PROOFS = Proofs(
    Moves(uses=True, modules=True, visibility=True, path_prefixes=True, impl_headers=True, layout=True),
    tests=Proof.DECLARED,
    manifest=Proof.DECLARED,
)
DESCRIPTION = "Split a large file into a facade and cohesive modules"
_TRIES = 4
_WORTHWHILE = 0.9
"""A split whose largest file is longer than this share of the original is none."""
_WORTHWHILE_ALONE = 0.66
"""The same where there is only one new file, no inline module: then nearly all has just moved into it."""
_MARGIN = 4
"""Lines more that a next plan leaves free: rustfmt breaks lines that `pub(super)` made too long."""
_HEAD = 12
"""Lines of imports that a unit needs room for in a file of its own."""


def plan(codebase: Codebase, finding: Finding, options: SplitOptions) -> Change | Skip:
    """Plan the split of the file a finding names, or decline."""
    # A file that was judged by a smaller size is split to that size.
    limit = min(options.max_lines, finding.limit or options.max_lines)
    options = replace(options, max_lines=limit)
    known = survey(codebase.home(finding.path), finding, options)
    if isinstance(known, Skip):
        return known
    drafted = _as_arranged(known, finding) if finding.arrangement is not None else _grouped(known, finding)
    if isinstance(drafted, Skip):
        return drafted
    draft, change = drafted
    return _uncut(draft, change, finding) or _unlisted(draft, change) or _answered(codebase, draft, change)


def wanted_facts(codebase: Codebase, finding: Finding, options: SplitOptions) -> Wanted | None:
    """Return what to ask the compiler about the file's own target; None where ``plan`` would decline."""
    place = ground(codebase.home(finding.path), finding, options)
    if isinstance(place, Skip) or not place.module.targets:
        return None
    target = place.module.targets[0]
    tests = "test" in target.kinds or requires_test(place.module.cfg)
    return Wanted(place.package.name, (target.label,), tests=tests, features=True)


def plan_file(codebase: Codebase, finding: Finding, options: SplitOptions) -> PlannedSplit | Skip:
    """Return how the file would be cut, for a person to see and to change, or decline."""
    change = plan(codebase, finding, options)
    if isinstance(change, Skip):
        return change
    assert isinstance(change.memo, Draft)  # noqa: S101 - it comes from right above
    arrangement = described(change.memo, change)
    return PlannedSplit(arrangement, codebase.files[finding.path], options, codebase.render)


def options_of(plan: tuple[str, bytes]) -> dict[str, Any]:
    """Return the options that a plan settles: its file's name, and its bytes."""
    return read(*plan).asked()


def as_planned(
    codebase: Codebase, finding: Finding, options: SplitOptions, plan: tuple[str, bytes], today: bytes
) -> Finding | Skip:
    """Return the finding with a plan as what to make of it, or decline; see ``plans.drafted.asked_for``."""
    found = plan_file(codebase, finding, options)
    return found if isinstance(found, Skip) else asked_for(finding, read(*plan), found, today)


def refine(codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:
    """Answer the compiler and the gates: alter imports or visibility, or roll a group back."""
    draft = change.memo
    assert isinstance(draft, Draft)  # noqa: S101 - only changes planned here come back
    found = refined(codebase.home(draft.survey.ground.path), change, draft, feedback)
    return found if isinstance(found, Skip) or found is change else _answered(codebase, draft, found)


def _answered(codebase: Codebase, draft: Draft, change: Change) -> Change:
    """Return a change that says whether the long modules that it only moves can be split next."""

    def ask(path: str) -> Change | Skip:
        after = changed_codebase(codebase, change, codebase.home(draft.survey.ground.path))
        finding = Finding(id="", fingerprint="", rule=RULES[0], title="", path=path)
        return plan(after, finding, draft.survey.options)

    return with_answers(change, ask)


def _grouped(known: Survey, finding: Finding) -> tuple[Draft, Change]:
    """Return the draft with the groups that belong together, none of their files too large if possible."""
    grouper, longer = Grouper(known), dict[int, int]()
    for _ in range(_TRIES):
        found = grouper.grouped(finding.planned, longer)
        draft = Draft(known, found.groups, unanswered=found.unanswered, kept=found.kept)
        change = render(draft)
        more = _overflow(draft, change, known.options.max_lines)
        if not more:
            break
        longer = {index: longer.get(index, 0) + more.get(index, 0) for index in {*longer, *more}}
    return draft, change


def _as_arranged(known: Survey, finding: Finding) -> tuple[Draft, Change] | Skip:
    answer = arranged(known, finding.arrangement or ())
    if isinstance(answer, Skip):
        return answer
    draft = Draft(known, answer[0], held=answer[1])
    return draft, render(draft)


def _uncut(draft: Draft, change: Change, finding: Finding) -> Skip | None:
    """Return why a change is none: what cannot be cut makes up nearly all of the file."""
    path, units = draft.survey.ground.path, draft.survey.units
    if not change.creations and not draft.kept:
        return Skip("cannot-cut", f"{path}: nothing in it can move ({staying(draft)}).")
    if finding.arrangement is not None:
        return None
    files = draft.survey.ground.package.files
    made = {name: text for name, text in change.result(files).items() if name.endswith(".rs")}
    longest, at = max((text.count(b"\n"), name) for name, text in made.items() if text is not None)
    inline = {draft.survey.ground.child_path(u.item.name or "") for u in units if u.item.kind == "mod"}
    alone = len(change.creations) == 1 and at not in inline
    worthwhile = _WORTHWHILE_ALONE if alone else _WORTHWHILE
    asked = bool(finding.planned) or draft.survey.options.cut_types
    shorter = longest < worthwhile * files[path].count(b"\n")
    if shorter and (asked or at in inline or not _leaves_most_in_one(draft, made, at)):
        return None
    largest = max(units, key=lambda u: u.lines)
    if 2 * largest.lines > longest:
        why = f"`{largest.title}` takes {largest.lines} lines of it and cannot be cut"
    else:
        whole = why_whole(draft, at)
        why = f"a file of {longest} lines would be left ({whole})" if change.creations else whole
    hint = "; --cut-types moves what can be" if shorter else ""
    return Skip("cannot-cut", f"{path}: {why}{hint}.")


def _leaves_most_in_one(draft: Draft, made: Mapping[str, bytes | None], longest: str) -> bool:
    """Whether a file would be left that is as long as two and most of what there was.

    ``benchmarks/split/verdicts``: of 14 verdicts on such splits none was to merge. Documentation of the
    module does not count, it has to stay.
    """
    lines = {
        path: sum(not line.startswith(b"//!") for line in text.splitlines())
        for path, text in made.items()
        if text is not None
    }
    whole = Limits.of(draft.survey.options).whole
    return lines[longest] > whole and 2 * lines[longest] > sum(lines.values())


def _unlisted(draft: Draft, change: Change) -> Skip | None:
    """Return why the new files could not be published with the package, None if they are."""
    ground = draft.survey.ground
    answer = manifest_edits(ground, {ground.facade, *change.creations})
    return answer if isinstance(answer, Skip) else None


def _overflow(draft: Draft, change: Change, limit: int) -> dict[int, int]:
    """Return the lines by which new modules are over the limit, on the largest unit of each, by index.

    Only where another grouping could help: not of a unit that fills a file by itself, nor of units that are
    together although they were known to be too long.
    """
    found: dict[int, int] = {}
    for group in draft.groups:
        if sum(draft.survey.units[i].lines for i in group.units) > limit:
            continue
        largest = max(group.units, key=lambda i: (draft.survey.units[i].lines, -i))
        path = draft.survey.ground.child_path(group.name)
        over = change.creations[path].count(b"\n") - limit
        if over > 0 and len(group.units) > 1 and draft.survey.units[largest].lines < limit - _HEAD:
            found[largest] = over + _MARGIN
    return found
