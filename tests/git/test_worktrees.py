import shutil
import time
from pathlib import Path

import pytest
import scratch

from remediate.errors import LeaseError
from remediate.git.command import Git
from remediate.git.revisions import base
from remediate.git.worktrees import home, leased, remove


def test_a_worktree_is_made_once_and_follows_commits(tmp_path: Path) -> None:
    repo = scratch.repository(tmp_path)
    before = scratch.state(repo)
    with Git(repo) as git:
        first = base(git).commit
        with leased(git) as tree:
            tree.switch(first)
            assert (tree.path / "src/lib.rs").read_text() == scratch.CRATE["src/lib.rs"]
            assert tree.target.parent == home(git) / "target"
            inode = tree.path.stat().st_ino
        with leased(git) as tree:
            assert tree.path.stat().st_ino == inode
    assert scratch.state(repo) == before


def test_switching_removes_what_a_killed_run_left(tmp_path: Path) -> None:
    with Git(scratch.repository(tmp_path)) as git:
        commit = base(git).commit
        with leased(git) as tree:
            tree.switch(commit)
            scratch.write(
                tree.path, {"src/lib.rs": "broken", "src/new.rs": "", "target/x": "", "Cargo.lock": "# mine"}
            )
            (tree.path / "src/big.rs").unlink()
            Path(tree.path, tree.git.run("rev-parse", "--git-path", "index.lock").text).touch()
        start = time.time_ns()
        with leased(git) as tree:
            tree.switch(commit)
            found = {p.relative_to(tree.path).as_posix() for p in tree.path.rglob("*") if p.is_file()}
            assert found == {*scratch.CRATE, ".git", "Cargo.lock"}
            assert (tree.path / "src/lib.rs").read_text() == scratch.CRATE["src/lib.rs"]
            assert (tree.path / "src/lib.rs").stat().st_mtime_ns > start - 10**9


def test_a_worktree_removed_or_damaged_by_hand_is_made_again(tmp_path: Path) -> None:
    with Git(scratch.repository(tmp_path)) as git:
        with leased(git) as tree:
            path = tree.path
        for damage in (
            lambda: shutil.rmtree(path),
            (path / ".git").unlink,
            lambda: (path / ".git").write_text("x"),
        ):
            damage()
            with leased(git) as tree:
                tree.switch(base(git).commit)
                assert (tree.path / "src/lib.rs").exists()


def test_a_moved_repository_gets_its_worktree_again(tmp_path: Path) -> None:
    repo = scratch.repository(tmp_path / "old")
    with Git(repo) as git, leased(git):
        pass
    moved = repo.rename(tmp_path / "new")
    with Git(moved) as git, leased(git) as tree:
        tree.switch(base(git).commit)
        assert tree.path.is_relative_to(moved)


def test_only_one_run_at_a_time(tmp_path: Path) -> None:
    with Git(scratch.repository(tmp_path)) as git, leased(git):
        with pytest.raises(LeaseError), leased(git):
            pass
        with pytest.raises(LeaseError):
            remove(git)


def test_hooks_of_the_user_do_not_see_our_switching(tmp_path: Path) -> None:
    repo = scratch.repository(tmp_path / "r")
    hook = repo / ".git/hooks/post-checkout"
    hook.write_text(f"#!/bin/sh\ntouch {tmp_path}/ran\n")
    hook.chmod(0o755)
    with Git(repo) as git, leased(git) as tree:
        tree.switch(base(git).commit)
    assert not (tmp_path / "ran").exists()


def test_remove_leaves_nothing(tmp_path: Path) -> None:
    repo = scratch.repository(tmp_path)
    with Git(repo) as git:
        assert remove(git) == ()
        with leased(git) as tree:
            path = tree.path
        assert remove(git) == (path,)
        with leased(git):
            shutil.rmtree(path)
        remove(git)
        assert not home(git).exists()
    assert scratch.git(repo, "worktree", "list").count("\n") == 0


def test_submodules_come_as_files_with_new_times(tmp_path: Path) -> None:
    inner = scratch.repository(tmp_path / "inner", {"src/lib.rs": "// inner\n"})
    outer = scratch.repository(tmp_path / "outer")
    scratch.git(outer, "-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(inner), "sub")
    scratch.git(outer, "commit", "--quiet", "--message", "Add a submodule")
    before, start = scratch.state(outer), time.time_ns()
    with Git(outer) as git, leased(git) as tree:
        tree.switch(base(git).commit)
        file = tree.path / "sub/src/lib.rs"
        assert file.read_text() == "// inner\n"
        assert file.stat().st_mtime_ns > start - 10**9
        tree.switch(base(git, "HEAD^").commit)
        assert not file.exists()
        tree.switch(base(git).commit)
        assert file.exists()
    assert scratch.state(outer) == before
