"""What commands print and return, on real repositories."""

import json
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from tiny_codemod import TinyCodemod

from remediate.cli.commands import COMMANDS

PROGRAM = Path(sys.executable).with_name("remediate")
QUICK = ("--verify", "quick")
SPLIT = ("split-file", "src/big.rs", *QUICK)
CONTRACT = {
    "finding", "codemod", "outcome", "reason", "branch", "commit", "base", "files", "verified", "unverified",
    "score", "timings",
}  # fmt: skip
TIMINGS = {"plan_s", "edit_s", "git_s", "cargo_s", "total_s", "cargo_runs"}
AUDIT = "# Audit\n\n### 1. Big\n**File:** `src/big.rs`\n**Lines:** 900 (needs decomposition)\n"


def test_help_lists_exactly_the_commands_that_are_there(tmp_path: Path, remediate: Remediate) -> None:
    ended = remediate(tmp_path, "--help")
    assert ended.code == 0
    listed = [
        line.split()[0] for line in ended.out.splitlines() if line.startswith("  ") and line[2:3].islower()
    ]
    assert [name for name in listed if name in COMMANDS] == list(COMMANDS)


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help(tmp_path: Path, remediate: Remediate, command: str) -> None:
    ended = remediate(tmp_path, command, "--help")
    assert ended.code == 0
    assert f"Usage: remediate {command}" in ended.out


def test_cargo_gives_its_own_name(tmp_path: Path) -> None:
    program = PROGRAM.with_name("cargo-remediate")
    for arguments in (["remediate", "--version"], ["--version"]):
        done = subprocess.run([program, *arguments], cwd=tmp_path, capture_output=True, text=True, check=True)
        assert done.stdout.startswith("remediate ")


@pytest.mark.usefixtures("tiny")
def test_an_outcome_as_json(repo: Path, remediate: Remediate) -> None:
    outcome = remediate.data(repo, *SPLIT)
    assert set(outcome) >= CONTRACT
    assert set(outcome["timings"]) >= TIMINGS
    assert (outcome["outcome"], outcome["reason"], outcome["codemod"]) == ("fixed", "compiled", "split-file")
    assert outcome["branch"].startswith("remediate/large-file/src-big-")
    assert outcome["score"] is None


@pytest.mark.usefixtures("tiny")
def test_run_and_split_file_agree_on_the_finding(repo: Path, remediate: Remediate) -> None:
    (repo / "AUDIT.md").write_text(AUDIT)
    by_audit = remediate.data(repo, "run", "AUDIT.md", "--max-lines", "3", *QUICK)
    assert by_audit["base"] == scratch.git(repo, "rev-parse", "HEAD")
    alone = remediate.data(repo, *SPLIT, "--max-lines", "3")
    assert [o["branch"] for o in by_audit["outcomes"]] == [alone["branch"]]


@pytest.mark.usefixtures("tiny")
def test_the_audit_itself_is_no_uncommitted_work(repo: Path, remediate: Remediate) -> None:
    scratch.write(repo, {"AUDIT.md": AUDIT})
    asked = ("run", "AUDIT.md", "--max-lines", "3")
    assert "not committed" not in remediate(repo, *asked, "--dry-run").err
    assert "1 fixed" in remediate(repo, *asked, "--in-place", *QUICK).out
    assert remediate(repo, *asked, "--in-place").code == 0  # its own finished work is no obstacle
    scratch.write(repo, {"src/lib.rs": (repo / "src/lib.rs").read_text() + "// edited\n"})
    again = remediate(repo, *asked, "--in-place")
    assert (again.code, "AUDIT.md" in again.err, "'src/lib.rs'" in again.err) == (5, False, True)


@pytest.mark.usefixtures("tiny")
def test_check_and_dry_run_change_nothing(repo: Path, remediate: Remediate) -> None:
    refs = scratch.git(repo, "for-each-ref")
    assert remediate(repo, "split-file", "src/big.rs", "--check").code == 1
    assert remediate(repo, "split-file", "src/lib.rs", "--check").code == 1
    planned = remediate(repo, "split-file", "src/big.rs", "--dry-run")
    assert planned.code == 0
    assert "cost not yet measured here" in planned.out
    assert scratch.git(repo, "for-each-ref") == refs
    remediate(repo, "split-file", "src/big.rs", *QUICK)
    assert "cargo runs (median of 1)" in remediate(repo, "split-file", "src/lib.rs", "--dry-run").out


def test_check_of_what_declines(repo: Path, remediate: Remediate, tiny: TinyCodemod) -> None:
    scratch.write(repo, {"src/one.rs": "fn f() {}\n"})
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "One")
    ended = remediate(repo, "split-file", "src/one.rs", "--check")
    assert (ended.code, "nothing-to-move" in ended.out) == (0, True)
    assert tiny.planned


@pytest.mark.usefixtures("tiny")
def test_a_diff_alone_on_standard_output(repo: Path, remediate: Remediate, tmp_path: Path) -> None:
    ended = remediate(repo, "split-file", "src/big.rs", "--diff", *QUICK)
    assert ended.out.startswith("diff --git a/src/big.rs b/src/big.rs\n")
    assert "compiled" in ended.err
    (tmp_path / "p").write_text(ended.out)
    scratch.git(repo, "apply", "--check", str(tmp_path / "p"))
    quiet = remediate(repo, "split-file", "src/big.rs", "--diff", "--quiet", *QUICK)
    assert (quiet.out, quiet.err) == (ended.out, "")
    both = remediate(repo, "split-file", "src/big.rs", "--diff", "--message-format", "json", *QUICK)
    assert json.loads(both.out)["diff"] == ended.out
    assert not scratch.git(repo, "branch", "--list", "remediate/*")


def test_what_rustc_rejects_exits_with_3(repo: Path, remediate: Remediate, tiny: TinyCodemod) -> None:
    tiny.answers = False
    ended = remediate(repo, "split-file", "src/big.rs", *QUICK)
    assert ended.code == 3
    assert "rolled-back  check-failed" in ended.out
    assert "cannot find function `two`" in ended.out


@pytest.mark.usefixtures("tiny")
def test_colour_without_a_terminal_is_colour_alone(
    repo: Path, remediate: Remediate, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    for more in ([], ["--color", "always"]):
        ended = remediate(repo, "split-file", "src/big.rs", "--dry-run", *more)
        assert "\x1b[" in ended.out
        assert not {"\x1b[2K", "\x1b[?25l", "\r"} & {*re.findall(r"\x1b\[\??\w+|\r", ended.out + ended.err)}
        assert len([line for line in ended.out.splitlines() if "planned" in line]) == 2


@pytest.mark.usefixtures("tiny")
def test_no_escapes_and_no_bars_off_a_terminal(repo: Path, remediate: Remediate) -> None:
    (repo / "AUDIT.md").write_text(AUDIT.replace("Big", "Big\x1b[31m [red]red[/red] \x07"))
    ended = remediate(repo, "run", "AUDIT.md", "--max-lines", "3", *QUICK, "-v")
    assert "\x1b" not in ended.out + ended.err
    assert "\x07" not in ended.out + ended.err
    coloured = remediate(repo, "run", "AUDIT.md", "--max-lines", "3", *QUICK, "--color", "always")
    assert "\x1b[32mfixed" in coloured.out


@pytest.mark.usefixtures("tiny")
def test_status_verify_undo_clean(repo: Path, remediate: Remediate) -> None:
    before = scratch.state(repo)
    assert "No run has met a finding" in remediate(repo, "status").out
    branch = remediate.data(repo, *SPLIT)["branch"]
    status = remediate.data(repo, "status")["findings"]
    assert [(s["branch"], s["current"], s["state"]) for s in status] == [(branch, True, "ready")]
    verified = remediate(repo, "verify", branch, *QUICK)
    assert (verified.code, "0 gates failed" in verified.out) == (0, True)
    data = remediate.data(repo, "verify", branch, *QUICK)
    assert {"conservation", "check (default)", "freshness"} <= {gate["name"] for gate in data["verified"]}
    assert "would remove 1 branch and 1 outcome" in remediate(repo, "undo", "--dry-run").out
    assert f"removed {branch}" in remediate(repo, "undo").out
    assert "removed 1 worktree" in remediate(repo, "clean").out
    assert scratch.state(repo) == before
    assert not (repo / ".git/remediate").exists()
    assert not scratch.git(repo, "for-each-ref", "refs/remediate", "refs/heads/remediate")


@pytest.mark.usefixtures("tiny")
def test_undo_keeps_what_a_person_made(repo: Path, remediate: Remediate) -> None:
    branch = remediate.data(repo, *SPLIT)["branch"]
    scratch.git(repo, "checkout", "--quiet", branch)
    assert f"kept {branch}: it is checked out" in remediate(repo, "undo").out
    scratch.write(repo, {"mine.txt": ""})
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "Mine")
    scratch.git(repo, "checkout", "--quiet", "main")
    assert f"kept {branch}: it has commits that this program did not make" in remediate(repo, "undo").out
    assert remediate.data(repo, "status")["findings"][0]["state"] == "changed"


@pytest.mark.usefixtures("tiny")
def test_a_merged_fix_is_shown_as_merged(repo: Path, remediate: Remediate) -> None:
    branch = remediate.data(repo, *SPLIT)["branch"]
    scratch.git(repo, "merge", "--quiet", "--no-ff", "--message", "Merge", branch)
    shown = remediate.data(repo, "status")["findings"][0]
    assert (shown["state"], shown["current"]) == ("merged", False)


@pytest.mark.usefixtures("tiny")
def test_a_squashed_fix_is_shown_as_merged(repo: Path, remediate: Remediate) -> None:
    branch = remediate.data(repo, *SPLIT)["branch"]
    scratch.git(repo, "merge", "--quiet", "--squash", branch)
    scratch.git(repo, "commit", "--quiet", "--message", "Squash")
    assert remediate.data(repo, "status")["findings"][0]["state"] == "merged"


@pytest.mark.usefixtures("tiny")
def test_verify_finds_what_a_person_broke(repo: Path, remediate: Remediate) -> None:
    branch = remediate.data(repo, *SPLIT)["branch"]
    message = scratch.git(repo, "log", "-1", "--format=%B", branch)
    scratch.git(repo, "checkout", "--quiet", branch)
    scratch.write(repo, {"src/big/last.rs": "pub fn two() -> i32 {\n    3\n}\n"})
    scratch.git(repo, "commit", "--quiet", "--all", "--message", message)
    scratch.git(repo, "checkout", "--quiet", "main")
    ended = remediate(repo, "verify", branch, *QUICK)
    assert ended.code == 3
    assert "failed     conservation" in ended.out


@pytest.mark.parametrize(
    ("stream", "arguments"),
    [
        ("stdout", ["--help"]),
        ("stdout", ["findings", "AUDIT.md"]),
        ("stdout", ["run", "AUDIT.md", "--dry-run"]),
        ("stderr", ["run", "AUDIT.md", "--dry-run"]),
    ],
)
def test_a_reader_who_goes_away(repo: Path, arguments: list[str], stream: str) -> None:
    """`| head` is no failure: neither a traceback nor the exit code of "something would change"."""
    scratch.write(repo, {"AUDIT.md": "- `src/big.rs` (900 lines) is too large\n"})
    read, write = os.pipe()
    os.close(read)
    out, err = (write, None) if stream == "stdout" else (None, write)
    ended = subprocess.run(
        [str(PROGRAM), *arguments], cwd=repo, check=False, stdout=out, stderr=err or subprocess.PIPE
    )
    os.close(write)
    assert ended.returncode == 141
    assert b"Traceback" not in (ended.stderr or b"")


@pytest.mark.slow
@pytest.mark.parametrize(("number", "code"), [(signal.SIGINT, 130), (signal.SIGTERM, 130)])
def test_interrupted_for_real(repo: Path, number: int, code: int) -> None:
    """The installed program, stopped while cargo runs, leaves the user's files as they were."""
    cargo = repo.parent / "slow-cargo"
    cargo.write_text(
        '#!/bin/sh\ncase "$1" in check | test | nextest) : >"$0.works"; sleep 30;; esac\nexec cargo "$@"\n'
    )
    cargo.chmod(0o755)
    scratch.write(
        repo,
        {
            "src/tests.rs": "#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n",
            "src/lib.rs": "mod tests;\n",
        },
    )
    scratch.git(repo, "add", ".")
    scratch.git(repo, "commit", "--quiet", "--message", "Tests")
    before = scratch.state(repo)
    command = [str(PROGRAM), "extract-tests", "src/tests.rs"]
    with subprocess.Popen(
        command, cwd=repo, env={**os.environ, "CARGO": str(cargo)}, stderr=subprocess.PIPE, text=True
    ) as running:
        for _ in range(200):  # twenty seconds, then the assertions say that it never came to cargo
            if cargo.with_name("slow-cargo.works").exists():
                break
            time.sleep(0.1)
        running.send_signal(number)
        _, err = running.communicate(timeout=20)
    assert (running.returncode, err.splitlines()[-1]) == (code, "interrupted")
    assert scratch.state(repo) == before
