"""The ladder: which gates a change must pass at which level, and in what order."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace

from remediate.allowance import Allowance
from remediate.cargo import toolchain
from remediate.cargo.check import Check
from remediate.cargo.door import Cargo
from remediate.cargo.suite import Suite
from remediate.edits import Change
from remediate.model import Diagnostic
from remediate.rust.package import Package
from remediate.verify import compilation, testing
from remediate.verify.baseline import Baseline, selection, with_check
from remediate.verify.changed import changed
from remediate.verify.compilation import CheckBaseline, news
from remediate.verify.conservation import conserve
from remediate.verify.constraints import constraints
from remediate.verify.coverage import coverage
from remediate.verify.formatting import same_but_formatting
from remediate.verify.freshness import doubted, freshness, reused, stale_runs
from remediate.verify.health import health
from remediate.verify.production import production, touches_only_tests
from remediate.verify.report import GateResult, Level, Report, failed, passed, unverified
from remediate.verify.rungs import Climb, lints, meaning, tests
from remediate.verify.runner_configuration import runner_configuration
from remediate.verify.shipping import selects_files, shipping


@dataclass(frozen=True, slots=True)
class Attempt:
    """One change to one package.

    Conservation is shown step by step: what was planned against what it was planned on, and that rustfmt then
    only formatted. A line that rustfmt breaks anew is no violation, a token it loses is.

    Attributes:
        package: The package before the change.
        change: The change as it is, or is to be, on the disk.
        may: What its codemod may alter.
        planned: The change before rustfmt saw it; None where it did not.
        earlier: The change of the round before, as rustfmt left it: what ``refine`` was given.
        laid_out: Where ``planned`` is not known any more, the new files that rustfmt would leave as they are.
    """

    package: Package
    change: Change
    may: Allowance
    planned: Change | None = None
    earlier: Change | None = None
    laid_out: frozenset[str] = frozenset()

    @property
    def touched(self) -> tuple[str, ...]:
        """Every path the change writes or removes, sorted."""
        return tuple(sorted({*self.change.originals(), *self.after}))

    @property
    def before(self) -> dict[str, bytes | None]:
        """Every touched path with its bytes before the change, None for one that is new."""
        return {path: self.package.files.get(path) for path in self.touched}

    @property
    def after(self) -> dict[str, bytes | None]:
        """Every touched path with its bytes after the change, None for one that goes."""
        return self.change.result(self.package.files)


@dataclass(frozen=True, slots=True)
class CheckRound:
    """What rustc said about one attempt.

    Attributes:
        diagnostics: Errors and warnings the baseline does not have, for ``refine``. Paths are
            those of the tree as it stands now. Empty means nothing is left to refine.
        gates: "check (..)" per configuration, and "freshness": whether rustc really read every edited file.
        checks: The runs themselves; ``verify`` builds on them instead of running again.
        complete: Whether all configurations were checked; false when one already had new errors.
        suite: The run of tests whose build was the first check, where one is both.
    """

    diagnostics: tuple[Diagnostic, ...]
    gates: tuple[GateResult, ...]
    checks: tuple[Check, ...] = ()
    complete: bool = True
    suite: Suite | None = None


def examine(attempt: Attempt) -> Report:
    """Climb the rungs that need no cargo: parse health, conservation. Call before anything is written."""
    after = attempt.after
    violations = _violations(attempt)
    words = "; ".join(violations[:8])
    conserved = (
        failed("conservation", f"{len(violations)} not conserved: {words}")
        if violations
        else passed("conservation", "every token, comment and literal is there once")
    )
    parsed = health(attempt.package, attempt.change, after)
    report = Report((parsed, conserved, constraints(attempt.before, after)))
    if touches_only_tests(attempt.may):
        report += Report((production(attempt.package, attempt.change),))
    return report


def _violations(attempt: Attempt) -> list[str]:
    files = attempt.package.files
    planned = attempt.planned or attempt.change
    old = attempt.earlier.result(files) if attempt.earlier else {}
    new = planned.result(files)
    paths = {*old, *new, *planned.originals()}
    before = {p: old.get(p, None if p in old else files.get(p)) for p in paths}
    after = {p: new.get(p, None if p in new else files.get(p)) for p in paths}
    found = conserve(
        before, after, attempt.may, planned.new_modules, planned.rewritten, laid_out=attempt.laid_out
    )
    return [*map(str, found), *_changed_by_rustfmt(new, attempt.after)]


def _changed_by_rustfmt(
    planned: Mapping[str, bytes | None], written: Mapping[str, bytes | None]
) -> list[str]:
    pairs = {path: (planned.get(path) or b"", text or b"") for path, text in written.items()}
    wrong = (p for p, (old, new) in pairs.items() if old != new and not same_but_formatting(old, new))
    return [f"{path}: more than its format has changed" for path in sorted(wrong)]


def check_round(cargo: Cargo, package: Package, edited: Collection[str], baseline: Baseline) -> CheckRound:
    """Check the tree as it stands on disk under ``cargo.root``, against the baseline.

    ``package`` is the package before the change; ``edited`` are all workspace-relative paths the change wrote
    or removed. At level quick the default configuration is checked, else all that differ.

    Raises:
        ToolError: cargo is missing or timed out.
    """
    suite = _suite(cargo, package, edited, baseline)
    bases = _bases(baseline, suite)
    checks: list[Check] = []
    for base in bases:
        built = suite.build if suite and not checks else None
        checks.append(built or _fresh_check(cargo, base, baseline, edited))
        if any(d.level == "error" for d in news(checks[-1:], [base])):
            break
    doubts = stale_runs([check.units for check in checks], package.name, edited)
    gates = [
        gate
        for check, base, reasons in zip(checks, bases, doubts, strict=False)
        for gate in doubted(compilation.gates("check", check, base, package.name), reasons)
    ]
    written = [path for path in edited if (cargo.root / path).is_file()]
    runs = [c.units for c in checks if any(u.package == package.name for u in c.units)]
    proof = freshness(runs, package.name, written, set(edited) - set(written))
    outstanding = len(bases) - len(checks)
    return CheckRound(
        news(checks, bases, outstanding), (*gates, proof), tuple(checks), not outstanding, suite
    )


def verify(
    cargo: Cargo,
    baseline: Baseline,
    attempt: Attempt,
    last: CheckRound,
    rescan: Callable[[], GateResult] | None = None,
) -> Report:
    """Climb the whole ladder of ``baseline.level`` for a change on disk whose last round was ``last``.

    The report holds every gate of the level, those of ``examine`` and of ``last`` included. A failing gate is
    a result, not an exception. Once a rung has failed, the more costly ones above it are not climbed.
    ``rescan`` says whether the finding is gone and none is new.

    Raises:
        ToolError: cargo is missing.
    """
    report = examine(attempt) + Report(last.gates) + Report(tuple(_unchecked(baseline, last)))
    report += Report(tuple(_left_out(baseline.level)))
    if last.checks:
        report += Report((coverage(attempt.before, attempt.after, last.checks, toolchain.cfgs(cargo)),))
    if rescan is not None:
        report += Report((rescan(),))
    after = changed(attempt.package, attempt.change)
    climb = Climb(
        cargo, baseline, attempt.package, after, attempt.touched, attempt.change.adds_tests, last.suite
    )
    new = [
        path for path, text in attempt.after.items() if text is not None and path not in attempt.package.files
    ]
    if new and selects_files(after) and not report.failed:
        units = [unit for check in last.checks for unit in check.units]
        report += Report((shipping(cargo, after, baseline.spec, units, new),))
    if touches_only_tests(attempt.may) and not report.failed:
        configured = runner_configuration(cargo, attempt.package, after)
        report += Report((configured,) if configured else ())
    for rung in (lints, meaning, tests):
        if not report.failed:
            report += Report(tuple(rung(climb)))
    return report


def _suite(cargo: Cargo, package: Package, edited: Collection[str], baseline: Baseline) -> Suite | None:
    """Run the tests whose build says all that the first check does; None where there are none."""
    base = with_check(baseline)
    if base is None:
        return None
    chosen = replace(selection(package, baseline.spec), configuration=base.configuration)
    return testing.fresh(cargo, base, chosen, edited)


def _bases(baseline: Baseline, suite: Suite | None) -> tuple[CheckBaseline, ...]:
    """Return what the checks are compared with: the build of the tests with the build of the tests before."""
    bases = baseline.checks[: 1 if baseline.level is Level.QUICK else None]
    tested = with_check(baseline) if suite and suite.build else None
    return (tested.build, *bases[1:]) if tested and tested.build else bases


def _fresh_check(cargo: Cargo, base: CheckBaseline, baseline: Baseline, edited: Collection[str]) -> Check:
    """Check once; where cargo reused a stale result, give the files a new time and check again."""
    check = cargo.check(base.configuration, baseline.scope)
    if reused(check.units, edited):
        cargo.touch(edited)
        check = cargo.check(base.configuration, baseline.scope)
    return check


def _unchecked(baseline: Baseline, last: CheckRound) -> Iterator[GateResult]:
    done = {check.configuration for check in last.checks}
    for base in baseline.checks:
        if base.configuration.name not in done:
            why = "another configuration failed first" if not last.complete else "not part of this level"
            yield unverified(f"check ({base.configuration.name})", why)


def _left_out(level: Level) -> Iterator[GateResult]:
    """Name the rungs that a level does not climb: a check that did not happen is told of."""
    why = f"not part of level {level}"
    if level is Level.QUICK:
        yield unverified("check (other feature sets)", why)
        yield unverified("tests", why)
    if level is not Level.FULL:
        yield unverified("clippy", why)
        yield unverified("rustdoc", why)
        yield unverified("public API", why)
        yield unverified("MIR", why)
