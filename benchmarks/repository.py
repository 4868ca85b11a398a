"""git, as the measurements start it: with an identity of its own, so that none has to be configured."""

import subprocess
from pathlib import Path

_IDENTITY = ("-c", "user.name=benchmark", "-c", "user.email=benchmark@localhost", "-c", "gc.auto=0")


def git(folder: Path, *arguments: str, given: bytes | None = None) -> str:
    """Return what git prints in a folder.

    Raises:
        subprocess.CalledProcessError: It failed.
    """
    return git_bytes(folder, *arguments, given=given).decode()


def git_bytes(folder: Path, *arguments: str, given: bytes | None = None) -> bytes:
    """Return what git prints in a folder, as it is; ``given`` is its standard input."""
    command = ["git", *_IDENTITY, *arguments]
    return subprocess.run(command, cwd=folder, check=True, input=given, stdout=subprocess.PIPE).stdout


def begin(folder: Path, subject: str = "Import") -> None:
    """Make a folder a repository whose first commit, on ``main``, holds all that is there."""
    git(folder, "init", "-q", "-b", "main")
    git(folder, "add", "-A", "-f")
    git(folder, "commit", "-q", "-m", subject)
