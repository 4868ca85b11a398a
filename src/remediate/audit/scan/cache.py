"""What is known of texts from earlier scans, keyed by the bytes themselves and the program that looked.

One file per workspace. It is only ever a memory: whatever is wrong with it (cut off, garbled, another
version's, unreadable), the answer is an empty one. A checksum tells; a rename replaces it whole.
"""

import hashlib
import os
from contextlib import suppress
from pathlib import Path

import msgspec

from remediate.audit.scan.facts import Depth, Facts

# To be raised when the facts or what the rules find change: older files are then not read.
FORMAT = 4
_DIGEST = 16


class _File(msgspec.Struct, array_like=True):
    facts: dict[bytes, Facts]
    notes: dict[bytes, bytes]


class Cache:
    """Facts by key, read from a file at the first question. Without a path it is a plain memory."""

    def __init__(self, path: Path | None, version: str) -> None:
        """``version`` names the program and its rules: a file of another version is not read."""
        self._path = path
        self._version = version.encode()
        loaded = self._load()
        self._known, self._notes = loaded.facts, loaded.notes
        self._used: set[bytes] = set()
        self._used_notes: set[bytes] = set()
        self._new = False

    def __contains__(self, known: bytes) -> bool:
        """Whether the facts of this key are known; they stay known in the file if they are."""
        found = known in self._known
        if found:
            self._used.add(known)
        return found

    def __getitem__(self, known: bytes) -> Facts:
        return self._known[known]

    def add(self, known: bytes, facts: Facts) -> None:
        """Remember."""
        self._known[known] = facts
        self._used.add(known)
        self._new = True

    def note(self, known: bytes) -> bytes | None:
        """Return a short text that was kept under a key of its own."""
        if known in self._notes:
            self._used_notes.add(known)
        return self._notes.get(known)

    def add_note(self, known: bytes, text: bytes) -> None:
        """Keep a short text, as long as it is asked for in every scan."""
        self._notes[known] = text
        self._used_notes.add(known)
        self._new = True

    def save(self) -> None:
        """Write what was asked for since the start, if any of it is new; a disk that refuses is no error."""
        if self._path is None or not (self._new or len(self._used) < len(self._known)):
            return
        used = {k: v for k, v in self._known.items() if k in self._used}
        notes = {k: v for k, v in self._notes.items() if k in self._used_notes}
        body = msgspec.msgpack.encode(_File(used, notes))
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, _checksum(self._version + body) + body)

    def _load(self) -> _File:
        try:
            data = self._path.read_bytes() if self._path is not None else b""
        except OSError:
            return _File({}, {})
        digest, body = data[:_DIGEST], data[_DIGEST:]
        if not body or digest != _checksum(self._version + body):
            return _File({}, {})
        try:
            return msgspec.msgpack.decode(body, type=_File)
        except msgspec.MsgspecError:
            return _File({}, {})


def key(text: bytes, depth: Depth) -> bytes:
    """Return what the facts of a text are kept under."""
    return hashlib.blake2b(text, digest_size=_DIGEST, salt=depth.salt).digest()


def location(root: Path) -> Path:
    """Return the cache file of a workspace, below the user's cache folder."""
    base = (
        os.environ.get("REMEDIATE_CACHE_DIR")
        or os.environ.get("XDG_CACHE_HOME")
        or str(Path.home() / ".cache")
    )
    name = hashlib.blake2b(str(root).encode("utf-8", "surrogateescape"), digest_size=_DIGEST).hexdigest()
    return Path(base) / "remediate" / "scan" / f"{name}.facts"


def _checksum(data: bytes) -> bytes:
    return hashlib.blake2b(data, digest_size=_DIGEST).digest()


def replace_file(path: Path, data: bytes) -> None:
    """Write a file whole: nobody ever reads half of it.

    Raises:
        OSError: The disk refuses.
    """
    import tempfile  # noqa: PLC0415 - loads much, and is seldom needed

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=path.name)
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(data)
        Path(name).replace(path)
    except OSError:
        Path(name).unlink(missing_ok=True)
        raise
