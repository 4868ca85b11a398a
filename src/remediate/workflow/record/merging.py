"""Which fixes conflict when they are merged: known before anybody tries."""

from collections.abc import Sequence
from itertools import combinations
from pathlib import PurePosixPath

from remediate.git.conflicts import Conflict, conflicts
from remediate.git.door import Git
from remediate.workflow.record.finding_status import BranchState, FindingStatus
from remediate.workflow.sources.repository_paths import in_repository


def conflicting(git: Git, found: Sequence[FindingStatus]) -> tuple[Conflict, ...]:
    """Return the pairs of unmerged branches that conflict, in the order of ``found``.

    Raises:
        ToolError: git is too old to try.
    """
    waiting = [s for s in found if s.state in {BranchState.READY, BranchState.CHANGED}]
    pairs = [
        (one.outcome.branch or "", two.outcome.branch or "")
        for one, two in combinations(waiting, 2)
        if _may_meet(one, two)
    ]
    return conflicts(git, pairs)


def _may_meet(one: FindingStatus, two: FindingStatus) -> bool:
    """Whether a merge has to be tried: two fixes of one base that touch no common file cannot conflict."""
    if one.outcome.branch == two.outcome.branch:
        return False
    if BranchState.CHANGED in {one.state, two.state} or one.outcome.base != two.outcome.base:
        return True
    first, second = _touched(one), _touched(two)
    return not (first.isdisjoint(_with_folders(second)) and second.isdisjoint(_with_folders(first)))


def _touched(standing: FindingStatus) -> set[PurePosixPath]:
    return {PurePosixPath(in_repository(standing.prefix, path)) for path in standing.outcome.files}


def _with_folders(paths: set[PurePosixPath]) -> set[PurePosixPath]:
    """Return the paths and the folders above them: a file may stand where another fix has a folder."""
    return paths.union(*(path.parents for path in paths))
