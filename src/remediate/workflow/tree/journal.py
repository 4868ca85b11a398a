"""Keep what in-place changes replace, on the disk before the first write: kill -9 loses nothing.

One file holds the change that is being tried, and one those that are finished, until they are committed or
taken back: so a run that goes on after a kill knows its own work, and ``undo`` can take it back.
"""

from collections.abc import Iterator
from pathlib import Path

import msgspec

from remediate.errors import InputError
from remediate.git.door import Git
from remediate.git.revisions import blob
from remediate.workflow.tree.disk import Texts, Written, replace_file

FINISHED = "in-place-finished.json"


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
