"""Which folder is meant: the manifest's, the workspace's, the repository's; and how the latter names paths.

Cargo is not asked. A prefix says where the workspace lies: "" where both have one top folder, ``sub/`` for a
workspace in a folder of the repository, and ``../repo/`` where the workspace's root is above it: up to the
root, and back.
"""

import os
from pathlib import Path

from remediate.errors import InputError

_UP = "../"


def manifest_folder(start: Path, manifest_path: Path | None = None) -> Path:
    """Return the folder of the manifest asked for, or of the nearest one above ``start``.

    Raises:
        InputError: There is none.
    """
    if manifest_path is not None:
        if manifest_path.name != "Cargo.toml" or not manifest_path.is_file():
            raise InputError(f"{manifest_path} is no Cargo.toml", "Give --manifest-path the path of one.")
        return manifest_path.resolve().parent
    start = start.resolve()
    for folder in (start, *start.parents):
        if (folder / "Cargo.toml").is_file():
            return folder
    hint = "Change into a cargo workspace, or pass --manifest-path."
    raise InputError(f"there is no Cargo.toml in {start} or above it", hint)


def workspace_folder(start: Path, manifest_path: Path | None = None) -> Path:
    """Return the folder that most likely is the workspace's root, without asking cargo.

    Raises:
        InputError: There is no manifest.
    """
    return outermost(manifest_folder(start, manifest_path))


def outermost(folder: Path) -> Path:
    """Return the nearest folder whose manifest says ``[workspace]``: most likely the root; cargo decides."""
    for above in (folder, *folder.parents):
        manifest = above / "Cargo.toml"
        if manifest.is_file() and b"[workspace" in manifest.read_bytes():
            return above
    return folder


def repository_folder(start: Path, manifest_path: Path | None = None) -> Path:
    """Return a folder in the repository that is meant: it may hold several workspaces, or none at its top.

    Raises:
        InputError: ``manifest_path`` is no manifest.
    """
    return start if manifest_path is None else manifest_folder(start, manifest_path)


def prefix_of(root: Path, top: Path) -> str:
    """Return the prefix of the workspace at ``root`` in the repository at ``top``, both absolute.

    Raises:
        ValueError: Neither is below the other.
    """
    if root.is_relative_to(top):
        inside = root.relative_to(top).as_posix()
        return "" if inside == "." else f"{inside}/"
    inside = top.relative_to(root).as_posix()
    return _UP * len(top.relative_to(root).parts) + f"{inside}/"


def root_of(prefix: str, top: Path) -> Path:
    """Return the root of the workspace with a prefix in the repository at ``top``."""
    ups = prefix.count(_UP)
    return Path(os.path.normpath(top / (_UP * ups or prefix)))


def folder_of(prefix: str) -> str:
    """Return the workspace's folder in the repository, as a person writes it: "" for the top."""
    return prefix[: len(_UP) * prefix.count(_UP)].rstrip("/") or prefix.rstrip("/")


def in_repository(prefix: str, path: str) -> str:
    """Return a path of the workspace as the repository names it; one outside of it begins with ``../``."""
    if not prefix.startswith(_UP):
        return prefix + path
    inside = prefix.replace(_UP, "")
    return path.removeprefix(inside) if path.startswith(inside) else _UP * prefix.count(_UP) + path


def in_workspace(prefix: str, path: str) -> str | None:
    """Return a path of the repository as the workspace names it, None for one outside of it."""
    if prefix.startswith(_UP):
        return prefix.replace(_UP, "") + path
    return path.removeprefix(prefix) if path.startswith(prefix) else None
