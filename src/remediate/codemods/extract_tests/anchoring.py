"""File names in moved text: ``include_str!("../data")`` is written anew so that it means the same file."""

import posixpath
from collections.abc import Iterator

from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.hidden_modules import identifiers
from remediate.rust.included_files import MAYBE, Inclusion, inclusions
from remediate.rust.items import items
from remediate.rust.module_files import normalised, relative
from remediate.rust.package import Package


def anchored(text: bytes, span: tuple[int, int], old: str, new: str) -> tuple[Edit, ...] | Skip:
    """Return the edits of the file names in ``text[span]``, which moves from the file ``old`` to ``new``."""
    edits: list[Edit] = []
    for inclusion in inclusions(text, *span):
        if inclusion.anchor != "file":
            continue
        if inclusion.path is None:
            line = text.count(b"\n", 0, inclusion.start) + 1
            return Skip("relative-include", f"{old}:{line} builds the path of an `{inclusion.macro}!`")
        edits.append(_rewritten(inclusion, posixpath.dirname(old), posixpath.dirname(new)))
    return tuple(edits)


def including_macros(package: Package, text: bytes, span: tuple[int, int]) -> list[str]:
    """Return the macros named in ``text[span]`` that include files relative to their caller."""
    defined = package.derived(_including_macros)
    return sorted(defined & identifiers(text, *span)) if defined else []


def _rewritten(inclusion: Inclusion, old: str, new: str) -> Edit:
    first, *others = inclusion.literals
    path = first.text[1:-1].decode()
    meant = normalised(posixpath.join(old, path))
    if path.startswith("/"):
        text = path
    elif others and not path.endswith("/"):
        text = relative(posixpath.join(old, "_"), new).removesuffix("_") + path
    else:
        text = relative(meant, new) + ("/" if others else "")
    return Edit(first.start, first.end, f'"{text}"'.encode())


def _including_macros(package: Package) -> frozenset[str]:
    return frozenset(_defined(package))


def _defined(package: Package) -> Iterator[str]:
    for path in package.rust_files:
        if MAYBE.search(package.files[path]) and b"macro_rules" in package.files[path]:
            source = package.source(path)
            for item in items(source):
                found = inclusions(source.text, item.start, item.end) if item.kind == "macro_rules" else ()
                if item.name and any(i.anchor == "file" for i in found):
                    yield item.name
