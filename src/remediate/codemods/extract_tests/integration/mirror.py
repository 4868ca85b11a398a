"""The root file of the test target: modules named as those of the library, each test module in its place.

So a test keeps its name, ``m::tests::t``, and what is under a feature stays under it.
"""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from remediate.codemods.extract_tests.integration.claims import Promotion
from remediate.codemods.extract_tests.integration.preconditions import Ground
from remediate.edits import Edit, apply
from remediate.rust.modules.module import Module
from remediate.rust.package import Package
from remediate.rust.resolution.names import defined
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.indent import line_end
from remediate.rust.syntax.items import Item, children, inner_attributes, items
from remediate.rust.syntax.lexer import TokenKind
from remediate.rust.syntax.source import Source


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


def around(package: Package, module: Module) -> tuple[Around, ...]:
    """Return the modules that mirror those around a test module, with what holds for all in them."""
    found = [m for m in reversed(list(module.ancestors())) if m.parent is not None]
    return tuple(Around(m.name, tuple(_repeated(package, m))) for m in found)


def repeated(package: Package, module: Module) -> bytes:
    """Return a second declaration of a module that is divided: its attributes hold for both halves."""
    source = package.source(module.file)
    declaring = package.source(module.parent.file) if module.parent and module.span is None else source
    assert module.item is not None  # noqa: S101 - a test module is declared somewhere
    inner = inner_attributes(source, module.item if module.span is not None else None)
    outer = [a for a in module.item.attributes if a.path not in ("path", "doc")]
    lines = [_plain(declaring, a) for a in outer] + [_plain(source, a) for a in inner if a.path != "doc"]
    return "\n".join([*lines, f"mod {module.name};"]).encode()


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
    package: Package, ground: Ground, unused: Collection[str] = (), without_macros: Collection[str] = ()
) -> bytes:
    """Return what the library's root says that code in any of its modules rests on.

    Left out are crates that are ``unused``, and the ``#[macro_use]`` of those ``without_macros``.
    """
    root = ground.root
    source = package.source(root.file)
    kept = [a for a in inner_attributes(source) if a.path in ("feature", "recursion_limit")]
    lines = [source.text[a.start : a.end] for a in kept]
    found = [i for i in items(source) if i.kind == "extern crate" and _is_repeated(package, source, i)]
    written = [(i, source.text[i.start : i.end].decode(errors="replace")) for i in found]
    needed = [(item, text) for item, text in written if text not in unused]
    lines += [_extern_crate(source, item, macros=text not in without_macros) for item, text in needed]
    name = root.targets[0].name.replace("-", "_")
    if ground.crate != name:
        lines.append(f"extern crate {name} as {ground.crate};".encode())
    elif package.edition == "2015":
        lines.append(f"extern crate {name};".encode())
    return b"".join(line + b"\n" for line in lines)


def _is_repeated(package: Package, source: Source, item: Item) -> bool:
    if item.name in ("self", "std", "core"):
        return False
    alias = b" as " in source.text[item.start : item.end]
    macros = any(a.path == "macro_use" for a in item.attributes)
    return alias or macros or item.name == "alloc" or package.edition == "2015"


def _extern_crate(source: Source, item: Item, *, macros: bool) -> bytes:
    own = [
        a
        for a in item.attributes
        if (a.path == "macro_use" and macros) or (a.path == "cfg" and a.text != "test")
    ]
    attributes = b"".join(source.text[a.start : a.end] + b"\n" for a in own)
    start = item.start if item.visibility is None else item.visibility[1] + 1
    return attributes + source.text[start : item.end]


def _repeated(package: Package, module: Module) -> Iterator[str]:
    """Yield the attributes of a module that also hold for the tests in it: its cfgs, and lints it allows."""
    source = package.source(module.file)
    declaring = package.source(module.parent.file) if module.parent and module.span is None else source
    if module.item is not None:
        yield from _of(declaring, module.item.attributes)
        yield from _of(source, inner_attributes(source, module.item if module.span is not None else None))


def _of(source: Source, attributes: Sequence[Attribute]) -> Iterator[str]:
    for attribute in attributes:
        paths = {c.path for c in resolved(attribute)}
        if attribute.path in ("cfg", "allow") or (attribute.path == "cfg_attr" and paths == {"allow"}):
            yield _plain(source, attribute)


def _plain(source: Source, attribute: Attribute) -> str:
    """Return an attribute as an outer one, on one line."""
    return " ".join(_without_comments(source, attribute).decode().replace("#!", "#", 1).split())


def _without_comments(source: Source, attribute: Attribute) -> bytes:
    start, end = attribute.start, attribute.end
    inside = [t for t in source.tokens if start <= t.start < end and t.kind is TokenKind.COMMENT]
    return apply(source.text[:end], [Edit(t.start, t.end, b"") for t in inside])[start:]


def _place(source: Source, promoted: Promoted) -> tuple[int, int] | None:
    """Return where the module goes, and how many of those around it are there already."""
    found, end = items(source), len(source.text)
    for depth, module in enumerate(promoted.around):
        item = _named(source, found, module.name)
        if item is None:
            return end, depth
        if item.body is None or sorted(_of(source, item.attributes)) != sorted(module.attributes):
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
