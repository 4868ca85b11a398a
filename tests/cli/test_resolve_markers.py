"""`remediate resolve-markers`: what a user sees of it without cargo's judgment."""

from pathlib import Path

import pytest
import scratch
from command_line import Remediate

LIB = """//! Rates.

/// The rate.
pub fn rate(name: &str) -> f64 {
    // TODO: ask the office
    let _ = name;
    0.07
}

#[allow(dead_code)] // TODO: use it
fn half(rate: f64) -> f64 {
    rate / 2.0
}

#[cfg(test)]
mod tests {
    // TODO: more
    #[test]
    fn rates() {
        assert!(super::half(super::rate("a")) > 0.0);
    }
}
"""


@pytest.fixture
def rates(tmp_path: Path) -> Path:
    files = {**scratch.CRATE, "src/lib.rs": LIB}
    del files["src/big.rs"]
    return scratch.repository(tmp_path / "rates", files)


def test_a_list_says_what_would_be_done(rates: Path, remediate: Remediate) -> None:
    before = scratch.state(rates)
    ended = remediate(rates, "resolve-markers", "--list")
    assert ended.code == 0
    assert "2 markers: 1 would be changed, 1 stays" in ended.out
    assert "src/lib.rs:5   stub       todo-marker  in `rate`       stub" in ended.out
    assert scratch.state(rates) == before


def test_the_reasoning_about_one_line(rates: Path, remediate: Remediate) -> None:
    (site,) = remediate.data(rates, "resolve-markers", "src/lib.rs:5", "--explain")["sites"]
    assert (site["kind"], site["reason"]) == ("stub", "stub")
    assert "  evidence  the function is a constant, whatever is asked" in site["evidence"]


def test_a_line_without_a_marker_is_named(rates: Path, remediate: Remediate) -> None:
    ended = remediate(rates, "resolve-markers", "src/lib.rs:6", "--list")
    assert ended.code == 2
    assert "src/lib.rs:6 holds no marker" in ended.err


def test_a_plan_names_what_stays(rates: Path, remediate: Remediate) -> None:
    outcome = remediate.data(rates, "resolve-markers", "src/lib.rs", "--dry-run")
    assert (outcome["outcome"], outcome["reason"]) == ("planned", "would-change")
    stub = remediate.data(rates, "resolve-markers", "src/lib.rs:5", "--dry-run")
    assert (stub["outcome"], stub["reason"]) == ("skipped", "stub")
    assert "A person would: " in stub["detail"]
    assert stub["work_order"]


@pytest.mark.parametrize("places", [[], ["src/lib.rs:5"], ["src/lib.rs", "src/more.rs"], ["src"]])
def test_declining_what_is_still_there_ends_with_1(
    rates: Path, remediate: Remediate, places: list[str]
) -> None:
    only_a_stub = LIB.replace("#[allow(dead_code)] // TODO: use it\n", "")
    scratch.write(rates, {"src/lib.rs": only_a_stub, "src/more.rs": "pub fn more() {}\n"})
    scratch.git(rates, "add", "--all")
    scratch.git(rates, "commit", "--quiet", "--message", "Only a stub")
    ended = remediate(rates, "resolve-markers", *places)
    assert ended.code == 1
    assert "work-order" not in ended.out  # it takes an audit
    assert remediate(rates, "resolve-markers", "src/more.rs").code == 0
    scratch.write(rates, {"AUDIT.md": "# A\n\n### 1. TODO markers\n- `src/lib.rs:5`\n"})
    assert remediate(rates, "run", "AUDIT.md").code == 0


@pytest.mark.parametrize(
    "places", [["src/nope.rs:3", "--list"], ["src/lib.rs", "src/nope.rs"], ["src/nope.rs"]]
)
def test_a_path_that_does_not_exist_is_named(rates: Path, remediate: Remediate, places: list[str]) -> None:
    ended = remediate(rates, "resolve-markers", *places)
    assert (ended.code, "there is no src/nope.rs in the workspace" in ended.err) == (2, True)
