"""The outcomes of findings: the only place that makes them."""

from dataclasses import dataclass, replace

from remediate.edits import Change
from remediate.feedback import Feedback, GateFailure
from remediate.model import Finding, Outcome, Result, Skip, Status, Timings
from remediate.sanitize import one_line
from remediate.verify.report import Report, kind
from remediate.workflow.fixing.keeping import Kept
from remediate.workflow.fixing.loop import Faulty, RolledBack, Verified
from remediate.workflow.orders.selection import order_for

# What depends on more than the tree and the question, and so is asked again by the next run.
PASSING = frozenset(
    {
        *("branch-taken", "hook-refused", "hook-changed-commit", "baseline-unusable", "not-selected"),
        *("fixer-failed", "fixer-wrote-outside", "verified-further"),
    }
)

_BY_STATUS = {
    Status.MISTAKEN: (Result.MISTAKEN, "mistaken", "nothing in the code is what the audit says"),
    Status.FIXED: (Result.ALREADY_FIXED, "already-fixed", "what the audit says is no longer so"),
    Status.AMBIGUOUS: (Result.SKIPPED, "ambiguous", "more than one location could be meant"),
    Status.UNRESOLVABLE: (Result.SKIPPED, "unresolvable-path", "no file of the workspace is meant"),
}


@dataclass(frozen=True, slots=True)
class Teller:
    """Makes the outcomes of one finding on one base."""

    finding: Finding
    codemod: str | None
    base: str | None

    @property
    def id(self) -> str:
        """The finding's id, fit to be shown."""
        return one_line(self.finding.id)

    def by_status(self) -> Outcome | None:
        """Return the outcome of a claim that is not true of today's tree; None when it is."""
        if self.finding.status not in _BY_STATUS:
            return None
        result, reason, sentence = _BY_STATUS[self.finding.status]
        return self.tell(result, reason, self.finding.reason or sentence)

    def skipped(self, skip: Skip) -> Outcome:
        """Return the outcome of a declined fix."""
        result = Result.MISTAKEN if skip.mistaken else Result.SKIPPED
        return self.tell(result, skip.reason, skip.sentence)

    def planned(self, change: Change, cost: str) -> Outcome:
        """Return the outcome of a fix that was only planned."""
        told = self.tell(Result.PLANNED, "would-change", f"{change.summary}; {cost}")
        nothing = ("everything: it was only planned",)
        return replace(told, files=_files(change), notes=change.remarks, unverified=nothing)

    def fixed(self, verified: Verified, kept: Kept) -> Outcome:
        """Return the outcome of a fix that was verified and kept."""
        change, report = verified.change, verified.report
        result = Result.FIXED_PARTLY if change.partial else Result.FIXED
        told = self.tell(result, _reason(verified), change.partial or change.summary)
        return replace(
            told,
            branch=kept.branch,
            commit=kept.commit,
            files=_files(change),
            verified=tuple(gate.name for gate in report.verified),
            unverified=_unverified(report),
            notes=(*change.remarks, *kept.notes),
            references=verified.references,
        )

    def rolled_back(self, why: RolledBack) -> Outcome:
        """Return the outcome of a fix that was rolled back."""
        told = self.tell(Result.ROLLED_BACK, why.reason, why.sentence)
        return replace(told, diagnostics=tuple(_rendered(one) for one in why.feedback))

    def failed(self, why: Faulty) -> Outcome:
        """Return the outcome of a bug of ours."""
        return self.tell(
            Result.FAILED, why.reason, f"a bug of remediate, nothing was changed: {why.sentence}"
        )

    def tell(self, result: Result, reason: str, sentence: str) -> Outcome:
        """Return an outcome that changes nothing."""
        return Outcome(
            finding=self.finding.fingerprint,
            id=self.id,
            codemod=self.codemod,
            outcome=result,
            reason=reason,
            detail=one_line(sentence, 600),
            title=one_line(self.finding.title),
            path=self.finding.path or one_line(self.finding.claimed_path),
            base=self.base,
            work_order=order_for(self.finding, result, reason),
        )


def reused(outcome: Outcome, finding: Finding, timings: Timings) -> Outcome:
    """Return an earlier run's outcome as this run's: its time is what this run spent on it."""
    return replace(outcome, id=one_line(finding.id), reused=True, timings=timings)


def _reason(verified: Verified) -> str:
    """Return "verified" only where rustc compiled the edit and tests ended with it as they did before."""
    passed = {kind(gate.name) for gate in verified.report.verified}
    if not {"check", "freshness"} <= passed:
        return "unverified"
    if verified.change.partial:
        return "partial"
    return "verified" if "test results" in passed else "compiled"


def unproven(verified: Verified) -> str:
    """Return why code that nothing is promised of must not be kept: the compiler has not seen all of it."""
    passed = {kind(gate.name) for gate in verified.report.verified}
    open_ = {kind(gate.name): gate for gate in verified.report.unverified}
    for name in ("check", "freshness", "cfg coverage"):
        if name in open_ or (name not in passed and name != "cfg coverage"):
            return f"{name}: {open_[name].detail if name in open_ else 'did not pass'}"
    return ""


def _files(change: Change) -> tuple[str, ...]:
    """Return the paths a change touches; moved files count twice."""
    return tuple(sorted({*change.originals(), *change.creations, *change.moves.values()}))


def _unverified(report: Report) -> tuple[str, ...]:
    return tuple(f"{gate.name}: {gate.detail}" for gate in report.unverified)


def _rendered(said: Feedback) -> str:
    if isinstance(said, GateFailure):
        return f"{said.gate}: {said.sentence}"
    return said.rendered or f"{said.level}: {said.message}"
