"""The later gates of the ladder, those that start cargo again: lints, public API, MIR, tests."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace

from remediate.cargo.check import Check, Configuration
from remediate.cargo.command import Cargo
from remediate.cargo.compiler_output import Emitted
from remediate.cargo.suite import Selection, Suite
from remediate.edits import MovedTests, RenamedTest
from remediate.gates import GateResult, OddTest
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline, library, selection, with_check
from remediate.verify.compiler import compilation, mir, public_api
from remediate.verify.compiler.freshness import doubted, reused, stale
from remediate.verify.tests import declared_tests, same_reads, testing
from remediate.verify.tests.testing import SuiteBaseline

# Those whose tests run in the workspace itself, and not below a compiler.
_OBSERVED = ("nextest", "libtest")
Command = Callable[[Configuration, Sequence[str]], Check]


@dataclass(frozen=True, slots=True)
class Climb:
    """A change that is on the disk: the package before and after it, and the paths it touches.

    ``adds_tests``: as in ``edits.Change``. ``suite`` is the run of tests whose build was the last check, if
    it was one. ``compiled`` are the artifacts that this round's checks have made. ``look_back``: as in
    ``check_round.Before``. ``mirs``: as in ``check_round.CheckRound``.
    """

    cargo: Cargo
    baseline: Baseline
    before: Package
    after: Package
    touched: tuple[str, ...]
    adds_tests: frozenset[str] = frozenset()
    suite: Suite | None = None
    moved_tests: tuple[MovedTests, ...] = ()
    renamed: tuple[RenamedTest, ...] = ()
    compiled: frozenset[str] = frozenset()
    look_back: Callable[[Callable[[Baseline], Baseline]], Baseline] | None = None
    moved: Mapping[str, str] = field(default_factory=dict)
    api: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    mirs: Mapping[str, Emitted] = field(default_factory=dict)

    def fresh(self, command: Command, configuration: Configuration) -> Check:
        """Run once; where cargo reused a stale result, give the files a new time and run again."""
        check = command(configuration, (self.baseline.spec,))
        if reused(check.units, self.touched):
            self.cargo.touch(self.touched)
            check = command(configuration, (self.baseline.spec,))
        return check

    def doubts(self, check: Check) -> list[str]:
        """Return why a run says nothing about the change; else nothing."""
        return stale(check.units, self.baseline.package, self.touched)


def gates_ahead(baseline: Baseline) -> int:
    """Return how many gates with a run of cargo the later gates have."""
    return sum(map(len, (baseline.clippy, baseline.docs, baseline.apis, baseline.mirs, baseline.suites)))


def lints(climb: Climb) -> Iterator[GateResult]:
    """Climb clippy and rustdoc, which only level full has a baseline for."""
    cargo, baseline = climb.cargo, climb.baseline
    commands = (("clippy", cargo.clippy, baseline.clippy), ("rustdoc", cargo.doc, baseline.docs))
    for name, command, bases in commands:
        for base in bases:
            cargo.gate(f"{name} ({base.configuration.name})")
            check = climb.fresh(command, base.configuration)
            gates = compilation.gates(name, check, base, baseline.package)
            yield from doubted(gates, climb.doubts(check))


def meaning(climb: Climb) -> Iterator[GateResult]:
    """Climb the public API and the MIR, which only level full has a baseline for."""
    cargo, baseline = climb.cargo, climb.baseline
    name = library(climb.before)
    for api in baseline.apis:
        cargo.gate(f"public API ({api.configuration.name})")
        now = public_api.measure(cargo, api.configuration, baseline.spec, name or "")
        yield public_api.compare(api, now, climb.api)
    for base in baseline.mirs:
        cargo.gate(f"MIR ({base.configuration.name})")
        compared = (base.configuration, baseline.spec, climb.after, climb.before, climb.functions)
        check, found = mir.measure(cargo, *compared, climb.mirs.get(base.configuration.name))
        if reused(check.units, climb.touched):
            cargo.touch(climb.touched)
            check, found = mir.measure(cargo, *compared)
        moved = [m.tests for m in climb.moved_tests]
        sides = (mir.without(side, moved, climb.functions, name or "") for side in (base, found))
        gates = mir.gates(*sides)
        yield from doubted(gates, climb.doubts(check))


def tests(climb: Climb) -> Iterator[GateResult]:
    """Climb the test inventory and the test results, doctests included.

    What one suite's build has compiled in this round is no earlier result for the next.
    """
    for suite in climb.baseline.suites:
        climb.cargo.gate(f"tests: {suite.runner} ({suite.configuration.name})")
        names = climb.renamed if suite.runner != "doctest" else ()
        base = _expected(climb, suite)
        wanted = selection(climb.before, climb.baseline.spec, climb.touched)
        chosen = replace(wanted, configuration=base.configuration)
        first = climb.suite if suite is with_check(climb.baseline) else None
        suites = _Suites(climb, base, chosen, first)
        adds = climb.adds_tests if base.runner != "doctest" else frozenset()
        gates = tuple(testing.gates(suites.run, base, adds, suites.rerun if climb.look_back else None))
        # A doctest is no test of a module that moves.
        moved = climb.moved_tests if base.runner != "doctest" else ()
        gates += (declared_tests.moved_gate(base, moved),) if moved and not base.problem else ()
        gates += (declared_tests.renamed_gate(suite, names),) if names and not base.problem else ()
        gates += tuple(suites.reads()) if base.runner in _OBSERVED and not base.problem else ()
        yield from doubted(gates, suites.doubts or ())
        climb = replace(climb, compiled=suites.compiled)


def _expected(climb: Climb, suite: SuiteBaseline) -> SuiteBaseline:
    """Return a suite of the baseline as a change declares that it leaves it."""
    names = climb.renamed if suite.runner != "doctest" else ()
    base = declared_tests.renamed(declared_tests.retargeted(suite, climb.moved_tests), names)
    return declared_tests.enabled(base, climb.adds_tests if suite.runner != "doctest" else ())


def ends_as_before(climb: Climb, test: OddTest) -> bool:
    """Whether a test is there and ends as before, now that the disk holds another change; it alone is run."""
    for suite in climb.baseline.suites:
        if (suite.runner, suite.configuration.name) == (test.runner, test.configuration):
            base = _expected(climb, suite)
            only = (test.name.partition(" #")[0],)
            chosen = replace(selection(climb.before, climb.baseline.spec), only=only)
            run = testing.fresh(climb.cargo, base, chosen, climb.touched)
            odd = {(found.label, found.name) for found in testing.odd_tests(run, base)}
            return not run.problem and (test.label, test.name) not in odd
    return False


class _Suites:
    """Runs one suite after the change; what was compiled for its first run is the proof of its freshness.

    ``compiled`` are the artifacts that the round has compiled so far, with the change as it is on the disk.
    """

    def __init__(self, climb: Climb, base: SuiteBaseline, chosen: Selection, first: Suite | None) -> None:
        self._climb, self._base, self._chosen, self._first = climb, base, chosen, first
        self.doubts: list[str] | None = None
        self.compiled = climb.compiled
        self._runs: list[Suite] = []

    def run(self) -> Suite:
        cargo, touched = self._climb.cargo, self._climb.touched
        if self.doubts is not None:
            suite = testing.again(cargo, self._base, self._chosen)
        else:
            proven = self.compiled
            suite = self._first or testing.fresh(cargo, self._base, self._chosen, touched, proven)
            self.doubts = testing.doubts(cargo, suite, touched, proven)
        self.compiled |= {unit.artifact for unit in suite.units if not unit.fresh}
        self._runs.append(suite)
        return suite

    def rerun(self) -> SuiteBaseline:
        """Measure the baseline again, with the target folder as it is now; the next run is built anew."""

        def measure(known: Baseline) -> Baseline:
            now = testing.measure(self._climb.cargo, self._base.runner, self._chosen, repeats=1)
            suites = (testing.with_rerun(s, now) if self._is_of(s) else s for s in known.suites)
            return replace(known, suites=tuple(suites))

        assert self._climb.look_back is not None  # noqa: S101 - asked for only where there is one
        found = self._climb.look_back(measure).suites
        self._first, self.doubts, self.compiled = None, None, frozenset()
        return next((_expected(self._climb, s) for s in found if self._is_of(s)), self._base)

    def _is_of(self, suite: SuiteBaseline) -> bool:
        return (suite.runner, suite.configuration) == (self._base.runner, self._base.configuration)

    def reads(self) -> Iterator[GateResult]:
        """Compare which files the tests read; what one run does not read another may."""
        base, moved = self._base, self._climb.moved
        title = f"{base.runner} ({base.configuration.name})"
        while len(self._runs) < testing.REPEATS and same_reads.unread(base.reads, self._runs, moved):
            self.run()
        yield from same_reads.gates(title, base.reads, self._runs, moved)
