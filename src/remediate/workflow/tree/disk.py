"""The only place that writes into a workspace: whole files, atomically, with new times; and restores them.

What in-place changes replace is kept on the disk before the first write: kill -9 loses nothing. One journal
holds the change that is being tried, and one those that are finished, until they are committed or taken back:
so a run that goes on after a kill knows its own work, and ``undo`` can take it back.
"""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import msgspec

from remediate.errors import InputError
from remediate.git.command import Git
from remediate.git.revisions import blob

Texts = Mapping[str, bytes | None]
FINISHED = "in-place-finished.json"


@dataclass
class Written:
    """Files below a root that were replaced, with what stood there before.

    Attributes:
        root: The workspace's absolute folder.
        before: The bytes of every touched path before the first write, None where there was no file.
        modes: The permissions of the files that were there.
        folders: The folders above touched paths that were there.
        last: What was written last: the texts, and whose permissions they took.
    """

    root: Path
    before: dict[str, bytes | None] = field(default_factory=dict)
    modes: dict[str, int] = field(default_factory=dict)
    folders: set[Path] = field(default_factory=set)
    last: tuple[Texts, Mapping[str, str]] = field(default_factory=lambda: ({}, {}))

    def write(self, texts: Texts, modes_from: Mapping[str, str] | None = None) -> None:
        """Make every path hold its text, None for no file; what an earlier call wrote besides is undone.

        ``modes_from`` maps a new path to the file whose permissions it takes over.

        Raises:
            InputError: A path leads out of the workspace; nothing was written.
        """
        for path in texts:
            _guard(self.root, path)
        for path in sorted({*texts, *(modes_from or {}).values()}):
            self._remember(path)
        self.last = texts, modes_from or {}
        self.begin({path: texts.get(path, text) for path, text in self.before.items()})
        for path in sorted(self.before):
            self._put(path, texts.get(path, self.before[path]), (modes_from or {}).get(path, path))
        gone = {path for path, text in texts.items() if text is None}
        self._drop_empty(folder for path in self.before for folder in self._above(path))
        self._drop_empty(folder for path in gone for folder in self._above(path, old=True))

    def restore(self) -> None:
        """Restore everything: bytes, permissions, folders. The time of a restored file is now."""
        for path, text in self.before.items():
            self._put(path, text, path)
        self._drop_empty(folder for path in self.before for folder in self._above(path))
        self.before.clear()
        self.settle()

    @contextmanager
    def aside(self) -> Iterator[None]:
        """Have everything as it was for a while, then as it was written; after an error it stays so."""
        last = self.last
        self.restore()
        yield
        self.write(*last)

    def begin(self, after: Texts) -> None:
        """Be told what is about to stand in every touched path; for those who keep a journal."""

    def settle(self) -> None:
        """Be told that the disk holds what it shall hold."""

    def _remember(self, path: str) -> None:
        if path in self.before:
            return
        place = self.root / path
        self.before[path] = place.read_bytes() if place.is_file() else None
        if self.before[path] is not None:
            self.modes[path] = place.stat().st_mode & 0o7777
        self.folders |= {folder for folder in place.parents if folder.is_dir()}

    def _put(self, path: str, text: bytes | None, mode_of: str) -> None:
        place = self.root / path
        if text is None:
            place.unlink(missing_ok=True)
        elif not place.is_file() or place.read_bytes() != text:
            place.parent.mkdir(parents=True, exist_ok=True)
            _replace(place, text, self.modes.get(mode_of, 0o666 & ~_umask()))

    def _above(self, path: str, *, old: bool = False) -> Iterable[Path]:
        """Return the folders above a path that were there before (``old``), or that we made."""
        folders = (self.root / path).parents
        return (
            f
            for f in folders
            if f != self.root and f.is_relative_to(self.root) and (f in self.folders) is old
        )

    def _drop_empty(self, folders: Iterable[Path]) -> None:
        for folder in sorted(set(folders), key=lambda f: len(f.parts), reverse=True):
            if folder.is_dir() and not any(folder.iterdir()):
                folder.rmdir()


def replace_file(place: Path, text: bytes) -> None:
    """Write a file of the tool's own; a run killed meanwhile leaves the old text or the new, never a half."""
    place.parent.mkdir(parents=True, exist_ok=True)
    _replace(place, text, 0o666 & ~_umask())


def _guard(root: Path, path: str) -> None:
    """Refuse a path that is not plainly below the root, by its spelling or by a symbolic link on the way."""
    way = [root.joinpath(*Path(path).parts[:n]) for n in range(1, len(Path(path).parts) + 1)]
    plain = path and not Path(path).is_absolute() and ".." not in Path(path).parts
    if not plain or any(step.is_symlink() for step in way):
        raise InputError(f"{path!r} leads out of the workspace; nothing was written")


def _replace(place: Path, text: bytes, mode: int) -> None:
    """Write beside the place and rename over it: a reader sees the old file or the new one, never a half."""
    descriptor, name = tempfile.mkstemp(prefix=".remediate-", dir=place.parent)
    beside = Path(name)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(text)
        beside.chmod(mode)
        # Explicit, because cargo decides by times whether to compile at all, and they must be new.
        now = time.time_ns()
        os.utime(beside, ns=(now, now))
        beside.replace(place)
    finally:
        beside.unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0o022)
    os.umask(current)
    return current


class Journal(msgspec.Struct):
    """The files a change touches: their bytes before and after, None for no file; and what it is about."""

    root: str
    before: dict[str, bytes | None]
    after: dict[str, bytes | None]
    modes: dict[str, int]
    folders: list[str]
    about: str = ""

    def changed(self) -> dict[str, bytes | None]:
        """Return the paths that end otherwise than they began, with what they hold then."""
        return {path: text for path, text in self.after.items() if text != self.before.get(path)}

    def stands(self) -> bool:
        """Whether all files are as the change left them."""
        return all(_now(Path(self.root), path) == text for path, text in self.changed().items())

    def is_committed(self, git: Git) -> bool:
        """Whether the commit that is checked out holds all files as the change left them."""
        root = Path(self.root)
        if not root.is_relative_to(git.top):
            return False
        prefix = root.relative_to(git.top)
        return all(blob(git, "HEAD", (prefix / p).as_posix()) == t for p, t in self.changed().items())

    def take_back(self) -> None:
        """Restore what stood before the change."""
        folders = {Path(folder) for folder in self.folders}
        Written(Path(self.root), dict(self.before), self.modes, folders).restore()


class Journalled(Written):
    """``Written`` for the user's own files: keeps a journal until the change is settled or reverted."""

    def __init__(self, root: Path, file: Path, about: str = "") -> None:
        super().__init__(root)
        self._file, self._about = file, about
        self._last: Journal | None = None

    def begin(self, after: Texts) -> None:
        """Write the journal."""
        folders = sorted(str(folder) for folder in self.folders)
        self._last = Journal(str(self.root), dict(self.before), dict(after), self.modes, folders, self._about)
        replace_file(self._file, msgspec.json.encode(self._last))

    def settle(self) -> None:
        """Note the change as finished if one is on the disk, and remove the journal."""
        if self._last is not None and self.before:
            note(self._file.with_name(FINISHED), self._last)
        self._file.unlink(missing_ok=True)


def note(file: Path, finished: Journal) -> None:
    """Add a finished change to those of earlier ones."""
    replace_file(file, msgspec.json.encode([*finished_changes(file), finished]))


def finished_changes(file: Path) -> list[Journal]:
    """Return the finished changes in their order; none where the file is missing or torn."""
    try:
        return msgspec.json.decode(file.read_bytes(), type=list[Journal])
    except (FileNotFoundError, msgspec.DecodeError):
        return []


def uncommitted_changes(file: Path, git: Git) -> list[Journal]:
    """Return the finished changes that have not been committed, in their order."""
    return [change for change in finished_changes(file) if not change.is_committed(git)]


def forget_committed(file: Path, git: Git) -> None:
    """Drop the finished changes that have been committed."""
    left = uncommitted_changes(file, git)
    if file.is_file():
        replace_file(file, msgspec.json.encode(left))


def standing_paths(file: Path) -> Iterator[Path]:
    """Yield the files that stand as the last of the finished changes to each left them."""
    last: dict[Path, tuple[Path, str, bytes | None]] = {}
    for change in finished_changes(file):
        root = Path(change.root)
        last |= {root / path: (root, path, text) for path, text in change.changed().items()}
    yield from (whole for whole, (root, path, text) in last.items() if _now(root, path) == text)


def take_back_finished(
    file: Path, git: Git, *, only_look: bool = False
) -> tuple[list[Journal], list[Journal]]:
    """Revert changes that nobody has committed, the newest first, as far as their files stand as left.

    Returns:
        Those reverted, and those that stay because a file of theirs was edited since.
    """
    gone: list[Journal] = []
    known = uncommitted_changes(file, git)
    now: dict[str, bytes | None] = {}
    while known:
        change, root = known[-1], Path(known[-1].root)
        if any(now.get(p, _now(root, p)) != text for p, text in change.changed().items()):
            break
        gone.append(known.pop())
        now |= {path: change.before.get(path) for path in change.changed()}
        if not only_look:
            change.take_back()
            replace_file(file, msgspec.json.encode(known))
    if not known and not only_look:
        file.unlink(missing_ok=True)
    return gone, known


def recover(file: Path) -> tuple[list[str], list[str]]:
    """Revert a change whose run was killed.

    Returns:
        The restored paths, and those left alone because somebody has edited them since. If there are any of
        the latter, the journal stays, renamed to ``*.kept``, for a person to look at.

    Raises:
        InputError: The journal is not one.
    """
    if not file.is_file():
        return [], []
    try:
        found = msgspec.json.decode(file.read_bytes(), type=Journal)
    except msgspec.DecodeError as error:
        hint = "See `git status` for what it may have left, then remove that file."
        raise InputError(f"the journal of a killed --in-place run cannot be read: {file}", hint) from error
    if found in finished_changes(file.with_name(FINISHED))[-1:]:
        file.unlink()
        return [], []
    root = Path(found.root)
    known = {path: (text, found.after.get(path)) for path, text in found.before.items()}
    edited = [path for path, texts in known.items() if _now(root, path) not in texts]
    ours = {path: text for path, text in found.before.items() if path not in edited}
    Written(root, dict(ours), found.modes, {Path(folder) for folder in found.folders}).restore()
    if edited:
        file.replace(file.with_suffix(".kept"))
    else:
        file.unlink()
    return sorted(ours), sorted(edited)


def _now(root: Path, path: str) -> bytes | None:
    place = root / path
    return place.read_bytes() if place.is_file() else None
