"""Child processes in a session of their own, so that nothing outlives a timeout or Ctrl-C."""

import os
import secrets
import signal
import subprocess
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import IO

_GRACE = 5.0
_DRAIN = 1.0
_PIECE = 65536
_ROUNDS = 50
_TOKEN = "REMEDIATE_PROCESS"  # noqa: S105 - the name of a variable


@dataclass(frozen=True, slots=True)
class Finished:
    """How a process ended. ``stdout`` is empty when its lines went to a callback."""

    code: int
    stdout: str
    stderr: str
    seconds: float
    timed_out: bool = False


@dataclass
class Deadline:
    """When a process has had its time. A callback may move it: a build's limit is not that of its tests."""

    expires: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """Return the deadline this many seconds from now."""
        return cls(time.monotonic() + seconds)

    def restart(self, seconds: float) -> None:
        """Give the process this many seconds from now."""
        self.expires = time.monotonic() + seconds

    @property
    def remaining(self) -> float:
        """Seconds left; negative when over."""
        return self.expires - time.monotonic()


@dataclass(frozen=True, slots=True)
class Streams:
    """What goes into a process, and who hears what comes out while it runs.

    ``most`` is how many bytes of each stream are kept, the last ones; None keeps all, line by line.
    """

    stdin: bytes = b""
    on_stdout: Callable[[str], None] | None = None
    on_stderr: Callable[[str], None] | None = None
    most: int | None = None


def run(  # noqa: PLR0913 - a process has as many sides
    command: Sequence[str],
    cwd: Path,
    environment: Mapping[str, str],
    deadline: Deadline,
    streams: Streams | None = None,
    *,
    alone: bool = False,
) -> Finished:
    """Run a command to its end, to its deadline, or until Ctrl-C; then nothing of its session is left.

    A process that ends by itself may leave daemons behind, unless it is to be ``alone``: then whatever it
    started ends with it, in a session of its own or not, as far as /proc tells.

    Raises:
        OSError: The program cannot be started.
    """
    streams = streams or Streams()
    started = time.monotonic()
    token = f"{os.getpid()}-{secrets.token_hex(8)}"
    process = subprocess.Popen(
        command,
        cwd=cwd,
        env=dict(environment) | ({_TOKEN: token} if alone else {}),
        stdin=subprocess.PIPE if streams.stdin else subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        start_new_session=True,
    )
    out = _Reader(process.stdout, streams.on_stdout, streams.most)
    err = _Reader(process.stderr, streams.on_stderr, streams.most)
    try:
        # In a thread: a process that never reads would block us beyond its deadline.
        threading.Thread(target=_feed, args=(process.stdin, streams.stdin), daemon=True).start()
        timed_out = not _wait(process, (out, err), deadline)
    finally:
        if process.poll() is None:
            _end(process)
        if alone:
            _end_descendants(process.pid, token)
    for reader in (out, err):
        reader.join(_DRAIN)
    return Finished(
        process.wait(),
        "" if streams.on_stdout else out.text,
        err.text,
        time.monotonic() - started,
        timed_out,
    )


class _Reader(threading.Thread):
    """Reads one pipe to its end, so that the other can never block the process."""

    def __init__(
        self, pipe: IO[bytes] | None, heard: Callable[[str], None] | None, most: int | None = None
    ) -> None:
        super().__init__(daemon=True)
        self._pipe, self._heard, self._lines = pipe, heard, list[str]()
        self._most, self._last = most, b""
        self.start()

    def run(self) -> None:
        if self._pipe is None:
            return
        if self._most is not None:
            self._keep(self._pipe, self._most)
            return
        with self._pipe:
            for raw in self._pipe:
                line = raw.decode(errors="replace")
                self._lines.append(line)
                if self._heard:
                    self._heard(line.rstrip("\r\n"))

    def _keep(self, pipe: IO[bytes], most: int) -> None:
        """Read without end, a line of any length too, and remember the last bytes."""
        with pipe:
            while piece := os.read(pipe.fileno(), _PIECE):
                self._last = (self._last + piece)[-most:]

    @property
    def text(self) -> str:
        return "".join(self._lines) + self._last.decode(errors="replace")


def _feed(pipe: IO[bytes] | None, data: bytes) -> None:
    if pipe is not None:
        with suppress(BrokenPipeError, ValueError), pipe:
            pipe.write(data)


def _wait(process: subprocess.Popen[bytes], readers: Sequence[_Reader], deadline: Deadline) -> bool:
    """Wait for both pipes to close and the process to end; False when its time is over.

    A daemon that a build script leaves behind may keep a pipe open: the process's own end decides then.
    """
    # A reader may end at any moment: asked twice, one that was alive is none the second time.
    while alive := [reader for reader in readers if reader.is_alive()]:
        if deadline.remaining <= 0:
            return False
        alive[0].join(min(0.5, max(deadline.remaining, 0)))
        if process.poll() is not None:
            return True
    with suppress(subprocess.TimeoutExpired):
        process.wait(max(deadline.remaining, 0))
    return process.poll() is not None


def _end(process: subprocess.Popen[bytes]) -> None:
    """End the whole session; asked first, because nextest then ends its tests, each a group of its own."""
    _signal_group(process.pid, signal.SIGTERM)
    with suppress(subprocess.TimeoutExpired):
        process.wait(_GRACE)
    for pid in _session(process.pid):
        with suppress(ProcessLookupError, PermissionError):
            os.kill(pid, signal.SIGKILL)
    _signal_group(process.pid, signal.SIGKILL)
    process.wait()


def _end_descendants(leader: int, token: str) -> None:
    """End what a process has left: its session, and what carries its token in the environment."""
    _signal_group(leader, signal.SIGKILL)
    for _ in range(_ROUNDS):
        found = {*_session(leader), *_marked(token)} - {os.getpid()}
        for pid in found:
            with suppress(ProcessLookupError, PermissionError):
                os.kill(pid, signal.SIGKILL)
        if not found:
            return
        time.sleep(0.02)


def _marked(token: str) -> list[int]:
    """Return the living processes with a token in the environment they were started with."""
    found = []
    for file in Path("/proc").glob("[0-9]*/environ"):
        with suppress(OSError):
            if token.encode() in file.read_bytes():
                found.append(int(file.parent.name))
    return found


def _signal_group(group: int, number: signal.Signals) -> None:
    with suppress(ProcessLookupError, PermissionError):
        os.killpg(group, number)


def _session(leader: int) -> list[int]:
    """Return the processes of a session where /proc tells (Linux); elsewhere the group is all there is."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        with suppress(OSError):
            # The command in parentheses may hold anything; behind it are state, parent, group, session.
            fields = stat.read_text(errors="replace").rpartition(")")[2].split()
            if len(fields) > 3 and fields[3] == str(leader):
                found.append(int(stat.parent.name))
    return found
