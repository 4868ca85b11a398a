"""A rename tried on the disk by itself: does every commit of a fix compile?"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager

from remediate.edits import Change
from remediate.gates import GateResult
from remediate.verify.check_round import check_round
from remediate.workflow.fixing.loop import Trial, known_before
from remediate.workflow.tree.disk import Written


@contextmanager
def renamed(trial: Trial, first: Change) -> Iterator[Sequence[GateResult]]:
    """Write a rename on the untouched base, and yield what the compiler's gates say of it."""
    package, cargo = trial.task.package, trial.session.cargo
    after = first.result(trial.task.codebase.files)
    written = Written(trial.session.workspace.root)
    try:
        written.write(after, {new: old for old, new in first.moves.items()})
        said = check_round(cargo, package, after, known_before(trial.session, package, written))
        yield said.gates
    finally:
        written.restore()
