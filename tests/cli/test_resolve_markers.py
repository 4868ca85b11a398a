"""`remediate resolve-markers`: what a user sees of it without cargo's judgment."""

from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from fixture_case import case, tree

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


AUDIT = """# Audit

## Placeholders

### 3. Tool Core Placeholders
**File:** `src/tool/core.rs`
**Lines:** 11
**Violation:** Placeholder implementation of tool execution
**Technical Solution:** Implement it:
```rust
pub struct ProductionToolExecutor {
    registry: Arc<ToolRegistry>,
}

impl ProductionToolExecutor {
    pub fn execute_tool(&self, tool: &Tool, params: ToolParams) -> AsyncStream<ToolResult> {
        let (sender, stream) = async_stream_channel();
        stream
    }
}
```
"""


@pytest.fixture
def tools(tmp_path: Path) -> Path:
    before = case("resolve_markers/scaffold_of_an_executor").before
    files = {path: text.decode() for path, text in tree(before).items()}
    return scratch.repository(
        tmp_path / "tools", {**files, "AUDIT.md": AUDIT, ".gitignore": "/target\nCargo.lock\n"}
    )


@pytest.mark.slow
def test_a_run_scaffolds_what_it_is_asked_to(tools: Path, remediate: Remediate) -> None:
    (plain,) = remediate.data(tools, "run", "AUDIT.md")["outcomes"]
    assert (plain["outcome"], plain["reason"]) == ("skipped", "stub")
    assert (
        "--scaffold` writes an ignored test, and lets it return an error until it is written."
        in plain["detail"]
    )
    (outcome,) = remediate.data(tools, "run", "AUDIT.md", "--scaffold", "--verify", "full", "--redo")[
        "outcomes"
    ]
    assert outcome["outcome"] == "fixed-partly", outcome
    assert "a person has to write `run`" in outcome["detail"]
    assert "register the handlers of `ProductionToolExecutor`" in outcome["detail"]
    assert set(outcome["files"]) == {
        "src/tool/core.rs",
        "src/tool/mod.rs",
        "src/tool/production_tool_executor.rs",
        "tests/finding_3_1.rs",
        "tests/production_tool_executor.rs",
    }
    assert outcome["work_order"]
    branch = outcome["branch"]
    said = scratch.git(tools, "log", "-1", "--format=%B", branch)
    assert "This change needs a reader" in " ".join(said.split())
    assert "to do: write `run`" in " ".join(said.split())
    assert "is there once, beside 3 files of new code" in " ".join(said.split())
    assert remediate(tools, "verify", branch, "--verify", "full").code == 0
    scratch.git(tools, "switch", "--quiet", branch)
    less = "\n".join(line for line in said.split("\n") if not line.startswith("Remediate-Generated"))
    scratch.git(tools, "commit", "--quiet", "--amend", "--message", less)
    judged = remediate(tools, "verify", branch)
    assert (judged.code, "not conserved" in judged.out) == (3, True)
    scratch.write(tools, {"tests/finding_3_1.rs": (tools / "tests/finding_3_1.rs").read_text() + "// more\n"})
    scratch.git(tools, "commit", "--quiet", "--all", "--amend", "--message", said)
    judged = remediate(tools, "verify", branch)
    assert (judged.code, "added comment: // more" in judged.out) == (3, True)


def test_each_marker_has_its_own_reason_and_advice(rates: Path, remediate: Remediate) -> None:
    text = LIB.replace("fn half", "// HACK: the office rounds\nfn half").replace(
        "#[allow(dead_code)] // TODO: use it\n", ""
    )
    scratch.write(rates, {"src/lib.rs": text})
    scratch.git(rates, "commit", "--quiet", "--all", "--message", "More")
    told = remediate.data(rates, "resolve-markers", "src/lib.rs", "--dry-run")
    stub, hack = told["detail"].split(" src/lib.rs:10 ")
    assert stub.startswith(
        "src/lib.rs:5 (stub): the function is a constant, whatever is asked. A person would: "
    )
    assert stub.endswith(
        "Write the behaviour that the comment promises, or return a typed error of the crate."
    )
    assert hack.startswith(
        "(working-code): HACK: the office rounds. A person would: Say what the code works around"
    )
    assert hack.endswith("`remediate resolve-markers src/lib.rs:5 --scaffold` writes an ignored test.")


def test_nothing_to_do_is_one_line(rates: Path, remediate: Remediate) -> None:
    scratch.write(rates, {"src/lib.rs": "//! Nothing.\n"})
    scratch.git(rates, "commit", "--quiet", "--all", "--message", "Empty it")
    assert remediate(rates, "resolve-markers", "--list").out == "no marker was found\n"
    assert remediate(rates, "resolve-markers").out == "no finding: nothing to do\n"
