"""One fix tried: plan, check conservation, format, write, compile, refine, verify."""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial

from remediate.audit.constraints import Constraint
from remediate.contract import Adding, Codemod, Explaining, Rescanning, compiler_gates_of, gates_of
from remediate.edits import Change, OverlapError
from remediate.errors import BaselineError
from remediate.feedback import Feedback, failures, messages
from remediate.gates import Gate, GateResult, OddTest
from remediate.model import Finding, Reference, Skip
from remediate.options import Options
from remediate.proofs import Proof, Proofs
from remediate.quantities import quantity
from remediate.rust.codebase import Codebase, changed_codebase
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline
from remediate.verify.cargo_gates import ends_as_before, gates_ahead
from remediate.verify.check_round import (
    NONE,
    AskedGates,
    Before,
    CheckRound,
    Measure,
    asked_before,
    check_round,
)
from remediate.verify.ladder import Attempt, examine, unchecked, verify
from remediate.verify.produced import prepared
from remediate.verify.report import Report, kind
from remediate.verify.rescan import Again, rescan
from remediate.verify.text.constraints import gate as constraints_gate
from remediate.workflow.fixing.bisection import Bisection
from remediate.workflow.fixing.formatting import formatted
from remediate.workflow.fixing.stopwatch import Stopwatch
from remediate.workflow.progress import Progress
from remediate.workflow.streams.probing import probed
from remediate.workflow.tree.disk import Written
from remediate.workflow.tree.gathering import asked
from remediate.workflow.tree.session import Session

MOST_REFINEMENTS = 6


@dataclass(frozen=True, slots=True)
class Task:
    """A finding with the workspace and the package it lies in, and the codemod that takes it."""

    finding: Finding
    codebase: Codebase
    package: Package
    codemod: Codemod
    options: Options


@dataclass(frozen=True, slots=True)
class Checked:
    """What rustc said of the part of a change that is in one package."""

    package: Package
    change: Change
    said: CheckRound


@dataclass(frozen=True, slots=True)
class Verified:
    """The change is on the disk, and no gate failed; what else names its files."""

    change: Change
    report: Report
    references: tuple[Reference, ...] = ()


@dataclass(frozen=True, slots=True)
class RolledBack:
    """A gate said no: a reason code, one sentence, what rustc or a gate said, and the tests it is about.

    The caller restores the files.
    """

    reason: str
    sentence: str
    feedback: tuple[Feedback, ...] = ()
    tests: tuple[OddTest, ...] = ()


@dataclass(frozen=True, slots=True)
class Faulty:
    """The codemod broke its promise: a bug of this program, found before anything was written."""

    reason: str
    sentence: str


@dataclass
class Trial:
    """One task in one session. Whatever is returned, the caller decides what stays on the disk.

    Attributes:
        written: Remembers what stood on the disk before.
    """

    task: Task
    session: Session
    written: Written
    watch: Stopwatch
    progress: Progress

    def plan(self) -> Change | Skip | Faulty | RolledBack:
        """Plan the fix, and check what needs neither disk nor cargo."""
        foreign = self.task.codemod.PROOFS.code is Proof.NONE
        self.progress.step("run the fixer" if foreign else "plan")
        task = self.task = self._informed()
        return self._examined(lambda: task.codemod.plan(task.codebase, task.finding, task.options))

    def _informed(self) -> Task:
        """Return the task with what the compiler knows of the code, where its codemod asks for that."""
        task = self.task
        with self.watch.planning():
            wanted = asked(task.codemod, task.codebase, task.finding, task.options)
        codebase = self.session.informed(task.codebase, wanted)
        codebase = probed(self.session, task.codemod, codebase, task.finding, task.options)
        return replace(task, codebase=codebase, package=codebase.by_name[task.package.name])

    def carry_out(self, planned: Change) -> Verified | RolledBack | Faulty | Skip:
        """Write a planned change, let rustc judge it, refine it a bounded number of times, and verify it.

        Where cargo cannot even begin, what conservation shows is offered unverified.

        Raises:
            ToolError: cargo or rustfmt is missing.
        """
        try:
            return self._tried(planned)
        except BaselineError as error:
            with self.written.aside():
                usable = self.session.is_usable(self.task.package)
            if usable:
                return RolledBack("check-failed", f"cargo cannot begin with the change: {error}")
            if self.task.codemod.PROOFS.code is Proof.NONE:
                return Skip("baseline-unusable", f"{error}. {error.hint}")
            return self._offered(planned, error)

    def _tried(self, planned: Change) -> Verified | RolledBack | Faulty:
        self.progress.step("baseline")
        asked_gates = self._asked(planned)
        earlier: Change | None = None
        tests = Bisection(self._smaller, self._ends_as_before)
        for number in range(1, MOST_REFINEMENTS + 2):
            own = self._own_gates(planned)
            if own.failed:
                return _judged(planned, own)
            change = self.write(planned)
            self.progress.step(f"check, round {number}")
            self.watch.rounds = number
            said = self._checked(change, replace(asked_gates, change=change))
            verdict, objections = self._verdict(said, change, planned, earlier)
            odd = verdict.tests if isinstance(verdict, RolledBack) else ()
            if not objections and not odd:
                return verdict
            refined = (tests.answer(change, odd) or change) if odd else self._refined(change, objections)
            if isinstance(refined, Skip):
                rejected = RolledBack(refined.reason, refined.sentence, objections)
                return rejected if any(part.said.feedback for part in said) else verdict
            if not isinstance(refined, Change):
                return refined
            if refined == change:
                break
            planned, earlier = refined, _earlier(refined, change)
        return verdict

    def _asked(self, planned: Change) -> AskedGates:
        """Let the codemod's own gates measure the tree, while the disk is untouched; baselines too."""
        package, cargo = self.task.package, self.session.cargo
        for other, part in self._parts(planned):
            self.session.measured(other, partial(prepared, cargo, other, change=part))
        gates = compiler_gates_of(self.task.codemod)
        if not gates:
            return NONE
        return asked_before(cargo, package, self.session.baseline(package), gates, planned)

    def _parts(self, change: Change) -> tuple[tuple[Package, Change], ...]:
        return self.task.codebase.parts(change, self.task.package)

    def _checked(self, change: Change, own: AskedGates) -> list[Checked]:
        """Let rustc judge a change that is on the disk, package by package."""
        found = []
        for package, part in self._parts(change):
            about = own if package.name == self.task.package.name else NONE
            touched = part.result(package.files)
            said = check_round(self.session.cargo, package, touched, self._before(package), about)
            found.append(Checked(package, part, said))
        return found

    def _offered(self, planned: Change, unusable: BaselineError) -> Verified | RolledBack | Faulty | Skip:
        """Write a planned change that no cargo can check; what only a compiler could prove is given up."""
        self.session.tell_once(self.progress, unusable)
        for _ in range(MOST_REFINEMENTS):
            said = self._unproven(planned)
            if not said:
                break
            refined = self._refined(planned, said)
            if not isinstance(refined, Change):
                return refined
            planned = refined
        if self._unproven(planned):
            return Skip("baseline-unusable", f"{unusable}. {unusable.hint}")
        change = self.write(planned)
        why, before = f"{unusable}; {unusable.hint}".rstrip("; "), _by_package(self._parts(planned))
        report = Report()
        for package, part in self._parts(change):
            tried = Attempt(package, part, self.task.codemod.PROOFS, before.get(package.name))
            found = unchecked(tried, why)
            report += found if package.name == self.task.package.name else found.about(package.name)
        return _judged(change, report)

    def _unproven(self, planned: Change) -> tuple[Feedback, ...]:
        """Return what of a change only a compiler could prove."""
        gates = compiler_gates_of(self.task.codemod)
        return tuple(said for one in gates for said in one.unproven(planned))

    def _verdict(
        self, checked: Sequence[Checked], change: Change, planned: Change, earlier: Change | None
    ) -> tuple[Verified | RolledBack, tuple[Feedback, ...]]:
        """Return what comes of a change as it stands, and what the codemod may answer."""
        said = tuple(dict.fromkeys(one for part in checked for one in part.said.feedback))
        if said:
            return _rejected(said), said
        self.progress.step("verify")
        before, was = _by_package(self._parts(planned)), _by_package(self._parts(earlier) if earlier else ())
        report = self._own_gates(change)
        for part in checked:
            name, cargo = part.package.name, self.session.cargo
            promised = self.task.codemod.PROOFS
            tried = Attempt(part.package, part.change, promised, before.get(name), was.get(name))
            rescan = self._rescan(change) if name == self.task.package.name else None
            known = self._before(part.package)
            self.progress.gates(gates_ahead(known.baseline))
            found = verify(cargo, known, tried, part.said, rescan)
            report += found if name == self.task.package.name else found.about(name)
            if report.failed:
                break
        return _judged(change, report), _objections(report)

    def _own_gates(self, change: Change) -> Report:
        task = self.task
        return own_gates(
            gates_of(task.codemod), task.codebase, task.package, change, self.session.constraints
        )

    def _smaller(self, change: Change, said: Sequence[Feedback]) -> Change | None:
        refined = self._refined(change, said)
        return refined if isinstance(refined, Change) and refined != change else None

    def _ends_as_before(self, planned: Change, test: OddTest) -> bool:
        """Whether a test ends as before with a change that is only written to see just that."""
        change = self.write(planned)
        self.progress.step("search")
        home, part = self._parts(change)[0]
        tried = Attempt(home, part, self.task.codemod.PROOFS)
        return ends_as_before(tried.climb(self.session.cargo, Before(self.session.baseline(home))), test)

    def _before(self, package: Package) -> Before:
        return known_before(self.session, package, self.written)

    def write(self, planned: Change) -> Change:
        """Format a change and put it on the disk; return it as written."""
        with self.watch.editing():
            change = formatted(planned, self.task.codebase, self.session.workspace.root)
            after = change.result(self.task.codebase.files)
            self.written.write(after, {new: old for old, new in change.moves.items()})
        return change

    def _refined(self, change: Change, said: Sequence[Feedback]) -> Change | Skip | Faulty | RolledBack:
        task = self.task
        return self._examined(lambda: task.codemod.refine(task.codebase, change, said), change)

    def _examined(
        self, planner: Callable[[], Change | Skip], earlier: Change | None = None
    ) -> Change | Skip | Faulty | RolledBack:
        """Plan, and hold a change to what its codemod declares."""
        with self.watch.planning():
            planned = planner()
        # A codemod that has learned nothing returns what was examined before rustfmt laid it out.
        if isinstance(planned, Skip) or planned == earlier:
            return planned
        with self.watch.editing():
            return _fault(self.task, planned, _earlier(planned, earlier)) or planned

    def _rescan(self, change: Change) -> Callable[[], GateResult]:
        """Return the last gate: the codemod itself no longer finds anything to do."""
        task = self.task

        def plan(codebase: Codebase, finding: Finding) -> Change | Skip:
            with self.watch.planning():
                return task.codemod.plan(codebase, finding, task.options)

        after = changed_codebase(task.codebase, change, task.package)
        codemod = task.codemod
        if isinstance(codemod, Rescanning):
            return lambda: codemod.rescan(task.codebase, after, change, task.finding)
        explain = partial(codemod.explain, options=task.options) if isinstance(codemod, Explaining) else None
        added = codemod.added if isinstance(codemod, Adding) else None
        again = Again(plan, codemod.SETTLED, task.codebase, explain, added)
        return lambda: rescan(after, change, task.finding, again)


def own_gates(
    own: Sequence[Gate],
    codebase: Codebase,
    home: Package,
    change: Change,
    constraints: Sequence[Constraint] = (),
) -> Report:
    """Return what a codemod's own gates and the project's constraints say of a change."""
    gates = tuple(own)
    if constraints and "project constraints" not in {gate.name for gate in gates}:
        gates += (constraints_gate(constraints),)
    if not gates:
        return Report()
    after = changed_codebase(codebase, change, home)
    return Report(tuple(gate.judged(codebase, after, change) for gate in gates))


def known_before(session: Session, package: Package, written: Written) -> Before:
    """Return what a change that is on the disk is compared with; to look back it is taken off for a while."""

    def look_back(measure: Measure) -> Baseline:
        with written.aside():
            return session.measured(package, measure)

    return Before(session.baseline(package), look_back)


def _earlier(planned: Change, before: Change | None) -> Change | None:
    """Return what a change was made from: the one before, or the originals if its memo made it anew."""
    return None if planned.memo is not None else before


def _fault(task: Task, planned: Change, earlier: Change | None) -> Faulty | RolledBack | None:
    # Who promised nothing broke no promise: then it is no bug of this program.
    blame = RolledBack if task.codemod.PROOFS.code is Proof.NONE else Faulty
    try:
        if all(task.codebase.files.get(p) == t for p, t in planned.result(task.codebase.files).items()):
            return Faulty("empty-change", "the codemod planned a change that changes nothing")
        beyond = undeclared(planned, task.codemod.PROOFS)
        if beyond:
            return Faulty("undeclared-change", f"the codemod declares no changes of {', '.join(beyond)}")
        was = _by_package(task.codebase.parts(earlier, task.package) if earlier else ())
        report = Report()
        for package, part in task.codebase.parts(planned, task.package):
            tried = Attempt(package, part, task.codemod.PROOFS, earlier=was.get(package.name))
            report += examine(tried)
        if blame is RolledBack:
            # Before anything is measured: most of what is refused is refused for its text.
            report += own_gates(gates_of(task.codemod), task.codebase, task.package, planned)
    except OverlapError as error:
        return Faulty("overlapping-edits", str(error))
    return next((blame(_code(gate.name), gate.detail) for gate in report.failed), None)


def _judged(change: Change, report: Report) -> Verified | RolledBack:
    for gate in report.failed:
        return RolledBack(_code(gate.name), f"{gate.name}: {gate.detail}", gate.feedback, gate.tests)
    return Verified(change, report)


def _objections(report: Report) -> tuple[Feedback, ...]:
    """Return the feedback of all failed gates, nothing if one of them has failed without any.

    Where none has failed, that of gates that could not judge: a codemod may answer it or leave it so.
    """
    said = [gate.feedback for gate in report.failed]
    said = said if all(said) else []
    said += [] if report.failed else [gate.feedback for gate in report.unverified]
    return tuple(one for found in said for one in found)


def _code(gate: str) -> str:
    """Return a failed gate's reason code: "test-results-failed" for "test results: nextest (default)"."""
    return re.sub(r"[^a-z0-9]+", "-", kind(gate).lower()).strip("-") + "-failed"


def undeclared(change: Change, proofs: Proofs) -> tuple[str, ...]:
    """Return what a change declares to differ although its codemod promises that it stays the same."""
    declared = {
        "code": (*change.rewrites, *change.generated),
        "comments": change.comments,
        "api": change.api,
        "functions": change.functions,
        "tests": (*change.adds_tests, *change.renamed_tests, *change.moved_tests),
        "manifest": change.manifest,
    }
    return tuple(name for name, found in declared.items() if found and getattr(proofs, name) is Proof.SAME)


def _by_package(parts: Sequence[tuple[Package, Change]]) -> dict[str, Change]:
    return {package.name: part for package, part in parts}


def _rejected(said: tuple[Feedback, ...]) -> RolledBack:
    rustc = messages(said)
    for failure in failures(said) if not rustc else ():
        return RolledBack(_code(failure.gate), f"{failure.gate}: {failure.sentence}", said)
    errors = sum(message.level == "error" for message in rustc)
    words = quantity(errors, "new error") if errors else quantity(len(rustc), "new warning")
    return RolledBack("check-failed", f"rustc reports {words} that the base does not have", said)
