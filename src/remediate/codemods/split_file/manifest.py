"""The manifest of a target whose root file moves: an explicit ``path`` follows it."""

import posixpath
import re

from remediate.codemods.split_file.ground import Ground
from remediate.edits import Edit


def manifest_edits(ground: Ground) -> dict[str, tuple[Edit, ...]]:
    """Return the edits of Cargo.toml: the path of a moved target root, if it is written there."""
    if ground.manifest is None:
        return {}
    package = ground.package
    path = posixpath.join(package.root, "Cargo.toml")
    old, new = (posixpath.relpath(p, package.root or ".") for p in ground.manifest)
    text = package.files.get(path, b"")
    pattern = re.compile(rb"(?m)^\s*path\s*=\s*([\"'])(?:\./)?" + re.escape(old.encode()) + rb"\1")
    edits = []
    for match in pattern.finditer(text):
        start = text.index(old.encode(), match.start())
        edits.append(Edit(start, start + len(old), new.encode()))
    return {path: tuple(edits)} if edits else {}
