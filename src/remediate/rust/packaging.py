"""Cargo.toml's lists of packaged files: what a published crate is made of must be in its archive."""

from collections.abc import Sequence
from typing import Any

import tomlkit
from pathspec import GitIgnoreSpec
from tomlkit.items import Array

from remediate.model import Skip


def packaging(text: bytes, files: Sequence[str], patterns: Sequence[str]) -> bytes | Skip | None:
    """Return the manifest with lists that package ``files``, or None if they are packaged as it is.

    ``files`` are relative to the package root, and the ``patterns`` cover them: ``include`` gets these,
    ``exclude`` gets them negated, for its patterns are a .gitignore's.
    """
    document = tomlkit.parse(text.decode())
    package: Any = document.get("package", {})
    if package.get("publish") is False:
        return None
    name = "include" if package.get("include") else "exclude"
    listed = package.get(name)
    if not listed:
        return None
    if not isinstance(listed, Array):
        return Skip("manifest-list", f"`{name}` of Cargo.toml is inherited and does not package {files[0]}")
    matched = [GitIgnoreSpec.from_lines(map(str, listed)).match_file(f) for f in files]
    if all(m == (name == "include") for m in matched):
        return None
    for pattern in patterns:
        _append(listed, pattern if name == "include" else f"!{pattern}")
    return _with_line_ends_of(text, tomlkit.dumps(document).encode())


def _append(patterns: Array, pattern: str) -> None:
    if "\n" in patterns.as_string():
        indent = patterns.as_string().split("\n", 1)[1]
        patterns.add_line(pattern, indent=indent[: len(indent) - len(indent.lstrip(" \t"))])
    else:
        patterns.append(pattern)


def _with_line_ends_of(old: bytes, new: bytes) -> bytes:
    """Return ``new`` with CRLF where ``old`` has it: tomlkit writes LF."""
    return new.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if b"\r\n" in old else new
