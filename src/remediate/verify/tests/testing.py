"""Gates of the tests: the same tests before and after, and each ends the same way."""

from collections import Counter
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from remediate.cargo import libtest, nextest, packaged
from remediate.cargo.check import Check, Configuration, Unit
from remediate.cargo.command import Cargo
from remediate.cargo.suite import Ending, Selection, Suite
from remediate.cargo.wrappers import wrappers_of_the_user
from remediate.gates import GateResult, OddTest, failed, passed, unverified
from remediate.quantities import quantity
from remediate.rust.package import Package
from remediate.verify.compiler.compilation import CheckBaseline, remember
from remediate.verify.compiler.freshness import digests, misread, reused, unchanged, unread_by_tests
from remediate.verify.tests import same_reads

REPEATS = 3
_RUNNERS: dict[str, Callable[[Cargo, Selection], Suite]] = {
    "nextest": nextest.run,
    "libtest": libtest.run,
    "doctest": libtest.run_doctests,
    "packaged": packaged.run,
}
_LEAST_LIMIT, _LIMIT_FACTOR = 60.0, 10.0
# Repeating a suite for longer than this, in seconds, costs more than knowing its flaky tests is worth.
_LONG = 60.0


@dataclass(frozen=True, slots=True, order=True)
class KnownTest:
    """A test of the baseline and every way it ended; more than one means it is flaky.

    ``name`` is the test's path, for a doctest the name of the item: its file and line may move.
    """

    label: str
    name: str
    endings: tuple[Ending, ...]
    should_panic: bool | None = None


@dataclass(frozen=True, slots=True)
class SuiteBaseline:
    """The tests of one configuration under one runner before the change. ``seconds`` is the longest run's.

    ``build`` is what their build said, where that is all a check says: see ``remembered``. ``names``
    are those of doctests in full. ``made`` has a digest of each program, by its label.
    ``reads`` are the files that the tests read, None where that is not known: see ``verify.same_reads``.
    """

    runner: str
    configuration: Configuration
    tests: tuple[KnownTest, ...] = ()
    uncovered: tuple[str, ...] = ()
    problem: str = ""
    seconds: float = 0.0
    repeats: int = 0
    build: CheckBaseline | None = None
    names: tuple[str, ...] = ()
    made: tuple[tuple[str, str], ...] = ()
    reads: tuple[str, ...] | None = None


def measure(
    cargo: Cargo, runner: str, chosen: Selection, repeats: int = REPEATS, package: Package | None = None
) -> SuiteBaseline:
    """Run a suite on the untouched tree, several times to know the flaky tests.

    ``package`` is the package, where it is to be known whether the suite's build says all that a check would.
    """
    run = _Libtest() if runner == "libtest" else _RUNNERS[runner]
    runs = [_run(cargo, run, chosen)]
    while (
        len(runs) < repeats and runs[0].tests and not runs[0].problem and sum(r.seconds for r in runs) < _LONG
    ):
        runs.append(_run(cargo, run, chosen))
    problem = next((run.problem for run in runs if run.problem), "")
    return SuiteBaseline(
        runner,
        chosen.configuration,
        _known(runs),
        runs[0].uncovered,
        problem,
        max(run.seconds for run in runs),
        len(runs),
        remembered(runs[0].build, package, chosen.configuration) if package else None,
        tuple(_path(case.name) for case in runs[0].tests) if runner == "doctest" else (),
        digests(runs[0].units),
        same_reads.known_reads(runs),
    )


def with_rerun(base: SuiteBaseline, now: SuiteBaseline) -> SuiteBaseline:
    """Return a baseline that has been measured again, later: its tests, each with every way it ever ended.

    What another step left behind, in the target folder say, may have changed what tests find.
    """
    if now.problem or not now.tests:
        return base
    old = {(t.label, t.name): t.endings for t in base.tests}
    tests = (replace(t, endings=_both(t.endings, old.get((t.label, t.name), ()))) for t in now.tests)
    return replace(base, tests=tuple(tests), repeats=base.repeats + now.repeats, problem="")


class _Libtest:
    """Builds the tests of the untouched tree once and runs them as often as it is called."""

    def __init__(self) -> None:
        self._built: libtest.Built | None = None

    def __call__(self, cargo: Cargo, chosen: Selection) -> Suite:
        if self._built is None or not self._built.is_there:
            self._built = libtest.build(cargo, chosen)
        return libtest.run_built(cargo, self._built, chosen)


def _run(cargo: Cargo, run: Callable[[Cargo, Selection], Suite], chosen: Selection) -> Suite:
    """Run a suite, and see which files it reads."""
    noted = same_reads.reset(cargo.root, chosen.data)
    suite = run(cargo, chosen)
    return replace(suite, read=same_reads.read_since(cargo.root, chosen.data)) if noted else suite


def with_flaky(base: SuiteBaseline, other: SuiteBaseline) -> SuiteBaseline:
    """Return a baseline that also knows what tests were flaky under another runner."""
    varied = {(t.label, t.name): t.endings for t in other.tests if len(t.endings) > 1}
    tests = (replace(t, endings=_both(t.endings, varied.get((t.label, t.name), ()))) for t in base.tests)
    reads = base.reads if other.reads is None else other.reads
    return replace(base, tests=tuple(tests), repeats=base.repeats + other.repeats, reads=reads)


def _both(one: Sequence[Ending], two: Sequence[Ending]) -> tuple[Ending, ...]:
    return tuple(sorted({*one, *two}))


def gates(
    run: Callable[[], Suite],
    base: SuiteBaseline,
    adds: frozenset[str] = frozenset(),
    rerun: Callable[[], SuiteBaseline] | None = None,
) -> Iterator[GateResult]:
    """Yield the gates of one suite after the change; ``run`` runs it once.

    ``adds`` are the names of tests that the change is to make run: exactly these may be new, and must pass.
    ``rerun`` measures the baseline again: a difference counts only if it is there on both sides once more.
    """
    title = f"{base.runner} ({base.configuration.name})"
    if base.problem:
        yield unverified(f"tests: {title}", f"before the change: {base.problem}")
        return
    suite = run()
    if rerun is not None and (
        suite.problem or any(_lost_and_new(suite, base, adds)) or _different(suite, base)
    ):
        base = rerun()
        suite = run()
    if suite.problem:
        yield failed(f"tests: {title}", suite.problem)
        return
    yield _inventory(f"test inventory: {title}", suite, base, adds)
    if adds:
        yield _added(f"added tests: {title}", suite, base, adds)
    yield from _results(f"test results: {title}", suite, run, base)
    if moved := _renamed_doctests(suite, base):
        yield unverified(
            f"doctest names: {title}",
            f"{quantity(len(moved), 'doctest')} with another name: {'; '.join(moved[:6])}",
        )
    yield from (unverified(f"tests: {title}: {what.partition(' has ')[0]}", what) for what in suite.uncovered)


def again(cargo: Cargo, base: SuiteBaseline, chosen: Selection) -> Suite:
    """Run a suite after the change: no test may take much longer than all did before."""
    limit = max(_LEAST_LIMIT, _LIMIT_FACTOR * base.seconds)
    chosen = replace(chosen, configuration=base.configuration, limit=limit)
    return _run(cargo, _RUNNERS[base.runner], chosen)


def fresh(
    cargo: Cargo,
    base: SuiteBaseline,
    chosen: Selection,
    touched: Collection[str],
    proven: Collection[str] = (),
) -> Suite:
    """Run a suite after the change; where a program may be one of before, build it anew and run again.

    cargo may have reused a result, and so may a compiler wrapper that caches: then it is built without one.
    ``proven`` are the artifacts that an earlier run of the same round has compiled: to reuse them is right.
    """
    suite = again(cargo, base, chosen)
    if reused(_unproven(suite.units, proven), touched):
        cargo.touch(touched)
        suite = again(cargo, base, chosen)
    wrapped = bool(wrappers_of_the_user(cargo.environment, cargo.root))
    if _misread(cargo, suite, touched) or (wrapped and unchanged(suite.units, touched, base.made)):
        cargo.touch(touched)
        with cargo.unwrapped():
            suite = again(cargo, base, chosen)
    return suite


def doubts(cargo: Cargo, suite: Suite, touched: Collection[str], proven: Collection[str] = ()) -> list[str]:
    """Return why a run says nothing about the change, nothing if each of its programs is shown to be of now.

    ``proven`` are the artifacts that an earlier run of the same round has compiled.
    """
    return [*reused(_unproven(suite.units, proven), touched), *_misread(cargo, suite, touched)]


def _unproven(units: Sequence[Unit], proven: Collection[str]) -> list[Unit]:
    return [unit for unit in units if unit.artifact not in proven]


def _misread(cargo: Cargo, suite: Suite, touched: Collection[str]) -> list[str]:
    gone = [path for path in touched if not (cargo.root / path).is_file()]
    return [*misread(suite.units, gone), *unread_by_tests(suite.units, touched)]


def _renamed_doctests(suite: Suite, base: SuiteBaseline) -> list[str]:
    """Return a sentence for each doctest whose name has changed with the path of its item."""
    if suite.runner != "doctest":
        return []
    old, new = Counter(base.names), Counter(_path(case.name) for case in suite.tests)
    lost, added = sorted((old - new).elements(), key=_last), sorted((new - old).elements(), key=_last)
    return [f"{one} is {two} now" for one, two in zip(lost, added, strict=False)]


def _inventory(title: str, suite: Suite, base: SuiteBaseline, adds: frozenset[str]) -> GateResult:
    lost, added = _lost_and_new(suite, base, adds)
    if odd := (*lost, *added):
        words = [test.sentence for test in odd]
        told = f"{len(lost)} lost, {len(added)} new: {'; '.join(words[:6])}"
        return failed(title, told, tests=odd)
    if not base.tests:
        return unverified(title, "no test before, none after: that proves nothing")
    return passed(title, f"the same {quantity(len(base.tests), 'test')}")


def _lost_and_new(
    suite: Suite, base: SuiteBaseline, adds: frozenset[str]
) -> tuple[tuple[OddTest, ...], tuple[OddTest, ...]]:
    def counted(tests: Iterable[KnownTest]) -> Counter[tuple[str, str, bool, bool | None]]:
        return Counter((t.label, t.name, Ending.IGNORED in t.endings, t.should_panic) for t in tests)

    before = counted(base.tests)
    after = counted(test for test in _known([suite]) if not _is_declared(test, base, adds))
    lost, added = (
        tuple(
            _odd(base, label, name, f"{word} {label} {name}{' (ignored)' if ignored else ''}")
            for label, name, ignored, _ in sorted(odd.elements(), key=str)
        )
        for word, odd in (("lost", before - after), ("new", after - before))
    )
    return lost, added


def odd_tests(suite: Suite, base: SuiteBaseline) -> tuple[OddTest, ...]:
    """Return the tests that are lost or new, or that end in a way they never did before."""
    lost, added = _lost_and_new(suite, base, frozenset())
    return (*lost, *added, *_different(suite, base))


def _results(title: str, suite: Suite, run: Callable[[], Suite], base: SuiteBaseline) -> Iterator[GateResult]:
    if all(Ending.IGNORED in test.endings for test in base.tests):
        yield unverified(title, "no test was run")
        return
    if different := _different(suite, base):
        settled = sum(not _different(run(), base) for _ in range(REPEATS - 1))
        words = f"{len(different)} end differently: {'; '.join(t.sentence for t in different[:6])}"
        told = failed(title, words, tests=different)
        yield unverified(title, f"{words}; not in every run") if settled else told
        return
    flaky = sorted(f"{t.label} {t.name}" for t in base.tests if len(t.endings) > 1)
    if flaky:
        yield unverified(f"{title}: flaky", f"already before the change: {', '.join(flaky[:8])}")
    yield passed(
        title,
        f"as before: {quantity(len(base.tests) - len(flaky), 'test')}, "
        f"known from {quantity(base.repeats, 'run')}",
    )


def _is_declared(test: KnownTest, base: SuiteBaseline, adds: frozenset[str]) -> bool:
    """Whether a test is one that the change said it would add; a second one of that name is not."""
    return test.name in adds and (test.label, test.name) not in {(t.label, t.name) for t in base.tests}


def _added(title: str, suite: Suite, base: SuiteBaseline, adds: frozenset[str]) -> GateResult:
    found = {t.name: t.endings[0] for t in _known([suite]) if _is_declared(t, base, adds)}
    if missing := sorted(adds - set(found)):
        return failed(title, f"{len(missing)} are not run: {', '.join(missing[:6])}")
    if bad := sorted(name for name, end in found.items() if end not in {Ending.OK, Ending.IGNORED}):
        return failed(title, f"{len(bad)} of {len(adds)} fail: {', '.join(bad[:6])}")
    return passed(title, f"exactly the {len(adds)} declared tests are new, and none fails")


def _different(suite: Suite, base: SuiteBaseline) -> tuple[OddTest, ...]:
    """Return each test that ends in a way it never did before."""
    after = {(t.label, t.name): t.endings[0] for t in _known([suite])}
    said = {(case.label, _plain(case.name, suite.runner)): case.said for case in suite.tests}
    return tuple(
        _odd(base, *key, f"{t.label} {t.name} is {after[key]}, was {'/'.join(t.endings)}", said.get(key, ""))
        for t in base.tests
        if (key := (t.label, t.name)) in after and after[key] not in t.endings
    )


def _odd(base: SuiteBaseline, label: str, name: str, sentence: str, said: str = "") -> OddTest:
    return OddTest(base.runner, base.configuration.name, label, name, sentence, said)


def _known(runs: Sequence[Suite]) -> tuple[KnownTest, ...]:
    """Return the tests of several runs, each with every ending it had; one missing from a run did not end."""
    found = [_endings(run) for run in runs]
    return tuple(
        KnownTest(label, name, tuple(sorted({run.get(key, Ending.UNFINISHED) for run in found})), panics)
        for key in sorted({key for run in found for key in run}, key=str)
        for label, name, panics in [key]
    )


def _endings(suite: Suite) -> dict[tuple[str, str, bool | None], Ending]:
    """Return how each test ended; the further ones of a name get a number, sorted by their ending."""
    found: dict[tuple[str, str, bool | None], Ending] = {}
    seen: Counter[tuple[str, str]] = Counter()
    for case in sorted(suite.tests, key=lambda c: (c.label, _plain(c.name, suite.runner), c.result)):
        name = _plain(case.name, suite.runner)
        seen[case.label, name] += 1
        number = seen[case.label, name]
        found[case.label, name if number == 1 else f"{name} #{number}", case.should_panic] = case.result
    return found


def _path(doctest: str) -> str:
    """Return the path of a doctest's item from its name: ``a::Foo::bar``."""
    return doctest.partition(" - ")[2].partition("(line")[0].strip()


def _last(path: str) -> str:
    return path.rpartition("::")[2]


def _plain(name: str, runner: str) -> str:
    """Return a test's name; of a doctest's, ``src/a.rs - a::Foo::bar (line 3)``, what does not move."""
    if runner != "doctest":
        return name
    return _last(_path(name))


_UNTESTABLE = {"test", "bench", "example", "custom-build"}


_MOST_BENCHES = 3
"""To link more programs that nobody runs costs more than a check beside the tests."""


def builds_benches(package: Package) -> bool:
    """Whether a package has benches, which a check compiles, and few enough to be built with its tests."""
    return 0 < sum("bench" in target.kinds for target in package.targets) <= _MOST_BENCHES


def remembered(build: Check | None, package: Package, configuration: Configuration) -> CheckBaseline | None:
    """Return the baseline that a build is compared with in a check's place; None where it says less."""
    if build is None or not build.success or not _is_as_a_check(package):
        return None
    made = {unit.label for unit in build.units if unit.package == package.name}
    return remember(build, configuration) if made >= set(_checked(package)) else None


def _is_as_a_check(package: Package) -> bool:
    """Whether all that a check compiles is built for tests: an untested crate is not."""
    return all(t.test or t.kinds[0] in _UNTESTABLE for t in package.targets if t.kinds)


def _checked(package: Package) -> Iterator[str]:
    """Yield the labels of the compilations that a check of all targets makes.

    A target with required features is compiled by both where they are on, by neither where they are not.
    """
    for target in package.targets:
        if "custom-build" not in target.kinds and not target.required_features:
            yield target.label
            if target.test and target.kinds[0] not in ("test", "bench"):
                yield f"{target.label} test"
