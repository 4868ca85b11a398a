"""The gates "related files" and "dependencies": only what the finding is about changes, no manifest does."""

import posixpath
import tomllib
from collections.abc import Iterator
from pathlib import PurePosixPath
from typing import Any

from remediate.audit.scan.settings import matches
from remediate.edits import Change
from remediate.rust.codebase import Codebase, is_below
from remediate.verify.foreign.permission import Allowed, Permission

_TABLES = ("dependencies", "dev-dependencies", "build-dependencies")
_MOST_SHOWN = 6


def unrelated(change: Change, permission: Permission) -> str:
    """Return which files a change may not touch; "" if it may touch them all."""
    old = {path for path in change.originals() if not _is_related(path, permission)}
    new = {path for path in {*change.creations, *change.moves.values()} if not _may_be_new(path, permission)}
    wrong = sorted({*old, *new})
    more = f" and {len(wrong) - _MOST_SHOWN} more" if len(wrong) > _MOST_SHOWN else ""
    return f"the finding is not about {', '.join(wrong[:_MOST_SHOWN])}{more}" if wrong else ""


def dependencies(before: Codebase, after: Codebase, change: Change, permission: Permission) -> str:
    """Return what a change does to manifests that it may not."""
    paths = sorted({*change.originals(), *change.creations})
    found = [path for path in paths if PurePosixPath(path).name == "Cargo.toml"]
    may = Allowed.DEPENDENCIES in permission.allowed
    return "; ".join(why for path in found for why in _of_manifest(path, before, after, may=may))


def _of_manifest(path: str, before: Codebase, after: Codebase, *, may: bool) -> Iterator[str]:
    old, new = (_tables(side.files.get(path)) for side in (before, after))
    if old is None or new is None:
        yield f"{path} comes, goes or cannot be read"
    elif not may:
        yield f"{path}: a manifest may not change; allow `{Allowed.DEPENDENCIES}` for its dependencies"
    elif _rest(old) != _rest(new):
        yield f"{path}: more than its dependencies has changed"


def _tables(text: bytes | None) -> dict[str, Any] | None:
    if text is None:
        return None
    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return None


def _rest(table: dict[str, Any]) -> dict[str, Any]:
    """Return a manifest without its dependencies."""
    found = {key: value for key, value in table.items() if key not in _TABLES}
    for key in ("workspace", "target"):
        if isinstance(found.get(key), dict):
            inner = {k: _rest(v) if isinstance(v, dict) else v for k, v in found[key].items()}
            found[key] = {k: v for k, v in inner.items() if k not in _TABLES}
    return {key: value for key, value in found.items() if value}


def _is_related(path: str, permission: Permission) -> bool:
    if PurePosixPath(path).name == "Cargo.toml":
        return Allowed.DEPENDENCIES in permission.allowed  # what of it may change is the other gate's
    files = {*permission.files, *(test.path for test in permission.waiting)}
    return path in files or matches(permission.globs, path)


def _may_be_new(path: str, permission: Permission) -> bool:
    """Whether a file may be added: Rust source of the package's library or main program, or a test."""
    if matches(permission.globs, path):
        return True
    inside = posixpath.relpath(path, permission.package) if permission.package else path
    first, *rest = inside.split("/")
    plain = path.endswith(".rs") and is_below(path, permission.package)
    return plain and bool(rest) and (first == "tests" or (first == "src" and rest[0] != "bin"))
