from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, repeat
from pathlib import Path

import pytest
from crates import crate, manifest
from scratch import write

from remediate.cargo.check import DEFAULT, Check, Unit
from remediate.cargo.command import Cargo
from remediate.cargo.suite import Case, Ending, Selection, Suite
from remediate.rust.package import Package, Target
from remediate.verify.report import Report
from remediate.verify.tests.testing import (
    _RUNNERS,
    KnownTest,
    SuiteBaseline,
    again,
    builds_benches,
    doubts,
    fresh,
    gates,
    measure,
    remembered,
    with_flaky,
    with_rerun,
)

_CHOSEN = Selection("small", "small")
OK, FAILED, IGNORED = Ending.OK, Ending.FAILED, Ending.IGNORED


def base(*tests: KnownTest, runner: str = "nextest") -> SuiteBaseline:
    return SuiteBaseline(runner, DEFAULT, tests, repeats=3)


def known(name: str, *endings: Ending) -> KnownTest:
    return KnownTest("lib", name, endings)


def suite(*tests: tuple[str, Ending], runner: str = "nextest") -> Suite:
    return Suite(runner, "default", tuple(Case("lib", name, result) for name, result in tests))


def judged(before: SuiteBaseline, *runs: Suite) -> Report:
    """Judge runs, the last of them again and again."""
    coming: Iterator[Suite] = chain(runs, repeat(runs[-1]))
    return Report(tuple(gates(lambda: next(coming), before)))


def names(report: Report) -> Sequence[Sequence[str]]:
    def short(found: Sequence[object]) -> list[str]:
        return [str(getattr(gate, "name", "")).split(":")[0] for gate in found]

    return short(report.verified), short(report.failed), short(report.unverified)


def test_the_same_tests_with_the_same_results() -> None:
    report = judged(base(known("a", OK), known("b", FAILED)), suite(("a", OK), ("b", FAILED)))
    assert names(report) == (["test inventory", "test results"], [], [])


@pytest.mark.seeded("test inventory", "failed", "a test is lost, new, or ignored")
@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([("a", OK)], "lost lib b"),
        ([("a", OK), ("b", OK), ("c", OK)], "new lib c"),
        ([("a", OK), ("b", IGNORED)], "lost lib b; new lib b (ignored)"),
        ([("a", OK), ("B", OK)], "lost lib b; new lib B"),
    ],
)
def test_a_lost_added_or_newly_ignored_test_fails(after: list[tuple[str, Ending]], said: str) -> None:
    report = judged(base(known("a", OK), known("b", OK)), suite(*after))
    assert said in report.failed[0].detail


@pytest.mark.seeded("test inventory", "unverified", "no test before, none after")
def test_nothing_before_and_nothing_after_proves_nothing() -> None:
    report = judged(base(), suite())
    assert names(report) == ([], [], ["test inventory", "test results"])


def test_ignored_tests_alone_prove_no_result() -> None:
    report = judged(base(known("a", IGNORED)), suite(("a", IGNORED)))
    assert names(report) == (["test inventory"], [], ["test results"])


@pytest.mark.seeded("test results", "failed", "a test that failed passes now")
def test_a_test_that_failed_must_fail() -> None:
    report = judged(base(known("a", FAILED)), suite(("a", OK)))
    assert report.failed[0].detail == "1 end differently: lib a is ok, was failed"


def test_a_difference_that_does_not_last_is_neither_passed_nor_failed() -> None:
    report = judged(base(known("a", OK)), suite(("a", FAILED)), suite(("a", OK)))
    assert names(report) == (["test inventory"], [], ["test results"])
    assert "not in every run" in report.unverified[0].detail


def test_tests_that_were_flaky_before_are_named() -> None:
    report = judged(base(known("a", FAILED, OK), known("b", OK)), suite(("a", FAILED), ("b", OK)))
    assert not report.failed
    assert "lib a" in report.unverified[0].detail
    assert report.verified[1].detail == "as before: 1 test, known from 3 runs"


@pytest.mark.seeded("test results", "failed", "a flaky test never ends")
def test_a_flaky_test_must_not_end_in_a_third_way() -> None:
    report = judged(base(known("a", FAILED, OK)), suite(("a", Ending.UNFINISHED)))
    assert report.failed


@pytest.mark.seeded("tests", "failed", "the tests do not run any more")
def test_a_problem_before_is_unverified_and_a_problem_after_fails() -> None:
    unusable = SuiteBaseline("nextest", DEFAULT, problem="the tests do not compile")
    assert names(judged(unusable, suite())) == ([], [], ["tests"])
    report = judged(
        base(known("a", OK)), Suite("nextest", "default", problem="the tests took longer than 20 s")
    )
    assert report.failed[0].detail == "the tests took longer than 20 s"


def test_a_target_without_harness_is_named() -> None:
    found = Suite(
        "nextest", "default", suite(("a", OK)).tests, ('test "own" has no harness that lists its tests',)
    )
    [gate] = judged(base(known("a", OK)), found).unverified
    assert gate.name == 'tests: nextest (default): test "own"'


def test_doctests_may_move_but_not_change() -> None:
    before = base(KnownTest("lib", "f", (IGNORED,)), KnownTest("lib", "f #2", (OK,)), runner="doctest")
    moved = (("src/a.rs - a::b::f (line 9)", OK), ("src/a/x.rs - a::x::f (line 2)", IGNORED))
    assert not judged(before, suite(*moved, runner="doctest")).failed
    assert judged(before, suite(*moved[:1], runner="doctest")).failed
    other = (("src/a.rs - f (line 9)", OK), ("src/a.rs - f (line 2)", OK))
    assert judged(before, suite(*other, runner="doctest")).failed


@pytest.mark.seeded("added tests", "failed", "a declared test is missing or fails, or another is new")
@pytest.mark.parametrize(
    ("after", "said"),
    [
        ([("a", OK), ("b", OK), ("c", IGNORED)], ""),
        ([("a", OK), ("b", FAILED), ("c", OK)], "1 of 2 fail: b"),
        ([("a", OK), ("b", OK)], "1 are not run: c"),
        ([("a", OK), ("b", OK), ("c", OK), ("d", OK)], "new lib d"),
        ([("b", OK), ("c", OK)], "lost lib a"),
        ([("a", FAILED), ("b", OK), ("c", OK)], "lib a is failed, was ok"),
    ],
)
def test_exactly_the_declared_tests_may_be_new_and_must_pass(
    after: list[tuple[str, Ending]], said: str
) -> None:
    found = Report(tuple(gates(lambda: suite(*after), base(known("a", OK)), frozenset({"b", "c"}))))
    assert (not found.failed) is (not said)
    assert said in (found.failed[0].detail if found.failed else "")


def test_a_declared_name_that_ran_before_is_no_new_test() -> None:
    found = Report(tuple(gates(lambda: suite(("a", OK)), base(known("a", OK)), frozenset({"a"}))))
    assert found.failed[0].detail == "1 are not run: a"


@pytest.mark.slow
@pytest.mark.parametrize("runner", ["nextest", "libtest"])
def test_a_flaky_test_is_found_by_repeating(runner: str, tmp_path: Path) -> None:
    library = (
        "#[test]\nfn sometimes() {\n"
        '    let seen = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("seen");\n'
        "    if seen.exists() { std::fs::remove_file(seen).unwrap(); panic!() }\n"
        '    std::fs::write(seen, "").unwrap();\n}\n#[test]\nfn always() {}\n'
    )
    measured = measure(crate(tmp_path, {"src/lib.rs": library}), runner, Selection("small", "small"))
    assert {test.name: test.endings for test in measured.tests} == {
        "sometimes": (FAILED, OK),
        "always": (OK,),
    }
    assert measured.repeats == 3


@pytest.mark.slow
def test_what_an_earlier_step_left_in_the_target_folder_is_no_difference(tmp_path: Path) -> None:
    library = (
        "#[test]\nfn sees() {\n"
        '    let left = concat!(env!("CARGO_MANIFEST_DIR"), "/target/left");\n'
        "    assert!(!std::path::Path::new(left).exists());\n}\n#[test]\nfn always() {}\n"
    )
    cargo, chosen = crate(tmp_path, {"src/lib.rs": library}), Selection("small", "small")
    before = measure(cargo, "libtest", chosen)
    (tmp_path / "target/left").touch()

    def rerun() -> SuiteBaseline:
        return with_rerun(before, measure(cargo, "libtest", chosen, repeats=1))

    found = Report(tuple(gates(lambda: again(cargo, before, chosen), before, rerun=rerun)))
    assert not found.failed
    assert found.unverified[0].detail == "already before the change: lib sees"
    assert Report(tuple(gates(lambda: again(cargo, before, chosen), before))).failed


def test_a_difference_that_is_there_on_both_sides_once_more_counts() -> None:
    suites = iter([suite(("a", FAILED)), suite(("a", FAILED)), suite(("a", FAILED)), suite(("a", FAILED))])
    before = base(known("a", OK))
    found = Report(tuple(gates(lambda: next(suites), before, rerun=lambda: before)))
    assert [gate.name.partition(":")[0] for gate in found.failed] == ["test results"]


@pytest.mark.seeded("doctest names", "unverified", "a doctest's item has another path")
def test_doctests_with_another_name_are_told() -> None:
    before = replace(base(KnownTest("lib", "f", (OK,)), runner="doctest"), names=("a::f", "a::g"))
    after = suite(("src/a/x.rs - a::x::f (line 2)", OK), runner="doctest")
    told = next(g for g in judged(before, after).unverified if g.name.startswith("doctest names"))
    assert told.detail == "1 doctest with another name: a::f is a::x::f now"


@pytest.mark.slow
def test_tests_that_cargo_silently_no_longer_runs_are_lost(tmp_path: Path) -> None:
    files = {"src/lib.rs": "#[test]\nfn a() {}\n", "tests/it.rs": "#[test]\nfn b() {}\n"}
    cargo = crate(tmp_path, files)
    chosen = Selection("small", "small")
    before = measure(cargo, "nextest", chosen)
    write(tmp_path, {"Cargo.toml": manifest(more="autotests = false\n")})
    after = measure(cargo, "nextest", chosen, repeats=1)
    assert {t.name for t in before.tests} - {t.name for t in after.tests} == {"b"}


def test_flaky_tests_are_known_from_another_runner_too() -> None:
    other = base(known("a", FAILED, OK), known("b", FAILED), known("c", OK), runner="libtest")
    found = with_flaky(base(known("a", OK), known("b", OK)), other)
    assert [test.endings for test in found.tests] == [(FAILED, OK), (OK,)]
    assert found.repeats == 6


@pytest.mark.slow
def test_the_binaries_of_one_build_are_run_again_and_built_again_when_gone(tmp_path: Path) -> None:
    removes = "std::fs::remove_file(std::env::current_exe().unwrap()).unwrap()"
    for body, builds in (("", 1), (removes, 3)):
        cargo = crate(tmp_path / str(builds), {"src/lib.rs": f"#[test]\nfn t() {{ {body} }}\n"})
        found = measure(cargo, "libtest", Selection("small", "small"))
        assert [(t.name, t.endings) for t in found.tests] == [("t", (OK,))]
        assert (found.repeats, cargo.runs) == (3, 1 + builds)


def test_tests_are_built_once_and_run_as_often_as_is_asked(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "#[test]\nfn good() {}\n"})
    once = measure(cargo, "libtest", _CHOSEN, repeats=1)
    starts = cargo.runs
    thrice = measure(cargo, "libtest", _CHOSEN, repeats=3)
    assert (once.repeats, thrice.repeats) == (1, 3)
    assert cargo.runs - starts == 1
    assert [(t.name, t.endings) for t in thrice.tests] == [("good", (OK,))]
    assert thrice.names == ()
    (tmp_path / "src/lib.rs").write_text("pub fn none() {}\n")
    assert measure(cargo, "libtest", _CHOSEN, repeats=3).repeats == 1
    (tmp_path / "src/lib.rs").write_text("#[test]\nfn broken() { missing() }\n")
    broken = measure(cargo, "nextest", _CHOSEN, repeats=3)
    assert (broken.repeats, broken.problem) == (1, "the tests do not compile")


_UNIT = Unit("p", "p", ("lib",), "a.rs", test=True, fresh=False, files=frozenset({"a.rs"}), artifact="a")
_REUSED, _MISREAD = replace(_UNIT, fresh=True), replace(_UNIT, files=frozenset({"gone.rs"}))


@pytest.mark.parametrize(
    ("first", "wrapper", "made", "proven", "runs"),
    [
        (_UNIT, "", (), (), 1),
        (_REUSED, "", (), (), 2),
        (_REUSED, "", (), ("a",), 1),
        (_MISREAD, "", (), (), 2),
        (_UNIT, "sccache", (), (), 1),
        (_UNIT, "sccache", (("lib test", "2d711642b726b044"),), (), 2),
        (_UNIT, "", (("lib test", "2d711642b726b044"),), (), 1),
    ],
)
def test_programs_that_may_be_of_before_are_built_anew(  # noqa: PLR0917 - what a run may be like
    first: Unit,
    wrapper: str,
    made: tuple[tuple[str, str], ...],
    proven: tuple[str, ...],
    runs: int,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    (tmp_path / "a.rs").write_text("")
    (tmp_path / "program").write_text("x")
    unit = replace(first, executable=str(tmp_path / "program"))
    wrappers = list[str]()

    def run(cargo: Cargo, _: Selection) -> Suite:
        wrappers.append(cargo.environment.get("RUSTC_WRAPPER", ""))
        return replace(suite(), units=(unit if len(wrappers) == 1 else _UNIT,))

    monkeypatch.setitem(_RUNNERS, "nextest", run)
    cargo, touched = Cargo(tmp_path, extra={"RUSTC_WRAPPER": wrapper}), ["a.rs", "gone.rs"]
    found = fresh(cargo, replace(base(), made=made), _CHOSEN, touched, proven)
    # What may come out of a cache is built without it.
    assert wrappers == [wrapper, "" if wrapper else wrapper][:runs]
    assert found.units == ((unit,) if runs == 1 else (_UNIT,))


def test_a_measurement_that_went_wrong_or_found_nothing_replaces_none() -> None:
    before = base(known("a", OK))
    assert with_rerun(before, replace(base(known("a", FAILED)), problem="no")) == before
    assert with_rerun(before, base()) == before
    assert with_rerun(before, base(known("a", FAILED))).tests == (known("a", FAILED, OK),)


def test_reads_of_another_runner_are_taken_only_where_they_are_known() -> None:
    one, two = replace(base(known("a", OK)), reads=("x",)), base(known("a", OK))
    assert with_flaky(one, two).reads == ("x",)
    assert with_flaky(two, one).reads == ("x",)


@pytest.mark.parametrize(
    "odd",
    [
        suite(("b", OK)),
        suite(("a", OK), ("b", OK)),
        suite(("a", FAILED)),
        replace(suite(("a", OK)), problem="no build"),
    ],
)
def test_the_baseline_is_measured_again_only_for_a_difference(odd: Suite) -> None:
    again = []

    def rerun() -> SuiteBaseline:
        again.append(1)
        return base(known("a", OK))

    before = base(known("a", OK))
    assert Report(tuple(gates(lambda: suite(("a", OK)), before, frozenset(), rerun))).failed == ()
    assert not again
    assert Report(tuple(gates(lambda: odd, before, frozenset(), rerun))).failed
    assert again


def test_a_name_of_a_test_that_is_no_doctest_is_kept_whole() -> None:
    before = replace(base(known("a - b", OK)), names=("x",))
    assert names(judged(before, suite(("a - b", OK)))) == (["test inventory", "test results"], [], [])


LIB = Target("small", ("lib",), "src/lib.rs")
IT = Target("it", ("test",), "tests/it.rs")


def built(*labels: tuple[str, str, bool], success: bool = True, package: str = "small") -> Check:
    """Return a build of tests: kind, name, and whether it is built as a test, of each unit."""
    units = (Unit(package, name, (kind,), "x", test=test, fresh=False) for kind, name, test in labels)
    return Check("default", success=success, units=tuple(units))


ALL = (("lib", "small", False), ("lib", "small", True), ("test", "it", True))


@pytest.mark.parametrize(
    ("build", "targets", "stands"),
    [
        (built(*ALL), (LIB, IT), True),
        (None, (LIB, IT), False),
        (built(*ALL, success=False), (LIB, IT), False),
        (built(*ALL[1:]), (LIB, IT), False),
        (built(*ALL[:2]), (LIB, IT), False),
        (built(*ALL[:1], ALL[2]), (LIB, IT), False),
        (built(*ALL, package="other"), (LIB, IT), False),
        (built(*ALL, ("bin", "b", False)), (LIB, IT), True),
        (built(*ALL), (LIB, IT, Target("b", ("bench",), "benches/b.rs")), False),
        (built(*ALL), (replace(LIB, test=False), IT), False),
        (built(*ALL), (LIB, replace(IT, test=False)), True),
        (built(*ALL, ("example", "e", False)), (LIB, Target("e", ("example",), "e.rs", test=False)), True),
        (built(*ALL), (LIB, Target("e", ("example",), "e.rs", test=False)), False),
        (built(*ALL), (LIB, Target("b", ("custom-build",), "build.rs", test=False)), True),
        (built(*ALL), (LIB, Target("f", ("bin",), "f.rs", required_features=("f",))), True),
        (built(*ALL), (LIB, Target("f", ("bin",), "f.rs")), False),
    ],
)
def test_a_build_of_tests_stands_for_a_check_only_if_it_compiles_all_that_a_check_does(
    build: Check | None, targets: tuple[Target, ...], *, stands: bool
) -> None:
    package = Package("small", "", "", "2021", targets, {})
    assert (remembered(build, package, DEFAULT) is not None) is stands


def test_a_run_whose_programs_are_not_shown_to_be_of_now_is_doubted(tmp_path: Path) -> None:
    cargo = Cargo(tmp_path)
    write(tmp_path, {"src/lib.rs": "", "src/a.rs": ""})
    lib = Unit("small", "small", ("lib",), "src/lib.rs", test=False, fresh=False, artifact="one")
    lib = replace(lib, files=frozenset({"src/lib.rs", "src/a.rs"}))
    stale = replace(lib, fresh=True)

    def doubted(*units: Unit, touched: Sequence[str] = ("src/a.rs",), proven: Sequence[str] = ()) -> int:
        return len(doubts(cargo, Suite("nextest", "default", units=units), touched, proven))

    assert doubted(lib) == 0
    assert doubted(stale) == 1
    assert doubted(stale, proven=["one"]) == 0
    assert doubted(stale, proven=["another"]) == 1
    assert doubted(stale, touched=["src/b.rs"]) == 0
    (tmp_path / "src/a.rs").unlink()
    assert doubted(lib) == 1, "it names a file that is gone"
    blind = replace(lib, test=True, files=frozenset({"src/lib.rs"}))
    write(tmp_path, {"src/a.rs": ""})
    assert doubted(lib, blind) == 1, "its test build did not read the file"


@pytest.mark.parametrize(("benches", "built"), [(0, False), (1, True), (3, True), (4, False)])
def test_benches_are_built_with_the_tests_where_they_are_few(benches: int, built: bool) -> None:  # noqa: FBT001
    found = (Target(f"b{n}", ("bench",), f"benches/b{n}.rs") for n in range(benches))
    targets = (Target("a", ("lib",), "src/lib.rs"), Target("t", ("test",), "tests/t.rs"), *found)
    assert builds_benches(Package("a", "", "", "2021", targets, {})) is built
