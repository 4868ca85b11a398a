"""Tests of other packages that read the files of the one under edit."""

from dataclasses import replace
from pathlib import Path

import pytest
from crates import crate, manifest, package
from scratch import write

from remediate.cargo.command import Cargo
from remediate.edits import Change
from remediate.gates import GateResult, Verdict
from remediate.rust.package import Package, Target
from remediate.verify.baseline import Baseline, take
from remediate.verify.produced import prepared
from remediate.verify.report import Level
from remediate.verify.tests.neighbours import GATE, Neighbours, may_read_heuristic, wanted


def judged(folder: Path, test: str) -> dict[str, GateResult]:
    """Rename a file of one package, with another whose test is ``test``, and judge the other's tests."""
    files = {
        "Cargo.toml": manifest(more='[workspace]\nmembers = ["beside"]\n'),
        "src/lib.rs": "mod a;\n",
        "src/a.rs": "pub struct Bravo;\n",
        "beside/Cargo.toml": manifest("beside"),
        "beside/src/lib.rs": "",
        "beside/tests/reads.rs": f"#[test]\nfn reads() {{\n    {test}\n}}\n",
    }
    cargo = crate(folder, files)
    before = package(cargo)
    change = Change("Move", moves={"src/a.rs": "src/a/mod.rs"})
    known = prepared(cargo, before, take(cargo, before, Level.STANDARD, ahead=False), change)
    (folder / "src/a.rs").unlink()
    write(folder, {"src/a/mod.rs": files["src/a.rs"]})
    found = Neighbours(cargo, before, known, change.originals(), ("src/a.rs", "src/a/mod.rs")).gates()
    return {gate.name: gate for gate in found}


@pytest.mark.slow
@pytest.mark.seeded("test results", "failed", "a test of another package reads the file by a computed path")
def test_a_test_of_another_package_that_reads_the_file_is_run(tmp_path: Path) -> None:
    found = judged(tmp_path, 'assert!(std::fs::exists(format!("../src/{}.rs", "a")).unwrap());')
    assert {name: gate.verdict for name, gate in found.items()} == {
        "test inventory: libtest (default) (package beside)": Verdict.PASSED,
        "test results: libtest (default) (package beside)": Verdict.FAILED,
    }


@pytest.mark.slow
@pytest.mark.seeded("tests of other packages", "unverified", "another package whose tests are not run")
def test_packages_whose_tests_are_not_run_are_named(tmp_path: Path) -> None:
    found = judged(tmp_path, "assert!(true);")
    assert found[GATE].verdict is Verdict.UNVERIFIED
    assert found[GATE].detail.endswith(": beside")


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ('read("../src/big.rs")', True),
        ('read(dir.join("src").join("big.rs"))', True),
        ('format!("../src/{}.rs", name)', True),
        ('concat!(env!("CARGO_MANIFEST_DIR"), "/..")', True),
        ('["big", "small"]', True),
        ('read("../data/x.json")', False),
        ('read("src/lib.rs")', False),
        ('dir.join("..")', True),
        ('split("/").join("0..5")', False),
        ('"bigger"', False),
    ],
)
def test_a_literal_that_may_lead_to_the_file_is_seen(text: str, *, reads: bool) -> None:
    file = "crates/xt/tests/t.rs"
    other = Package("xt", "", "crates/xt", "2021", (Target("t", ("test",), file),), {file: text.encode()})
    assert may_read_heuristic(other, "crates/src/big.rs") is reads


def _other(name: str, text: bytes, *, targets: bool = True) -> Package:
    file = f"{name}/tests/t.rs"
    found = (Target("t", ("test",), file),) if targets else ()
    return Package(name, "", name, "2021", found, {file: text})


READER, STRANGER = _other("reader", b'"src/big.rs"'), _other("stranger", b'"x"')
EMPTY = _other("empty", b'"src/big.rs"', targets=False)
WORKSPACE = Package("p", "", "", "2021", (), {}, others=(READER, STRANGER, EMPTY))


@pytest.mark.parametrize(
    ("level", "names"),
    [(Level.QUICK, []), (Level.STANDARD, ["reader"]), (Level.FULL, ["reader", "stranger"])],
)
def test_which_other_packages_are_tested(level: Level, names: list[str]) -> None:
    assert [one.name for one in wanted(WORKSPACE, level, ["src/a.rs", "src/big.rs"])] == names


def test_other_packages_that_are_not_tested_are_named_and_never_passed(tmp_path: Path) -> None:
    def told(level: Level, package: Package = WORKSPACE) -> list[tuple[str, Verdict, str]]:
        baseline = Baseline("p", level, "", (), "p@1.0.0", ())
        found = Neighbours(Cargo(tmp_path), package, baseline, ("src/big.rs",), ("src/big.rs",)).gates()
        return [(gate.name, gate.verdict, gate.detail) for gate in found]

    assert told(Level.QUICK) == []
    unread = "not run, for nothing in them seems to read the files: stranger"
    unknown = "not run, for they were not run before the change: reader"
    assert told(Level.STANDARD) == [(GATE, Verdict.UNVERIFIED, f"{unread}; {unknown}")]
    assert told(Level.STANDARD, replace(WORKSPACE, others=(EMPTY,))) == []
    many = tuple(_other(f"n{number:02}", b"") for number in range(14))
    ((_, _, detail),) = told(Level.STANDARD, replace(WORKSPACE, others=many))
    assert detail.endswith("n11 and 2 more")
    ((_, _, detail),) = told(Level.STANDARD, replace(WORKSPACE, others=many[:12]))
    assert detail.endswith("n10, n11")
