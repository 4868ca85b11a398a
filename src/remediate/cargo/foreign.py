"""A command of the user's that is no cargo: how it is started, and what it may see and write."""

import os
import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from remediate.cargo import landlock
from remediate.cargo.process import Deadline, Finished, Streams, run

_KEPT = (
    "PATH", "LANG", "LC_ALL", "LC_CTYPE", "TZ", "USER", "LOGNAME", "SHELL", "TERM", "SSL_CERT_FILE",
    "SSL_CERT_DIR",
)  # fmt: skip
_MOST = 256 * 1024
_SINCE_TRUNCATE = 3
_DEVICES = ("null", "zero", "full", "tty", "ptmx", "pts", "shm")


@dataclass(frozen=True, slots=True)
class Foreign:
    """One run of a command.

    Attributes:
        command: The program and its arguments.
        folder: Where it runs.
        environment: All of its variables.
        writable: The folders it may write below, where the machine offers a sandbox.
        seconds: How long it may take.
    """

    command: Sequence[str]
    folder: Path
    environment: Mapping[str, str]
    writable: Sequence[Path]
    seconds: float

    def run(self, stdin: bytes, *, contained: bool) -> Finished:
        """Run it, and end whatever it leaves behind; the last 256 KiB of each stream are kept.

        Raises:
            OSError: The program cannot be started, where it is not contained; else it exits with 126 or 127.
        """
        command = (*self._sandbox(), *self.command) if contained else tuple(self.command)
        streams = Streams(stdin=stdin, most=_MOST)
        deadline = Deadline.after(self.seconds)
        return run(command, self.folder, self.environment, deadline, streams, alone=True)

    def _sandbox(self) -> tuple[str, ...]:
        folders = [*map(str, self.writable), *(f"/dev/{d}" for d in _DEVICES if Path(f"/dev/{d}").exists())]
        return (sys.executable, "-I", "-S", landlock.__file__, *folders, "--")


def can_contain() -> bool:
    """Whether the machine can keep a command from writing elsewhere: Linux with Landlock 3 or newer."""
    return landlock.version() >= _SINCE_TRUNCATE


def clean_environment(inherit: Sequence[str] = ()) -> dict[str, str]:
    """Return the user's variables that say nothing of a repository or a build, and those asked for."""
    found = {name: os.environ[name] for name in (*_KEPT, *inherit) if name in os.environ}
    home = Path.home()
    for name, folder in (("CARGO_HOME", home / ".cargo"), ("RUSTUP_HOME", home / ".rustup")):
        found[name] = os.environ.get(name) or str(folder)
    if "RUSTUP_TOOLCHAIN" in os.environ:
        found["RUSTUP_TOOLCHAIN"] = os.environ["RUSTUP_TOOLCHAIN"]
    return found
