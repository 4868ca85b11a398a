"""Whether a library is the same without ``cfg(test)``: the one an integration test links is compiled so.

Harmless is what only adds a name that nothing but tests says. Where it cannot be told, it is not.
"""

from collections.abc import Iterator
from dataclasses import dataclass

from remediate.codemods.extract_tests.integration.ground import Ground
from remediate.model import Skip
from remediate.rust.attributes import Attribute
from remediate.rust.cfg import Predicate, predicates, requires_test, resolved
from remediate.rust.items import Item, children, inner_attributes, items
from remediate.rust.known_names import PRELUDE_MACROS
from remediate.rust.lexer import Token, TokenKind
from remediate.rust.module import Module
from remediate.rust.module_tree import module_tree
from remediate.rust.names import defined
from remediate.rust.package import Package
from remediate.rust.syntax import Source
from remediate.rust.use_tree import leaves, use_tree

_HARMLESS = {"allow", "warn", "deny", "forbid", "expect", "doc", "no_std", "feature", "macro_use", "cfg"}


def differs(package: Package, ground: Ground) -> Skip | None:
    """Return where the library is another one in test builds, None if it is the same."""
    for module in library_files(package, ground):
        found = next(_differences(package, module), None)
        if found is not None:
            line = package.source(module.file).line_of(found.offset)
            return Skip("test-build-differs", f"{module.file}:{line}: {found.why}")
    return None


def library_files(package: Package, ground: Ground) -> tuple[Module, ...]:
    """Return the whole-file modules of the library that are not test code."""
    return tuple(
        m
        for m in module_tree(package).modules
        if m.span is None
        and m.file in package.files
        and (m is ground.root or ground.root in m.ancestors())
        and not requires_test(m.cfg)
    )


@dataclass(frozen=True)
class _Difference:
    offset: int
    why: str


def _differences(package: Package, module: Module) -> Iterator[_Difference]:
    source = package.source(module.file)
    code = production_tokens(source)
    known = set()
    for attribute, item in _attributes(source, items(source), inner_attributes(source)):
        if _about_test(attribute):
            known.add(attribute.start)
            why = _harm(source, attribute, item, code)
            if why:
                yield _Difference(attribute.start, why)
    for start in _cfgs_of_test(code):
        if not any(start - known_start in range(8) for known_start in known):
            yield _Difference(start, "a part of an item depends on `test`")


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


def _about_test(attribute: Attribute) -> bool:
    return attribute.path in ("cfg", "cfg_attr") and any(t.text == b"test" for t in attribute.arguments)


def _harm(source: Source, attribute: Attribute, item: Item | None, code: tuple[Token, ...]) -> str:
    """Return what an attribute about ``test`` changes in code that is no test; "" for nothing."""
    if attribute.path == "cfg_attr":
        harmful = [c.path for c in resolved(attribute) if c.path not in _HARMLESS]
        return f"`{harmful[0]}` depends on `test`" if harmful else ""
    if item is None:
        return "a file's `#![cfg(..)]` is about `test`"
    if item.kind == "extern crate":
        return ""
    if not _adds_only(predicates([attribute])):
        return f"{item.kind} {item.name or ''} is not there in test builds, or is another"
    names = _names(source, item)
    if names is None:
        return f"{item.kind} {item.trait} {item.self_type} is there in test builds only"
    said = {word.decode(errors="replace").removeprefix("r#") for word in _said(code)}
    used = sorted(names & said)
    return f"{used[0]} means something else in test builds" if used else ""


def _adds_only(required: tuple[Predicate, ...]) -> bool:
    """Whether a test build has all that other builds have: ``test`` stands under no ``not``."""
    return all(_positive(p) for p in required)


def _positive(predicate: Predicate) -> bool:
    if predicate.operator == "not":
        return not _says_test(predicate)
    return all(_positive(p) for p in predicate.of)


def _says_test(predicate: Predicate) -> bool:
    return predicate.name == "test" or any(_says_test(p) for p in predicate.of)


def _names(source: Source, item: Item) -> set[str] | None:
    """Return the names an item adds, None where it may change what other names mean."""
    if item.kind == "use":
        found = {leaf.name for leaf in leaves(use_tree(source.text, item.start, item.end))}
        return None if "*" in found else found - {"_"}
    if item.kind == "impl":
        members = {m.name or "" for m in children(source, item)}
        return None if item.trait else members
    if item.kind in ("macro", "error") or (item.kind == "macro_rules" and item.name in PRELUDE_MACROS):
        return None
    return {name for name, _ in defined(source, item)} or {item.name or ""}


def _said(code: tuple[Token, ...]) -> Iterator[bytes]:
    """Yield the identifiers of code; the ``test`` of ``#[cfg(test)]`` and ``#[test]`` is no name."""
    depth = 0
    for index, token in enumerate(code):
        before = code[index - 1].text if index else b""
        following = code[index + 1].text if index + 1 < len(code) else b""
        opens = token.text == b"(" and before in (b"cfg", b"cfg_attr") and _in_attribute(code, index - 1)
        if depth or opens:
            depth += (token.text == b"(") - (token.text == b")")
        leaf = depth > 0 and before in (b"(", b",") and following in (b")", b",")
        attribute = before == b"[" and following == b"]"
        if token.kind is TokenKind.IDENT and not (token.text == b"test" and (leaf or attribute)):
            yield token.text


def _in_attribute(code: tuple[Token, ...], index: int) -> bool:
    """Whether an attribute, or one in a ``cfg_attr``, begins at ``index``."""
    return index > 0 and code[index - 1].text in (b"[", b",")


def _cfgs_of_test(code: tuple[Token, ...]) -> Iterator[int]:
    """Yield where ``cfg(..)``, ``cfg!(..)`` or ``cfg_attr(..)`` say ``test``."""
    for index, token in enumerate(code):
        if token.text not in (b"cfg", b"cfg_attr"):
            continue
        at = index + 2 if code[index + 1 : index + 2] and code[index + 1].text == b"!" else index + 1
        depth = 0
        for inner in code[at:]:
            depth += (inner.text == b"(") - (inner.text == b")")
            if inner.text == b"test":
                yield token.start
                break
            if not depth:
                break
