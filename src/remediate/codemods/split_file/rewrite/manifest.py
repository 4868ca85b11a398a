"""The manifest of a package whose files become more: paths of targets, and lists of what is published."""

import posixpath
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.edits import Edit, ManifestEdit, difference
from remediate.model import Skip
from remediate.rust.modules.manifest import packaging, ships

_TARGETS = ("lib", "bin", "test", "example", "bench")


def manifest_edits(ground: Ground, new: Collection[str]) -> dict[str, tuple[Edit, ...]] | Skip:
    """Return the edits of Cargo.toml that ``new`` files ask for: paths relative to the workspace root."""
    package = ground.package
    path = posixpath.join(package.root, "Cargo.toml")
    old = package.files.get(path)
    if old is None:
        return {}
    text = _retargeted(ground, old) if ground.manifest is not None else old
    listed = _listed(ground, text, new)
    if isinstance(listed, Skip):
        return listed
    return {path: (difference(old, listed),)} if listed != old else {}


def declared_edits(ground: Ground, new: Collection[str]) -> tuple[ManifestEdit, ...]:
    """Return what ``manifest_edits`` may do: the new path of a target, and patterns for the new files."""
    path = posixpath.join(ground.package.root, "Cargo.toml")
    moved = _inside(ground, ground.manifest[1]) if ground.manifest is not None else None
    front = f"{ground.package.root}/" if ground.package.root else ""
    files = sorted(file.removeprefix(front) for file in new if file.startswith(front))
    patterns = _patterns(ground, files) if files else []
    return (
        *(ManifestEdit(path, (name, "path"), moved) for name in _TARGETS if moved is not None),
        ManifestEdit(path, ("package", "include"), tuple(patterns)),
        ManifestEdit(path, ("package", "exclude"), tuple(f"!{pattern}" for pattern in patterns)),
    )


def _retargeted(ground: Ground, text: bytes) -> bytes:
    """Return the manifest with the new path of a target whose root file moves, if it has one."""
    assert ground.manifest is not None  # noqa: S101 - asked for moved roots only
    old, new = (_inside(ground, path) for path in ground.manifest)
    import tomlkit  # noqa: PLC0415 - slow to load, and seldom needed

    document = tomlkit.parse(text.decode())
    found = [t for t in _targets(document) if posixpath.normpath(str(t.get("path", ""))) == old]
    for target in found:
        target["path"] = new
    return tomlkit.dumps(document).encode() if found else text


def _targets(document: Mapping[str, Any]) -> Iterator[Any]:
    for name in _TARGETS:
        table: Any = document.get(name, [])
        yield from table if isinstance(table, list) else [table]


def _listed(ground: Ground, text: bytes, new: Collection[str]) -> bytes | Skip:
    """Return the manifest with lists that publish the new files, if they published the old one."""
    if not ships(text, _inside(ground, ground.path)):
        return text
    front = f"{ground.package.root}/" if ground.package.root else ""
    files = sorted(path.removeprefix(front) for path in new if path.startswith(front))
    answer = packaging(text, files, _patterns(ground, files)) if files else None
    return text if answer is None else answer


def _patterns(ground: Ground, files: list[str]) -> list[str]:
    """Return what covers the new files and nothing else: a folder that holds nothing yet, else each file."""
    folder = ground.directory
    package = ground.package
    own = folder != package.root and not any(
        path.startswith(f"{folder}/") for path in (*package.files, *package.paths)
    )
    return [posixpath.join("/", _inside(ground, folder), "**")] if own else [f"/{file}" for file in files]


def _inside(ground: Ground, path: str) -> str:
    return posixpath.relpath(path, ground.package.root or ".")
