"""Two commits, a rename and the cut: git's own commands then show where the lines come from."""

import shutil
from pathlib import Path

import fixture_case
import pytest
import scratch
from command_line import Remediate

from remediate.cargo.command import Cargo

ASK = ("--keep-blame", "--verify", "quick", "--max-lines", "30")


def repository(root: Path, case: str) -> Path:
    shutil.copytree(
        fixture_case.case(f"split_file/{case}").before, root, ignore=shutil.ignore_patterns("target")
    )
    if (root / "src/store.rs").exists():
        fixture_case.call_otherwise(root)
    return scratch.repository(root, {".gitignore": "target\nCargo.lock\n"})


@pytest.mark.slow
def test_git_follows_the_history_and_every_command_knows_two_commits(
    tmp_path: Path, remediate: Remediate
) -> None:
    root = repository(tmp_path / "root", "types_errors_and_functions")
    base = scratch.git(root, "rev-parse", "HEAD")
    outcome = remediate.data(root, "split-file", "src/shelf.rs", *ASK)
    assert outcome["outcome"] == "fixed"
    branch = outcome["branch"]
    one, two = scratch.git(root, "rev-list", "--reverse", f"{base}..{branch}").split()
    assert outcome["commit"] == two

    # The first is a pure rename, and the second leaves nothing of what made it compile.
    renames = scratch.git(root, "diff-tree", "-r", "-M100%", "--name-status", base, one).splitlines()
    (rename,) = [line.split("\t") for line in renames if line.startswith("R")]
    assert rename[:2] == ["R100", "src/shelf.rs"]
    kept = rename[2]
    assert "#[path" not in scratch.git(root, "grep", "-h", "", branch, "--", "src")

    # Both log and blame get past the cut without being told to look for copies.
    followed = scratch.git(root, "log", "--follow", "--format=%H", branch, "--", kept).split()
    assert followed == [two, one, base]
    blamed = scratch.git(root, "blame", "--porcelain", branch, "--", kept)
    assert f"{base} " in blamed
    copied = scratch.git(root, "ls-tree", "-r", "--name-only", branch, "src/shelf").split()
    for path in copied:
        lines = scratch.git(root, "blame", "-C", "-C", "--porcelain", branch, "--", path)
        assert f"{base} " in lines, path

    # Each of the two compiles.
    for commit in (one, two):
        scratch.git(root, "checkout", "-q", commit)
        assert Cargo(root, arguments=("--offline",)).check().success
    scratch.git(root, "checkout", "-q", "main")

    trailers = scratch.git(
        root, "log", "--format=%(trailers:key=Remediate-Step,valueonly)", f"{base}..{branch}"
    )
    assert trailers.split() == ["2/2", "1/2"]
    assert remediate(root, "verify", branch, "--verify", "quick").code == 0
    again = remediate.data(root, "split-file", "src/shelf.rs", *ASK)
    assert (again["commit"], again["reused"]) == (two, True)
    assert "ready" in remediate(root, "status").out
    assert remediate(root, "undo").code == 0
    assert branch not in scratch.git(root, "branch", "--list", branch)


@pytest.mark.slow
def test_the_root_of_a_crate_stays_and_has_one_commit(tmp_path: Path, remediate: Remediate) -> None:
    root = repository(tmp_path / "root", "crate_root")
    outcome = remediate.data(root, "split-file", "src/lib.rs", *ASK)
    assert outcome["outcome"] == "fixed"
    assert scratch.git(root, "rev-list", "--count", f"main..{outcome['branch']}") == "1"
    assert any(note.startswith("one commit:") for note in outcome["notes"])


def test_without_commits_there_is_nothing_to_keep(tmp_path: Path, remediate: Remediate) -> None:
    root = repository(tmp_path / "root", "crate_root")
    ended = remediate(root, "split-file", "src/lib.rs", "--keep-blame", "--diff")
    assert (ended.code, "--keep-blame is about commits" in ended.err) == (2, True)
