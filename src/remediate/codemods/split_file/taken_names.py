"""Names a new module must not have: something in M's scope has them, or a file."""

import posixpath
import re
from collections.abc import Collection, Iterator

from remediate.codemods.split_file.draft import Survey
from remediate.rust.modules.manifest import dependencies
from remediate.rust.package import Package
from remediate.rust.syntax.known_names import (
    KEYWORDS,
    PRELUDE_MACROS,
    PRIMITIVES,
    RESERVED_FILES,
    STANDARD_CRATES,
)
from remediate.rust.syntax.lexer import TokenKind

_DOC = re.compile(rb"(?m)^[ \t]*//[/!](.*)$")
_LINK = re.compile(rb"\[`?(\w+)`?(?=\](?!\())|(?:\]\(|\]:[ \t]*)`?(\w+)`?(?=[)\s]|$)")
"""A link to a bare name: with ``()`` or ``!`` behind it, it can mean no module."""
_ITSELF = re.compile(rb"\bextern\s+crate\s+self\b")
_ALWAYS = {
    *KEYWORDS,
    *PRIMITIVES,
    *STANDARD_CRATES,
    *RESERVED_FILES,
    "lib",
    "main",
    "mod",
    "tests",
}


def taken_names(survey: Survey) -> frozenset[str]:
    """Return every name that is not free, in lower case where only the file system objects.

    Functions and macros have namespaces of their own: they count only where a documentation link names them.
    """
    imported = {*survey.ground.scope.imported, *_heads(survey)}
    return frozenset(imported) | _taken_whatever_is_imported(survey)


def leaving_imports(survey: Survey, staying: Collection[int]) -> frozenset[str]:
    """Return names that are taken only by imports that go with the units that do not stay.

    Args:
        survey: What is known of the file.
        staying: The units that stay, by index.
    """
    below = [needs for module in survey.below for needs in (module.by_glob, module.by_path)]
    needed = {leaf for needs in (*(survey.needs[i] for i in staying), *below) for leaf in needs.imports}
    reached = {name for needs in (*survey.needs, *below) for name in needs.facade}
    bare = {
        name
        for name, found in survey.ground.scope.imported.items()
        if name not in reached and all(one.visibility.private for one in found)
        if needed.isdisjoint(one.leaf.start for one in found)
    }
    return frozenset(bare) - _taken_whatever_is_imported(survey)


def _taken_whatever_is_imported(survey: Survey) -> frozenset[str]:
    ground = survey.ground
    names = {*_ALWAYS, *_defined(survey), *_files(survey)}
    names |= {child.name for child in ground.resolver.tree.children(ground.module)}
    for glob in ground.scope.globs:
        names |= ground.resolver.names_by_glob(ground.module, glob) or set()
    names |= ground.package.derived(dependencies)
    names |= PRELUDE_MACROS & ground.package.derived(_linked)
    if ground.package.edition == "2015" or ground.package.derived(_names_itself):
        names.add(ground.package.name.replace("-", "_"))
    return frozenset(names | {ground.module.name})


def _names_itself(package: Package) -> bool:
    """Whether a path in the package may begin with its own name: it is brought by ``extern crate self``."""
    return any(_ITSELF.search(package.files[path]) for path in package.rust_files)


def _defined(survey: Survey) -> Iterator[str]:
    """Yield the names of items, but for functions that no documentation link says."""
    linked = survey.ground.package.derived(_linked)
    for name, definitions in survey.ground.scope.defined.items():
        if name in linked or any(d.item.kind != "fn" for d in definitions):
            yield name


def _linked(package: Package) -> frozenset[str]:
    """Return every name in brackets in a documentation comment of the package."""
    texts = (line for path in package.rust_files for line in _DOC.findall(package.files[path]))
    found = (m for line in texts if b"[" in line for m in _LINK.findall(line))
    return frozenset((text or target).decode() for text, target in found)


def _heads(survey: Survey) -> Iterator[str]:
    """Yield the names that begin a path somewhere in the file: ``std`` of ``std::{error::Error, fmt}``."""
    stream = [t for t in survey.ground.source.tokens if t.kind is not TokenKind.COMMENT]
    texts = [token.text for token in stream]
    within_path: list[bool] = []
    for at, token in enumerate(stream):
        behind_path = texts[max(at - 2, 0) : at] == [b":", b":"]
        if token.text == b"{":
            within_path.append(behind_path)
        elif token.text == b"}" and within_path:
            within_path.pop()
        elif behind_path or (within_path and within_path[-1]):
            continue
        elif token.kind is TokenKind.IDENT and texts[at + 1 : at + 3] == [b":", b":"]:
            yield token.name


def _files(survey: Survey) -> Iterator[str]:
    """Yield what stands in the folder of the new modules already: files and folders, whatever their case."""
    package, folder = survey.ground.package, survey.ground.directory
    start = f"{folder}/" if folder else ""
    for path in (*package.files, *package.paths):
        if path.startswith(start):
            yield posixpath.splitext(path[len(start) :].split("/")[0])[0].lower()
