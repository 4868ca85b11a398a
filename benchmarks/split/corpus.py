"""The pinned files, and a copy of a crate as a repository of its own."""

import os
import shutil
import subprocess
import tomllib
from dataclasses import dataclass
from pathlib import Path

from benchmarks.registry_crates import fetch, pinned
from benchmarks.repository import begin

HERE = Path(__file__).parent
WORK = HERE.parent / "work" / "split"
PINS = HERE / "crates.toml"
Texts = dict[str, bytes]
Changes = dict[str, bytes | None]
"""New bytes by path; None for a file that is gone."""
_SKIPPED = {"target", ".git", "Cargo.lock"}


@dataclass(frozen=True)
class Case:
    """One file of one crate."""

    crate: str
    path: str

    @property
    def slug(self) -> str:
        """The case as a file name."""
        return f"{self.crate}-{self.path.replace('/', '-').removesuffix('.rs')}"


def cases() -> list[Case]:
    """Return every pinned case."""
    files: dict[str, list[str]] = tomllib.loads(PINS.read_text())["files"]
    return [Case(crate, path) for crate in sorted(files) for path in files[crate]]


def renamed() -> set[Case]:
    """Return the cases of nothing but tests, which can be cut only where tests may have new names."""
    files: dict[str, list[str]] = tomllib.loads(PINS.read_text())["tests_only"]
    return {Case(crate, path) for crate, paths in files.items() for path in paths}


def base(crate: str) -> Path:
    """Return the crate's repository: one commit, on main, with its own Cargo.lock; made when missing."""
    return repository(WORK / crate / "base", crate, _version(crate))


def repository(folder: Path, crate: str, version: str) -> Path:
    """Return the folder with a crate in it as a repository of its own; made when missing."""
    if not (folder / ".git" / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        shutil.copytree(fetch({crate: version})[crate], folder)
        _stand_alone(folder)
        subprocess.run(["cargo", "fetch", "-q"], cwd=folder, check=True)
        begin(folder)
        (folder / ".git" / "made").touch()
    return folder


def _version(crate: str) -> str:
    people: dict[str, dict[str, str]] = tomllib.loads(PINS.read_text())["split_by_people"]
    return people[crate]["old"] if crate in people else pinned(PINS)[crate]


def copied(crate: str, name: str) -> Path:
    """Return a copy of the base to work in; files that differ are put back, what cargo built stays."""
    source, folder = base(crate), WORK / crate / name
    folder.mkdir(exist_ok=True)
    put(folder, difference(read(folder), read(source)))
    shutil.copyfile(source / "Cargo.lock", folder / "Cargo.lock")
    return folder


def read(folder: Path) -> Texts:
    """Return every file below a folder but what cargo and git keep there."""
    found: Texts = {}
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(set(folders) - _SKIPPED)
        for name in sorted(set(names) - _SKIPPED):
            path = Path(where) / name
            found[path.relative_to(folder).as_posix()] = path.read_bytes()
    return found


def difference(old: Texts, new: Texts) -> Changes:
    """Return what turns one set of files into another."""
    changed: Changes = {path: text for path, text in new.items() if old.get(path) != text}
    return changed | dict.fromkeys(old.keys() - new.keys())


def put(folder: Path, changes: Changes) -> None:
    """Write files with new times, so that cargo sees each; remove those that are gone."""
    for path, text in changes.items():
        file = folder / path
        if text is None:
            file.unlink()
        else:
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(text)


def _stand_alone(folder: Path) -> None:
    """Keep the copy out of this project's own tree of workspaces."""
    manifest = folder / "Cargo.toml"
    text = manifest.read_text()
    if "[workspace]" not in text:
        manifest.write_text(text + "\n[workspace]\n")
    (folder / ".gitignore").write_text("/target\n")
