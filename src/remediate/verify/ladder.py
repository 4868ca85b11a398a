"""The ladder: which gates a change must pass at which level, and in what order."""

from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import PurePosixPath

from remediate.cargo import nextest, toolchain
from remediate.cargo.command import Cargo
from remediate.cargo.nextest import PATH, judged
from remediate.edits import Change, ManifestEdit
from remediate.gates import GateResult, failed, passed, unverified
from remediate.proofs import Proof, Proofs
from remediate.quantities import quantity
from remediate.rust.codebase import changed
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline, with_packaged
from remediate.verify.cargo_gates import Climb, lints, meaning, tests
from remediate.verify.check_round import Before, CheckRound
from remediate.verify.compiler.coverage import coverage
from remediate.verify.compiler.shipping import Archive, same_archive, selects_files, shipping
from remediate.verify.produced import Comparison
from remediate.verify.report import Level, Report
from remediate.verify.tests.neighbours import Neighbours
from remediate.verify.text.conservation import conserve, expected, lost_comments
from remediate.verify.text.constraints import constraints
from remediate.verify.text.formatting import layout, same_but_formatting
from remediate.verify.text.health import health
from remediate.verify.text.kept_names import kept_names
from remediate.verify.text.manifests import undeclared
from remediate.verify.text.production import production


@dataclass(frozen=True, slots=True)
class Attempt:
    """One change to one package.

    Conservation is shown step by step: what was planned against what it was planned on, and that rustfmt then
    only formatted. A line that rustfmt breaks anew is no violation, a token it loses is.

    Attributes:
        package: The package before the change.
        change: The change as it is, or is to be, on the disk.
        proofs: What its codemod promises.
        planned: The change before rustfmt saw it; None where it did not.
        earlier: The change of the round before, as rustfmt left it: what ``refine`` was given.
        laid_out: Where ``planned`` is not known any more, the new and the rewritten files that rustfmt would
            leave as they are.
    """

    package: Package
    change: Change
    proofs: Proofs
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

    def climb(self, cargo: Cargo, before: Before, last: CheckRound | None = None) -> Climb:
        """Return what climbs the later gates with the change, which is on the disk."""
        return Climb(
            cargo,
            before.baseline,
            self.package,
            changed(self.package, self.change),
            self.touched,
            self.change.adds_tests,
            last.suite if last else None,
            self.change.moved_tests,
            self.change.renamed_tests,
            frozenset(u.artifact for c in (last.checks if last else ()) for u in c.units if not u.fresh),
            before.look_back,
            self.change.moves,
            self.change.api,
            self.change.functions,
            last.mirs if last else {},
        )


def examine(attempt: Attempt) -> Report:
    """Pass the gates that need no cargo: parse health, conservation. Call before anything is written."""
    after = attempt.after
    parsed = health(attempt.package, attempt.change, after)
    report = Report((parsed, _conserved(attempt), constraints(attempt.before, after, attempt.change.adds)))
    named = kept_names(attempt.package, attempt.change, after)
    report += Report(() if named is None else (named,))
    if attempt.proofs.only_tests:
        report += Report((production(attempt.package, attempt.change),))
    return report


def unchecked(attempt: Attempt, why: str) -> Report:
    """Pass the gates that need no cargo, where cargo cannot begin: all others are unverified."""
    names = ("check", "freshness", "tests", "clippy", "rustdoc", "public API", "MIR")
    return examine(attempt) + Report(tuple(unverified(name, why) for name in names))


def _conserved(attempt: Attempt) -> GateResult:
    if attempt.proofs.code is Proof.NONE:
        return unverified("conservation", "nothing is promised of the text: it is no codemod's")
    violations = _violations(attempt)
    if violations:
        return failed("conservation", f"{len(violations)} not conserved: {'; '.join(violations[:8])}")
    new = len(attempt.change.generated & attempt.change.creations.keys())
    beside = f", beside {quantity(new, 'file')} of new code" if new else ""
    return passed("conservation", f"every token, comment and literal is there once{beside}")


def _violations(attempt: Attempt) -> list[str]:
    files = attempt.package.files
    planned = attempt.planned or attempt.change
    earlier = attempt.earlier if not planned.rewrites else None  # rewrites are spans of the originals
    old = earlier.conserved(files) if earlier else {}
    new = planned.conserved(files)
    if attempt.proofs.code is Proof.DECLARED:
        old |= expected(files, planned.rewrites)
    paths = {*old, *new, *planned.originals()}
    before = {p: old.get(p, files.get(p)) for p in paths}
    after = {p: new.get(p, files.get(p)) for p in paths}
    found = conserve(
        before,
        after,
        attempt.proofs,
        planned.new_modules,
        planned.rewritten,
        laid_out=attempt.laid_out,
        crates=frozenset(m.crate for m in planned.moved_tests),
    )
    lost = lost_comments(files, planned.rewrites, planned.comments)
    declared = attempt.proofs.manifest is Proof.DECLARED
    named = _undeclared(before, after, planned.manifest) if declared else []
    return [*map(str, (*found, *lost)), *named, *_changed_by_rustfmt(planned.result(files), attempt.after)]


def _undeclared(
    before: Mapping[str, bytes | None], after: Mapping[str, bytes | None], edits: Collection[ManifestEdit]
) -> list[str]:
    """Return what a change does to manifests without saying so."""
    paths = sorted(path for path in after if PurePosixPath(path).name == "Cargo.toml")
    pairs = ((path, before.get(path) or b"", after.get(path) or b"") for path in paths)
    return [why for path, old, new in pairs if old != new for why in undeclared(path, old, new, edits)]


def _changed_by_rustfmt(
    planned: Mapping[str, bytes | None], written: Mapping[str, bytes | None]
) -> list[str]:
    pairs = {path: (planned.get(path) or b"", text or b"") for path, text in written.items()}
    wrong = (p for p, (old, new) in pairs.items() if old != new and not same_but_formatting(old, new))
    return [f"{path}: more than its format has changed" for path in sorted(wrong)]


def verify(
    cargo: Cargo,
    before: Before,
    attempt: Attempt,
    last: CheckRound,
    rescan: Callable[[], GateResult] | None = None,
) -> Report:
    """Climb the whole ladder of ``baseline.level`` for a change on disk whose last round was ``last``.

    The report holds every gate of the level, those of ``examine`` and of ``last`` included. A failing gate is
    a result, not an exception. Once a gate has failed, the more costly ones after it are not run.
    ``rescan`` says whether the finding is gone and none is new.

    Raises:
        ToolError: cargo is missing.
    """
    baseline = before.baseline
    report = examine(attempt) + Report(last.gates) + Report(tuple(_unchecked(baseline, last)))
    report += Report(tuple(_left_out(baseline.level)))
    if last.checks:
        anew, cfgs = attempt.proofs.code is Proof.NONE, toolchain.cfgs(cargo)
        report += Report((coverage(attempt.before, attempt.after, last.checks, cfgs, rewritten=anew),))
    if rescan is not None:
        report += Report((rescan(),))
    laid_out = layout(attempt.package, attempt.change, attempt.after, cargo.root)
    report += Report(() if laid_out is None else (laid_out,))
    after = changed(attempt.package, attempt.change)
    new = [
        path for path, text in attempt.after.items() if text is not None and path not in attempt.package.files
    ]
    archive = Archive(cargo, baseline.spec)
    if new and selects_files(after) and not report.failed:
        units = [unit for check in last.checks for unit in check.units]
        report += Report((shipping(archive, after, units, new),))
    if attempt.proofs.only_tests and not report.failed:
        configured = runner_configuration(cargo, attempt.package, after)
        report += Report((configured,) if configured else ())
    if not report.failed:
        baseline, same = _archive(archive, before, attempt, after)
        report += Report((same,) if same else ())
    if not report.failed and last.checks:
        made = Comparison(
            cargo, before, attempt.package, after, attempt.change, attempt.proofs.code, last.expanded
        )
        report += Report(tuple(made.gates()))
    climb = attempt.climb(cargo, replace(before, baseline=baseline), last)
    others = Neighbours(cargo, attempt.package, baseline, attempt.change.originals(), attempt.touched)
    for later in (partial(lints, climb), partial(meaning, climb), partial(tests, climb), others.gates):
        if not report.failed:
            report += Report(tuple(later()))
    return report


def _archive(
    archive: Archive, before: Before, attempt: Attempt, after: Package
) -> tuple[Baseline, GateResult | None]:
    """Return the baseline with the packaged tests, or why the tests of the tree stand for them."""
    baseline, package = before.baseline, attempt.package
    selects = selects_files(package) or selects_files(after)
    if before.look_back is None or baseline.level is not Level.STANDARD or not selects:
        return baseline, None
    same = same_archive(archive, package, baseline.shipped, attempt.after)
    if same is not None:
        return baseline, same
    return before.look_back(lambda known: with_packaged(archive.cargo, package, known)), None


def _unchecked(baseline: Baseline, last: CheckRound) -> Iterator[GateResult]:
    done = {check.configuration for check in last.checks}
    for base in baseline.checks:
        if base.configuration.name not in done:
            why = "another configuration failed first" if not last.complete else "not part of this level"
            yield unverified(f"check ({base.configuration.name})", why)


def _left_out(level: Level) -> Iterator[GateResult]:
    """Name the gates that a level leaves out: a check that did not happen is told of."""
    why = f"not part of level {level}"
    if level is Level.QUICK:
        yield unverified("check (other feature sets)", why)
        yield unverified("tests", why)
    if level is not Level.FULL:
        yield unverified("clippy", why)
        yield unverified("rustdoc", why)
        yield unverified("public API", why)
        yield unverified("MIR", why)


def runner_configuration(cargo: Cargo, before: Package, after: Package) -> GateResult | None:
    """Judge the configuration on the disk; None where there is none.

    What the change left as it was cannot fail: its unknown keys are named.
    """
    if PATH not in after.files:
        return None
    if not nextest.available():
        return unverified("nextest configuration", "nextest is not installed")
    found = judged(cargo)
    if found.sound:
        return passed("nextest configuration", f"nextest knows every key of {PATH}")
    words = found.error or f"nextest does not know, and ignores: {', '.join(found.unknown)}"
    if after.files[PATH] != before.files.get(PATH):
        return failed("nextest configuration", words)
    return unverified("nextest configuration", f"{words}; `extract-tests --repair-nextest` repairs {PATH}")
