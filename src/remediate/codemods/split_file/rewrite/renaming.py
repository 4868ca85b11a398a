"""The rename that may be committed before the cut: git then follows most lines to where they go."""

import posixpath
from collections import Counter
from collections.abc import Collection, Mapping

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.relative_files import moved_modules, rewritten
from remediate.codemods.split_file.rewrite.manifest import manifest_edits
from remediate.edits import Change, Edit
from remediate.model import Skip
from remediate.rust.modules.module import relative
from remediate.rust.modules.relative_paths import anchored
from remediate.rust.syntax.items import Item


def renaming(ground: Ground, after: Mapping[str, bytes | None]) -> Change | None:
    """Return the rename of M to the file of ``after`` that keeps most of its lines, and that compiles alone.

    None where that is M's own path, or nothing else can be: the root of a crate has to stay where it is.
    """
    for path in _by_lines_kept(ground, after):
        if path == ground.path:
            return None
        edits = _edits(ground, path)
        if edits is not None:
            return Change(f"Rename {ground.path} to {path}", edits=edits, moves={ground.path: path})
    return None


def _by_lines_kept(ground: Ground, after: Mapping[str, bytes | None]) -> list[str]:
    # With their indentation: `git blame` does not look through that, and an inline module's body loses it.
    old = Counter(line for line in ground.source.text.splitlines() if line.strip())
    kept = {
        path: sum((old & Counter(text.splitlines())).values())
        for path, text in after.items()
        if text is not None and path.endswith(".rs")
    }
    return sorted(kept, key=lambda path: (-kept[path], path))


def _edits(ground: Ground, path: str) -> dict[str, tuple[Edit, ...]] | None:
    """Return what else has to change for M to be found at ``path``, None where that is not to be had."""
    text, whole = ground.source.text, (0, len(ground.source.text))
    base, folder = ground.module.location.base, posixpath.dirname(path)
    if isinstance(anchored(text, whole, ground.path, path), Skip):
        return None
    if rewritten(text, whole, ground.path, path) or moved_modules(text, whole, ground.items, base, folder):
        return None
    if path == ground.facade:
        listed = _listed(ground, {path})
        return None if listed is None else listed | ground.elsewhere
    parent, item = ground.module.parent, ground.module.item
    if parent is None or item is None or parent.span is not None or ground.module.loaded_by != "name":
        return None
    # A module found by `#[path]` looks for its children beside itself, and that is where they are.
    listed = _listed(ground, {path})
    return (
        None
        if listed is None
        else {**listed, parent.file: (_path_attribute(ground, item, parent.file, path),)}
    )


def _listed(ground: Ground, new: Collection[str]) -> dict[str, tuple[Edit, ...]] | None:
    found = manifest_edits(ground, new)
    return None if isinstance(found, Skip) else found


def _path_attribute(ground: Ground, item: Item, parent: str, path: str) -> Edit:
    text = ground.package.files[parent]
    line = text.rfind(b"\n", 0, item.start) + 1
    indent = text[line : item.start] if not text[line : item.start].strip() else b" "
    end = b"\r\n" if b"\r\n" in text else b"\n"
    named = f'#[path = "{relative(path, posixpath.dirname(parent))}"]'.encode()
    return Edit(item.start, item.start, named + end + indent)
