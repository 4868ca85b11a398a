"""What a run starts: nothing is built, run or asked a second time where once says all."""

from pathlib import Path

import pytest
import scratch
from command_line import Remediate

_LIBRARY = """\
//! ```
//! assert_eq!(small::two(), 2);
//! ```
pub fn two() -> i32 { 2 }

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn t() { assert_eq!(two(), 2) }
}
"""
_FILES = {
    "Cargo.toml": '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n',
    ".gitignore": "target\nCargo.lock\n",
    "src/lib.rs": _LIBRARY,
}
# With it the check is a run of its own, and the library is first compiled for the tests.
_BENCH = {"benches/b.rs": "#![feature(test)]\nfn main() {}\n"}


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


@pytest.mark.slow
@pytest.mark.parametrize("more", [{}, _BENCH])
def test_doctests_run_once_before_and_once_after(
    more: dict[str, str], tmp_path: Path, remediate: Remediate, cargo_log: Path
) -> None:
    small = scratch.repository(tmp_path / "small", _FILES | more)
    assert remediate.data(small, "extract-tests")["outcome"] == "fixed"
    started = cargo_log.read_text().splitlines()
    assert len([line for line in started if line.startswith("test --doc")]) == 2
    # The binaries of one build are run again, not built again.
    assert len([line for line in started if line.startswith("build --tests")]) <= 1


@pytest.mark.slow
def test_the_lock_file_that_a_first_run_makes_is_no_other_tree(tmp_path: Path, remediate: Remediate) -> None:
    small = scratch.repository(tmp_path / "small", _FILES)
    first = remediate.data(small, "extract-tests")
    again = remediate.data(small, "extract-tests", "--redo")
    assert first["timings"]["baseline_runs"] > 0
    assert (again["outcome"], again["reused"], again["timings"]["baseline_runs"]) == ("fixed", False, 0)
