"""Real faults of the machine: they end the run, nothing is remembered, and the next run does the work."""

import os
import resource
import shutil
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import scratch
from workflow_case import only, tree_of, work

from remediate.errors import MachineError
from remediate.model import Result
from remediate.verify.report import Level
from remediate.workflow.progress import Progress

pytestmark = [pytest.mark.slow, pytest.mark.usefixtures("tiny")]


def _family(name: str) -> str:
    fields = f"pub struct {name} {{\n    text: String,\n}}\n\n"
    methods = "".join(
        f"    pub fn {m}(&self) -> usize {{\n        self.text.len()\n    }}\n\n" for m in "abcd"
    )
    return f"{fields}impl {name} {{\n{methods.rstrip()}\n}}\n\n"


# Two types that a limit of 40 lines parts.
_TWO_TYPES = {
    **scratch.USES_LAST,
    "src/big.rs": f"{_family('Reader')}{_family('Writer')}pub fn two() -> i32 {{\n    2\n}}\n",
}
_SPLIT = ("split-file", "src/big.rs", "--max-lines", "40")


def _rustc(folder: Path, script: str, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Put a shell script before every rustc that compiles something; its last act is to be rustc."""
    program = folder / "wrapper"
    program.write_text(f'#!/bin/sh\ncase " $* " in *" crate_a "*) {script} ;; esac\nexec "$@"\n')
    program.chmod(0o755)
    monkeypatch.setenv("RUSTC_WRAPPER", str(program))
    return program


def _remembered(repo: Path) -> list[str]:
    """Return what the next run would take for a fact."""
    caches = (repo / ".git/remediate/cache").glob("baseline-*")
    measured = [path.name for path in caches if b'"measured":true' in path.read_bytes()]
    return [
        *measured,
        *scratch.git(repo, "for-each-ref", "refs/remediate", "refs/heads/remediate").splitlines(),
    ]


def _heals(repo: Path, **asked: object) -> None:
    """Show that nothing was remembered, and that a run in good health comes to its end."""
    assert _remembered(repo) == []
    assert tree_of(repo).is_dir()
    outcome = only(work(repo, **asked))  # type: ignore[arg-type]
    assert (outcome.outcome, outcome.reused) == (Result.FIXED, False)


@pytest.mark.parametrize("level", [Level.QUICK, Level.STANDARD])
@pytest.mark.parametrize(
    ("script", "words"),
    [
        ("kill -9 $$", "ended by SIGKILL"),
        ("ulimit -f 0", "SIGXFSZ|File too large"),
        ("echo 'error: cannot write: No space left on device (os error 28)' >&2; exit 1", "No space left"),
        ("ulimit -v 400000", "metadata stub|memory"),
    ],
)
def test_a_compiler_that_the_machine_ends(  # noqa: PLR0917 - what pytest passes
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, script: str, words: str, level: Level
) -> None:
    before = scratch.state(repo)
    wrapper = _rustc(tmp_path, script, monkeypatch)
    with pytest.raises(MachineError, match=words) as error:
        work(repo, level=level)
    assert error.value.exit_code == 71
    assert scratch.state(repo) == before
    wrapper.write_text('#!/bin/sh\nexec "$@"\n')
    _heals(repo, level=level)


def test_a_compiler_that_is_killed_only_with_the_change(
    repo: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    script = "if [ -e src/big/last.rs ]; then kill -9 $$; fi"
    wrapper = _rustc(tmp_path, script, monkeypatch)
    with pytest.raises(MachineError, match="SIGKILL"):
        work(repo)
    wrapper.write_text('#!/bin/sh\nexec "$@"\n')
    assert scratch.git(tree_of(repo), "status", "--porcelain") in ("", "!! Cargo.lock")
    assert not only(work(repo)).reused


def test_a_test_binary_that_is_killed(tmp_path: Path) -> None:
    lib = scratch.USES_LAST["src/lib.rs"].replace(
        "assert_eq!(super::answer(), 2);",
        'if std::env::var_os("KILLED").is_some() {\n'
        "            let me = std::process::id().to_string();\n"
        '            let _ = std::process::Command::new("kill").args(["-9", &me]).status();\n'
        "        }\n        assert_eq!(super::answer(), 2);",
    )
    repo = scratch.repository(tmp_path, {**scratch.USES_LAST, "src/lib.rs": lib})
    os.environ["KILLED"] = "1"
    try:
        with pytest.raises(MachineError, match="SIGKILL"):
            work(repo, level=Level.STANDARD)
    finally:
        del os.environ["KILLED"]
    _heals(repo, level=Level.STANDARD)


def test_a_worktree_that_is_removed_meanwhile(repo: Path) -> None:
    class Removing(Progress):
        def step(self, words: str) -> None:
            if words == "check, round 1":
                shutil.rmtree(tree_of(repo))

    with pytest.raises(MachineError):
        work(repo, progress=Removing())
    assert scratch.git(repo, "for-each-ref", "refs/remediate") == ""
    assert only(work(repo)).outcome is Result.FIXED


@contextmanager
def _small_disk(folder: Path) -> Iterator[None]:
    """Mount a disk of twelve megabytes, where that is allowed."""
    folder.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=12m", "tmpfs", str(folder)], capture_output=True, check=False
    )
    if mounted.returncode:
        pytest.skip("no disk can be mounted here")
    try:
        yield
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


@pytest.mark.parametrize("free", [300, 1_000, 4_000, 6_000])
def test_a_disk_that_is_full(tmp_path: Path, free: int) -> None:
    """At git's checkout, at what cargo or rustc write, and at the linker, which dies of SIGBUS."""
    with _small_disk(tmp_path / "disk"):
        repo = scratch.repository(tmp_path / "disk/repo", _TWO_TYPES)
        before = scratch.state(repo)
        with (repo.parent / "filler").open("wb") as filler:
            filler.write(b"x" * (shutil.disk_usage(repo).free - free * 1024))
        ended = _program(repo, *_SPLIT)
        assert ended.returncode == 71, ended.stderr
        assert "bug" not in ended.stderr
        assert scratch.state(repo) == before
        assert _remembered(repo) == []


def test_a_limit_on_the_size_of_files(tmp_path: Path) -> None:
    repo = scratch.repository(tmp_path / "repo", _TWO_TYPES)
    ended = _program(repo, *_SPLIT, size=20_000)
    assert (ended.returncode, "bug" in ended.stderr) == (71, False), ended.stderr
    assert _remembered(repo) == []


def _program(folder: Path, *arguments: str, size: int = 0) -> subprocess.CompletedProcess[str]:
    def limited() -> None:
        if size:
            resource.setrlimit(resource.RLIMIT_FSIZE, (size, size))

    script = "import sys; from remediate.cli.app import run; sys.exit(run(sys.argv[1:], 'remediate'))"
    return subprocess.run(
        [sys.executable, "-c", script, *arguments],
        cwd=folder, capture_output=True, text=True, check=False, preexec_fn=limited,
    )  # fmt: skip
