"""`remediate demo` does what the README says: every kind of outcome, two codemods at work."""

import json
import subprocess
import sys
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import pytest
from scratch import git

from remediate import demo, resources
from remediate.errors import InputError

REMEDIATE = Path(sys.executable).with_name("remediate")


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return demo.prepare(tmp_path_factory.mktemp("demo"))


def test_the_workspace_becomes_a_repository_of_its_own(workspace: Path) -> None:
    assert git(workspace, "status", "--porcelain", "--branch") == "## main"
    assert git(workspace, "rev-list", "--count", "--all") == "2"
    assert git(workspace, "ls-files", "AUDIT.md", "Cargo.lock").split() == ["AUDIT.md", "Cargo.lock"]
    assert Path(git(workspace, "rev-parse", "--show-toplevel")) == workspace.resolve()


def test_a_demo_in_the_same_folder_is_refused(workspace: Path) -> None:
    with pytest.raises(InputError, match="is there already"):
        demo.prepare(workspace.parent)


def test_the_audit_holds_every_kind_of_claim(workspace: Path) -> None:
    done = subprocess.run(
        [REMEDIATE, "findings", demo.AUDIT, "--message-format", "json"],
        cwd=workspace,
        check=False,
        capture_output=True,
        text=True,
    )
    findings = {f["path"] or f["title"]: f for f in json.loads(done.stdout)["findings"]}
    assert len(findings) == 8  # two of the nine are about one file
    assert Counter(f["status"] for f in json.loads(done.stdout)["findings"]) == {
        "present": 5,
        "moved": 1,
        "fixed": 1,
        "mistaken": 1,
        "unresolvable": 1,
    }
    assert findings["packages/tally-cli/src/sync.rs"]["moved_to"] == [13]
    assert findings["packages/tally-cli/src/feed.rs"]["status"] == "mistaken"


def test_the_stored_workspace_has_no_build_results() -> None:
    assert not list(resources.demo_workspace().rglob("target"))


@dataclass(frozen=True)
class Shown:
    """A finished demo: its workspace and what it printed."""

    root: Path
    text: str


@pytest.mark.slow
def test_the_demo(tmp_path: Path) -> None:
    done = subprocess.run([REMEDIATE, "demo", tmp_path], check=True, capture_output=True, text=True)
    shown = Shown(tmp_path / "tally", done.stdout)
    _assert_every_outcome_is_in_the_table(shown)
    _assert_every_fix_is_one_commit_on_its_own_branch(shown)
    _assert_the_large_file_is_cut_as_the_audit_plans_it(shown)
    _assert_the_style_is_that_of_the_audits_code(shown)


def _assert_every_outcome_is_in_the_table(shown: Shown) -> None:
    for path, outcome in (
        ("packages/tally/src/journal.rs", "fixed"),
        ("packages/tally/src/money.rs", "fixed"),
        ("packages/tally-cli/src/args.rs", "fixed"),
        ("packages/tally-cli/src/feed.rs", "mistaken"),
        ("packages/tally-cli/src/sync.rs", "fixed"),
        ("packages/tally-cli/src/remark.rs", "fixed"),
        ("../billing/src/invoice.rs", "unresolvable-path"),
    ):
        assert any(path in line and f" {outcome} " in line for line in shown.text.splitlines()), path
    assert "9 findings: 5 fixed, 2 skipped, 1 already-fixed, 1 mistaken" in shown.text


def _assert_every_fix_is_one_commit_on_its_own_branch(shown: Shown) -> None:
    branches = git(shown.root, "for-each-ref", "--format=%(refname:short)", "refs/heads/remediate").split()
    assert len(branches) == 5
    for branch in branches:
        assert git(shown.root, "rev-list", "--count", f"main..{branch}") == "1"
        assert branch in shown.text
    assert git(shown.root, "status", "--porcelain", "--branch") == "## main"


def _assert_the_large_file_is_cut_as_the_audit_plans_it(shown: Shown) -> None:
    (branch,) = git(shown.root, "branch", "--list", "--format=%(refname:short)", "*large-file*").split()
    files = git(shown.root, "ls-tree", "-r", "--name-only", branch, "packages/tally/src/").split()
    names = {Path(f).stem for f in files if "/journal/" in f}
    assert {"mod", "entries", "parsing", "validation", "balances", "report"} <= names
    sizes = [len(git(shown.root, "show", f"{branch}:{f}").splitlines()) for f in files]
    assert max(sizes) <= 300


def _assert_the_style_is_that_of_the_audits_code(shown: Shown) -> None:
    branches = git(shown.root, "branch", "--list", "--format=%(refname:short)", "*block-on*").split()
    texts = {
        name: git(shown.root, "show", f"{branch}:packages/tally-cli/src/{name}.rs")
        for name in ("sync", "remark")
        for branch in branches
        if f"-{name}-" in branch
    }
    assert "pub async fn load(path: &Path) -> Result<Journal, Box<dyn Error>> {" in texts["sync"]
    assert "pub fn remark(journal: &Path) -> tally_flow::AsyncStream<io::Result<String>> {" in texts["remark"]
