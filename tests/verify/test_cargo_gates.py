"""What is asked of suites after a change, and how often: real ones, and runners stood in for."""

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from crates import crate, manifest, package
from made_package import package as made_package
from made_package import target
from scratch import write

from remediate.cargo.check import DEFAULT, Check, Unit
from remediate.cargo.command import Cargo
from remediate.cargo.suite import Case, Ending, Selection, Suite
from remediate.edits import MovedTests, RenamedTest
from remediate.gates import GateResult, OddTest, Verdict
from remediate.rust.package import Package
from remediate.verify import cargo_gates
from remediate.verify.baseline import Baseline, take
from remediate.verify.cargo_gates import Climb, ends_as_before, gates_ahead
from remediate.verify.check_round import Measure
from remediate.verify.compiler.compilation import CheckBaseline
from remediate.verify.report import Level, kind
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


_LIBRARY = """//! Has [`one`].

/// ```
/// assert_eq!(small::one(), 1);
/// ```
pub fn one() -> u8 {
    1
}

#[cfg(test)]
mod tests {
    #[test]
    fn t() {
        std::fs::read("data.txt").unwrap();
        assert_eq!(super::one(), 1);
    }

    #[test]
    #[ignore]
    fn waits() {}
}
"""
_TESTS = _LIBRARY[_LIBRARY.index("mod tests") :]
_OUTSIDE = {
    "src/lib.rs": _LIBRARY.replace(f"#[cfg(test)]\n{_TESTS}", ""),
    "tests/it.rs": _TESTS.replace("super::", "small::"),
}
_INNER = _LIBRARY.replace("/// ```", "pub use inner::one;\n\npub mod inner {\n/// ```", 1).replace(
    "    1\n}", "    1\n}\n}", 1
)
_WAITS = frozenset({"tests::waits"})
_RENAMED = (RenamedTest("lib", "tests::t", "tests::u"),)
_MOVED = (MovedTests("tests", 'test "it"'),)


@dataclass(frozen=True)
class Small:
    """A real crate and its baseline of level full, without the suites that say the same again."""

    cargo: Cargo
    before: Package
    baseline: Baseline

    def climb(self, files: Mapping[str, str], **declared: Any) -> Climb:
        """Write files over the crate as it was, and return what climbs with that change."""
        (self.cargo.root / "tests/it.rs").unlink(missing_ok=True)
        write(self.cargo.root, {"src/lib.rs": _LIBRARY, **files})
        touched = tuple(sorted({"src/lib.rs", *files}))
        return Climb(self.cargo, self.baseline, self.before, package(self.cargo), touched, **declared)

    def edited(self, old: str, new: str, **declared: Any) -> Climb:
        assert old in _LIBRARY
        return self.climb({"src/lib.rs": _LIBRARY.replace(old, new, 1)}, **declared)


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> Small:
    files = {"Cargo.toml": manifest(more="publish = false\n"), "src/lib.rs": _LIBRARY, "data.txt": ""}
    cargo = crate(tmp_path_factory.mktemp("small"), files)
    before = package(cargo)
    known = take(cargo, before, Level.FULL)
    suites = tuple(suite for suite in known.suites if suite.runner != "libtest")
    assert [suite.runner for suite in suites] == ["nextest", "doctest"]
    return Small(cargo, before, replace(known, suites=suites))


def odd(found: Iterable[GateResult]) -> dict[str, str]:
    return {gate.name: gate.verdict for gate in found if gate.verdict is not Verdict.PASSED}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("old", "new", "said"),
    [
        ("//!", "//\n//!", {}),
        ("    1\n}", "    return 1;\n}", {"clippy warnings": "failed"}),
        (
            "    1\n}",
            "    if 1 == 1 {\n        1\n    } else {\n        2\n    }\n}",
            {"clippy": "failed", "clippy warnings": "unverified", "MIR": "failed"},
        ),
        ("[`one`]", "[`gone`]", {"rustdoc warnings": "failed"}),
        (
            "//! Has [`one`]",
            "#![deny(rustdoc::all)]\n//! Has [`gone`]",
            {"rustdoc": "failed", "rustdoc warnings": "unverified"},
        ),
        ("pub fn one", "pub use std::vec;\npub fn one", {"public API": "failed"}),
        ("    1\n}", "    2\n}", {"MIR": "failed"}),
    ],
)
def test_real_lints_and_functions_show_what_a_change_does(
    small: Small, old: str, new: str, said: dict[str, str]
) -> None:
    at = small.edited(old, new)
    found = (*cargo_gates.lints(at), *cargo_gates.meaning(at))
    lints = {"clippy", "clippy warnings", "rustdoc", "rustdoc warnings"}
    assert {kind(gate.name) for gate in found} == {*lints, "public API", "MIR"}
    assert odd(found) == {f"{name} (default)": word for name, word in said.items()}


@pytest.mark.slow
def test_what_a_change_declares_may_differ(small: Small) -> None:
    at = small.edited("    1\n}", "    2\n}\npub use std::vec;", functions=frozenset({"small::one"}))
    assert odd(cargo_gates.meaning(at)) == {"public API (default)": "failed"}
    assert odd(cargo_gates.meaning(replace(at, api=frozenset({"small::vec"})))) == {}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("gates", "new", "said"),
    [
        (cargo_gates.lints, "    return 1;\n}", "clippy warnings (default)"),
        (cargo_gates.meaning, "    3\n}", "MIR (default)"),
    ],
)
def test_what_cargo_takes_for_compiled_already_is_compiled_again(
    small: Small, gates: Callable[[Climb], Iterator[GateResult]], new: str, said: str
) -> None:
    tuple(gates(small.edited("//!", "//\n//!")))
    at = small.edited("    1\n}", new)
    os.utime(small.cargo.root / "src/lib.rs", (1, 1))
    assert odd(gates(at)) == {said: "failed"}


@pytest.mark.slow
@pytest.mark.parametrize(
    ("files", "declared", "said"),
    [
        (("///", "//// ///\n///"), {}, {}),
        (("super::one(), 1", "super::one(), 2"), {}, {"test results: nextest": "failed"}),
        (("small::one(), 1", "small::one(), 2"), {}, {"test results: doctest": "failed"}),
        (("super::one()", "none()"), {}, {"tests: nextest": "failed", "same reads: nextest": "failed"}),
        (("fn t()", "fn u()"), {}, {"test inventory: nextest": "failed"}),
        (("fn t()", "fn u()"), {"renamed": _RENAMED}, {}),
        (("fn t()", "fn v()"), {"renamed": _RENAMED}, {"test inventory: nextest": "failed"}),
        (
            ("    #[ignore]\n", ""),
            {},
            {"test inventory: nextest": "failed", "test results: nextest": "failed"},
        ),
        (("    #[ignore]\n", ""), {"adds_tests": _WAITS}, {}),
        (
            ("    #[ignore]\n    fn waits() {}", "    fn waits() { panic!() }"),
            {"adds_tests": _WAITS},
            {"added tests: nextest": "failed"},
        ),
        (("data.txt", "src/lib.rs"), {}, {"same reads: nextest": "failed"}),
        ({"src/lib.rs": _INNER}, {}, {"doctest names: doctest": "unverified"}),
        (_OUTSIDE, {"moved_tests": _MOVED}, {}),
        (_OUTSIDE, {}, {"test inventory: nextest": "failed"}),
        (
            {**_OUTSIDE, "tests/it.rs": _OUTSIDE["tests/it.rs"].replace("fn t()", "fn u()")},
            {"moved_tests": _MOVED},
            {"test inventory: nextest": "failed"},
        ),
    ],
)
def test_real_suites_show_what_a_change_does_to_tests(
    small: Small, files: tuple[str, str] | dict[str, str], declared: dict[str, Any], said: dict[str, str]
) -> None:
    at = small.climb(files, **declared) if isinstance(files, dict) else small.edited(*files, **declared)
    found = tuple(cargo_gates.tests(at))
    assert odd(found) == {f"{name} (default)": word for name, word in said.items()}
    names = {"renamed": "renamed tests", "adds_tests": "added tests", "moved_tests": "moved tests"}
    if not said:
        asked = {"test inventory", "test results", "same reads", *(names[word] for word in declared)}
        assert {kind(gate.name) for gate in found} == asked


@pytest.mark.slow
def test_a_real_test_is_run_alone_to_see_whether_it_ends_as_before(small: Small) -> None:
    test = OddTest("nextest", "default", "lib", "tests::t", "", "")
    assert ends_as_before(small.edited("///", "//// ///\n///"), test)
    assert not ends_as_before(small.edited("super::one(), 1", "super::one(), 2"), test)


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
