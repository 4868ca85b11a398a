"""``remediate audit``: the last scan if nothing has changed since, or else a new one.

As long as nothing has changed, nothing is read or scanned again. What may change the answer is the key: what
was asked, the names, sizes, times and inodes of all files, the configuration, this program and what is
installed beside it. Whatever is wrong with the memory, it is empty.
"""

import hashlib
import os
import sys
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from pathlib import Path

import msgspec

import remediate
from remediate.audit.scan.cache import FORMAT, location, replace_file
from remediate.audit.scan.facts import Scan
from remediate.workflow.scanning.scanned import Asked, Scanned
from remediate.workflow.sources.reading import Problem, Stamp, survey
from remediate.workflow.sources.roots import manifest_folder, outermost

_SETTLED = 2_000_000_000  # nanoseconds: a file may change again within one tick of a coarse clock


def scanned(asked: Asked, codemod_of: Callable[[str], str | None]) -> Scanned:
    """Scan the workspace around a folder.

    Raises:
        InputError: There is no Cargo.toml, or the configuration is not usable.
    """
    started = time.time_ns()
    folder = manifest_folder(asked.start, asked.manifest_path)
    root = outermost(folder)
    memory = ScanMemory(folder, root, asked) if asked.cached else None
    known = memory.recalled() if memory else None
    if known is not None:
        return known
    from remediate.workflow.scanning.full_scan import full_scan  # noqa: PLC0415 - all rules, and cargo

    result = full_scan(root, folder, asked, codemod_of)
    if isinstance(result, Path):
        result = full_scan(result, folder, asked, codemod_of)
    assert isinstance(result, Scanned)  # noqa: S101 - cargo has named this root itself
    if memory:
        memory.keep(result, started)
    return result


class _File(msgspec.Struct, array_like=True):
    key: bytes
    root: str
    scan: Scan
    paths: tuple[str, ...]
    problems: tuple[Problem, ...]
    remark: str


class ScanMemory:
    """Remembers the last scan that was asked for in one folder."""

    def __init__(self, folder: Path, root: Path, asked: Asked) -> None:
        """``root`` is what will be read: the outermost workspace around ``folder``."""
        self._path = location(folder).with_suffix(".scan")
        self._root = root
        self._asked = [folder, root, *(getattr(asked, name) for name in Asked.__slots__)]

    def recalled(self) -> Scanned | None:
        """Return the last scan if it would come out the same today."""
        try:
            known = msgspec.msgpack.decode(self._path.read_bytes(), type=_File)
        except (OSError, msgspec.MsgspecError):
            return None
        if known.root != str(self._root) or known.key != self._key(survey(self._root)):
            return None
        texts = Texts(self._root, known.paths)
        return Scanned(self._root, known.scan, texts, known.problems, known.remark)

    def keep(self, scanned: Scanned, started: int) -> None:
        """Remember a scan that was ``started`` then, unless a file is so new that it may change unseen."""
        stamp = scanned.stamp
        if stamp is None or scanned.root != self._root or stamp.newest > started - _SETTLED:
            return
        found = _File(
            self._key(stamp),
            str(self._root),
            scanned.scan,
            tuple(scanned.files),
            scanned.problems,
            scanned.remark,
        )
        with suppress(OSError):
            self._path.parent.mkdir(parents=True, exist_ok=True)
            replace_file(self._path, msgspec.msgpack.encode(found))

    def _key(self, stamp: Stamp) -> bytes:
        asked = [sorted(one) if isinstance(one, frozenset) else one for one in self._asked]
        parts = [repr(asked), stamp.digest, FORMAT, remediate.__version__, *_program(), *_beside(self._root)]
        return hashlib.blake2b(msgspec.msgpack.encode(parts), digest_size=16).digest()


class Texts(Mapping[str, bytes]):
    """The texts of files, read when they are asked for."""

    def __init__(self, root: Path, paths: tuple[str, ...]) -> None:
        self._root = root
        self._paths = dict.fromkeys(paths)

    def __getitem__(self, path: str) -> bytes:
        if path not in self._paths:
            raise KeyError(path)
        return (self._root / path).read_bytes()

    def __iter__(self) -> Iterator[str]:
        return iter(self._paths)

    def __len__(self) -> int:
        return len(self._paths)


def _program() -> Iterator[int]:
    """Yield what changes with this program, where it runs from a checkout too."""
    for folder, folders, files in os.walk(Path(remediate.__file__).parent / "audit"):
        folders.sort()
        paths = (Path(folder, name) for name in sorted(files) if name.endswith(".py"))
        yield from (path.stat().st_mtime_ns for path in paths)


def _beside(root: Path) -> Iterator[int]:
    """Yield what changes when a codemod is installed, or the configuration is written."""
    for path in (*map(Path, sys.path), root / "remediate.toml"):
        try:
            yield path.stat().st_mtime_ns
        except OSError:
            yield 0
