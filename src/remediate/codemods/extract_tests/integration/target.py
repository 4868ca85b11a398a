"""The test target of promoted modules: its root file, and its place in Cargo.toml."""

import posixpath
import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field

import tomlkit

from remediate.codemods.extract_tests.integration.mirror import Promoted, crates_and_features, declared
from remediate.codemods.extract_tests.integration.preconditions import NAME, Ground, ground
from remediate.edits import Edit, difference
from remediate.rust.modules.manifest import with_line_ends_of
from remediate.rust.package import Package
from remediate.rust.syntax.indent import line_end
from remediate.rust.syntax.items import items
from remediate.rust.syntax.source import Source

_HEADING = b"//! Tests that use public items only.\n"
"""The first line of a new target's root file: some projects ask for a documentation of every crate."""


@dataclass(frozen=True)
class TestTarget:
    """What the root file takes; the parts are those of ``edits.Change``.

    Attributes:
        manifest: Cargo.toml with the target declared, None where it need not be.
        modules: The names of the modules it declares.
    """

    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    creations: dict[str, bytes] = field(default_factory=dict)
    format: dict[str, str] = field(default_factory=dict)
    headings: dict[str, bytes] = field(default_factory=dict)
    modules: frozenset[str] = frozenset()
    manifest: bytes | None = None


def target(package: Package, promoted: Sequence[Promoted], unused: Collection[str] = ()) -> TestTarget:
    """Return what it takes to declare the promoted modules; ``unused`` are crates that they do not need."""
    found = ground(package)
    if not promoted or not isinstance(found, Ground):
        return TestTarget()
    old = package.files.get(found.main)
    said = {crate for crate in unused if any(_says(p.text, crate) for p in promoted)}
    text = begun(package, found, {*unused} - said, said)
    for module in sorted(promoted, key=lambda p: p.promotion.tests):
        text = declared(text, module) or text
    modules = frozenset(around.name for module in promoted for around in module.around)
    modules |= {module.name for module in promoted if module.promotion.parts}
    manifest = _manifest(package) if found.declared else None
    style = {found.main: found.main if old is not None else found.root.file}
    if old is None:
        made, headings = {found.main: text}, {found.main: _HEADING}
        return TestTarget({}, made, style, headings, modules, manifest)
    edits: dict[str, tuple[Edit, ...]] = {found.main: (difference(old, text),)}
    return TestTarget(edits=edits, format=style, modules=modules, manifest=manifest)


def _says(text: bytes, crate: str) -> bool:
    """Whether a text has a path that begins with the name that ``extern crate x;`` or ``.. as x;`` brings."""
    name = crate.rstrip("; ").split()[-1]
    return re.search(rf"\b{name}\s*::".encode(), text) is not None


def begun(
    package: Package, found: Ground, unused: Collection[str] = (), without_macros: Collection[str] = ()
) -> bytes:
    """Return the root file before the modules: with the crates that the library's own root names."""
    old = package.files.get(found.main)
    head = crates_and_features(package, found, unused, without_macros)
    if old is None:
        return _HEADING + b"\n" + head
    source = Source(found.main, old)
    known = {old[i.start : i.end] for i in items(source) if i.kind == "extern crate"}
    missing = [line for line in head.splitlines(keepends=True) if line.strip() not in known]
    first = next((item.lead for item in items(source)), len(old))
    apart = line_end(old) if missing else b""
    return old[:first] + b"".join(missing) + apart + old[first:]


def _manifest(package: Package) -> bytes:
    """Return Cargo.toml with the target declared: cargo does not look for it."""
    text = package.files[posixpath.join(package.root, "Cargo.toml")]
    document = tomlkit.parse(text.decode())
    table = tomlkit.table()
    table.add("name", NAME)
    table.add("path", f"tests/{NAME}/main.rs")
    tables = document.get("test")
    if tables is None:
        tables = tomlkit.aot()
        document.add(tomlkit.nl())
        document.append("test", tables)
    tables.append(table)
    return with_line_ends_of(text, tomlkit.dumps(document).encode())
