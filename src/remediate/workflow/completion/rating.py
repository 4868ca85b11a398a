"""A rating from its beginning: both commits checked out in turn, measured, and compared."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import msgspec

from remediate import __version__
from remediate.audit.document import AuditDocument
from remediate.cargo import toolchain
from remediate.errors import BaselineError, InputError, ToolError
from remediate.git.command import Git
from remediate.git.revisions import base, is_ancestor, newest_first
from remediate.git.worktrees import home
from remediate.workflow.completion.documentation import changelog_evidence
from remediate.workflow.completion.grounds import Grounds, gathered
from remediate.workflow.completion.performance import ROUNDS, Compared, Round, measured_round
from remediate.workflow.completion.scorecard import NO_BEFORE, Scorecard, Sides, scorecard
from remediate.workflow.progress import Progress
from remediate.workflow.record import ledger
from remediate.workflow.request import Request
from remediate.workflow.sources.roots import in_workspace, repository_folder
from remediate.workflow.sources.settings import Settings
from remediate.workflow.tree.checkout import worktree
from remediate.workflow.tree.disk import replace_file

Named = Sequence[tuple[Path, AuditDocument]]


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a rating is to be of.

    Attributes:
        before: The revision before the work; "" for the oldest commit that a run has made fixes on.
        measure: Whether cargo may run.
        performance: Whether performance is measured; what is remembered of it is used all the same.
    """

    before: str = ""
    measure: bool = True
    performance: bool = True


def rate(
    request: Request, settings: Settings, documents: Named, wanted: Wanted, progress: Progress
) -> tuple[Scorecard, Grounds, str]:
    """Return the rating of a commit, what it rests on, and the commit before the work, "" without one.

    Raises:
        InputError, LeaseError, BaselineError: As ``checkout.worktree``.
    """
    with Git(repository_folder(request.start, request.manifest_path)) as git:
        now = base(git, request.base)
        earlier = _before(git, now.commit, wanted.before)
    compared = _compared(replace(request, base=now.commit), earlier, wanted, progress)
    before = None
    if earlier:
        with worktree(replace(request, base=earlier, allow_dirty=True), progress) as place:
            before = gathered(place, settings, documents, measure=wanted.measure)
            _measure(before, progress, f"as it was at {earlier[:10]}")
    with worktree(request, progress) as place:
        grounds = gathered(place, settings, documents, measure=wanted.measure)
        _measure(grounds, progress, f"as it is at {now.commit[:10]}")
        commits = (earlier, now.commit) if earlier else None
        changelog = changelog_evidence(place.git, grounds.workspace, place.prefix, commits)
        own = (
            frozenset(_inside(place.git, path, place.prefix) for path, _ in documents)
            if place.git
            else frozenset()
        )
        card = scorecard(Sides(grounds, before, compared, changelog, own))
        if place.git and wanted.measure and wanted.performance:
            file = _file(place.git, grounds.documents, now.tree)
            replace_file(file, msgspec.json.encode(card.rating))
    return card, grounds, earlier


def _before(git: Git, now: str, asked: str) -> str:
    """Return the commit before the work; "" where none is known, or nothing has been done since."""
    if asked:
        found = base(git, asked).commit
        if found == now:
            raise InputError(f"--before {asked} is the commit that is rated")
        return found
    bases = {e.outcome.base for e in ledger.read(git).entries.values() if e.outcome.base}
    older = [c for c in bases if c != now and is_ancestor(git, c, now)]
    return newest_first(git, sorted(older))[-1] if older else ""


def _inside(git: Git, path: Path, prefix: str) -> str:
    absolute = path.resolve()
    if not absolute.is_relative_to(git.top):
        return ""
    return in_workspace(prefix, absolute.relative_to(git.top).as_posix()) or ""


def _measure(grounds: Grounds, progress: Progress, when: str) -> None:
    """Measure while the tree is checked out; each is remembered, and asked for again by the points."""
    for words, take in (
        ("compile", grounds.measures.compilation),
        ("run the tests", grounds.measures.tests),
        ("make the documentation", grounds.measures.documentation),
    ):
        progress.step(f"{words} {when}")
        try:
            take()
        except (BaselineError, ToolError):
            continue  # the point that rests on it says so


def _compared(request: Request, earlier: str, wanted: Wanted, progress: Progress) -> Compared | str:
    """Return the performance of both commits: remembered, or measured in rounds that alternate."""
    if not earlier:
        return NO_BEFORE
    rounds: Mapping[str, list[Round]] = {earlier: [], request.base: []}
    file: Path | None = None
    for _ in range(ROUNDS):
        for commit, found in rounds.items():
            with worktree(replace(request, base=commit, allow_dirty=True), progress) as place:
                if file is None and place.git:
                    key = (__version__, base(place.git, earlier).tree, base(place.git, request.base).tree)
                    about = (*key, toolchain.identity(place.session.cargo), str(place.session.workspace.root))
                    name = hashlib.sha256("\0".join(about).encode()).hexdigest()[:32]
                    file = place.session.cache / f"performance-{name}.json"
                    if file.is_file():
                        return msgspec.json.decode(file.read_bytes(), type=Compared)
                if not wanted.measure or not wanted.performance:
                    return "not measured: it was not to be"
                progress.step(f"measure the performance at {commit[:10]}")
                try:
                    found.append(measured_round(place.session.cargo, place.session.workspace))
                except (BaselineError, ToolError) as error:
                    return f"cannot be measured at {commit[:10]}: {error}"
    compared = Compared(tuple(rounds[earlier]), tuple(rounds[request.base]))
    if file is not None:
        replace_file(file, msgspec.json.encode(compared))
    return compared


def remembered(git: Git, documents: Sequence[AuditDocument], tree: str) -> float | None:
    """Return the last rating of a tree by the same audits, None where there is none."""
    file = _file(git, documents, tree)
    if not file.is_file():
        return None
    try:
        return msgspec.json.decode(file.read_bytes(), type=float)
    except msgspec.DecodeError:
        return None


def _file(git: Git, documents: Sequence[AuditDocument], tree: str) -> Path:
    """Return where a rating is kept; a ticked box makes no other audit."""
    said = [(d.claims, [(goal.kind, goal.words) for goal in d.goals]) for d in documents]
    name = hashlib.sha256(f"{__version__} {tree} {said!r}".encode()).hexdigest()[:32]
    return home(git) / "cache" / f"rating-{name}.json"
