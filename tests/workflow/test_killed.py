"""Ctrl-C and kill -9 at many moments: the user's checkout stays, and the next run comes to the same end."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import msgspec
import pytest
import scratch
from workflow_case import BRANCH, Listener, only, work

from remediate.errors import DirtyTreeError
from remediate.model import Result
from remediate.workflow.request import Mode
from remediate.workflow.tree.disk import Journal

# A run in a process of its own, with the tiny codemod; it stops for good at the given step.
RUN = """
import os, signal, sys
from pathlib import Path
from remediate import contract
from tiny_codemod import TinyCodemod
contract.codemods = lambda: {"tiny": TinyCodemod()}
import workflow_case
from remediate.workflow.progress import Progress

class Stopping(Progress):
    def step(self, words):
        if words == sys.argv[2]:
            os.kill(os.getpid(), int(sys.argv[3]))

workflow_case.work(Path(sys.argv[1]), progress=Stopping(), mode=sys.argv[4])
"""


def _run(repo: Path, step: str, number: int, mode: str = "branch") -> int:
    paths = os.pathsep.join(str(Path(__file__).parents[n]) for n in (1, 2))
    command = [sys.executable, "-c", RUN, str(repo), step, str(number), mode]
    done = subprocess.run(command, env={**os.environ, "PYTHONPATH": paths}, capture_output=True, check=False)
    return done.returncode


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("step", ["plan", "baseline", "check, round 1", "verify", "keep"])
@pytest.mark.parametrize("number", [signal.SIGKILL, signal.SIGINT])
def test_stopped_at_a_step(repo: Path, step: str, number: signal.Signals) -> None:
    before = scratch.state(repo)
    assert _run(repo, step, number) != 0
    assert scratch.state(repo) == before
    outcome = only(work(repo))
    assert outcome.outcome is Result.FIXED
    assert outcome.commit == scratch.git(repo, "rev-parse", BRANCH)
    assert scratch.git(repo, "rev-list", "--count", f"main..{BRANCH}") == "1"
    assert scratch.state(repo) == before


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
def test_killed_at_any_moment(repo: Path) -> None:
    """Killed after more and more time until a run is quick enough, all in one repository."""
    before, delay = scratch.state(repo), 0.15
    paths = os.pathsep.join(str(Path(__file__).parents[n]) for n in (1, 2))
    command = [sys.executable, "-c", RUN, str(repo), "never", "9", "branch"]
    while True:
        with subprocess.Popen(
            command, env={**os.environ, "PYTHONPATH": paths}, stderr=subprocess.DEVNULL
        ) as run:
            time.sleep(delay)
            run.kill()
        assert scratch.state(repo) == before
        if run.returncode == 0:
            break
        delay += 0.05
    outcome = only(work(repo))
    assert outcome.outcome is Result.FIXED
    assert outcome.reused
    assert outcome.commit == scratch.git(repo, "rev-parse", BRANCH)


@pytest.mark.usefixtures("tiny")
def test_killed_between_the_outcome_and_the_branch(repo: Path, cargo_log: Path) -> None:
    first, runs = only(work(repo)), cargo_log.read_text()
    scratch.git(repo, "update-ref", "-d", f"refs/heads/{BRANCH}")
    second = only(work(repo))
    assert (second.commit, second.reused) == (first.commit, True)
    assert scratch.git(repo, "rev-parse", BRANCH) == first.commit
    assert cargo_log.read_text() == runs


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
@pytest.mark.parametrize("step", ["check, round 1", "check, round 2", "verify"])
def test_an_in_place_run_that_was_killed_is_taken_back_by_the_next(repo: Path, step: str) -> None:
    scratch.write(repo, {"src/big.rs": (repo / "src/big.rs").read_text() + "// mine\n"})
    scratch.git(repo, "commit", "--quiet", "--all", "--message", "Mine")
    assert _run(repo, step, signal.SIGKILL, "in-place") == -signal.SIGKILL
    assert (repo / "src/big/last.rs").exists()
    listener = Listener()
    outcome = only(work(repo, progress=listener, mode=Mode.IN_PLACE))
    assert outcome.outcome is Result.FIXED
    assert listener.warnings == ["an earlier --in-place run was killed; 2 files restored"]
    assert not list((repo / ".git/remediate").glob("in-place.*"))


@pytest.mark.slow
@pytest.mark.usefixtures("tiny")
def test_what_was_edited_after_the_kill_is_left_alone(repo: Path) -> None:
    before = (repo / "src/big.rs").read_bytes()
    assert _run(repo, "verify", signal.SIGKILL, "in-place") == -signal.SIGKILL
    scratch.write(repo, {"src/big.rs": "// edited since\n", "src/lib.rs": "pub mod big;\n"})
    listener = Listener()
    with pytest.raises(DirtyTreeError):
        work(repo, progress=listener, mode=Mode.IN_PLACE)
    assert (repo / "src/big.rs").read_text() == "// edited since\n"
    assert not (repo / "src/big/last.rs").exists()
    kept = msgspec.json.decode((repo / ".git/remediate/in-place.kept").read_bytes(), type=Journal)
    assert kept.before["src/big.rs"] == before
    assert "'src/big.rs' is left as edited since" in listener.warnings[1]
