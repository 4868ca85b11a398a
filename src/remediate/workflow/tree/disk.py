"""The only place that writes into a workspace: whole files, atomically, with new times; and restores them."""

import os
import tempfile
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from remediate.errors import InputError

Texts = Mapping[str, bytes | None]


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
