import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import Any

import pytest

from remediate.cargo import process
from remediate.cargo.process import Deadline, Finished, Streams, run

# Starts a grandchild in a process group of its own, as nextest does with each test, and tells its pid.
_FAMILY = (
    "import os, subprocess, sys, time\n"
    "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'], process_group=0)\n"
    "print(child.pid, flush=True)\n"
    "time.sleep(60)\n"
)


def python(code: str, seconds: float = 30.0, streams: Streams | None = None) -> Finished:
    return run((sys.executable, "-c", code), Path.cwd(), os.environ, Deadline.after(seconds), streams)


def is_alive(pid: int) -> bool:
    """Whether a process is still there a moment after it was killed."""
    for _ in range(20):
        state = Path(f"/proc/{pid}/stat")
        if not state.is_file() or state.read_text().rpartition(")")[2].split()[0] == "Z":
            return False
        time.sleep(0.1)
    return True


def test_output_code_and_input() -> None:
    done = python(
        "import sys; print(sys.stdin.read()); print('e', file=sys.stderr); sys.exit(3)",
        streams=Streams(b"in"),
    )
    assert (done.code, done.stdout, done.stderr, done.timed_out) == (3, "in\n", "e\n", False)


def test_much_output_on_both_pipes_blocks_nothing() -> None:
    done = python("import sys\nfor p in (sys.stderr, sys.stdout): p.write('x' * 3_000_000)")
    assert (len(done.stdout), len(done.stderr)) == (3_000_000, 3_000_000)


def test_lines_are_heard_while_it_runs() -> None:
    heard: list[tuple[str, float]] = []
    code = "import time; print('one', flush=True); time.sleep(0.5); print('two')"
    python(code, streams=Streams(on_stdout=lambda line: heard.append((line, time.monotonic()))))
    assert [line for line, _ in heard] == ["one", "two"]
    assert heard[1][1] - heard[0][1] > 0.3


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_timeout_leaves_nothing_behind() -> None:
    started = time.monotonic()
    done = python(_FAMILY, seconds=1.0)
    assert done.timed_out
    assert time.monotonic() - started < 15
    assert not is_alive(int(done.stdout))


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_ctrl_c_leaves_nothing_behind() -> None:
    heard: list[str] = []

    def interrupt(line: str) -> None:
        heard.append(line)
        threading.Timer(0.2, os.kill, (os.getpid(), signal.SIGINT)).start()

    with pytest.raises(KeyboardInterrupt):
        python(_FAMILY, streams=Streams(on_stdout=interrupt))
    assert not is_alive(int(heard[0]))


def test_a_deadline_can_be_moved() -> None:
    deadline = Deadline.after(0.5)
    code = "import time; print('tests begin', flush=True); time.sleep(1.5)"
    streams = Streams(on_stdout=lambda _: deadline.restart(20))
    done = run((sys.executable, "-c", code), Path.cwd(), os.environ, deadline, streams)
    assert not done.timed_out


def test_a_daemon_that_keeps_the_pipe_open_is_not_waited_for() -> None:
    started = time.monotonic()
    code = "import subprocess, sys; subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(20)'])"
    assert python(code).code == 0
    assert time.monotonic() - started < 10


def test_a_reader_that_ends_while_it_is_looked_for() -> None:
    """It was alive when all were asked, and none was alive to wait for: StopIteration, seen once in a run."""

    class Ending:
        asked = 0

        def is_alive(self) -> bool:
            self.asked += 1
            return self.asked == 1

        def join(self, seconds: float) -> None:
            pass

    with subprocess.Popen(["true"]) as child:
        readers: Any = (Ending(), Ending())
        assert process._wait(child, readers, Deadline.after(10))


def test_input_that_nobody_reads_blocks_nothing() -> None:
    done = python("import time; time.sleep(0.2)", seconds=5, streams=Streams(b"x" * 1_000_000))
    assert (done.code, done.timed_out) == (0, False)


def test_only_the_end_of_much_output_is_kept() -> None:
    code = "import sys; sys.stdout.write('x' * 5_000_000); sys.stdout.write('the end')"
    done = python(code, streams=Streams(most=1000))
    assert len(done.stdout) == 1000
    assert done.stdout.endswith("xthe end")


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
@pytest.mark.parametrize("detached", [False, True])
def test_nothing_is_left_of_what_is_run_alone(detached: bool) -> None:  # noqa: FBT001
    code = (
        "import subprocess, sys\n"
        f"child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'],\n"
        f"    start_new_session={detached}, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)\n"
        "print(child.pid)\n"
    )
    arguments = (sys.executable, "-c", code), Path.cwd(), os.environ, Deadline.after(30)
    kept = run(*arguments)
    assert is_alive(int(kept.stdout))
    os.kill(int(kept.stdout), signal.SIGKILL)
    assert not is_alive(int(run(*arguments, alone=True).stdout))
