"""A user's mistakes: a message, a next step, an exit code; never a traceback."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from tiny_codemod import TinyCodemod

from remediate.errors import ToolError
from remediate.git.worktrees import held

pytestmark = pytest.mark.usefixtures("tiny")


@pytest.mark.parametrize(
    ("arguments", "code", "message"),
    [
        (["split-file", "src/nope.rs"], 2, "there is no src/nope.rs in the workspace"),
        (["split-file", "src/uncommitted.rs"], 2, "exists, but is not committed"),
        (["split-file", "../outside.rs"], 2, "outside of the workspace"),
        (["split-file", "/etc/passwd"], 2, "outside of the workspace"),
        (["split-file", "src"], 2, "src is a folder"),
        (["split-file", "Cargo.toml"], 2, "is no Rust file"),
        (["split-file", "src/data.txt"], 2, "is no Rust file"),
        (["split-file", "src/latin.rs"], 2, "is not UTF-8"),
        (["split-file", "src/link.rs"], 2, "is a symbolic link"),
        (["split-file", "-x.rs"], 2, "No such option"),
        (["split-file", "--", "-x.rs"], 0, ""),
        (["split-file"], 2, "Missing argument 'FILE'"),
        (["split-file", "src/big.rs", "--base", "--all"], 2, "no commit is called '--all'"),
        (["split-file", "src/big.rs", "-p", "nope"], 2, "no package 'nope'"),
        (["split-file", "src/big.rs", "-p", "crate-b"], 2, "Did you mean crate-a?"),
        (["split-file", "src/big.rs", "--features", "fsat"], 2, "no package of the workspace has a feature"),
        (
            ["split-file", "src/big.rs", "--features", "fsat"],
            2,
            "Did you mean fast? Its features are: fast, slow.",
        ),
        (["split-file", "src/big.rs", "--features", "crate-a/fsat"], 2, "Did you mean crate-a/fast?"),
        (["replace-block-on", "--list", "--features", "nope"], 2, "Its features are: fast, slow."),
        (["split-file", "src/big.rs", "--manifest-path", "nope/Cargo.toml"], 2, "is no Cargo.toml"),
        (["split-file", "src/big.rs", "--in-place", "--diff"], 2, "--diff changes nothing"),
        (["split-file", "src/big.rs", "--in-place"], 5, "'src/uncommitted.rs' is not committed"),
        (["replace-block-on", "src/nope.rs", "--list"], 2, "there is no src/nope.rs in the workspace"),
        (["replace-block-on", "src/nope.rs"], 2, "there is no src/nope.rs in the workspace"),
        (["replace-block-on", "nope", "--explain"], 2, "there is no nope in the workspace"),
        (["replace-block-on", "src", "--list"], 0, ""),
        (["extract-tests", "--split"], 2, "also give --tier integration or auto"),
        (["extract-tests", "--split", "--tier", "unit"], 2, "also give --tier integration or auto"),
        (["extract-tests", "nope"], 2, "there is no nope in the workspace"),
        (["run", "nope.md"], 2, "the audit nope.md cannot be read"),
        (["run", "src/data.txt"], 0, "warning: no finding was understood in data.txt"),
        (["verify", "nope"], 2, "there is no branch 'nope'"),
        (["verify", "main"], 2, "not a fix of remediate"),
        (["undo", "main"], 2, "'main' is no branch of remediate"),
        (["nonsense"], 2, "No such command 'nonsense'"),
        (["split-flie"], 2, "No such command 'split-flie'. Did you mean split-file?"),
        (["demo", "src/big.rs/x"], 2, "src/big.rs/x cannot be written to"),
    ],
)
def test_mistakes(repo: Path, remediate: Remediate, arguments: list[str], code: int, message: str) -> None:
    scratch.write(repo.parent, {"outside.rs": ""})
    manifest = scratch.CRATE["Cargo.toml"] + "[features]\nfast = []\nslow = []\n"
    scratch.write(repo, {"-x.rs": "", "src/data.txt": "", "Cargo.toml": manifest})
    (repo / "src/latin.rs").write_bytes(b"\xff")
    (repo / "src/link.rs").symlink_to("big.rs")
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "Odd files")
    scratch.write(repo, {"src/uncommitted.rs": ""})
    before = scratch.state(repo)
    ended = remediate(repo, *arguments)
    assert (ended.code, message in ended.err) == (code, True), ended
    assert "Traceback" not in ended.err
    assert "internal error" not in ended.err
    hints = [line.removeprefix("  hint: ") for line in ended.err.splitlines() if line.startswith("  hint: ")]
    assert all(hint[0] in f"`{hint[0].upper()}" and hint.endswith((".", "?")) for hint in hints), hints
    assert scratch.state(repo) == before


def test_no_repository(tmp_path: Path, remediate: Remediate) -> None:
    scratch.write(tmp_path, scratch.CRATE)
    ended = remediate(tmp_path, "split-file", "src/big.rs")
    assert ended.code == 2
    assert "not in a git repository" in ended.err
    assert "hint: Run it inside a git repository" in ended.err
    assert "--in-place --allow-dirty" in ended.err
    for command in ("status", "undo", "clean"):
        ended = remediate(tmp_path, command)
        assert (ended.code, "hint: Run it inside a git" in ended.err, "--in-place" in ended.err) == (
            2,
            True,
            False,
        )


def test_no_workspace(tmp_path: Path, remediate: Remediate) -> None:
    scratch.repository(tmp_path, {"README.md": ""})
    for arguments in (["split-file", "src/big.rs"], ["extract-tests"]):
        ended = remediate(tmp_path, *arguments)
        assert (ended.code, "there is no Cargo.toml" in ended.err) == (2, True)
    for arguments in (["status"], ["undo"], ["clean"]):
        assert remediate(tmp_path, *arguments).code == 0


def test_a_bare_repository(tmp_path: Path, remediate: Remediate) -> None:
    scratch.git(tmp_path, "init", "--quiet", "--bare", "b.git")
    scratch.write(tmp_path / "b.git", scratch.CRATE)
    ended = remediate(tmp_path / "b.git", "split-file", "src/big.rs")
    assert (ended.code, "bare repository" in ended.err) == (2, True)


def test_no_commits_yet(tmp_path: Path, remediate: Remediate) -> None:
    scratch.write(tmp_path, scratch.CRATE)
    scratch.git(tmp_path, "init", "--quiet")
    for command in (["split-file", "src/big.rs"], ["status"]):
        ended = remediate(tmp_path, *command)
        assert (ended.code, "no commits yet" in ended.err) == (2, True)


def test_a_workspace_that_is_not_committed(tmp_path: Path, remediate: Remediate) -> None:
    scratch.repository(tmp_path, {"README.md": ""})
    scratch.write(tmp_path / "new", scratch.CRATE)
    ended = remediate(tmp_path / "new", "split-file", "src/big.rs")
    assert (ended.code, "new/Cargo.toml is not in commit" in ended.err) == (2, True)


def test_a_broken_manifest(repo: Path, remediate: Remediate) -> None:
    scratch.write(repo, {"Cargo.toml": "[package"})
    scratch.git(repo, "commit", "--quiet", "--all", "--message", "Break it")
    ended = remediate(repo, "split-file", "src/big.rs")
    assert (ended.code, "cargo metadata" in ended.err) == (4, True)


def test_a_dependency_that_cannot_be_had(repo: Path, remediate: Remediate) -> None:
    scratch.write(
        repo, {"Cargo.toml": scratch.CRATE["Cargo.toml"] + '[dependencies]\ngone = { path = "../gone" }\n'}
    )
    scratch.git(repo, "commit", "--quiet", "--all", "--message", "Break it")
    ended = remediate(repo, "split-file", "src/big.rs", "--max-lines", "4", "--verify", "quick")
    assert (ended.code, "unverified" in ended.out) == (0, True)
    missing = f"the dependency `gone` is missing: there is no {repo.resolve().parent}/gone/Cargo.toml"
    assert missing in ended.err
    assert "hint: Put it there" in ended.err


@pytest.mark.usefixtures("tiny")
def test_a_branch_that_cargo_cannot_judge(repo: Path, remediate: Remediate) -> None:
    manifest = scratch.CRATE["Cargo.toml"] + '[dependencies]\ngone = { path = "../gone" }\n'
    scratch.write(repo, {"Cargo.toml": manifest})
    scratch.git(repo, "commit", "--quiet", "--all", "--message", "Break it")
    branch = remediate.data(repo, "split-file", "src/big.rs", "--verify", "quick")["branch"]
    ended = remediate(repo, "verify", branch, "--verify", "quick")
    assert ended.code == 4
    assert "passed     conservation" in ended.out
    assert re.search(r"unverified check: .*the dependency `gone` is missing", ended.out)
    assert "Only gates that need no cargo were asked." in ended.err
    told = remediate.data(repo, "verify", branch, "--verify", "quick")
    assert "the dependency `gone` is missing" in told["unusable"]
    assert "check" in {gate["name"] for gate in told["unverified"]}


def test_another_run_is_at_work(repo: Path, remediate: Remediate) -> None:
    with held(repo / ".git/remediate/lock"):
        ended = remediate(repo, "split-file", "src/big.rs")
    assert (ended.code, "another run of remediate (process" in ended.err) == (5, True)


def test_a_bug_of_ours_is_called_one(repo: Path, remediate: Remediate, tiny: TinyCodemod) -> None:
    tiny.raises = IndexError("list index out of range")
    ended = remediate(repo, "split-file", "src/big.rs")
    assert ended.code == 70
    assert "bug of remediate" in ended.err
    assert "REMEDIATE_BACKTRACE=1" in ended.err
    assert "Traceback" not in ended.err
    assert "internal-error" in ended.out


def test_a_backtrace_on_request(
    repo: Path, remediate: Remediate, tiny: TinyCodemod, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("REMEDIATE_BACKTRACE", "1")
    tiny.raises = IndexError("list index out of range")
    with pytest.raises(IndexError):
        remediate(repo, "split-file", "src/big.rs")


def test_a_missing_tool_ends_the_run(repo: Path, remediate: Remediate, tiny: TinyCodemod) -> None:
    tiny.raises = ToolError("cannot start cargo", "Install Rust.")
    ended = remediate(repo, "split-file", "src/big.rs")
    assert (ended.code, "hint: Install Rust." in ended.err) == (2, True)


def test_a_branch_of_a_rule_is_in_the_way(repo: Path, remediate: Remediate) -> None:
    scratch.git(repo, "branch", "remediate/large-file")
    ended = remediate(repo, "split-file", "src/big.rs", "--max-lines", "4")
    assert ended.code == 2
    assert "a branch called 'remediate/large-file' leaves no room" in ended.err
    assert "git branch -m remediate/large-file" in ended.err


def test_git_is_not_installed(repo: Path, tmp_path: Path) -> None:
    for arguments in (["split-file", "src/big.rs"], ["status"], ["undo"], ["run", "a.md"]):
        (repo / "a.md").write_text("- `src/big.rs` has 900 lines\n")
        ended = _alone(repo, *arguments, PATH=str(tmp_path))
        assert (ended.returncode, "git is not installed" in ended.stderr) == (2, True), ended.stderr


@pytest.mark.slow
def test_a_repository_that_cannot_be_written(repo: Path) -> None:
    subprocess.run(["cp", "-a", str(repo), f"{repo}-own"], check=True)
    bound = ["mount", "--bind", "-o", "ro", f"{repo}-own", f"{repo}-own"]
    if subprocess.run(bound, capture_output=True, check=False).returncode:
        pytest.skip("nothing can be mounted read-only here")
    try:
        for arguments in (["split-file", "src/big.rs"], ["undo"], ["split-file", "src/big.rs", "--dry-run"]):
            ended = _alone(Path(f"{repo}-own"), *arguments, "--manifest-path", f"{repo}-own/Cargo.toml")
            assert (ended.returncode, "bug" in ended.stderr) == (71, False), ended.stderr
            assert "Read-only file system" in ended.stderr
    finally:
        subprocess.run(["umount", f"{repo}-own"], check=True)


def _alone(folder: Path, *arguments: str, **variables: str) -> subprocess.CompletedProcess[str]:
    """Run the program in a process of its own."""
    script = "import sys; from remediate.cli.app import run; sys.exit(run(sys.argv[1:], 'remediate'))"
    command = [sys.executable, "-c", script, *arguments]
    environment = {**os.environ, **variables}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)
