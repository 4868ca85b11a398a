"""What a file's ``use`` declarations bind: just enough to know a blocking call under another name."""

import re
from collections.abc import Iterator

from remediate.rust.syntax.outline import Outline

_USE = re.compile(rb"use(?<!\wuse)\s+([^;]*);")
_TOKEN = re.compile(rb"::|\w+|[{},*]")
_Path = tuple[str, ...]


def imports(outline: Outline, *needles: bytes) -> dict[str, tuple[_Path, ...]]:
    """Return the paths each name is bound to by the ``use`` declarations that hold one of the needles.

    A glob is kept under "*". A name that several scopes bind has several paths.
    """
    found: dict[str, list[_Path]] = {}
    for match in _USE.finditer(outline.code):
        if any(needle in match[1] for needle in needles):
            for name, path in _leaves([t.decode(errors="replace") for t in _TOKEN.findall(match[1])]):
                found.setdefault(name, []).append(path)
    return {name: tuple(dict.fromkeys(paths)) for name, paths in found.items()}


def _leaves(tokens: list[str]) -> Iterator[tuple[str, _Path]]:
    """Yield name and path of each leaf of a use tree, ``self`` and ``as`` resolved."""
    stack: list[_Path] = []
    prefix: _Path = ()
    path: list[str] = []
    alias = ""
    after_as = False
    for word in [*tokens, ","]:
        if word == "{":
            stack.append(prefix)
            prefix, path = (*prefix, *path), []
        elif word in (",", "}"):
            if path:
                yield _bound(prefix, path, alias)
            path, alias = [], ""
            if word == "}" and stack:
                prefix = stack.pop()
        elif word == "as":
            after_as = True
        elif after_as:
            alias, after_as = word, False
        elif word != "::":
            path.append(word)


def _bound(prefix: _Path, path: list[str], alias: str) -> tuple[str, _Path]:
    whole = (*prefix, *path)
    if whole[-1] == "self":
        whole = whole[:-1]
    return alias or (whole[-1] if whole else ""), whole
