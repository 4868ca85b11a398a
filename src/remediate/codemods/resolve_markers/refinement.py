"""What rustc says of a plan: an attribute that allows dead code and is needed is checked from now on."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from remediate.codemods.resolve_markers.allowances import LINTS
from remediate.codemods.resolve_markers.planning import Memo, Part, planned
from remediate.edits import Change, Edit
from remediate.feedback import Feedback, failures, messages
from remediate.model import Diagnostic, Skip
from remediate.rust.codebase import Codebase

_UNFULFILLED = "unfulfilled_lint_expectations"


def refined(codebase: Codebase, change: Change, memo: Memo, feedback: Sequence[Feedback]) -> Change | Skip:
    """Answer warnings about dead code by `#[expect]`; anything else is for a person."""
    said = messages(feedback)
    if (part := _doubtful(change, memo, said)) is not None:
        learned = replace(memo.learned, given_up=memo.learned.given_up | {part})
        if part is Part.SKELETON:
            learned = replace(learned, misfit=_first(said, feedback))
        return planned(codebase, memo.finding, memo.options, learned)
    if failures(feedback) and not said:
        return change
    if any(one.code == _UNFULFILLED for one in said):
        return Skip("used-in-some-builds", f"{memo.finding.path}: {said[0].message}.")
    dead = [one for one in said if one.code.startswith(LINTS)]
    if len(dead) < len(said):
        return Skip("not-verified", next(one.message for one in said if one not in dead))
    asked = frozenset(_asked(change, memo, dead))
    if asked <= memo.learned.expected:
        return Skip("not-verified", dead[0].message)
    learned = replace(memo.learned, expected=memo.learned.expected | asked)
    return planned(codebase, memo.finding, memo.options, learned)


def _first(said: Sequence[Diagnostic], feedback: Sequence[Feedback]) -> str:
    """Return the first thing that was said, in one line."""
    found = [one.message for one in said] or [f"{one.gate}: {one.sentence}" for one in failures(feedback)]
    return " ".join(found[0].split()) if found else "it did not verify"


def _doubtful(change: Change, memo: Memo, said: Sequence[Diagnostic]) -> Part | None:
    """Return the part of a scaffold to leave out: what a message points at, else one after the other."""
    left = [part for part in Part if part in memo.used - memo.learned.given_up]
    paths = {span.path for one in said for span in one.spans if span.primary}
    if any(one.code.startswith(LINTS) for one in said) and not paths & set(change.creations):
        return None
    new = [path for path in paths & set(change.creations) if "/finding_" in path]
    return Part.REFERENCES if new and Part.REFERENCES in left else next(iter(left), None)


def _asked(change: Change, memo: Memo, dead: Sequence[Diagnostic]) -> Iterator[int]:
    """Yield the attributes that rustc asks for again: the nearest dropped one above each dead item."""
    dropped = sorted(fix.allowance for fix in memo.fixes if fix.allowance is not None)
    edits = change.edits[memo.finding.path]
    for one in dead:
        spans = [s for s in one.spans if s.primary and s.path == memo.finding.path]
        for span in spans:
            above = [at for at in dropped if _moved(at, edits) <= span.start]
            yield from above[-1:] or dropped[:1]
        if not spans:
            yield from dropped


def _moved(at: int, edits: Sequence[Edit]) -> int:
    """Return where an offset of the original lies in the result."""
    return at + sum(len(edit.new) - (min(edit.end, at) - edit.start) for edit in edits if edit.start < at)
