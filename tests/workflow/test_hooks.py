from pathlib import Path

import pytest
import scratch
from workflow_case import BRANCH, only, tree_of, work

from remediate.model import Result

pytestmark = pytest.mark.usefixtures("tiny")


def _hook(repo: Path, name: str, script: str) -> None:
    hook = repo / ".git/hooks" / name
    hook.write_text(f"#!/bin/sh\n{script}\n")
    hook.chmod(0o755)


def test_hooks_run_and_the_outcome_says_so(repo: Path, tmp_path: Path) -> None:
    _hook(repo, "pre-commit", f'pwd > {tmp_path}/where; test -z "$LC_ALL"')
    outcome = only(work(repo))
    assert outcome.notes == ("a tiny change", "git hooks ran: pre-commit")
    assert (tmp_path / "where").read_text().strip() == str(tree_of(repo.resolve()))


def test_a_refusing_hook_takes_the_fix_back(repo: Path) -> None:
    _hook(repo, "pre-commit", "echo 'no ticket' >&2; exit 1")
    before = scratch.state(repo)
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.ROLLED_BACK, "hook-refused")
    assert "no ticket" in outcome.detail
    assert scratch.state(repo) == before
    assert not scratch.git(repo, "branch", "--list", BRANCH)
    skipped = only(work(repo, run_hooks=False))
    assert skipped.outcome is Result.FIXED
    assert "git hooks were not run: pre-commit" in skipped.notes


def test_a_hook_that_edits_the_commit_voids_the_verification(repo: Path) -> None:
    _hook(repo, "pre-commit", "echo '// formatted' >> src/big.rs; git add src/big.rs")
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.ROLLED_BACK, "hook-changed-commit")
    assert not scratch.git(repo, "branch", "--list", BRANCH)
