"""What Cargo.toml says to the code of a package: its dependencies, and the lists of packaged files."""

import posixpath
import re
import tomllib
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from pathspec import GitIgnoreSpec

from remediate.model import Skip
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package

if TYPE_CHECKING:
    from tomlkit.items import Array


def manifest_path(package: Package) -> str:
    """Return the path of a package's Cargo.toml."""
    return posixpath.join(package.root, "Cargo.toml")


def manifest(package: Package) -> bytes:
    """Return a package's Cargo.toml, empty where there is none."""
    return package.files.get(manifest_path(package), b"")


def manifest_table(package: Package) -> dict[str, Any]:
    """Return what a package's Cargo.toml says, {} where it cannot be read."""
    return package.derived(_manifest_table)


def _manifest_table(package: Package) -> dict[str, Any]:
    return _table(manifest(package))


def workspace_table(codebase: Codebase) -> dict[str, Any]:
    """Return the table ``[workspace]`` of the Cargo.toml at the top, which members may inherit from."""
    table = _table(codebase.files.get("Cargo.toml", b"")).get("workspace", {})
    return table if isinstance(table, dict) else {}


def _table(text: bytes) -> dict[str, Any]:
    try:
        return tomllib.loads(text.decode())
    except (tomllib.TOMLDecodeError, UnicodeDecodeError):
        return {}


def package_table(package: Package) -> dict[str, Any]:
    """Return the table ``[package]`` of a package's Cargo.toml."""
    table = manifest_table(package).get("package", {})
    return table if isinstance(table, dict) else {}


def is_published(package: Package) -> bool:
    """Whether a package may be published at all."""
    return package_table(package).get("publish") not in (False, [])


def rust_version(codebase: Codebase, package: Package) -> tuple[int, ...]:
    """Return the oldest release that a package says it compiles with, () where it says none."""
    said = package_table(package).get("rust-version")
    if isinstance(said, dict):
        said = workspace_table(codebase).get("package", {}).get("rust-version")
    return tuple(map(int, re.findall(r"\d+", said))) if isinstance(said, str) else ()


def finds_new_tests(package: Package) -> bool:
    """Whether cargo makes a target of a new file in ``tests/``."""
    given = package_table(package).get("autotests")
    declares = given is None and package.edition == "2015" and bool(manifest_table(package).get("test"))
    return given is not False and not declares


def dependencies(package: Package) -> frozenset[str]:
    """Return the crate names that the manifest of the package makes known, by a scan of its text."""
    return frozenset(_dependency_names(manifest(package).decode(errors="replace")))


def _dependency_names(text: str) -> Iterator[str]:
    section = ""
    for line in map(str.strip, text.splitlines()):
        if line.startswith("["):
            section = line.strip("[]").strip()
            head, _, name = section.rpartition(".")
            if head.endswith("dependencies"):
                yield name.strip('"').replace("-", "_")
        elif section.endswith("dependencies") and "=" in line and not line.startswith("#"):
            yield line.partition("=")[0].partition(".")[0].strip().strip('"').replace("-", "_")


def packaging(text: bytes, files: Sequence[str], patterns: Sequence[str]) -> bytes | Skip | None:
    """Return the manifest with lists that package ``files``, or None if they are packaged as it is.

    ``files`` are relative to the package root, and the ``patterns`` cover them: ``include`` gets these,
    ``exclude`` gets them negated, for its patterns are a .gitignore's.
    """
    if not _selects(text):
        return None
    name, listed = _list(_table(text))
    if not listed:
        return None
    if not isinstance(listed, list):
        return Skip("manifest-list", f"`{name}` of Cargo.toml is inherited and does not package {files[0]}")
    if all(_is_shipped(name, listed, file) for file in files):
        return None
    import tomlkit  # noqa: PLC0415 - slow to load, and to read: only where something is to be written

    document = tomlkit.parse(text.decode())
    _, written = _list(document)
    for pattern in patterns:
        _append(written, pattern if name == "include" else f"!{pattern}")
    return with_line_ends_of(text, tomlkit.dumps(document).encode())


def ships(text: bytes, file: str) -> bool:
    """Whether a manifest's lists leave a file, relative to the package root, in what is published.

    True where a list is inherited: nobody can tell from this manifest alone.
    """
    if not _selects(text):
        return True
    name, listed = _list(_table(text))
    return not isinstance(listed, list) or _is_shipped(name, listed, file)


def _selects(text: bytes) -> bool:
    """Whether a manifest may have a list: most have none, and tomlkit is slow."""
    return b"include" in text or b"exclude" in text


def _list(document: Mapping[str, Any]) -> tuple[str, Any]:
    """Return which list selects what is published of a package, and the list; None where none does."""
    package: Any = document.get("package", {})
    name = "include" if package.get("include") else "exclude"
    return name, None if package.get("publish") is False else package.get(name)


def _is_shipped(name: str, listed: Iterable[object], file: str) -> bool:
    return GitIgnoreSpec.from_lines(map(str, listed)).match_file(file) == (name == "include")


def _append(patterns: "Array", pattern: str) -> None:
    if "\n" in patterns.as_string():
        indent = patterns.as_string().split("\n", 1)[1]
        patterns.add_line(pattern, indent=indent[: len(indent) - len(indent.lstrip(" \t"))])
    else:
        patterns.append(pattern)


def with_line_ends_of(old: bytes, new: bytes) -> bytes:
    """Return ``new`` with CRLF where ``old`` has it: tomlkit writes LF."""
    return new.replace(b"\r\n", b"\n").replace(b"\n", b"\r\n") if b"\r\n" in old else new
