"""Tests moved on real crates: what shows that they are the same, and what happens where they are not."""

from pathlib import Path

import pytest
import scratch
from workflow_case import only, work

from remediate.model import Finding, Result
from remediate.verify import ladder
from remediate.verify.report import Level
from remediate.workflow.request import Mode

pytestmark = pytest.mark.slow
_EMBEDDED = Finding(id="1", fingerprint="ef" * 8, rule="embedded-tests", title="", path="")
_MANIFEST = '[package]\nname = "crate-a"\nversion = "0.1.0"\nedition = "2021"\n'
_TESTS = "#[cfg(test)]\nmod tests {{\n    #[test]\n    fn t() {{\n        {}\n    }}\n}}\n"


def _crate(folder: Path, body: str, more: str = "") -> Path:
    files = {
        "Cargo.toml": _MANIFEST + more,
        "src/lib.rs": "pub fn a() {}\n\n" + _TESTS.format(body),
        "README.md": "not shipped\n",
        ".gitignore": "/target\nCargo.lock\n",
    }
    return scratch.repository(folder / "crate", files)


@pytest.mark.parametrize("mode", [Mode.BRANCH, Mode.IN_PLACE])
def test_a_test_that_ends_otherwise_once_it_is_moved_is_put_back(tmp_path: Path, mode: Mode) -> None:
    own = 'assert!(std::fs::read_to_string("src/lib.rs").unwrap().contains("fn t"));'
    repository = _crate(tmp_path, own)
    before = scratch.state(repository)
    text = (repository / "src/lib.rs").read_bytes()
    outcome = only(work(repository, _EMBEDDED, level=Level.STANDARD, mode=mode))
    assert (outcome.outcome, outcome.reason) == (Result.ROLLED_BACK, "test-results-failed")
    assert "lib tests::t is failed, was ok" in outcome.detail
    assert outcome.branch is None
    if mode is Mode.BRANCH:  # in place the files are written twice, and their times are new
        assert scratch.state(repository) == before
    assert (repository / "src/lib.rs").read_bytes() == text
    assert not (repository / "tests").exists()


@pytest.mark.parametrize(
    ("selected", "gate"),
    [
        ('include = ["src/**", "tests/**"]\n', "archive"),
        ('exclude = ["README.md"]\n', "archive"),
        ('include = ["src/**"]\n', "archive"),
        ('include = ["src/**"]\n', "test results: packaged (default)"),
    ],
)
def test_the_packaged_tests_are_run_where_the_archive_changes_otherwise_than_the_tree(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, selected: str, gate: str
) -> None:
    if gate != "archive":
        monkeypatch.setattr(ladder, "same_archive", lambda *_: None)
    repository = _crate(tmp_path, "super::a();", selected)
    outcome = only(work(repository, _EMBEDDED, level=Level.STANDARD))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "verified")
    assert [g for g in outcome.verified if g == "archive" or "results: packaged" in g] == [gate]


_TWO_MODULES = """\
#[track_caller]
pub fn file() -> &'static str {
    std::panic::Location::caller().file()
}

#[cfg(test)]
mod tests {
    #[test]
    fn knows_its_file() {
        assert!(super::file().ends_with("src/lib.rs"));
    }
}

#[cfg(test)]
mod others {
    #[test]
    fn knows_nothing() {
        super::file();
    }
}
"""


def test_only_the_module_of_a_test_that_knows_its_location_stays(tmp_path: Path) -> None:
    repository = _crate(tmp_path, "super::a();")
    scratch.write(repository, {"src/lib.rs": _TWO_MODULES})
    scratch.git(repository, "commit", "--quiet", "--all", "--message", "Two modules")
    outcome = only(work(repository, _EMBEDDED, level=Level.STANDARD))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED_PARTLY, "partial")
    assert outcome.detail == "ends-otherwise: tests: once moved, lib tests::knows_its_file is failed, was ok"
    assert "tests/unit/others.rs" in outcome.files
    library = scratch.git(repository, "show", f"{outcome.branch}:src/lib.rs")
    assert "fn knows_its_file" in library
    assert "fn knows_nothing" not in library


_FINDS_DATA = """\
pub mod other;

macro_rules! expected {
    () => {
        std::fs::read_to_string(std::path::Path::new(file!()).with_file_name("expected.txt"))
    };
}

pub fn one() -> u8 {
    1
}

#[cfg(test)]
mod tests {
    #[test]
    fn t() {
        if let Ok(expected) = expected!() {
            assert_eq!(expected, super::one().to_string());
        }
    }
}
"""


@pytest.mark.parametrize("mode", [Mode.BRANCH, Mode.IN_PLACE])
def test_tests_that_would_silently_find_their_data_no_more_stay(tmp_path: Path, mode: Mode) -> None:
    repository = _crate(tmp_path, "super::a();")
    other = (repository / "src/lib.rs").read_text()
    files = {"src/lib.rs": _FINDS_DATA, "src/expected.txt": "1", "src/unread.txt": "", "src/other.rs": other}
    scratch.write(repository, files)
    scratch.git(repository, "add", "--all")
    scratch.git(repository, "commit", "--quiet", "--message", "Data")
    outcome = only(work(repository, _EMBEDDED, level=Level.STANDARD, mode=mode))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED_PARTLY, "partial")
    said = "data-by-location: tests: once moved, the tests do not read src/expected.txt any more"
    assert outcome.detail == said
    assert "tests/unit/other/tests.rs" in outcome.files
    assert "same reads: nextest (default)" in outcome.verified
