"""Make relative paths lead out of a worktree to where they lead from the user's checkout.

A worktree of ours stands below ``.git``, so ``../dep`` of a manifest, ``include_str!("../../x")`` or a
workspace root above the repository would lead elsewhere. It stands at the end of a copy of the folders
above the checkout (``/home/u/project`` becomes ``<slot>/home/u/project``), and these hold a symbolic link
for each outside thing that is needed. Cargo takes paths of dependencies, workspace roots and configuration
by their spelling and follows links only to read, so that all of it works at any number of ``..``, without
writing anything beside the user's checkout (a sibling worktree would, and would be no member of a workspace
above) and without the privileges that bind mounts need.

Linked are: what source, manifests and configuration of the commit name with ``..``, and in turn the
manifests of such dependencies; all of a folder where a bare ``..`` leads to it, or that is the root of the
workspace; and files that tools look for in every folder above. Links to everything would be simpler, but a
``grep -R`` in the repository would then search the whole disk. A path that a build script computes with
``parent()`` is not seen.
"""

import hashlib
import os
import re
import shutil
import tomllib
from collections import defaultdict
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from remediate.git.command import Git

# What tools look for in each folder above; cargo joins the lists of all `.cargo`, so one must not come twice.
_SOUGHT = (
    "Cargo.toml", "rust-toolchain", "rust-toolchain.toml", "rustfmt.toml", ".rustfmt.toml", "clippy.toml",
    ".clippy.toml",
)  # fmt: skip
_CARGO = ".cargo"
# cargo writes it: a link would let it write into the user's file.
_LOCK = "Cargo.lock"
_FILES = ("*.rs", "*.toml", "*.cargo/config")
_UP = r"""["'/]\.\.(/\.\.)*([/"'][^"'[:space:])]*)?"""
_UP_IN_MANIFEST = re.compile(r"""["'](\.\.(?:/\.\.)*(?:/[^"']*)?)["']""")


@dataclass
class Mirror:
    """What of the folders above a checkout is needed.

    Attributes:
        top: The user's checkout.
        tree: The worktree that stands for it.
        reached: A folder of which cargo finds the configuration above anyway.
        names: The names needed, by folder; None for all of them.
        lock: The workspace root above the checkout, if there is one.
    """

    top: Path
    tree: Path
    reached: Path
    names: defaultdict[Path, set[str | None]] = field(default_factory=lambda: defaultdict(set))
    lock: Path | None = None
    _seen: set[Path] = field(default_factory=set)

    def link(self, git: Git) -> str:
        """Make the links that the worktree's files need as they stand, and remove those of earlier runs.

        Returns:
            A digest of the outside packages, which no commit identifies; "" where there are none.
        """
        for path, found in _mentions(git):
            folder = (self.top / path).parent
            for base in {folder, self._package(folder)}:
                self._need(base, found)
        self._sought()
        self._workspace_above()
        for folder in self.top.parents:
            self._lay_out(folder)
        return self._digest()

    def _digest(self) -> str:
        known = hashlib.sha256()
        for manifest in sorted(self._seen):
            for path in _sources(manifest.parent) if "package" in _table(manifest) else (manifest,):
                with suppress(OSError):
                    about = path.stat()
                    known.update(f"{path}\0{about.st_size}\0{about.st_mtime_ns}\0".encode(errors="replace"))
        return known.hexdigest()[:32] if self._seen else ""

    def _package(self, folder: Path) -> Path:
        """Return the nearest folder with a manifest: tests and build scripts start there."""
        here = [folder, *(f for f in folder.parents if f.is_relative_to(self.top))]
        return next((f for f in here if (self._copy(f) / "Cargo.toml").is_file()), self.top)

    def _copy(self, folder: Path) -> Path:
        """Return what stands for a folder of the checkout or above it."""
        if folder.is_relative_to(self.top):
            return self.tree / folder.relative_to(self.top)
        return self.tree.parents[len(self.top.parts) - len(folder.parts) - 1]

    def _need(self, base: Path, relative: str) -> None:
        """Note what a path with ``..`` leads to, if that is outside, and go on from its manifest."""
        whole = Path(os.path.normpath(base / relative))
        folder = Path(os.path.commonpath([self.top, whole]))
        if folder == self.top:
            return
        below = whole.relative_to(folder).parts
        if below:
            self.names[folder].add(below[0])
            self._follow(whole)
        elif folder != Path(folder.anchor):
            self.names[folder].add(None)

    def _follow(self, folder: Path) -> None:
        """Note what the manifest of an outside package needs, and that of its workspace."""
        above = [f for f in folder.parents if not self.top.is_relative_to(f)]
        for one in (folder, *above):
            manifest = one / "Cargo.toml"
            if manifest in self._seen or not manifest.is_file():
                continue
            self._seen.add(manifest)
            for found in _UP_IN_MANIFEST.findall(_text(manifest)):
                self._need(one, found)

    def _sought(self) -> None:
        for folder in self.top.parents:
            self.names[folder] |= set(_SOUGHT)
            if not self.reached.is_relative_to(folder):
                self.names[folder].add(_CARGO)

    def _workspace_above(self) -> None:
        if "workspace" in _table(self.tree / "Cargo.toml"):
            return
        for folder in self.top.parents:
            workspace = _table(folder / "Cargo.toml").get("workspace")
            if workspace is None:
                continue
            self.names[folder].add(None)
            self.lock = folder
            for found in _UP_IN_MANIFEST.findall(_text(folder / "Cargo.toml")):
                self._need(folder, found)
            for pattern in _strings(workspace, "members"):
                for member in () if pattern.startswith("/") else folder.glob(pattern):
                    self._follow(member)
            return

    def _lay_out(self, folder: Path) -> None:
        """Make a folder above hold links to what is needed, and nothing else but the way to the worktree."""
        copy, names = self._copy(folder), self.names[folder]
        way = self.top.relative_to(folder).parts[0]
        wanted = {name for name in names if name is not None}
        if None in names:
            with suppress(PermissionError):
                wanted |= {entry.name for entry in folder.iterdir()}
        wanted = {n for n in wanted - {way, _LOCK} if os.path.lexists(folder / n)}
        copied = folder == self.lock and (folder / _LOCK).is_file()
        for entry in list(os.scandir(copy)):
            linked = entry.is_symlink() and Path(entry.path).readlink() == folder / entry.name
            if entry.name == way or (entry.name == _LOCK and copied) or (linked and entry.name in wanted):
                continue
            if entry.is_dir(follow_symlinks=False):
                shutil.rmtree(entry.path)
            else:
                Path(entry.path).unlink()
        for name in wanted:
            if not os.path.lexists(copy / name):
                (copy / name).symlink_to(folder / name)
        if copied:
            shutil.copyfile(folder / _LOCK, copy / _LOCK)


def _mentions(git: Git) -> Iterator[tuple[str, str]]:
    """Yield each path with ``..`` that a file of the worktree holds, behind the file that holds it."""
    options = ("-I", "-o", "-z", "--untracked", "--no-color", "-E", "-e", _UP)
    found = git.run("grep", *options, "--", *_FILES, allow=(0, 1)).out
    for line in found.decode("utf-8", "surrogateescape").splitlines():
        path, _, mention = line.partition("\0")
        yield path, mention.strip("\"'").lstrip("/")


def _sources(folder: Path) -> Iterator[Path]:
    """Yield the files of a package, without hidden ones and build results."""
    for top, folders, files in os.walk(folder):
        folders[:] = sorted(f for f in folders if f != "target" and not f.startswith("."))
        yield from (Path(top, name) for name in sorted(files))


def _text(file: Path) -> str:
    try:
        return file.read_text("utf-8", "replace")
    except OSError:
        return ""


def _table(manifest: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(_text(manifest))
    except tomllib.TOMLDecodeError:
        return {}


def _strings(table: Any, key: str) -> list[str]:
    found = table.get(key) if isinstance(table, dict) else None
    return [one for one in found if isinstance(one, str)] if isinstance(found, list) else []
