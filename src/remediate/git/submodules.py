"""The user's submodules as plain files in a worktree of ours: ``git worktree add`` leaves them empty."""

import io
import os
import shutil
import tarfile
import time
from pathlib import Path

from remediate.errors import InputError, ToolError
from remediate.git.door import Git

_LINK = "160000"
_MARK = "remediate-submodules"


def fill(mine: Git, commit: str) -> None:
    """Put the files of every submodule that the user's checkout has into the worktree; others stay empty."""
    links = _links(mine, commit)
    mark = Path(mine.top, mine.run("rev-parse", "--git-path", _MARK).text)
    wanted = "".join(f"{oid} {path}\n" for path, oid in links.items())
    if (mark.read_text() if mark.is_file() else "") == wanted:
        return
    mark.unlink(missing_ok=True)
    for path, oid in links.items():
        shutil.rmtree(mine.top / path, ignore_errors=True)
        (mine.top / path).mkdir(parents=True)
        _unpack(_archive(_users_checkout(mine) / path, oid), mine.top / path)
    mark.write_text(wanted)


def _links(mine: Git, commit: str) -> dict[str, str]:
    """Return the commit id of every submodule by its path."""
    has = mine.run("cat-file", "-e", f"{commit}:.gitmodules", allow=(0, 1, 128))
    if has.code:
        return {}
    entries = (line.partition("\t") for line in mine.run("ls-tree", "-r", "-z", commit).parts)
    return {path: facts.split()[2] for facts, _, path in entries if facts.startswith(_LINK)}


def _users_checkout(mine: Git) -> Path:
    """Return the repository's main checkout, the first that git lists."""
    first = mine.run("worktree", "list", "--porcelain", "-z").parts[0]
    return Path(first.removeprefix("worktree "))


def _archive(folder: Path, oid: str) -> bytes:
    """Return a submodule's tree as a tar file, b"" when the user has not got it."""
    if not (folder / ".git").exists():
        return b""
    try:
        with Git(folder) as git:
            return git.run("archive", "--format=tar", oid).out
    except (InputError, ToolError):
        return b""


def _unpack(archive: bytes, folder: Path) -> None:
    if not archive:
        return
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    now = time.time_ns()
    for path in folder.rglob("*"):
        # The archive's times are the commit's: cargo would take the files for long built.
        os.utime(path, ns=(now, now), follow_symlinks=False)
