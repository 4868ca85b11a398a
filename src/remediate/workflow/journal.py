"""What an in-place change replaces, on the disk before the first write: kill -9 loses nothing."""

from pathlib import Path

import msgspec

from remediate.errors import InputError
from remediate.workflow.disk import Texts, Written, replace_file


class Journal(msgspec.Struct):
    """The files a change touches: their bytes before and after, None for no file."""

    root: str
    before: dict[str, bytes | None]
    after: dict[str, bytes | None]
    modes: dict[str, int]
    folders: list[str]


class Journalled(Written):
    """``Written`` for the user's own files: keeps a journal until the change is settled or taken back."""

    def __init__(self, root: Path, file: Path) -> None:
        super().__init__(root)
        self._file = file

    def begin(self, after: Texts) -> None:
        """Write the journal."""
        folders = sorted(str(folder) for folder in self.folders)
        text = Journal(str(self.root), self.before, dict(after), self.modes, folders)
        replace_file(self._file, msgspec.json.encode(text))

    def settle(self) -> None:
        """Remove the journal: what is on the disk is what shall be there."""
        self._file.unlink(missing_ok=True)


def recover(file: Path) -> tuple[list[str], list[str]]:
    """Take back a change whose run was killed.

    Returns:
        The paths put back, and those left alone because somebody has edited them since. If there are any of
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
