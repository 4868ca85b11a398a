"""What of a test module's own text and place keeps it in the unit tier."""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.integration.preconditions import Ground
from remediate.codemods.extract_tests.integration.process_state import shared_by_tests
from remediate.codemods.extract_tests.integration.users import shared_macro, user
from remediate.codemods.extract_tests.snapshots import looked_for
from remediate.codemods.extract_tests.submodules import files_below, shared
from remediate.model import Skip
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.resolver import Resolver
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.items import inner_attributes
from remediate.rust.syntax.lexer import Token, TokenKind

# What tells a test where it stands: its file, its module, its crate.
_POSITIONS = {b"file", b"line", b"column", b"module_path"}
_PLACES = {b"type_name", b"type_name_of_val", b"type_name_of", b"caller"}
_VARIABLES = (b"CARGO_CRATE_NAME", b"CARGO_BIN_NAME", b"CARGO_PRIMARY_PACKAGE")
_LINKED = {b"no_mangle", b"export_name", b"link_section", b"bench"}
_TESTS = {b"test", b"rstest", b"test_case", b"quickcheck", b"proptest", b"wasm_bindgen_test"}
_LINTS = {"allow", "warn", "deny", "forbid", "expect", "doc"}


def unfit(package: Package, ground: Ground, resolver: Resolver, module: Embedded) -> Skip | None:
    """Return the first reason why a test module cannot be promoted that needs no look at its names."""
    if (skip := next(_by_place(package, ground, module), None)) is not None:
        return skip
    if (other := user(resolver, module)) is not None:
        return Skip("shared-helpers", f"{other} uses what {module.name} of {module.declared_in} holds")
    if (macro := shared_macro(package, ground, module)) is not None:
        return Skip("shared-helpers", f"{module.name} of {module.declared_in} holds {macro}! for others")
    return next(_reasons(package, module), None)


def region(package: Package, module: Embedded) -> tuple[str, tuple[int, int]]:
    """Return the file with a test module's text, and where in it that is."""
    if module.item.body is not None:
        return module.declared_in, module.item.body
    return module.module.file, (0, len(package.files[module.module.file]))


def code_of(package: Package, module: Embedded) -> list[Token]:
    """Return a test module's tokens, as far as it is meant, without its comments."""
    file, whole = region(package, module)
    every = package.source(file).tokens
    found = (every[_at(every, start) : _at(every, end)] for start, end in module.only or (whole,))
    return [t for tokens in found for t in tokens if t.kind is not TokenKind.COMMENT]


def holds_tests(package: Package, module: Embedded) -> bool:
    """Whether something that makes tests is said: ``#[test]``, ``#[tokio::test]``, ``proptest!``."""
    code = code_of(package, module)
    for before, token, following in zip(code, code[1:], code[2:], strict=False):
        attribute = before.text in (b"[", b":") and following.text in (b"]", b"(")
        if token.text in _TESTS and (attribute or following.text == b"!"):
            return True
    return False


def _at(tokens: Sequence[Token], offset: int) -> int:
    return bisect_left(tokens, offset, key=lambda t: t.start)


def _reasons(package: Package, module: Embedded) -> Iterator[Skip]:
    file, span = region(package, module)
    code = code_of(package, module)
    words = {t.text for t in code if t.kind is TokenKind.IDENT}
    if not holds_tests(package, module):
        yield Skip("no-tests", f"{file} holds helpers, or a macro makes its tests")
    if place := _asks_for_place(code):
        yield Skip("position-dependent", f"a test in {file} asks for its place: `{place.decode()}`")
    if linked := sorted(w for w in words & _LINKED if _is_attribute(code, w)):
        yield Skip("needs-its-crate", f"`#[{linked[0].decode()}]` in {file} is about its crate")
    if any(a.text == b"$" and b.text == b"crate" for a, b in pairwise(code)):
        yield Skip("needs-its-crate", f"a macro in {file} says `$crate`")
    if (skip := shared_by_tests(code, file)) is not None:
        yield skip
    if looked_for(package.files[file], span):
        yield Skip("snapshot-files", f"snapshots of {file} are named after the test's target")
    if b"proptest" in words and any("proptest-regressions" in p for p in (*package.paths, *package.files)):
        yield Skip("regression-files", f"proptest looks for regressions of {file} by its path")


def _by_place(package: Package, ground: Ground, module: Embedded) -> Iterator[Skip]:
    name, own = module.name, module.module
    if len(module.variants) > 1 or ground.root not in own.ancestors() or own.root != ground.root.root:
        yield Skip(
            "not-library-alone", f"{name} of {module.declared_in} is not a module of the library alone"
        )
    if not all(m.certain for m in (own, *own.ancestors())):
        yield Skip("in-macro", f"a macro may declare {name} or a module around it")
    twins = [m for m in module_tree(package).modules if m.path == own.path and m.root == own.root]
    if len(twins) > 1:
        yield Skip("conditional-module", f"several modules are {'::'.join(own.path)}, by cfg")
    if files_below(package, module):
        yield Skip("nested-files", f"{name} of {module.declared_in} has files below it")
    if not module.inline and (skip := shared(package, module, own.file)) is not None:
        yield skip
    if own.path[1:] == ("main",):
        yield Skip("it-target-taken", "a module called main would be the target's root file")
    for around in (own, *own.ancestors()):
        if (attribute := _unknown_attribute(package, around)) is not None:
            yield Skip("conditional-module", f"`{attribute}` around {name} cannot be repeated elsewhere")


def _unknown_attribute(package: Package, module: Module) -> str | None:
    """Return a conditional attribute of a module that does more than set lints."""
    attributes = [*(module.item.attributes if module.item else ())]
    if module.parent is not None and module.file in package.files:
        item = module.item if module.span is not None else None
        attributes += inner_attributes(package.source(module.file), item)
    for attribute in attributes:
        if attribute.path == "cfg_attr" and any(c.path not in _LINTS for c in resolved(attribute)):
            return "cfg_attr"
    return None


def _asks_for_place(code: Sequence[Token]) -> bytes:
    for token, following in pairwise(code):
        if token.text in _PLACES or (token.text in _POSITIONS and following.text == b"!"):
            return token.text
        if token.kind is TokenKind.LITERAL and any(name in token.text for name in _VARIABLES):
            return token.text
    return b""


def _is_attribute(code: Sequence[Token], word: bytes) -> bool:
    return any(b.text == word and a.text == b"[" for a, b in pairwise(code))
