"""The gate that tests what would be published, on real crates."""

from pathlib import Path

import pytest
from crates import crate, manifest, package
from scratch import git, write

from remediate.cargo.suite import Ending, Selection
from remediate.verify.baseline import take, with_packaged
from remediate.verify.report import Level, Report
from remediate.verify.tests.testing import again, gates, measure

_CHOSEN = Selection("small", "small@0.1.0")
_INLINE = "#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n"
_MOVED = {
    "src/lib.rs": '#[cfg(test)]\n#[path = "../tests/unit/tests.rs"]\nmod tests;\n',
    "tests/unit/tests.rs": "#[test]\nfn t() {}\n",
}


@pytest.mark.seeded("test inventory", "failed", "a test of the published crate is lost")
@pytest.mark.slow
def test_tests_that_are_not_published_are_lost(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more='include = ["src/**"]\n'), "src/lib.rs": _INLINE})
    git(tmp_path, "init", "--quiet")
    base = measure(cargo, "packaged", _CHOSEN, repeats=1)
    assert [(t.label, t.name, t.endings) for t in base.tests] == [("lib", "tests::t", (Ending.OK,))]
    write(tmp_path, _MOVED)
    report = Report(tuple(gates(lambda: again(cargo, base, _CHOSEN), base)))
    assert "lost lib tests::t" in report.failed[0].detail
    write(tmp_path, {"Cargo.toml": manifest(more='include = ["src/**", "tests/unit/**"]\n')})
    report = Report(tuple(gates(lambda: again(cargo, base, _CHOSEN), base)))
    assert [gate.name for gate in report.verified] == [
        "test inventory: packaged (default)",
        "test results: packaged (default)",
    ]
    assert len(report.gates) == 2


@pytest.mark.slow
def test_what_cannot_be_packaged_says_nothing(tmp_path: Path) -> None:
    more = '[dependencies]\nother = { path = "other" }\n'
    files = {"Cargo.toml": manifest(more=more), "src/lib.rs": _INLINE}
    write(tmp_path, {"other/Cargo.toml": manifest("other"), "other/src/lib.rs": ""})
    base = measure(crate(tmp_path, files), "packaged", _CHOSEN, repeats=1)
    (gate,) = gates(lambda: pytest.fail("it must not run"), base)
    assert gate.verdict == "unverified"
    assert "`cargo package` fails" in gate.detail


@pytest.mark.slow
def test_the_packaged_tests_are_measured_when_a_change_asks_for_them(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more='include = ["src/**"]\n'), "src/lib.rs": _INLINE})
    git(tmp_path, "init", "--quiet")
    taken = take(cargo, package(cargo), ahead=False)
    assert [suite.runner for suite in taken.suites] == ["nextest"]
    known = with_packaged(cargo, package(cargo), taken)
    assert [suite.runner for suite in known.suites] == ["nextest", "packaged"]
    assert [test.name for test in known.suites[1].tests] == ["tests::t"]


@pytest.mark.slow
@pytest.mark.parametrize(
    ("more", "level", "packaged"),
    [
        ("", Level.STANDARD, False),
        ("", Level.FULL, True),
        ('include = ["src/**"]\n', Level.STANDARD, True),
        ("publish = false\n", Level.FULL, False),
    ],
)
def test_it_is_part_of_level_full_or_where_files_are_selected(
    tmp_path: Path, more: str, level: Level, *, packaged: bool
) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more=more), "src/lib.rs": _INLINE})
    git(tmp_path, "init", "--quiet")
    taken = take(cargo, package(cargo), level)
    assert ("packaged" in {suite.runner for suite in taken.suites}) is packaged
