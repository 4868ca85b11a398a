"""What depends on where its file lies: names of files are written anew, the rest stays.

``include_str!``, ``#[path]`` of modules below, and the ``#[path]`` through which the parent finds a file.
"""

import posixpath
import re
from collections.abc import Iterable

from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.module import Module, relative
from remediate.rust.modules.module_tree import hidden_modules, module_tree
from remediate.rust.modules.relative_paths import anchored, including_macros, inclusions, module_paths
from remediate.rust.package import Package
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.source import Source


def beside(path: str) -> str:
    """Return where a file with children of its own goes: ``odd/place.rs`` to ``odd/place/mod.rs``."""
    return posixpath.join(path.removesuffix(".rs"), "mod.rs")


def declaration(package: Package, module: Module, new: str) -> tuple[str, Edit] | None:
    """Return the parent's file and its ``#[path]`` for the file ``new``, None where one cannot be written.

    That is so for a ``#[path]`` under a ``cfg_attr`` or in an inline module, and where M has files below it,
    which are found beside it.
    """
    parent, item = module.parent, module.item
    if parent is None or parent.span is not None or item is None or _has_files(package, module):
        return None
    if sum(a.path == "path" for a in item.attributes) != 1 or any(
        a.path == "cfg_attr" for a in item.attributes
    ):
        return None
    found = module_paths([item], "", "")
    if not found:
        return None
    [old] = found
    name = relative(new, posixpath.dirname(parent.file))
    return parent.file, Edit(old.start, old.end, f'"{name}"'.encode())


def _has_files(package: Package, module: Module) -> bool:
    below = (m for m in module_tree(package).modules if any(a is module for a in m.ancestors()))
    return any(m.span is None for m in below)


_PLACE = re.compile(rb"\b(?:include_dir|file|line|column|module_path|trybuild|assert\w*_snapshot)\s*!")
_PATH = re.compile(rb"#\s*\[\s*(?:cfg_attr\s*\([^\]]*)?\bpath\s*=")
_CODE = {TokenKind.IDENT, TokenKind.LIFETIME}


def depends_on_file(package: Package, source: Source, span: tuple[int, int]) -> bool:
    """Whether code means something else in another file, and no literal could be rewritten to prevent it."""
    text = source.text
    return (
        _PLACE.search(text, *span) is not None
        or any(hidden_modules(text, *span))
        or bool(including_macros(package, text, span))
        or isinstance(anchored(text, span, source.path, source.path), Skip)
        or any(
            i.macro == "include" and not _is_data(package, i.target(package, source.path))
            for i in inclusions(text, *span)
        )
    )


def _is_data(package: Package, path: str | None) -> bool:
    """Whether an ``include!`` brings literals only: nothing in it could look for a name."""
    text = package.files.get(path or "")
    return text is not None and not any(t.kind in _CODE for t in tokens(text))


def rewritten(text: bytes, span: tuple[int, int], old: str, new: str) -> tuple[Edit, ...]:
    """Return the edits of file names in ``text[span]``, which moves from the file ``old`` to ``new``.

    What could not be rewritten must have been kept in place before (``depends_on_file``).
    """
    edits = anchored(text, span, old, new) if posixpath.dirname(old) != posixpath.dirname(new) else ()
    assert not isinstance(edits, Skip)  # noqa: S101 - see above
    return tuple(edit for edit in edits if text[edit.start : edit.end] != edit.new)


def moved_modules(
    text: bytes, span: tuple[int, int], declared: Iterable[Item], old: str, new: str
) -> tuple[Edit, ...] | None:
    """Return the edits of every ``#[path]`` in ``text[span]``, where modules are ``declared``.

    Inside inline modules it is relative to a folder of their own, which stays. None where there is a
    ``#[path]`` in a function or in a macro.
    """
    listed = tuple(declared)
    edits = module_paths(listed, old, new)
    inline = [i.body for i in listed if i.kind == "mod" and i.body is not None]
    found = [m.start() for m in _PATH.finditer(text, *span)]
    own = sum(not any(start <= at < end for start, end in inline) for at in found)
    return edits if edits is not None and len(edits) == own else None
