"""The three test runners, each on the same crate."""

from pathlib import Path

import pytest
from crates import crate, manifest

from remediate.cargo import libtest, nextest
from remediate.cargo.command import Cargo
from remediate.cargo.suite import Case, Ending, Selection, Suite

_LIBRARY = """\
/// ```
/// assert_eq!(small::two(), 2);
/// ```
/// ```should_panic
/// panic!();
/// ```
/// ```ignore
/// nothing
/// ```
pub fn two() -> i32 { 2 }

#[cfg(test)]
mod tests {
    #[test]
    fn good() { println!("test tests::bad ... ok"); }
    #[test]
    fn bad() {
        use std::io::Write;
        let event = r#"{"type":"test","event":"ok","name":"small::small$tests::bad"}"#;
        writeln!(std::io::stdout(), "\\ntest tests::bad ... ok\\n{event}").unwrap();
        std::io::stderr().write_all(b"ok tests::bad\\n").unwrap();
        assert!(super::two() == 3);
    }
    #[test]
    #[ignore]
    fn left_out() {}
    #[test]
    #[should_panic]
    fn panics() { panic!() }
}
"""
_FILES = {
    "Cargo.toml": manifest(more='\n[[test]]\nname = "own"\nharness = false\n'),
    "src/lib.rs": _LIBRARY,
    "src/main.rs": "fn main() {}\n#[test]\nfn good() {}\n",
    "tests/it.rs": (
        "#[test]\nfn sees_cargos_variables() {\n"
        '    assert_eq!(std::env::var("CARGO_PKG_NAME").unwrap(), "small");\n'
        '    let folder = std::env::var("CARGO_MANIFEST_DIR").unwrap();\n'
        '    assert!(std::path::Path::new(&folder).join("Cargo.toml").exists());\n'
        '    assert!(std::path::Path::new("Cargo.toml").exists());\n'
        '    assert!(std::path::Path::new(env!("CARGO_BIN_EXE_small")).exists());\n}\n'
    ),
    "tests/own.rs": 'fn main() { println!("not a list of tests"); }\n',
}
_CHOSEN = Selection("small", "small", unharnessed=('test "own"',))
_ENDINGS = {
    ('bin "small"', "good"): Ending.OK,
    ("lib", "tests::bad"): Ending.FAILED,
    ("lib", "tests::good"): Ending.OK,
    ("lib", "tests::panics"): Ending.OK,
    ('test "it"', "sees_cargos_variables"): Ending.OK,
}


@pytest.fixture(scope="module")
def cargo(tmp_path_factory: pytest.TempPathFactory) -> Cargo:
    return crate(tmp_path_factory.mktemp("suites"), _FILES)


def endings(suite: Suite) -> dict[tuple[str, str], Ending]:
    return {(case.label, case.name): case.result for case in suite.tests}


@pytest.mark.slow
def test_nextest_gives_names_and_results_that_no_test_can_forge(cargo: Cargo) -> None:
    suite = nextest.run(cargo, _CHOSEN)
    # Only nextest's stream tells the ignored ones, and it does not part a lib from a bin of the same name.
    ignored = {('bin "small" or lib', "tests::left_out"): Ending.IGNORED}
    assert endings(suite) == _ENDINGS | ignored
    assert suite.problem == ""
    assert suite.uncovered == ('test "own" has no harness that lists its tests',)
    assert {"lib test", 'bin "small" test', 'test "it"'} <= {unit.label for unit in suite.units}


@pytest.mark.slow
def test_libtest_tells_the_panicking_ones_and_the_files_too(cargo: Cargo) -> None:
    suite = libtest.run(cargo, _CHOSEN)
    more = {("lib", "tests::left_out"): Ending.IGNORED, ('test "own"', "(main)"): Ending.OK}
    assert endings(suite) == _ENDINGS | more
    assert Case("lib", "tests::panics", Ending.OK, should_panic=True, source="src/lib.rs") in suite.tests
    assert Case("lib", "tests::good", Ending.OK, should_panic=False, source="src/lib.rs") in suite.tests


@pytest.mark.slow
def test_both_runners_build_as_the_profile_for_tests_says(tmp_path: Path) -> None:
    checked = "#[test] fn checked() { assert!(!cfg!(debug_assertions)) }\n"
    profile = "\n[profile.test]\ndebug-assertions = false\n"
    cargo = crate(tmp_path, {"src/lib.rs": checked, "Cargo.toml": manifest("small") + profile})
    for run in (nextest.run, libtest.run):
        [case] = run(cargo, Selection("small", "small")).tests
        assert case.result is Ending.OK


@pytest.mark.slow
def test_a_test_is_run_alone_and_what_it_says_is_kept(tmp_path: Path) -> None:
    library = (
        '#[test]\nfn bad() { println!("---- x"); panic!("of {}", module_path!()); }\n#[test]\nfn good() {}\n'
    )
    cargo = crate(tmp_path, {"src/lib.rs": library})
    for run in (nextest.run, libtest.run):
        suite = run(cargo, Selection("small", "small", only=("bad",)))
        assert endings(suite) == {("lib", "bad"): Ending.FAILED}
        assert "of small" in suite.tests[0].said


@pytest.mark.slow
@pytest.mark.parametrize("names", [("a", "b"), ("b", "a")])
def test_an_ignored_test_is_ignored_wherever_it_stands(names: tuple[str, str], tmp_path: Path) -> None:
    library = f"#[test]\n#[ignore]\nfn {names[0]}() {{}}\n#[test]\nfn {names[1]}() {{}}\n"
    found = endings(nextest.run(crate(tmp_path, {"src/lib.rs": library}), Selection("small", "small")))
    assert found == {("lib", names[0]): Ending.IGNORED, ("lib", names[1]): Ending.OK}


@pytest.mark.slow
def test_doctests_are_told_by_item(cargo: Cargo) -> None:
    suite = libtest.run_doctests(cargo, _CHOSEN)
    assert endings(suite) == {
        ("doc", "src/lib.rs - two (line 1)"): Ending.OK,
        ("doc", "src/lib.rs - two (line 4)"): Ending.OK,
        ("doc", "src/lib.rs - two (line 7)"): Ending.IGNORED,
    }


@pytest.mark.slow
def test_a_test_that_never_ends_is_ended_and_named(tmp_path: Path) -> None:
    library = "#[test]\nfn hangs() { loop { std::thread::sleep(std::time::Duration::from_secs(1)); } }\n"
    cargo = crate(tmp_path, {"src/lib.rs": library})
    chosen = Selection("small", "small", limit=2.0)
    for run in (nextest.run, libtest.run):
        suite = run(cargo, chosen)
        assert "longer than 2 s" in suite.problem
        assert endings(suite) == {("lib", "hangs"): Ending.UNFINISHED}


@pytest.mark.slow
def test_tests_that_do_not_compile_are_a_problem_for_nextest_and_named_by_libtest(tmp_path: Path) -> None:
    files = {"src/lib.rs": "#[test]\nfn t() {}\n", "tests/bad.rs": "#[test]\nfn t() { missing() }\n"}
    cargo = crate(tmp_path, files)
    assert nextest.run(cargo, Selection("small", "small")).problem == "the tests do not compile"
    suite = libtest.run(cargo, Selection("small", "small"))
    assert endings(suite) == {("lib", "t"): Ending.OK}
    assert suite.uncovered == ('test "bad" does not compile',)


@pytest.mark.slow
def test_no_tests_are_no_problem_but_none(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": ""})
    chosen = Selection("small", "small")
    for run in (nextest.run, libtest.run, libtest.run_doctests):
        suite = run(cargo, chosen)
        assert (suite.tests, suite.problem) == ((), "")


def test_a_log_gives_reasons_between_a_result_and_its_test(tmp_path: Path) -> None:
    log = tmp_path / "log"
    log.write_text(
        "ok a::works\nignored b\nignored: finding 3.1: `run` is not written yet finding_3_1_run\n"
        "failed c\nfailed: test did not panic as expected d::e\n"
    )
    assert libtest.read_log(log) == {
        "a::works": Ending.OK,
        "b": Ending.IGNORED,
        "finding_3_1_run": Ending.IGNORED,
        "c": Ending.FAILED,
        "d::e": Ending.FAILED,
    }
    assert libtest.read_log(tmp_path / "none") == {}
