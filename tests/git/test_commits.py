from collections.abc import Iterator
from pathlib import Path

import pytest
import scratch

from remediate.errors import ToolError
from remediate.git.command import Git
from remediate.git.commits import Refusal, commit, hooks, patch, require_identity, stage
from remediate.git.revisions import base, tree_of
from remediate.git.worktrees import Worktree, leased


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    return scratch.repository(tmp_path / "r")


@pytest.fixture
def tree(repo: Path) -> Iterator[Worktree]:
    with Git(repo) as git, leased(git) as leasehold:
        leasehold.switch(base(git).commit)
        yield leasehold


def test_one_commit_of_exactly_the_named_files(tree: Worktree, repo: Path) -> None:
    before, start = scratch.state(repo), base(tree.git).commit
    scratch.write(tree.path, {"-x.rs": "//", "*": "star", "other.rs": "left out", "src/lib.rs": "// new\n"})
    (tree.path / "src/big.rs").unlink()
    staged = stage(tree.git, ["-x.rs", "*", "src/lib.rs", "src/big.rs"])
    made = commit(tree.git, "Title\n\n# not a comment\n\nKey: value\n")
    assert isinstance(made, str)
    assert tree_of(tree.git, made) == staged
    assert tree.git.run("diff-tree", "-r", "-z", "--name-status", start, made).parts == [
        "A", "*", "A", "-x.rs", "D", "src/big.rs", "M", "src/lib.rs",
    ]  # fmt: skip
    assert (
        tree.git.run("log", "-1", "--format=%B|%an").text
        == "Title\n\n# not a comment\n\nKey: value\n|A Person"
    )
    assert scratch.state(repo) == before


def test_a_new_file_that_gitignore_hides_is_committed(tree: Worktree) -> None:
    scratch.write(tree.path, {".gitignore": "tests/\n", "tests/a.rs": "//"})
    stage(tree.git, ["tests/a.rs"])
    made = commit(tree.git, "x")
    assert tree.git.run("show", f"{made}:tests/a.rs").text == "//"


def test_a_patch_applies(tree: Worktree, repo: Path, tmp_path: Path) -> None:
    scratch.git(repo, "config", "diff.noprefix", "true")
    scratch.git(repo, "config", "diff.external", "false")
    start = base(tree.git).commit
    scratch.write(tree.path, {"src/lib.rs": "no newline", "bin": "a\0b", "ä.rs": "//\n"})
    (tree.path / "src/big.rs").rename(tree.path / "src/small.rs")
    stage(tree.git, ["src/lib.rs", "bin", "ä.rs", "src/big.rs", "src/small.rs"])
    text = patch(tree.git, start)
    made = commit(tree.git, "x")
    assert isinstance(made, str)
    (tmp_path / "p").write_bytes(text)
    scratch.git(repo, "apply", "--index", str(tmp_path / "p"))
    assert scratch.git(repo, "write-tree") == tree_of(tree.git, made)


def test_hooks_run_and_may_refuse(tree: Worktree, repo: Path) -> None:
    hook = repo / ".git/hooks/commit-msg"
    hook.write_text("#!/bin/sh\necho 'needs a ticket' >&2\nexit 1\n")
    hook.chmod(0o755)
    scratch.write(tree.path, {"a": "a"})
    stage(tree.git, ["a"])
    assert hooks(tree.git) == ("commit-msg",)
    refused = commit(tree.git, "x")
    assert isinstance(refused, Refusal)
    assert "needs a ticket" in refused.text
    assert isinstance(commit(tree.git, "x", run_hooks=False), str)


def test_nobody_to_commit_as(tree: Worktree, repo: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", "/dev/null")
    monkeypatch.setenv("GIT_CONFIG_NOSYSTEM", "1")
    scratch.git(repo, "config", "--unset", "user.email")
    scratch.git(repo, "config", "user.useConfigOnly", "true")
    scratch.write(tree.path, {"a": "a"})
    stage(tree.git, ["a"])
    for attempt in (lambda: commit(tree.git, "x"), lambda: require_identity(tree.git)):
        with pytest.raises(ToolError) as error:
            attempt()
        assert "user.email" in error.value.hint
