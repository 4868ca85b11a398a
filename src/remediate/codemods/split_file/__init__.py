"""split-file: one large file becomes a facade and cohesive private modules; what it means stays the same.

The file M keeps its path in the crate and every name it had: new modules are its private children, and it
re-exports what moved by name at the item's own visibility. Mechanical: nothing but ``use``, ``mod``, relative
visibilities and relative path prefixes is written; everything else moves byte for byte.

Reason codes: ``REASONS`` in ``reasons.py``.
"""

from collections.abc import Sequence

from remediate.allowance import Allowance
from remediate.codemods.split_file.draft import Draft
from remediate.codemods.split_file.grouping import grouped
from remediate.codemods.split_file.manifest import manifest_edits
from remediate.codemods.split_file.refinement import refined
from remediate.codemods.split_file.render import render
from remediate.codemods.split_file.survey import survey
from remediate.edits import Change
from remediate.model import Diagnostic, Finding, Options, Safety, Skip
from remediate.rust.package import Package

RULES = ("large-file",)
SAFETY = Safety.MECHANICAL
MAY_ALTER = Allowance(
    uses=True,
    modules=True,
    visibility=True,
    path_prefixes=True,
    impl_headers=True,
    layout=True,
    manifest=True,
)
DESCRIPTION = "Split a large file into a facade and cohesive modules"
_TRIES = 3
_WORTHWHILE = 0.9
"""A split whose largest file is longer than this share of the original is none."""


def plan(package: Package, finding: Finding, options: Options) -> Change | Skip:
    """Plan the split of the file a finding names, or decline."""
    known = survey(package, finding, options)
    if isinstance(known, Skip):
        return known
    slack = 0
    for _ in range(_TRIES):
        draft = Draft(known, grouped(known, finding.planned, slack))
        change = render(draft)
        over = _overflow(draft, change, options.max_lines)
        if over <= 0:
            break
        slack += over
    return _uncut(draft, change) or _unlisted(draft, change) or change


def refine(package: Package, change: Change, diagnostics: Sequence[Diagnostic]) -> Change | Skip:
    """Answer the compiler: drop or add imports, open what has to be visible, or put a group back."""
    draft = change.memo
    assert isinstance(draft, Draft)  # noqa: S101 - only changes planned here come back
    return refined(package, change, draft, diagnostics)


def _uncut(draft: Draft, change: Change) -> Skip | None:
    """Return why a change is none: what cannot be cut makes up nearly all of the file."""
    path, units = draft.survey.ground.path, draft.survey.units
    if not change.creations:
        return Skip("cannot-cut", f"{path}: nothing in it can move.")
    files = draft.survey.ground.package.files
    longest = max(text.count(b"\n") for text in change.result(files).values() if text is not None)
    largest = max(units, key=lambda u: u.lines)
    if longest < _WORTHWHILE * files[path].count(b"\n"):
        return None
    return Skip(
        "cannot-cut", f"{path}: `{largest.title}` takes {largest.lines} lines of it and cannot be cut."
    )


def _unlisted(draft: Draft, change: Change) -> Skip | None:
    """Return why the new files could not be published with the package, None if they are."""
    ground = draft.survey.ground
    answer = manifest_edits(ground, {ground.facade, *change.creations})
    return answer if isinstance(answer, Skip) else None


def _overflow(draft: Draft, change: Change, limit: int) -> int:
    """Return by how many lines the largest new module is over the limit, where smaller ones could help."""
    units, ground = draft.survey.units, draft.survey.ground
    divisible = [g for g in draft.groups if max(units[i].lines for i in g.units) < limit]
    sizes = [change.creations[ground.child_path(g.name)].count(b"\n") for g in divisible]
    return min(max(sizes, default=0) - limit, limit // 3)
