"""A rename tried on the disk by itself: does every commit of a fix compile?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from remediate.edits import Change
from remediate.verify.check_round import Before, check_round
from remediate.verify.report import GateResult
from remediate.workflow.disk import Written
from remediate.workflow.loop import Trial, looked_back


@contextmanager
def renamed(trial: Trial, first: Change) -> Iterator[Sequence[GateResult]]:
    """Write a rename on the untouched base, and yield what the compiler's gates say of it."""
    package, cargo = trial.task.package, trial.shop.cargo
    after = first.result(package.files)
    written = Written(trial.shop.workspace.root)
    try:
        written.write(after, {new: old for old, new in first.moves.items()})
        before = Before(trial.shop.baseline(package), lambda c: looked_back(trial.shop, package, written, c))
        said = check_round(cargo, package, after, before)
        yield said.gates
    finally:
        written.restore()
