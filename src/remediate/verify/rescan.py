"""The gate "rescan": planned again on the result, the codemod finds nothing left to do.

The finding's file is followed to where the change moved it, and every new Rust file is planned as well. A
file that is not there, or that the codemod cannot judge, fails: only a decline whose reason code means
"nothing to do" shows that the finding is gone.
"""

from collections.abc import Callable, Collection, Iterator
from dataclasses import dataclass, replace

from remediate.edits import Change
from remediate.gates import GateResult, failed, passed, unverified
from remediate.model import Finding, Skip
from remediate.rust.codebase import Codebase

GATE = "rescan"
Planner = Callable[[Codebase, Finding], Change | Skip]


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


def rescan(
    after: Codebase, change: Change, finding: Finding, plan: Planner, settled: Collection[str]
) -> GateResult:
    """Return whether a second run has nothing to do.

    Args:
        after: The workspace after the change.
        change: The change.
        finding: What it was planned for.
        plan: Plans a finding on a workspace, as the codemod does.
        settled: The codemod's reason codes that mean "nothing to do".
    """
    found = list(remaining(after, change, finding, plan, settled))
    left = [one for one in found if not one.settled]
    if wrong := [one.sentence for one in left if not one.told]:
        return failed(GATE, "; ".join(wrong[:4]))
    if left:
        return unverified(GATE, f"the finding is only partly gone: {'; '.join(o.sentence for o in left[:4])}")
    return passed(GATE, f"a second run has nothing to do in {', '.join(o.path for o in found[:4])}")


def remaining(
    after: Codebase, change: Change, finding: Finding, plan: Planner, settled: Collection[str]
) -> Iterator[Remaining]:
    """Yield what a second run on the workspace ``after`` the change says of its file, and of the new ones."""
    moved = change.moves.get(finding.path, finding.path)
    yield _of(moved, replace(finding, path=moved), after, change, plan, settled)
    new = {*change.creations, *change.moves.values()} - {moved}
    for path in sorted(path for path in new if path.endswith(".rs")):
        own = replace(finding, path=path, planned=(), arrangement=None, related=())
        yield _of(path, own, after, change, plan, settled)


def _of(  # noqa: PLR0913, PLR0917 - one file, and all that the question takes
    path: str, finding: Finding, after: Codebase, change: Change, plan: Planner, settled: Collection[str]
) -> Remaining:
    if path.endswith(".rs") and path not in after.files:
        return Remaining(path, settled=False, told=False, sentence=f"{path} is not there after the change")
    answer = plan(after, finding)
    told = bool(change.partial) or any(long.path == path for long in change.too_long)
    if isinstance(answer, Change):
        return Remaining(path, settled=False, told=told, sentence=f"a second run would change {path} again")
    # What the change adds to a file on purpose is found there again, and left.
    meant = any("block_on" in name for name in change.adds.get(path, ())) and not change.partial
    said = answer.sentence.removeprefix(f"{path}: ").rstrip(".")
    sentence = f"{path}: {answer.reason}: {said}"
    return Remaining(path, answer.reason in settled or meant, told, sentence)
