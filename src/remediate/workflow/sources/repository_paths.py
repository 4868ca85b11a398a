"""Paths of a workspace as its repository names them, and back.

A prefix says where the workspace lies: "" where both have one top folder, ``sub/`` for a workspace in a
folder of the repository, and ``../repo/`` where the workspace's root is above it: up to the root, and back.
"""

import os
from pathlib import Path

_UP = "../"


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
