"""The outlines that `--explain` shows where nothing is rewritten: each compiles where it would stand."""

import shutil
from dataclasses import replace
from pathlib import Path

import pytest
from fixture_case import case

from remediate.cargo.command import Cargo
from remediate.codemods import replace_block_on
from remediate.codemods.replace_block_on.options import BlockingOptions
from remediate.model import Explained, Finding, Site
from remediate.rust.codebase import Codebase
from remediate.verify.report import Level
from remediate.workflow.fixing.sketches import objections
from remediate.workflow.sources.workspace import load
from remediate.workflow.tree.disk import Written
from remediate.workflow.tree.gathering import asked
from remediate.workflow.tree.session import Session

_OPTIONS = BlockingOptions()
_LIB = """
use pollster::block_on;

pub async fn number(value: u32) -> u32 {
    std::future::ready(value).await
}

pub struct Store {
    pub value: u32,
}

impl Store {
    /// Loads it.
    #[must_use]
    pub fn load(&self) -> u32 {
        // Blocks.
        let found = block_on(number(self.value));
        found + 1
    }
}

impl Drop for Store {
    fn drop(&mut self) {
        self.value = block_on(number(0));
    }
}

impl Iterator for Store {
    type Item = u32;

    fn next(&mut self) -> Option<u32> {
        Some(block_on(number(self.value)))
    }
}

fn doubled(value: u32) -> u32 {
    block_on(number(value)) * 2
}

pub fn sorted(mut values: Vec<u32>) -> Vec<u32> {
    values.sort_by_key(|value| block_on(number(*value)));
    values
}

#[cfg(test)]
mod tests {
    #[test]
    fn doubles() {
        assert_eq!(super::doubled(1), 2);
    }
}
"""


@pytest.mark.slow
def test_a_scaffold_compiles_where_it_would_stand(tmp_path: Path) -> None:
    root = tmp_path / "small"
    shutil.copytree(case("replace_block_on/public_function_of_a_published_crate").before, root)
    (root / "src/lib.rs").write_text(_LIB)
    workspace = load(root)
    cargo = Cargo(root, arguments=("--offline",))
    session = Session(workspace, cargo, Level.QUICK, tree="", cache=tmp_path / "cache")
    finding = Finding("1", "0" * 16, "block-on", "", "src/lib.rs")
    known = session.informed(
        workspace.codebase, asked(replace_block_on, workspace.codebase, finding, _OPTIONS)
    )
    found = {site.reason: site for site in replace_block_on.explain(known, finding, _OPTIONS)}
    assert {"public-api", "drop", "trait-method", "called-from-test", "sync-closure"} <= found.keys()
    for reason in ("public-api", "drop", "trait-method", "called-from-test"):
        sketch = _scaffold(found[reason])
        assert "async fn" in sketch, reason
        assert ".await" in sketch, reason
        assert _objections(session, root, known, replace(finding, sketch=sketch), found[reason].line) == ""
    assert "// Blocks." in _scaffold(found["public-api"])
    assert _scaffold(found["sync-closure"]).startswith("// A closure cannot wait")
    wrong = replace(finding, sketch="pub async fn load_async(&self) -> u32 { missing(self).await }")
    assert "E0425" in _objections(session, root, known, wrong, found["public-api"].line)


def _scaffold(site: Explained) -> str:
    marked = (line for line in site.evidence if line.startswith("  scaffold"))
    return "\n".join(line.removeprefix("  scaffold").removeprefix("  ") for line in marked)


def _objections(session: Session, root: Path, known: Codebase, finding: Finding, line: int) -> str:
    placed = replace(finding, sites=(Site("src/lib.rs", line, 1, ""),))
    return objections(session, Written(root), known.home("src/lib.rs"), known, placed)
