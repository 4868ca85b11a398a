"""What is asked of suites after a change, and how often: real ones, and runners stood in for."""

from collections.abc import Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path

import pytest
from crates import crate, package
from made_package import package as made_package
from made_package import target
from scratch import write

from remediate.cargo.check import DEFAULT, Check, Unit
from remediate.cargo.command import Cargo
from remediate.cargo.suite import Case, Ending, Selection, Suite
from remediate.edits import MovedTests, RenamedTest
from remediate.gates import GateResult, OddTest, Verdict
from remediate.verify import cargo_gates
from remediate.verify.baseline import Baseline, take
from remediate.verify.cargo_gates import Climb, ends_as_before, gates_ahead
from remediate.verify.check_round import Measure
from remediate.verify.compiler.compilation import CheckBaseline
from remediate.verify.report import Level
from remediate.verify.tests.testing import _RUNNERS, KnownTest, SuiteBaseline

_PACKAGE = made_package("", (target("", "src/lib.rs", "lib"),), src__lib_rs="fn f() {}")
_PACKAGE = replace(_PACKAGE, files={**_PACKAGE.files, "a.txt": b""})
_UNIT = Unit(
    "demo",
    "demo",
    ("lib",),
    "src/lib.rs",
    test=True,
    fresh=False,
    files=frozenset({"src/lib.rs"}),
    artifact="a",
)
_NEXTEST = SuiteBaseline("nextest", DEFAULT, (KnownTest("lib", "t::a", (Ending.OK,)),), repeats=3, reads=())
_DOCTEST = SuiteBaseline("doctest", DEFAULT, (KnownTest("doc", "f", (Ending.OK,)),), repeats=1)


def ran(base: SuiteBaseline, *more: Case, ending: Ending = Ending.OK) -> Suite:
    cases = [Case(t.label, t.name if base.runner != "doctest" else f"src/lib.rs - {t.name} (line 1)", ending)
             for t in base.tests]  # fmt: skip
    return Suite(base.runner, "default", (*cases, *more), units=(_UNIT,), read=())


@pytest.fixture(autouse=True)
def _in_a_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "src").mkdir()
    (tmp_path / "src/lib.rs").write_text("fn f() {}")
    (tmp_path / "a.txt").write_text("")
    monkeypatch.chdir(tmp_path)


def climb(*suites: SuiteBaseline) -> Climb:
    checks = (CheckBaseline(DEFAULT),)
    known = Baseline("demo", Level.STANDARD, "", ("demo",), "demo", checks, suites=suites)
    return Climb(Cargo(Path()), known, _PACKAGE, _PACKAGE, ("src/lib.rs",))


class Runners:
    """Stand in for the runners: each start takes the next answer, the last one again and again."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, *answers: Suite) -> None:
        self.answers, self.started, self.chosen = list(answers), list[str](), list[Selection]()
        for name in _RUNNERS:
            monkeypatch.setitem(_RUNNERS, name, partial(self._next, name))

    def _next(self, name: str, _: Cargo, chosen: Selection) -> Suite:
        self.started.append(name)
        self.chosen.append(chosen)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        for path in answer.read or ():
            Path(path).read_bytes()
        return answer


def told(gates: Sequence[GateResult], verdict: Verdict) -> list[str]:
    return [gate.name.partition(":")[0] for gate in gates if gate.verdict is verdict]


_LIBRARY = """/// ```
/// assert_eq!(small::one(), 1);
/// ```
pub fn one() -> u8 {
    1
}

#[cfg(test)]
mod tests {
    #[test]
    fn t() {
        assert_eq!(super::one(), 1);
    }

    #[test]
    #[ignore]
    fn waits() {}
}
"""


@pytest.mark.slow
def test_real_suites_show_what_a_change_does_to_tests(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": _LIBRARY})
    before = package(cargo)
    baseline = take(cargo, before)

    def at(old: str, new: str) -> Climb:
        write(tmp_path, {"src/lib.rs": _LIBRARY.replace(old, new, 1)})
        return Climb(cargo, baseline, before, package(cargo), ("src/lib.rs",))

    def failing(climb: Climb) -> list[str]:
        found = tuple(cargo_gates.tests(climb))
        assert told(found, Verdict.UNVERIFIED) == []
        return [gate.name for gate in found if gate.verdict is Verdict.FAILED]

    test = OddTest("nextest", "default", "lib", "tests::t", "", "")
    same = at("///", "//// ///\n///")
    assert ends_as_before(same, test)
    assert failing(same) == []
    broken = at("super::one(), 1", "super::one(), 2")
    assert not ends_as_before(broken, test)
    assert failing(broken) == ["test results: nextest (default)"]
    assert failing(at("small::one(), 1", "small::one(), 2")) == ["test results: doctest (default)"]
    renamed = at("fn t()", "fn u()")
    assert "test inventory: nextest (default)" in failing(renamed)
    assert failing(replace(renamed, renamed=(RenamedTest("lib", "tests::t", "tests::u"),))) == []
    enabled = at("    #[ignore]\n", "")
    assert "test inventory: nextest (default)" in failing(enabled)
    assert failing(replace(enabled, adds_tests=frozenset({"tests::waits"}))) == []


def test_the_run_whose_build_was_the_check_is_not_run_again(monkeypatch: pytest.MonkeyPatch) -> None:
    built = replace(_NEXTEST, build=CheckBaseline(DEFAULT))
    runners = Runners(monkeypatch, ran(_NEXTEST))
    assert told(tuple(cargo_gates.tests(replace(climb(built), suite=ran(_NEXTEST)))), Verdict.PASSED) == [
        "test inventory",
        "test results",
    ]
    assert runners.started == []
    # Of another suite than that it says nothing.
    assert told(tuple(cargo_gates.tests(replace(climb(_NEXTEST), suite=ran(_NEXTEST)))), Verdict.FAILED) == []
    assert runners.started == ["nextest"]
    assert told(tuple(cargo_gates.tests(climb(built))), Verdict.FAILED) == []
    assert runners.started == ["nextest", "nextest"]


def test_a_suite_that_reuses_what_the_round_has_built_is_not_doubted(monkeypatch: pytest.MonkeyPatch) -> None:
    reused = replace(ran(_DOCTEST), units=(replace(_UNIT, fresh=True),))
    runners = Runners(monkeypatch, ran(_NEXTEST), reused)
    found = tuple(cargo_gates.tests(climb(_NEXTEST, _DOCTEST)))
    assert (told(found, Verdict.UNVERIFIED), runners.started) == ([], ["nextest", "doctest"])
    # Without that build it is run again, and what it passes is not verified.
    runners = Runners(monkeypatch, reused)
    found = tuple(cargo_gates.tests(climb(_DOCTEST)))
    assert told(found, Verdict.UNVERIFIED) == ["test inventory", "test results"]
    assert runners.started == ["doctest", "doctest"]


def test_doctests_are_no_tests_of_a_module_and_have_no_declared_names(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    moved = MovedTests("t", 'test "it"')
    new = Case("lib", "t::new", Ending.OK)
    at = replace(
        climb(_NEXTEST, _DOCTEST),
        adds_tests=frozenset({"t::new"}),
        renamed=(RenamedTest("lib", "t::a", "t::b"),),
    )
    runners = Runners(
        monkeypatch,
        ran(replace(_NEXTEST, tests=(KnownTest("lib", "t::b", (Ending.OK,)),)), new),
        ran(_DOCTEST),
    )
    found = tuple(cargo_gates.tests(at))
    assert told(found, Verdict.FAILED) == []
    assert told(found, Verdict.PASSED).count("added tests") == 1
    assert told(found, Verdict.PASSED).count("renamed tests") == 1
    runners = Runners(
        monkeypatch,
        ran(replace(_NEXTEST, tests=(KnownTest('test "it"', "t::a", (Ending.OK,)),))),
        ran(_DOCTEST),
    )
    found = tuple(cargo_gates.tests(replace(climb(_NEXTEST, _DOCTEST), moved_tests=(moved,))))
    assert (told(found, Verdict.FAILED), told(found, Verdict.UNVERIFIED)) == ([], [])
    assert told(found, Verdict.PASSED).count("moved tests") == 1
    assert runners.started == ["nextest", "doctest"]


def test_a_difference_of_the_first_run_is_looked_for_in_others(monkeypatch: pytest.MonkeyPatch) -> None:
    built = replace(_NEXTEST, build=CheckBaseline(DEFAULT))
    runners = Runners(monkeypatch, ran(_NEXTEST))
    at = replace(climb(built), suite=ran(_NEXTEST, ending=Ending.FAILED))
    found = tuple(cargo_gates.tests(at))
    assert ("test results" in told(found, Verdict.UNVERIFIED), told(found, Verdict.FAILED)) == (True, [])
    assert runners.started == ["nextest", "nextest"]


def test_where_nothing_was_known_nothing_is_run_or_told_of_declared_tests(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    runners = Runners(monkeypatch, ran(_NEXTEST))
    broken = replace(_NEXTEST, problem="the tests do not compile", reads=("a.txt",))
    moved = MovedTests("t", 'test "it"')
    renamed = (RenamedTest("lib", "t::a", "t::b"),)
    found = tuple(cargo_gates.tests(replace(climb(broken), moved_tests=(moved,), renamed=renamed)))
    assert ([gate.name for gate in found], runners.started) == (["tests: nextest (default)"], [])


def test_what_one_run_does_not_read_another_may(monkeypatch: pytest.MonkeyPatch) -> None:
    base = replace(_NEXTEST, reads=("a.txt",))
    seen = replace(ran(_NEXTEST), read=("a.txt",))
    for answers, starts, verdict in (
        ((seen,), 1, "PASSED"),
        ((ran(_NEXTEST), seen), 2, "PASSED"),
        ((ran(_NEXTEST),), 3, "FAILED"),
    ):
        runners = Runners(monkeypatch, *answers)
        found = tuple(cargo_gates.tests(climb(base)))
        assert (len(runners.started), "same reads" in told(found, Verdict[verdict])) == (starts, True)
    # Doctests run below a compiler, which reads what it likes.
    Runners(monkeypatch, ran(_DOCTEST))
    assert "same reads" not in [
        g.name.partition(":")[0] for g in cargo_gates.tests(climb(replace(_DOCTEST, reads=("a.txt",))))
    ]


def test_a_difference_counts_only_against_a_baseline_of_now(monkeypatch: pytest.MonkeyPatch) -> None:
    looked: list[Baseline] = []
    at = climb(_NEXTEST, _DOCTEST)

    def look_back(measure: Measure) -> Baseline:
        looked.append(measure(at.baseline))
        return looked[-1]

    failed = ran(_NEXTEST, ending=Ending.FAILED)
    # It fails, then the base does so as well, and so does the change once more.
    runners = Runners(monkeypatch, failed, failed, failed, ran(_DOCTEST))
    found = tuple(cargo_gates.tests(replace(at, look_back=look_back)))
    assert told(found, Verdict.FAILED) == []
    assert runners.started == ["nextest", "nextest", "nextest", "doctest"]
    (known,) = looked
    assert [suite.tests[0].endings for suite in known.suites] == [(Ending.FAILED, Ending.OK), (Ending.OK,)]


def test_whether_one_test_ends_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    test = OddTest("nextest", "default", "lib", "t::a", "", "")
    runners = Runners(monkeypatch, ran(_NEXTEST))
    assert ends_as_before(climb(_DOCTEST, _NEXTEST), test)
    assert [chosen.only for chosen in runners.chosen] == [("t::a",)]
    Runners(monkeypatch, ran(_NEXTEST, ending=Ending.FAILED))
    assert not ends_as_before(climb(_NEXTEST), test)
    Runners(monkeypatch, replace(ran(_NEXTEST), problem="no end"))
    assert not ends_as_before(climb(_NEXTEST), test)
    # Nobody runs it.
    assert not ends_as_before(climb(_DOCTEST), test)


def test_every_start_ahead_is_counted() -> None:
    check = CheckBaseline(DEFAULT)
    known = replace(climb(_NEXTEST, _DOCTEST).baseline, clippy=(check,), docs=(check,))
    assert gates_ahead(known) == 4


@pytest.mark.parametrize(("reused", "runs"), [(True, 2), (False, 1)])
def test_a_command_whose_results_are_reused_is_run_again(reused: bool, runs: int) -> None:  # noqa: FBT001
    asked = list[Sequence[str]]()

    def command(_: object, packages: Sequence[str]) -> Check:
        asked.append(packages)
        return Check("default", success=True, units=(replace(_UNIT, fresh=reused and len(asked) == 1),))

    found = climb().fresh(command, DEFAULT)
    assert asked == [("demo",)] * runs
    assert not found.units[0].fresh
    assert climb().doubts(found) == []
