"""Reading a workspace's files from the disk: nothing outside of it, nothing that cannot be edited safely.

A symbolic link is never followed: editing through it would change a file somewhere else. What is left unread
is reported as a ``Problem``, and its path still counts as taken.
"""

import hashlib
import os
import stat
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from remediate.rust.codebase import CONFIGURATION

MOST_BYTES = 16 * 1024 * 1024
# Hidden folders hold no code; these two hold configuration.
_HIDDEN_BUT_READ = {".config", ".cargo"}
_CACHE_TAG = "CACHEDIR.TAG"


@dataclass(frozen=True, slots=True)
class Problem:
    """A file that was not read: its workspace-relative path, a reason code, and one sentence for a person."""

    path: str
    reason: str
    sentence: str


@dataclass(frozen=True, slots=True)
class Stamp:
    """What changes when a file below a folder does: a digest of names, sizes, times and inodes.

    ``newest`` is the latest time at which one of the files changed, in nanoseconds.
    """

    digest: bytes
    newest: int


@dataclass(frozen=True, slots=True)
class Reading:
    """What lies in a workspace: the texts, all other existing paths, and what could not be read."""

    files: dict[str, bytes]
    paths: frozenset[str]
    problems: tuple[Problem, ...]
    stamp: Stamp


def read(root: Path, skip: frozenset[str] = frozenset()) -> Reading:
    """Read the ``.rs``, snapshot and configuration files below ``root``.

    ``skip`` are workspace-relative folders to leave out (the target folder); folders with a CACHEDIR.TAG are
    left out too.
    """
    files: dict[str, bytes] = {}
    problems: list[Problem] = []
    paths: set[str] = set()
    seen = list[str]()
    newest = 0
    for path, entry in _entries(root, "", skip, problems):
        row, changed = _stamped(path, entry)
        seen.append(row)
        newest = max(newest, changed)
        answer = _text(path, entry) if _is_wanted(entry.name) else None
        if isinstance(answer, bytes):
            files[path] = answer
            continue
        paths.add(path)
        if answer is not None:
            problems.append(answer)
    told = tuple(sorted(problems, key=lambda p: p.path))
    return Reading(files, frozenset(paths), told, _stamp(seen, newest))


def survey(root: Path, skip: frozenset[str] = frozenset()) -> Stamp:
    """Return the stamp that ``read`` would return, without reading a file."""
    seen = [_stamped(path, entry) for path, entry in _entries(root, "", skip, [])]
    return _stamp([row for row, _ in seen], max((changed for _, changed in seen), default=0))


def _stamped(path: str, entry: os.DirEntry[str]) -> tuple[str, int]:
    """Return what tells a file's version from others, and when it changed; of what is not read its name."""
    if not _is_wanted(entry.name):
        return path, 0
    try:
        found = entry.stat(follow_symlinks=False)
    except OSError:
        return f"{path}\0gone", 0
    told = (found.st_size, found.st_mtime_ns, found.st_ctime_ns, found.st_ino, found.st_mode)
    return f"{path}\0{told}", max(found.st_mtime_ns, found.st_ctime_ns)


def _stamp(rows: list[str], newest: int) -> Stamp:
    text = "\n".join(rows).encode("utf-8", "surrogateescape")
    return Stamp(hashlib.blake2b(text, digest_size=16).digest(), newest)


def _is_wanted(name: str) -> bool:
    # Snapshots move along with the tests they belong to.
    return name.endswith((".rs", ".snap")) or name in CONFIGURATION


def _entries(
    root: Path, folder: str, skip: frozenset[str], problems: list[Problem]
) -> Iterator[tuple[str, os.DirEntry[str]]]:
    """Yield every file and link below with its workspace-relative path; note folders that are closed."""
    try:
        with os.scandir(root / folder) as found:
            entries = sorted(found, key=lambda e: e.name)
    except PermissionError as error:
        problems.append(Problem(folder, "unreadable", f"{folder}/ cannot be read: {error.strerror}"))
        return
    if folder and any(e.name == _CACHE_TAG for e in entries):
        return
    for entry in entries:
        path = f"{folder}/{entry.name}" if folder else entry.name
        if not entry.is_dir(follow_symlinks=False):
            yield path, entry
        elif path not in skip and (not entry.name.startswith(".") or entry.name in _HIDDEN_BUT_READ):
            yield from _entries(root, path, skip, problems)


def _text(path: str, entry: os.DirEntry[str]) -> bytes | Problem:
    status = entry.stat(follow_symlinks=False)
    if stat.S_ISLNK(status.st_mode):
        return Problem(path, "symlink", f"{path} is a symbolic link; links are neither read nor edited")
    if not stat.S_ISREG(status.st_mode):
        return Problem(path, "not-a-file", f"{path} is no regular file")
    if status.st_size > MOST_BYTES:
        return Problem(path, "too-large", f"{path} has {status.st_size} bytes; the limit is {MOST_BYTES}")
    try:
        text = Path(entry.path).read_bytes()
        text.decode("utf-8")
        path.encode("utf-8")
    except UnicodeError:
        return Problem(path.encode("utf-8", "replace").decode(), "not-utf8", f"{path!a} is not UTF-8")
    except OSError as error:
        return Problem(path, "unreadable", f"{path} cannot be read: {error.strerror}")
    return text
