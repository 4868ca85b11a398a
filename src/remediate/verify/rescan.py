"""The gate "rescan": planned again on the result, the codemod finds nothing left to do.

The finding's file is followed to where the change moved it, and every new Rust file is planned as well. A
file that is not there, or that the codemod cannot judge, fails: only a decline whose reason code means
"nothing to do" shows that the finding is gone.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from remediate.edits import Change
from remediate.gates import GateResult, failed, passed, unverified
from remediate.model import Explained, Finding, Skip
from remediate.rust.codebase import Codebase

GATE = "rescan"
Planner = Callable[[Codebase, Finding], Change | Skip]
Explainer = Callable[[Codebase, Finding], Collection[Explained]]
Counter = Callable[[Change, str], int]


@dataclass(frozen=True, slots=True)
class Again:
    """How the codemod is asked again.

    Attributes:
        plan: Plans a finding on a workspace, as the codemod does.
        settled: The codemod's reason codes that mean "nothing to do".
        before: The workspace before the change.
        explain: Says of each occurrence what would become of it; None where the codemod cannot.
        added: Counts the occurrences that a change adds to a file on purpose; None where none adds any.
    """

    plan: Planner
    settled: Collection[str]
    before: Codebase
    explain: Explainer | None = None
    added: Counter | None = None


@dataclass(frozen=True, slots=True)
class Remaining:
    """What a second run would say of one file of the result.

    Attributes:
        settled: Whether it means that nothing is left to do, or that what is left was added on purpose.
        told: Whether the change itself says that the file is not finished.
    """

    path: str
    settled: bool
    told: bool
    sentence: str


def rescan(after: Codebase, change: Change, finding: Finding, again: Again) -> GateResult:
    """Return whether a second run, on the workspace ``after`` a change, has nothing to do for a finding."""
    found = list(remaining(after, change, finding, again))
    left = [one for one in found if not one.settled]
    if wrong := [one.sentence for one in left if not one.told]:
        return failed(GATE, "; ".join(wrong[:4]))
    if left:
        return unverified(GATE, f"the finding is only partly gone: {'; '.join(o.sentence for o in left[:4])}")
    files = ", ".join(one.path or "the package" for one in found[:4])
    return passed(GATE, f"a second run has nothing to do in {files}")


def remaining(after: Codebase, change: Change, finding: Finding, again: Again) -> Iterator[Remaining]:
    """Yield what a second run on the workspace ``after`` the change says of its file, and of the new ones."""
    moved = change.moves.get(finding.path, finding.path)
    yield _of(finding, moved, after, change, again)
    new = {*change.creations, *change.moves.values()} - {moved}
    own = replace(finding, planned=(), arrangement=None, related=())
    for path in sorted(path for path in new if path.endswith(".rs")):
        yield _of(own, path, after, change, again)


def _of(finding: Finding, path: str, after: Codebase, change: Change, again: Again) -> Remaining:
    if path.endswith(".rs") and path not in after.files:
        return Remaining(path, settled=False, told=False, sentence=f"{path} is not there after the change")
    there = replace(finding, path=path)
    answer = again.plan(after, there)
    told = bool(change.partial) or any(long.path == path for long in change.too_long)
    if isinstance(answer, Change):
        return Remaining(path, settled=False, told=told, sentence=f"a second run would change {path} again")
    said = answer.sentence.removeprefix(f"{path}: ").rstrip(".")
    sentence = f"{path}: {answer.reason}: {said}"
    if answer.reason in again.settled:
        return Remaining(path, settled=True, told=told, sentence=sentence)
    more = _more(finding, there, after, change, again)
    return Remaining(path, more == 0, told, f"{sentence}; {more} more than it adds" if more else sentence)


def _more(finding: Finding, there: Finding, after: Codebase, change: Change, again: Again) -> int | None:
    """Return how many occurrences are left beyond those that stayed before and those that the change adds.

    What a change adds to a file on purpose is found there again, and left. None where it adds none: then
    nothing may be left.
    """
    added = again.added(change, there.path) if again.added else 0
    if not added or again.explain is None:
        return None
    stayed = sum(bool(one.reason) for one in again.explain(again.before, finding))
    left = sum(one.reason not in again.settled for one in again.explain(after, there))
    return max(0, left - stayed - added)
