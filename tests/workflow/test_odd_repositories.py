"""Repositories that are not a plain clone: the fix is made, and what is the user's stays as it is."""

import os
from pathlib import Path

import pytest
import scratch
from workflow_case import BRANCH, only, work

from remediate.errors import InputError
from remediate.model import Result

pytestmark = pytest.mark.usefixtures("tiny")


def _fixed(folder: Path, repo: Path | None = None) -> None:
    before = scratch.state(folder)
    outcome = only(work(folder))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")
    assert scratch.state(folder) == before
    changed = scratch.git(repo or folder, "diff", "--name-only", f"{BRANCH}^", BRANCH).split()
    assert [name.rpartition("src/")[2] for name in changed] == ["big.rs", "big/last.rs"]
    assert only(work(folder)).reused


def test_a_linked_worktree(repo: Path, tmp_path: Path) -> None:
    scratch.git(repo, "worktree", "add", "--quiet", "-b", "other", str(tmp_path / "linked"))
    before = scratch.state(repo)
    _fixed(tmp_path / "linked")
    assert scratch.state(repo) == before


def test_a_submodule(repo: Path, tmp_path: Path) -> None:
    outer = scratch.repository(tmp_path / "outer", {"README.md": ""})
    scratch.git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(repo), "inner")
    for name, value in (("user.name", "A Person"), ("user.email", "person@example.org")):
        scratch.git(outer / "inner", "config", name, value)
    _fixed(outer / "inner")


def test_a_path_with_odd_characters(tmp_path: Path) -> None:
    _fixed(scratch.repository(tmp_path / "größe $HOME ~x 'q'", scratch.USES_LAST))


def test_reached_through_a_link(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "alias").symlink_to(repo)
    _fixed(tmp_path / "alias", repo)


def test_line_ends_are_converted(repo: Path) -> None:
    scratch.git(repo, "config", "core.autocrlf", "true")
    scratch.git(repo, "config", "core.safecrlf", "true")
    _fixed(repo)
    assert "\r" not in scratch.git(repo, "show", f"{BRANCH}:src/big/last.rs")


def test_a_sparse_checkout(repo: Path) -> None:
    scratch.write(repo, {"docs/a.md": "", "other/b.md": ""})
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "More")
    scratch.git(repo, "sparse-checkout", "set", "src", "docs")
    _fixed(repo)
    assert scratch.git(repo, "ls-tree", "--name-only", BRANCH, "other/") == "other/b.md"


def test_settings_that_change_what_git_does(repo: Path, tmp_path: Path) -> None:
    (tmp_path / "template").write_text("template\n")
    settings = {
        "commit.template": str(tmp_path / "template"),
        "commit.cleanup": "scissors",
        "commit.verbose": "true",
        "branch.autoSetupMerge": "always",
        "diff.renames": "copies",
        "status.showUntrackedFiles": "no",
        "core.quotePath": "true",
        "color.ui": "always",
        "push.default": "matching",
        "advice.addIgnoredFile": "true",
    }
    for name, value in settings.items():
        scratch.git(repo, "config", name, value)
    (repo / ".git/info/exclude").write_text("last.rs\n")
    _fixed(repo)


def test_an_environment_of_a_hook(repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    other = scratch.repository(tmp_path / "other")
    expected = scratch.state(other)
    before = scratch.state(repo)
    monkeypatch.setenv("GIT_DIR", str(other / ".git"))
    monkeypatch.setenv("GIT_INDEX_FILE", str(other / ".git/index"))
    assert only(work(repo)).outcome is Result.FIXED
    assert "GIT_DIR" not in os.environ
    assert scratch.state(other) == expected
    assert scratch.state(repo) == before


def test_a_lock_file_that_is_not_committed_is_used(repo: Path) -> None:
    scratch.git(repo, "check-ignore", "Cargo.lock")
    lock = 'version = 4\n\n[[package]]\nname = "crate-a"\nversion = "0.1.0"\n'
    (repo / "Cargo.lock").write_text(f"# mine\n{lock}")
    before = scratch.state(repo)
    assert only(work(repo, cargo=("--locked",))).outcome is Result.FIXED
    assert scratch.state(repo) == before


def test_a_branch_called_remediate_is_in_the_way(repo: Path) -> None:
    scratch.git(repo, "branch", "remediate")
    with pytest.raises(InputError, match="a branch called 'remediate'") as error:
        work(repo)
    assert "git branch -m remediate" in error.value.hint
