"""The test target of promoted modules: whether there can be one, its root file, its place in Cargo.toml.

And what a change says of each test module that becomes an integration test: its own gates hold it to this.
"""

import posixpath
import re
from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import msgspec
import tomlkit

from remediate.edits import Change, Edit, MovedTests, apply, difference
from remediate.model import Skip
from remediate.rust.modules.manifest import finds_new_tests, manifest_table, with_line_ends_of
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package, Target
from remediate.rust.resolution.names import defined
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.indent import line_end
from remediate.rust.syntax.items import Item, children, inner_attributes, items
from remediate.rust.syntax.lexer import TokenKind
from remediate.rust.syntax.source import Source

NAME = "it"
TARGET = f'test "{NAME}"'
"""The target of promoted tests, as cargo's messages call it."""
_HEADING = b"//! Tests that use public items only.\n"
"""The first line of a new target's root file: some projects ask for a documentation of every crate."""


@dataclass(frozen=True, slots=True)
class Promotion:
    """A test module, or a part of one, that moves out of its library into an integration test.

    Attributes:
        tests: Its path in the test harness, the same before and after: ``m::tests``.
        crate: The library's name in code.
        file: Where it stands now.
        claims: Each public path it uses, with the path of the definition that it has to lead to; both are
            below the library's root.
        parts: The names of what moves where the module is divided; () where it moves as a whole.
        rest: The file with the rest of a module that is divided.
    """

    tests: str
    crate: str
    file: str
    claims: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()
    rest: str = ""

    def holds(self, path: str) -> bool:
        """Whether a path of the library is that of something that moves."""
        return MovedTests(self.tests, parts=self.parts).holds(path)


def claims_text(promotions: Sequence[Promotion]) -> str:
    """Return promotions as ``Change.claims``."""
    return msgspec.json.encode(promotions).decode() if promotions else ""


def promotions_of(change: Change) -> tuple[Promotion, ...]:
    """Return the promotions that a change declares."""
    return _read_claims(change.claims)


@lru_cache(maxsize=16)
def _read_claims(text: str) -> tuple[Promotion, ...]:
    return msgspec.json.decode(text, type=tuple[Promotion, ...]) if text else ()


@dataclass(frozen=True)
class TestTarget:
    """The library that promoted tests link, and the test target that they go to.

    Attributes:
        crate: The library's name in the test target.
        root: The library's root module.
        main: The path of the test target's root file, there or not.
        declared: Whether Cargo.toml has to declare the target, because cargo would not find it.
    """

    crate: str
    root: Module
    main: str
    declared: bool


def test_target(package: Package) -> TestTarget | Skip:
    """Return what promoted tests would stand on, or why the package has no place for them."""
    return package.derived(_test_target)


def _test_target(package: Package) -> TestTarget | Skip:
    library = next((t for t in package.targets if t.is_linkable), None)
    if library is None:
        return Skip("no-library", f"{package.name} has no library that a test could link")
    if not (library.test and library.harness):
        return Skip("library-untested", f"the library of {package.name} has `test = false` or no harness")
    root = next(
        (m for m in module_tree(package).modules if m.root == library.root and m.parent is None), None
    )
    if root is None or root.targets != (library,):
        return Skip("no-library", f"{library.root} is the root of other targets too, or cannot be read")
    skip = next(_taken(package), None)
    if skip is not None:
        return skip
    crate = library.name.replace("-", "_")
    if crate in {m.name for m in module_tree(package).children(root)}:
        crate += "_lib"  # A module that mirrors the library's would hide it.
    return TestTarget(crate, root, main_of(package), _needs_declaration(package))


def main_of(package: Package) -> str:
    """Return where the root file of the test target is."""
    return posixpath.join(package.root, "tests", NAME, "main.rs")


def _taken(package: Package) -> Iterator[Skip]:
    main, folder = main_of(package), posixpath.join(package.root, "tests", NAME)
    mine = [t for t in package.targets if t.root == main]
    for path in (f"{folder}.rs", folder, posixpath.dirname(folder)):
        if package.exists(path) or path in package.members or package.exists(f"{path}/Cargo.toml"):
            yield Skip("it-target-taken", f"{path} is something else already")
    if any(t.name == NAME and t.root != main for t in package.targets):
        yield Skip("it-target-taken", f"a target of {package.name} that stands elsewhere is called {NAME}")
    if package.exists(main) and not _is_open(package, main, mine):
        yield Skip("it-target-taken", f"not all builds run the tests of {main}, or it has no harness")
    table = next((t for t in _tables(package) if t.get("name") == NAME), {})
    if table.get("required-features"):
        yield Skip("it-target-taken", f"the target {NAME} has required features, so its tests may not run")


def _is_open(package: Package, main: str, targets: list[Target]) -> bool:
    """Whether a module declared in an existing root file is compiled, and run, in every test build."""
    if main not in package.files or not targets or not all(t.test and t.harness for t in targets):
        return False
    inner = inner_attributes(package.source(main))
    return not any(a.path in ("cfg", "cfg_attr", "test_runner") for a in inner)


def _needs_declaration(package: Package) -> bool:
    """Whether cargo does not look for test targets, and does not know this one."""
    if any(t.root == main_of(package) for t in package.targets):
        return False
    return not finds_new_tests(package)


def _tables(package: Package) -> list[dict[str, Any]]:
    tables = manifest_table(package).get("test", [])
    return tables if isinstance(tables, list) else []


@dataclass(frozen=True, slots=True)
class Around:
    """A module that mirrors one of the library: its name, and its attributes, each as one line."""

    name: str
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Promoted:
    """A test module in the test target.

    Attributes:
        around: The modules around it, outermost first.
        declaration: What declares it, attributes and comments included.
        text: Its text as it stands there.
    """

    promotion: Promotion
    around: tuple[Around, ...]
    name: str
    declaration: bytes
    text: bytes = b""


def target(
    package: Package, promoted: Sequence[Promoted], unused: Collection[str] = ()
) -> tuple[Change, bytes | None]:
    """Return what it takes to declare the promoted modules; ``unused`` are crates that they do not need.

    Beside the change of the root file: Cargo.toml with the target declared, None where it need not be.
    """
    found = test_target(package)
    if not promoted or not isinstance(found, TestTarget):
        return Change(summary=""), None
    old = package.files.get(found.main)
    said = {crate for crate in unused if any(_says(p.text, crate) for p in promoted)}
    text = begun(package, found, {*unused} - said, said)
    for module in sorted(promoted, key=lambda p: p.promotion.tests):
        text = declared(text, module) or text
    modules = frozenset(around.name for module in promoted for around in module.around)
    modules |= {module.name for module in promoted if module.promotion.parts}
    change = Change(
        summary="",
        edits={} if old is None else {found.main: (difference(old, text),)},
        creations={found.main: text} if old is None else {},
        format={found.main: found.root.file if old is None else found.main},
        headings={found.main: _HEADING} if old is None else {},
        new_modules=modules,
    )
    return change, _manifest(package) if found.declared else None


def _says(text: bytes, crate: str) -> bool:
    """Whether a text has a path that begins with the name that ``extern crate x;`` or ``.. as x;`` brings."""
    name = crate.rstrip("; ").split()[-1]
    return re.search(rf"\b{name}\s*::".encode(), text) is not None


def begun(
    package: Package, found: TestTarget, unused: Collection[str] = (), without_macros: Collection[str] = ()
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


def around(package: Package, module: Module) -> tuple[Around, ...]:
    """Return the modules that mirror those around a test module, with what holds for all in them."""
    found = [m for m in reversed(list(module.ancestors())) if m.parent is not None]
    return tuple(Around(m.name, tuple(_repeated(_attributes(package, m)))) for m in found)


def second_declaration(package: Package, module: Module) -> bytes:
    """Return a second declaration of a module that is divided: its attributes hold for both halves."""
    lines = [_plain(source, a) for source, a in _attributes(package, module) if a.path not in ("path", "doc")]
    return "\n".join([*lines, f"mod {module.name};"]).encode()


def _attributes(package: Package, module: Module) -> Iterator[tuple[Source, Attribute]]:
    """Yield the attributes of a module, those inside of it too, each with the file that it stands in."""
    source = package.source(module.file)
    declaring = package.source(module.parent.file) if module.parent and module.span is None else source
    if module.item is not None:
        yield from ((declaring, a) for a in module.item.attributes)
        inner = inner_attributes(source, module.item if module.span is not None else None)
        yield from ((source, a) for a in inner)


def declared(text: bytes, promoted: Promoted) -> bytes | None:
    """Return the root file with one more module, None where another thing has its name."""
    source = Source("main.rs", text)
    place = _place(source, promoted)
    if place is None:
        return None
    offset, depth = place
    rest, end = promoted.around[depth:], line_end(text)
    lines = list(_lines(rest, promoted.declaration, depth))
    before = text[:offset].rstrip(b" \t")
    gap = b"" if not before or before.endswith(b"\n") else end
    apart = end if before.strip() and depth == 0 and not before.endswith(end + end) else b""
    closing = b"    " * (depth - 1) if depth else b""
    return before + gap + apart + end.join(lines) + end + closing + text[offset:].lstrip(b" \t")


def crates_and_features(
    package: Package, found: TestTarget, unused: Collection[str] = (), without_macros: Collection[str] = ()
) -> bytes:
    """Return what the library's root says that code in any of its modules rests on.

    Left out are crates that are ``unused``, and the ``#[macro_use]`` of those ``without_macros``.
    """
    source = package.source(found.root.file)
    kept = [a for a in inner_attributes(source) if a.path in ("feature", "recursion_limit")]
    lines = [source.text[a.start : a.end] for a in kept]
    for item in items(source):
        text = source.text[item.start : item.end].decode(errors="replace")
        if item.kind == "extern crate" and text not in unused and _is_repeated(package, item, text):
            lines.append(_extern_crate(source, item, macros=text not in without_macros))
    name = found.root.targets[0].name.replace("-", "_")
    if found.crate != name:
        lines.append(f"extern crate {name} as {found.crate};".encode())
    elif package.edition == "2015":
        lines.append(f"extern crate {name};".encode())
    return b"".join(line + b"\n" for line in lines)


def _is_repeated(package: Package, item: Item, text: str) -> bool:
    if item.name in ("self", "std", "core"):
        return False
    macros = any(a.path == "macro_use" for a in item.attributes)
    return " as " in text or macros or item.name == "alloc" or package.edition == "2015"


def _extern_crate(source: Source, item: Item, *, macros: bool) -> bytes:
    attributes = b"".join(
        source.text[a.start : a.end] + b"\n"
        for a in item.attributes
        if (a.path == "macro_use" and macros) or (a.path == "cfg" and a.text != "test")
    )
    start = item.start if item.visibility is None else item.visibility[1] + 1
    return attributes + source.text[start : item.end]


def _repeated(attributes: Iterable[tuple[Source, Attribute]]) -> Iterator[str]:
    """Yield the attributes of a module that also hold for the tests in it: its cfgs, and lints it allows."""
    for source, attribute in attributes:
        paths = {c.path for c in resolved(attribute)}
        if attribute.path in ("cfg", "allow") or (attribute.path == "cfg_attr" and paths == {"allow"}):
            yield _plain(source, attribute)


def _plain(source: Source, attribute: Attribute) -> str:
    """Return an attribute as an outer one, on one line, without its comments."""
    start, end = attribute.start, attribute.end
    inside = [t for t in source.tokens if start <= t.start < end and t.kind is TokenKind.COMMENT]
    text = apply(source.text[:end], [Edit(t.start, t.end, b"") for t in inside])[start:]
    return " ".join(text.decode().replace("#!", "#", 1).split())


def _place(source: Source, promoted: Promoted) -> tuple[int, int] | None:
    """Return where the module goes, and how many of those around it are there already."""
    found, end = items(source), len(source.text)
    for depth, module in enumerate(promoted.around):
        item = _named(source, found, module.name)
        if item is None:
            return end, depth
        attributes = sorted(_repeated((source, a) for a in item.attributes))
        if item.body is None or attributes != sorted(module.attributes):
            return None
        found, end = children(source, item), item.body[1]
    return None if _named(source, found, promoted.name) else (end, len(promoted.around))


def _named(source: Source, found: Sequence[Item], name: str) -> Item | None:
    """Return the item of a name; of a crate with an alias that is the alias."""
    return next((i for i in found if name in ([n for n, _ in defined(source, i)] or [i.name or ""])), None)


def _lines(rest: Sequence[Around], declaration: bytes, depth: int) -> Iterator[bytes]:
    pad = b"    " * depth
    if not rest:
        yield from (pad + line if line.strip() else line for line in declaration.splitlines())
        return
    yield from (pad + attribute.encode() for attribute in rest[0].attributes)
    yield pad + b"mod " + rest[0].name.encode() + b" {"
    yield from _lines(rest[1:], declaration, depth + 1)
    yield pad + b"}"
