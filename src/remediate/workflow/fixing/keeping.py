"""What is made of a verified fix: a commit on a branch of its own, a patch, or just the changed files."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256

from remediate.cargo import toolchain
from remediate.edits import Change
from remediate.gates import Verdict
from remediate.git import branches, commits
from remediate.git.command import Git
from remediate.git.refs import Update, update
from remediate.git.revisions import Base, commit_of, is_ancestor, tree_of
from remediate.git.worktrees import Worktree, restage, unpack
from remediate.model import Finding
from remediate.sanitize import one_line
from remediate.workflow.fixing.loop import RolledBack, Trial, Verified
from remediate.workflow.fixing.message import (
    Provenance,
    commit_message,
    configuration_message,
    rename_message,
)
from remediate.workflow.fixing.renaming import renamed
from remediate.workflow.record.ledger import Ledger
from remediate.workflow.sources.roots import in_repository

_TWO = "two commits"


@dataclass(frozen=True, slots=True)
class Kept:
    """A fix that has been kept, and what a person should know about how."""

    commit: str | None = None
    branch: str | None = None
    notes: tuple[str, ...] = ()


@dataclass
class InPlace:
    """Leaves the files where the user wanted them."""

    stays: bool = True

    def keep(self, trial: Trial, verified: Verified) -> Kept:  # noqa: ARG002 - the protocol's signature
        """Return that it is done."""
        return Kept()


@dataclass
class Patches:
    """Collects patches for ``git apply``, in terms of the repository's top folder.

    Each fix is made on the ones before, so that all of them apply in their order, also to one file.

    Attributes:
        last: The commit or tree that the next patch begins with.
        stays: False where nobody asks for patches: each fix is then planned on the base.
    """

    tree: Worktree
    last: str
    prefix: str
    stays: bool = True
    texts: list[bytes] = field(default_factory=list)

    def keep(self, trial: Trial, verified: Verified) -> Kept:
        """Add the patch of a verified fix."""
        self.add(trial, verified.change)
        return Kept()

    def add(self, trial: Trial, change: Change) -> None:
        """Add the patch of a change that is on the disk."""
        staged = commits.stage(self.tree.git, _paths(self.prefix, trial, change))
        self.texts.append(commits.patch(self.tree.git, self.last))
        self.last = staged


@dataclass
class Branches:
    """Commits every fix on a branch of its own."""

    git: Git
    tree: Worktree
    base: Base
    prefix: str
    ledger: Ledger
    run_hooks: bool = True
    keep_blame: bool = False
    stays: bool = False

    def keep(self, trial: Trial, verified: Verified) -> Kept | RolledBack:
        """Commit; the branch itself moves in ``publish``, after the outcome is in the ledger."""
        git, on = self.tree.git, self.on()
        staged = commits.stage(git, _paths(self.prefix, trial, verified.change))
        steps = self._renamed_first(trial, verified, staged) if self.keep_blame else ()
        steps += self._apart_first(trial, verified, staged) if verified.change.apart else ()
        second = any(step.startswith(_TWO) for step in steps)
        provenance = Provenance(on, staged, toolchain.identity(trial.session.cargo), second)
        text = commit_message(trial.task, verified, provenance)
        made = commits.commit(git, text, run_hooks=self.run_hooks)
        if isinstance(made, commits.Refusal) or not self.stays:
            self.tree.switch(on)
        if isinstance(made, commits.Refusal):
            return RolledBack("hook-refused", f"a git hook refused the commit: {one_line(made.text, 400)}")
        if tree_of(git, made) != staged:
            self.tree.switch(on)
            return RolledBack("hook-changed-commit", "a git hook changed the commit after it was verified")
        notes = (*steps, *self._about_hooks())
        return Kept(made, self.name(trial.task.finding), notes)

    def _renamed_first(self, trial: Trial, verified: Verified, staged: str) -> tuple[str, ...]:
        """Commit the rename that goes before a fix, if it compiles alone; stand on it with the fix staged."""
        first, git = verified.change.first, self.tree.git
        if first is None:
            return ("one commit: no rename could lead git to where most of the lines go",)
        self.tree.switch(self.base.commit)
        with renamed(trial, first) as gates:
            made: str | commits.Refusal | None = None
            if all(gate.verdict is Verdict.PASSED for gate in gates):
                commits.stage(git, _paths(self.prefix, trial, first))
                text = rename_message(trial.task, first, gates, self.base.commit)
                made = commits.commit(git, text, run_hooks=self.run_hooks)
        unpack(git, staged)
        if not isinstance(made, str):
            return ("one commit: the rename alone did not compile, or a hook refused it",)
        (new,) = first.moves.values()
        return (f"{_TWO}: {made[:10]} renames the file to {new}, for `git log --follow` and `git blame`",)

    def _apart_first(self, trial: Trial, verified: Verified, staged: str) -> tuple[str, ...]:
        """Commit what a fix sets up beside its own before it; the files on the disk stay as they are."""
        git, apart = self.tree.git, sorted(verified.change.apart)
        restage(git, commit_of(git, "HEAD") or self.on())
        commits.stage(git, [self.prefix + path for path in apart])
        text = configuration_message(trial.task, apart, verified.report, self.base.commit)
        made = commits.commit(git, text, run_hooks=self.run_hooks)
        restage(git, staged)
        if isinstance(made, commits.Refusal):
            return (f"one commit: a git hook refused one with {', '.join(apart)} alone",)
        return (f"{_TWO}: {made[:10]} adds {', '.join(apart)}; neither needs the other",)

    def taken(self, finding: Finding) -> str | None:
        """Return why the finding's branch must be left alone, None when it is free or ours to replace."""
        name = self.name(finding)
        tip = self.tips().get(name)
        if tip is None:
            return None
        if tip not in self.own(name, finding):
            return f"{name} has commits that this program did not make; it is left alone"
        if name in branches.checked_out(self.git):
            return f"{name} is checked out in {branches.checked_out(self.git)[name]}; it is left alone"
        return None

    def publish(self, branch: str, commit: str) -> None:
        """Point the branch at the commit.

        Raises:
            LeaseError: Somebody moved the branch while we worked.
        """
        tip = self.tips().get(branch)
        if tip != commit:
            update(self.git, [Update(f"refs/heads/{branch}", commit, tip)])

    def tips(self) -> dict[str, str]:
        """Return the commit of every branch of ours, as it is now."""
        return branches.tips(self.git)

    def name(self, finding: Finding) -> str:
        """Return the branch of a finding's fix."""
        return branches.name(finding, self.prefix)

    def own(self, name: str, finding: Finding) -> frozenset[str]:
        """Return the commits of ours that the finding's branch may stand on."""
        return self.ledger.commits_on(name, finding.fingerprint)

    def on(self) -> str:
        """Return the commit that the next fix is made on."""
        return self.base.commit

    def resume(self, commit: str) -> bool:  # noqa: ARG002 - OneBranch's
        """Go on from an earlier run's fix; false where that is not possible."""
        return True

    def has(self, commit: str) -> bool:
        """Whether a commit is still in the repository."""
        return commit_of(self.git, commit) is not None

    def contains(self, branch: str, commit: str) -> bool:
        """Whether a branch holds a commit, at its tip or below."""
        return is_ancestor(self.git, commit, f"refs/heads/{branch}")

    def _about_hooks(self) -> tuple[str, ...]:
        found = commits.hooks(self.tree.git)
        if not found:
            return ()
        return (f"git hooks {'ran' if self.run_hooks else 'were not run'}: {', '.join(found)}",)


@dataclass
class OneBranch(Branches):
    """Commits every fix on top of the one before: one branch for the whole run."""

    stays: bool = True

    def name(self, finding: Finding) -> str:
        """Return the one branch of all findings of a rule."""
        whole = Finding(id="", fingerprint=sha256(finding.rule.encode()).hexdigest(), rule=finding.rule,
                        title="all packages", path="")  # fmt: skip
        return branches.name(whole, self.prefix)

    def own(self, name: str, finding: Finding) -> frozenset[str]:  # noqa: ARG002 - whichever it was
        """Return the commits of ours on the branch, for any finding."""
        return self.ledger.commits_on(name)

    def on(self) -> str:
        """Return the commit of the last fix, the base at first."""
        return commit_of(self.tree.git, "HEAD") or self.base.commit

    def publish(self, branch: str, commit: str) -> None:
        """Point the branch at the commit, unless it has gone further already."""
        tip = branches.tips(self.git).get(branch)
        if tip is None or not is_ancestor(self.git, commit, tip):
            super().publish(branch, commit)

    def resume(self, commit: str) -> bool:
        """Stand on an earlier run's commit, if it was made on what this run stands on."""
        if not is_ancestor(self.git, self.on(), commit):
            return False
        self.tree.switch(commit)
        return True


def _paths(prefix: str, trial: Trial, change: Change) -> Sequence[str]:
    """Return the touched paths as the repository names them."""
    return [in_repository(prefix, path) for path in change.result(trial.task.codebase.files)]
