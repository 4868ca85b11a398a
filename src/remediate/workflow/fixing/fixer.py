"""One finding from claim to outcome: every way out ends in exactly one ``Outcome``."""

from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING

from remediate import contract
from remediate.edits import Change
from remediate.errors import BaselineError, MachineError
from remediate.git.revisions import Base
from remediate.model import Finding, Outcome, Reference, Result, Skip
from remediate.options import Options
from remediate.proofs import Proof
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.templates import Templates
from remediate.workflow.external.protocol import RefusedError
from remediate.workflow.fixing.keeping import Branches, InPlace, OneBranch, Patches
from remediate.workflow.fixing.loop import Faulty, RolledBack, Task, Trial, Verified
from remediate.workflow.fixing.outcomes import PASSING, Teller, reused, unproven
from remediate.workflow.fixing.stopwatch import Stopwatch
from remediate.workflow.progress import Progress
from remediate.workflow.record import ledger as ledgers
from remediate.workflow.record.ledger import Attempt, Comparison, Entry, Ledger, compared
from remediate.workflow.request import Mode, Request
from remediate.workflow.sources.references import Surroundings
from remediate.workflow.tree.disk import Journalled, Written
from remediate.workflow.tree.session import Session

if TYPE_CHECKING:
    from remediate.workflow.external.assignment import Assignment

_KEPT = {Result.FIXED, Result.FIXED_PARTLY, Result.PLANNED}


@dataclass
class Fixer:
    """Fixes findings one after the other, in one session.

    Attributes:
        base: What the fixes are made on; None for a checkout that no commit describes.
        keeper: What is made of a verified fix.
        ledger: Outcomes of earlier runs; None when they do not count.
        prefix: Where the workspace lies in the repository: "" or a folder with a slash.
        around: The repository, for what else names a file; None where there is none.
        outside: A digest of the packages outside of the repository; an outcome holds as long as they do.
        assigned: The external fixer of the run, if there is one.
    """

    request: Request
    session: Session
    keeper: Branches | Patches | InPlace
    progress: Progress
    base: Base | None = None
    ledger: Ledger | None = None
    prefix: str = ""
    around: Surroundings | None = None
    outside: str = ""
    assigned: "Assignment | None" = None
    _changes: dict[str, str] = field(default_factory=dict)
    _attempt: Attempt | None = None
    _notes: tuple[str, ...] = ()

    def fix(self, finding: Finding) -> Outcome:
        """Bring one finding to its outcome, with the time it took.

        Raises:
            ToolError: cargo, rustfmt or git is missing or refused.
            LeaseError: Somebody moved the finding's branch meanwhile.
        """
        self._attempt, self._notes = None, ()
        watch = Stopwatch(self.session.cargo, self.session.git_seconds, self.session.baseline_cost)
        codemod = finding.codemod or contract.codemod_for(finding.rule)
        teller = Teller(finding, codemod, self.base.commit if self.base else None)
        key = self._key(finding, replace(self.request, fixer=None), codemod)
        known = self._known(key, teller)
        follows = self.assigned is not None and (known is None or self.assigned.follows(finding, known))
        if known is None or follows:
            own = self._key(finding, self.request, codemod)
            again = self._known(own, teller) if follows else None
            if again is not None:
                return reused(again, finding, watch.read())
            outcome = known or teller.by_status() or self._worked(teller, watch)
            if self.assigned is not None and self.assigned.follows(finding, outcome):
                key = own
                outcome = replace(self._worked(teller, watch, self.assigned), fixer=self.assigned.name)
            told = replace(outcome, id=teller.id, timings=watch.read())
            return self._recorded(key, told)
        return reused(known, finding, watch.read())

    def _key(self, finding: Finding, request: Request, codemod: str | None) -> str:
        if self.base is None:
            return ""
        # What other codemods are asked says nothing of this finding.
        options = {name: request.options[name] for name in request.options if name == codemod}
        asked = replace(request, options=options)
        return ledgers.key(finding, self.base, asked, self.prefix, self.outside)

    def _known(self, key: str, teller: Teller) -> Outcome | None:
        """Return an earlier run's outcome if it still holds, with its branch where it belongs."""
        entry = self.ledger.find(key) if self.ledger and not self.request.redo else None
        if entry is None:
            return None
        if entry.attempt and entry.attempt.same_as:
            holds = isinstance(self.keeper, Branches) and entry.attempt.same_as in self.keeper.tips().values()
            return entry.outcome if holds else None
        return self._with_branch(entry, teller)

    def _with_branch(self, entry: Entry, teller: Teller) -> Outcome | None:
        """Return an earlier run's outcome with its branch where it belongs; None where that cannot be."""
        outcome = told = entry.outcome
        if outcome.commit is None or outcome.branch is None:
            return outcome
        if not isinstance(self.keeper, Branches) or outcome.base != teller.base:
            return None
        taken = self.keeper.taken(teller.finding)
        if taken and self.keeper.contains(outcome.branch, outcome.commit):
            return replace(outcome, reason="branch-taken", detail=f"fixed; {taken}")
        if taken:
            return teller.tell(Result.SKIPPED, "branch-taken", taken)
        if not (self.keeper.has(outcome.commit) and self.keeper.resume(outcome.commit)):
            return None
        answer: Outcome | Skip | None = None
        if entry.attempt and self.keeper.tips().get(outcome.branch) not in {None, outcome.commit}:
            found = self._compared(teller.finding, entry.attempt, self.keeper)
            answer, told = found.answer, replace(outcome, notes=(*outcome.notes, *found.notes))
        if answer is None:
            self.keeper.publish(outcome.branch, outcome.commit)
        return teller.skipped(answer) if isinstance(answer, Skip) else answer or told

    def _recorded(self, key: str, outcome: Outcome) -> Outcome:
        """Keep the outcome, then move the branch: a run killed in between finds the branch's commit again."""
        lasting = outcome.reason not in PASSING and outcome.outcome is not Result.FAILED
        if self.ledger and self.base and lasting and self.request.mode is Mode.BRANCH:
            # What nothing could check is asked again; its branch is known as ours all the same.
            checked = outcome.reason != "unverified" or not self.session.unusable
            told = replace(outcome, reused=False)
            self.ledger.store(key, self.base.tree, told, self.prefix, self._attempt, lasting=checked)
        if isinstance(self.keeper, Branches) and outcome.branch and outcome.commit:
            self.keeper.publish(outcome.branch, outcome.commit)
        return outcome

    def _worked(self, teller: Teller, watch: Stopwatch, assigned: "Assignment | None" = None) -> Outcome:
        """Work on a finding with its codemod, or with an external fixer."""
        self._attempt, self._notes = None, ()
        task = self._task(teller, assigned)
        if isinstance(task, Skip):
            return teller.skipped(task)
        written = self._written(teller.finding)
        trial = Trial(task, self.session, written, watch, self.progress)
        kept = False
        try:
            planned = trial.plan()
            said = self._of_sketch(trial, written)
            if said and isinstance(planned, Change):
                planned = replace(planned, notes=(*planned.notes, f"{said}. Used instead: {planned.summary}"))
            outcome = self._tried(teller, trial, planned)
            if said and not isinstance(planned, Change):
                outcome = replace(outcome, notes=(*outcome.notes, said))
            kept = self.keeper.stays and outcome.outcome in _KEPT
        except BaselineError as error:
            return teller.tell(Result.SKIPPED, "baseline-unusable", f"{error} {error.hint}")
        except RefusedError as error:
            return teller.rolled_back(RolledBack(error.reason, error.sentence))
        finally:
            with watch.editing():
                written.settle() if kept else written.restore()
        if not kept:
            self._require_whole(task.package)
        return outcome

    def _of_sketch(self, trial: Trial, written: Written) -> str:
        """Return what rustc says of the code that the audit gives, for a codemod that takes after it."""
        task = trial.task
        if self.request.mode is Mode.PLAN or not isinstance(task.codemod, contract.Sketched):
            return ""
        from remediate.workflow.fixing.sketches import objections  # noqa: PLC0415 - few codemods have any

        return objections(self.session, written, task.package, task.codebase, task.finding)

    def _require_whole(self, package: Package) -> None:
        """Make sure that nobody took the files away meanwhile: what was measured without them is no fact.

        Raises:
            MachineError: Files are gone.
        """
        root = self.session.workspace.root
        gone = [path for path in package.files if not (root / path).exists()]
        if gone or not root.is_dir():
            raise MachineError(
                f"files of the worktree {root} were removed while it was at work: {(*gone, '')[0]}",
                "Nothing of this was remembered; run the same command again.",
            )

    def _written(self, finding: Finding) -> Written:
        root = self.session.workspace.root
        if not isinstance(self.keeper, InPlace):
            return Written(root)
        return Journalled(root, self.session.journal, f"{finding.rule} {finding.path or finding.title}")

    def _task(self, teller: Teller, assigned: "Assignment | None") -> Task | Skip:
        """Return the work to do, or why there is none; nothing has been written yet."""
        finding, workspace = teller.finding, self.session.workspace
        if teller.codemod is None and assigned is None:
            from remediate.workflow.orders.selection import no_codemod  # noqa: PLC0415 - few have none

            return Skip("no-codemod", no_codemod(finding))
        problem = workspace.problem_with(finding.path)
        if problem is not None:
            return Skip(problem.reason, problem.sentence)
        package = workspace.package_of(finding.path)
        if package is None:
            return Skip("no-package", f"{finding.path} belongs to no package of the workspace")
        if self.request.packages and package.name not in self.request.packages:
            return Skip("not-selected", f"package {package.name} was not asked for (-p)")
        if assigned is not None:
            return Task(finding, workspace.codebase, package, assigned.codemod(finding, package), Options())
        codemod = contract.codemods()[teller.codemod or ""]
        options = self.request.options.get(teller.codemod or "") or codemod.OPTIONS()
        return Task(finding, self._codebase(codemod), package, codemod, options)

    def _codebase(self, codemod: contract.Codemod) -> Codebase:
        """Return the workspace as the codemod is given it: the project's templates first, then its own."""
        codebase = self.session.workspace.codebase
        own = (Path(codemod.TEMPLATES),) if isinstance(codemod, contract.Templated) else ()
        folders = (*self.request.templates, *own)
        return replace(codebase, render=Templates(folders)) if folders else codebase

    def _tried(self, teller: Teller, trial: Trial, planned: Change | Skip | Faulty | RolledBack) -> Outcome:
        if isinstance(planned, Change):
            earlier = self._earlier(planned, teller.finding)
            if isinstance(earlier, Outcome):
                return earlier
            if earlier:
                return teller.skipped(earlier)
            if self.request.mode is Mode.PLAN:
                return self._only_planned(teller, trial, planned)
            ended = trial.carry_out(planned)
            if isinstance(ended, Verified):
                return self._kept(teller, trial, ended)
            return self._told(teller, ended)
        return self._told(teller, planned)

    def _earlier(self, planned: Change, finding: Finding) -> Skip | Outcome | None:
        """Return what is there already instead of a planned change: its branch, or the fix of a finding."""
        taken = self.keeper.taken(finding) if isinstance(self.keeper, Branches) else None
        twin = None if taken else self._twin(planned, finding)
        if taken or twin:
            same = f"the fix of finding {twin} is the same change"
            return Skip("branch-taken", taken) if taken else Skip("same-fix", same)
        if not isinstance(self.keeper, Branches):
            return None
        attempt = ledgers.attempt(planned, self.session.workspace.files, self.request, self.outside)
        found = self._compared(finding, attempt, self.keeper, planned.edits.keys())
        self._attempt, self._notes = found.attempt, found.notes
        return found.answer

    def _compared(
        self, finding: Finding, attempt: Attempt, keeper: Branches, edited: Collection[str] = ()
    ) -> Comparison:
        if isinstance(keeper, OneBranch):
            return Comparison(attempt)
        standing = keeper.ledger.standing(keeper.tips(), self.prefix)
        base = None if self.request.redo or self.base is None else self.base.commit
        return compared(finding, attempt, standing, base, edited)

    def _kept(self, teller: Teller, trial: Trial, verified: Verified) -> Outcome:
        unseen = unproven(verified) if trial.task.codemod.PROOFS.code is Proof.NONE else ""
        if unseen:
            return teller.rolled_back(RolledBack("not-proven", unseen))
        self.progress.step("keep")
        references = self._references(trial, verified.change)
        verified = replace(verified, references=references)
        kept = self.keeper.keep(trial, verified)
        if isinstance(kept, RolledBack):
            return teller.rolled_back(kept)
        told = teller.fixed(verified, kept)
        return replace(told, notes=(*told.notes, *self._notes))

    def _told(self, teller: Teller, ended: RolledBack | Faulty | Skip) -> Outcome:
        if isinstance(ended, Skip):
            return teller.skipped(ended)
        return teller.failed(ended) if isinstance(ended, Faulty) else teller.rolled_back(ended)

    def _only_planned(self, teller: Teller, trial: Trial, planned: Change) -> Outcome:
        if isinstance(self.keeper, Patches) and self.keeper.stays:
            self.keeper.add(trial, trial.write(planned))
        entries = self.ledger.entries.values() if self.ledger else ()
        told = teller.planned(planned, _cost(entry.outcome for entry in entries))
        return replace(told, references=self._references(trial, planned))

    def _references(self, trial: Trial, change: Change) -> tuple[Reference, ...]:
        return self.around.references(trial.task.codebase, trial.task.package, change) if self.around else ()

    def _twin(self, change: Change, finding: Finding) -> str | None:
        """Return the finding of this run whose fix does the very same, None for the first."""
        result = repr(sorted(change.result(self.session.workspace.files).items()))
        first = self._changes.setdefault(result, finding.id)
        return None if first == finding.id else first


def _cost(earlier: Iterable[Outcome]) -> str:
    """Say what a fix has cost in this repository so far: measured, or not at all."""
    spent = [o.timings for o in earlier if o.timings.cargo_runs]
    if not spent:
        return "cost not yet measured here: at least one cargo check"
    runs, seconds = median(t.cargo_runs for t in spent), median(t.total_s for t in spent)
    return f"fixes here took {seconds:.1f} s and {runs:.0f} cargo runs (median of {len(spent)})"
