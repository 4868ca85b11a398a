import os
import subprocess
import sys
from pathlib import Path

import pytest

from remediate.errors import LeaseError
from remediate.git.worktrees import held

HOLD = (
    "import sys, pathlib\n"
    "from remediate.git.worktrees import held\n"
    "with held(pathlib.Path(sys.argv[1])):\n"
    "    print('held', flush=True); sys.stdin.read()\n"
)


def test_a_second_run_is_told_who_holds_the_lock(tmp_path: Path) -> None:
    with _holder(tmp_path / "lock") as holder:
        with pytest.raises(LeaseError, match=f"process {holder.pid}") as error, held(tmp_path / "lock"):
            pass
        assert error.value.exit_code == 5
        holder.communicate()
    with held(tmp_path / "lock"):
        assert (tmp_path / "lock").read_text() == f"{os.getpid()}\n"


def test_the_lock_of_a_killed_run_is_free(tmp_path: Path) -> None:
    with _holder(tmp_path / "lock") as holder:
        holder.kill()
    with held(tmp_path / "lock"):
        pass


def _holder(file: Path) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-c", HOLD, str(file)]
    holder = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    assert holder.stdout
    assert holder.stdout.readline() == b"held\n"
    return holder
