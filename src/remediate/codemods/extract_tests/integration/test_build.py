"""What of a library's dependence on ``cfg(test)`` the gate "same library" would not show, or would show late.

An integration test links the library as it is without ``cfg(test)``. The compiler is asked whether its
functions do the same without it. Here is told what is plainly another library, and what is no function: how a
type is laid out, what happens when one is dropped, what is linked or registered.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from remediate.codemods.extract_tests.integration.preconditions import TestTarget
from remediate.model import Skip
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import Predicate, predicates, requires_test, resolved
from remediate.rust.syntax.items import Item, children, inner_attributes, items
from remediate.rust.syntax.lexer import Token, TokenKind
from remediate.rust.syntax.source import Source

_LINTS = {"allow", "warn", "deny", "forbid", "expect", "doc"}
_HARMLESS = {*_LINTS, "no_std", "feature", "macro_use", "cfg", "derive"}
_LINKED = {"no_mangle", "export_name", "link_section", "used"}
_LINKED |= {"global_allocator", "panic_handler", "ctor", "dtor"}
_REGISTERED = {"submit", "inventory", "distributed_slice", "include"}
_OF_VALUES = {"Drop", "GlobalAlloc"}
_TYPES = {"struct", "enum", "union", "trait"}
_IN_MACROS = {b"mod", b"const", b"static", b"use", b"let"}


def differs(package: Package, target: TestTarget) -> Skip | None:
    """Return where the library is plainly another one in test builds, None if nothing says so."""
    for module in library_files(package, target):
        found = next(_differences(package, module), None)
        if found is not None:
            line = package.source(module.file).line_of(found.offset)
            return Skip("test-build-differs", f"{module.file}:{line}: {found.why}")
    return None


def library_files(package: Package, target: TestTarget) -> tuple[Module, ...]:
    """Return the whole-file modules of the library that are not test code."""
    return tuple(m for m in all_files(package, target) if not requires_test(m.cfg))


def all_files(package: Package, target: TestTarget) -> tuple[Module, ...]:
    """Return the whole-file modules of the library, those of test code too."""
    return tuple(
        m
        for m in module_tree(package).modules
        if m.span is None and m.file in package.files and (m is target.root or target.root in m.ancestors())
    )


@dataclass(frozen=True)
class _Difference:
    offset: int
    why: str


def _differences(package: Package, module: Module) -> Iterator[_Difference]:
    source = package.source(module.file)
    known = set()
    for attribute, item in _attributes(source, items(source), inner_attributes(source)):
        if attribute.path in ("cfg", "cfg_attr") and any(t.text == b"test" for t in attribute.arguments):
            known.add(attribute.start)
            if why := _harm(attribute, item):
                yield _Difference(attribute.start, why)
    code = production_tokens(source)
    for index in _cfgs_of_test(code):
        start = code[index].start
        new = not any(start - known_start in range(8) for known_start in known)
        if new and (why := _harm_within(source, code, index)):
            yield _Difference(start, why)


def production_tokens(source: Source) -> tuple[Token, ...]:
    """Return a file's code without what needs ``cfg(test)``."""
    spans = list(_test_spans(source, items(source)))
    return tuple(
        t
        for t in source.tokens
        if t.kind is not TokenKind.COMMENT and not any(a <= t.start < b for a, b in spans)
    )


def _test_spans(source: Source, found: tuple[Item, ...]) -> Iterator[tuple[int, int]]:
    for item in found:
        if requires_test(predicates(item.attributes)) or any(a.path == "test" for a in item.attributes):
            yield item.start, item.end
        elif item.kind in ("mod", "impl"):
            yield from _test_spans(source, children(source, item))


def _attributes(
    source: Source, found: tuple[Item, ...], inner: tuple[Attribute, ...]
) -> Iterator[tuple[Attribute, Item | None]]:
    """Yield the attributes of a file, its items, and the members of its modules and impls."""
    yield from ((a, None) for a in inner)
    for item in found:
        yield from ((a, item) for a in item.attributes)
        if item.kind in ("mod", "impl") and not requires_test(predicates(item.attributes)):
            yield from _attributes(source, children(source, item), inner_attributes(source, item))


def _harm(attribute: Attribute, item: Item | None) -> str:
    """Return what an attribute about ``test`` changes that no function shows; "" for nothing."""
    if attribute.path == "cfg_attr":
        harmful = [c.path for c in resolved(attribute) if c.path not in _HARMLESS]
        return f"`{harmful[0]}` depends on `test`" if harmful else ""
    if item is not None and item.kind == "extern crate":
        return ""
    if not all(_positive(p) for p in predicates([attribute])):
        what = f"{item.kind} {item.name or ''}".rstrip() if item else "the file"
        return f"{what} is not there in test builds, or is another"
    return _of_more_than_functions(item) if item else ""


def _of_more_than_functions(item: Item) -> str:
    """Return what an item that only test builds have does to more than the names of the library."""
    trait = (item.trait or "").partition("<")[0].rpartition("::")[2].strip()
    if trait in _OF_VALUES:
        return f"{trait} of {item.self_type} is there in test builds only"
    linked = sorted({a.path.rpartition("::")[2] for a in item.attributes} & _LINKED)
    if linked:
        return f"`{linked[0]}` acts on test builds only"
    if item.kind == "macro" and (item.name or "").rpartition("::")[2] in _REGISTERED:
        return f"`{item.name}!` is there in test builds only"
    return ""


def _harm_within(source: Source, code: tuple[Token, ...], index: int) -> str:
    """Return what a ``cfg`` about ``test`` in the midst of an item changes that no function shows."""
    kind = _kind_around(source, items(source), code[index].start)
    if kind in _TYPES:
        return f"a part of a {kind} depends on `test`"
    if kind not in ("macro", "macro_rules") or code[index + 1].text == b"!":
        return ""
    return "" if _behind_attribute(code, index) in _IN_MACROS else "a part of a macro depends on `test`"


def _kind_around(source: Source, found: tuple[Item, ...], offset: int) -> str:
    """Return the kind of the innermost item around an offset, "" without any."""
    for item in found:
        if item.start <= offset < item.end:
            inside = children(source, item) if item.kind in ("mod", "impl") else ()
            return _kind_around(source, inside, offset) or item.kind
    return ""


def _behind_attribute(code: tuple[Token, ...], index: int) -> bytes:
    """Return the first word behind the attribute that begins at a ``cfg``."""
    depth = 1
    for at in range(index, len(code)):
        depth += (code[at].text == b"[") - (code[at].text == b"]")
        if not depth:
            return code[at + 1].text if at + 1 < len(code) else b""
    return b""


def _positive(predicate: Predicate) -> bool:
    """Whether a test build has all that other builds have: ``test`` stands under no ``not``."""
    if predicate.operator == "not":
        return not _says_test(predicate)
    return all(_positive(p) for p in predicate.of)


def _says_test(predicate: Predicate) -> bool:
    return predicate.name == "test" or any(_says_test(p) for p in predicate.of)


def _cfgs_of_test(code: tuple[Token, ...]) -> Iterator[int]:
    """Yield the index of each ``cfg(..)``, ``cfg!(..)`` or ``cfg_attr(..)`` that says ``test``."""
    for index, token in enumerate(code):
        if token.text not in (b"cfg", b"cfg_attr"):
            continue
        at = index + 2 if code[index + 1 : index + 2] and code[index + 1].text == b"!" else index + 1
        depth = 0
        for inner in code[at:]:
            depth += (inner.text == b"(") - (inner.text == b")")
            if inner.text == b"test":
                yield index
            if inner.text == b"test" or not depth:
                break
