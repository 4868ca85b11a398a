"""Where every finding stands, from git references alone: nothing is planned, checked or changed.

And which fixes conflict when they are merged: known before anybody tries.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from itertools import combinations
from pathlib import PurePosixPath

from remediate.git import branches
from remediate.git.branches import Conflict, conflicts
from remediate.git.command import Git
from remediate.git.revisions import base, commit_of, have_same, is_ancestor, newest_first
from remediate.model import Outcome
from remediate.workflow.record import ledger
from remediate.workflow.record.ledger import Entry, Ledger
from remediate.workflow.sources.roots import in_repository


class BranchState(StrEnum):
    """What has become of a fix's branch."""

    NONE = "none"
    READY = "ready"
    MERGED = "merged"
    CHANGED = "changed"
    GONE = "gone"


@dataclass(frozen=True, slots=True)
class FindingStatus:
    """One finding's last outcome.

    Attributes:
        prefix: Where its workspace lies in the repository: "" or a folder with a slash.
        current: Whether it was reached on the tree that HEAD has now.
        state: What has become of its branch.
    """

    outcome: Outcome
    current: bool
    state: BranchState
    prefix: str = ""


def statuses(git: Git) -> tuple[FindingStatus, ...]:
    """Return the last outcome of every finding that a run has met, by path and rule of its branch.

    An outcome on HEAD's tree goes before others; of those, the one on the newest base does.

    Raises:
        InputError: The repository has no commits.
    """
    head = base(git)
    known = ledger.read(git)
    tips = branches.tips(git)
    last = _last(known.entries.values(), head.tree, git, tips)
    states = {e.outcome.commit: _state(git, e.outcome, e.prefix, tips, known) for e in last}
    found = (FindingStatus(e.outcome, e.tree == head.tree, states[e.outcome.commit], e.prefix) for e in last)
    return tuple(sorted(found, key=lambda s: (s.prefix, s.outcome.path, s.outcome.title, s.outcome.finding)))


def _last(entries: Iterable[Entry], tree: str, git: Git, tips: Mapping[str, str]) -> list[Entry]:
    """Return one entry per finding."""
    entries = list(entries)
    bases = {e.outcome.base for e in entries if e.outcome.base and commit_of(git, e.outcome.base)}
    age = {commit: n for n, commit in enumerate(newest_first(git, sorted(bases)))}
    entries.sort(
        key=lambda e: (e.tree != tree, age.get(e.outcome.base or "", len(age)), _rank(e.outcome, tips))
    )
    chosen: dict[tuple[str, str], Entry] = {}
    for entry in entries:
        chosen.setdefault((entry.prefix, entry.outcome.finding), entry)
    return list(chosen.values())


def _rank(outcome: Outcome, tips: Mapping[str, str]) -> tuple[bool, bool, bool, str]:
    """Return what comes first of equally new outcomes: a fix, that of its branch, then a fixer's word."""
    is_tip = outcome.commit is not None and tips.get(outcome.branch or "") == outcome.commit
    return outcome.commit is None, not is_tip, not outcome.fixer, outcome.reason


def _is_squashed(git: Git, outcome: Outcome, prefix: str) -> bool:
    """Whether HEAD holds what a fix made of its files without the commit: after a squash or a rebase."""
    paths = [in_repository(prefix, path) for path in outcome.files]
    return bool(paths) and have_same(git, outcome.commit or "", "HEAD", paths)


def _state(git: Git, outcome: Outcome, prefix: str, tips: dict[str, str], known: Ledger) -> BranchState:
    if outcome.branch is None or outcome.commit is None:
        return BranchState.NONE
    tip = tips.get(outcome.branch)
    if is_ancestor(git, outcome.commit, "HEAD") or _is_squashed(git, outcome, prefix):
        return BranchState.MERGED
    if tip is None:
        return BranchState.GONE
    # A run's one branch has gone on from this fix to the next ones.
    ours = tip in known.commits_on(outcome.branch) and is_ancestor(git, outcome.commit, tip)
    return BranchState.READY if tip == outcome.commit or ours else BranchState.CHANGED


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
