"""What of a test module's own text and place keeps it in the unit tier."""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from itertools import pairwise

from remediate.codemods.extract_tests.destination import files_below, files_looked_for, shared
from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.integration.library import LINTS, all_files, shared_by_tests
from remediate.codemods.extract_tests.integration.target import TestTarget
from remediate.model import Skip
from remediate.rust.mentions.index import mention_index
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.resolver import Meaning, Path, Resolver
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.items import inner_attributes
from remediate.rust.syntax.lexer import Token, TokenKind

# What tells a test where it stands: its file, its module, its crate.
_POSITIONS = {b"file", b"line", b"column", b"module_path"}
_PLACES = {b"type_name", b"type_name_of_val", b"type_name_of", b"caller"}
_VARIABLES = (b"CARGO_CRATE_NAME", b"CARGO_BIN_NAME", b"CARGO_PRIMARY_PACKAGE")
_LINKED = {b"no_mangle", b"export_name", b"link_section", b"bench"}
_TESTS = {b"test", b"rstest", b"test_case", b"quickcheck", b"proptest", b"wasm_bindgen_test"}


def unfit(package: Package, target: TestTarget, resolver: Resolver, module: Embedded) -> Skip | None:
    """Return the first reason why a test module cannot be promoted that needs no look at its names."""
    if (skip := next(_by_place(package, target, module), None)) is not None:
        return skip
    if (other := user(resolver, module)) is not None:
        return Skip("shared-helpers", f"{other} uses what {module.name} of {module.declared_in} holds")
    if (macro := shared_macro(package, target, module)) is not None:
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
    if asked := next(_asking(code), None):
        yield Skip("position-dependent", f"a test in {file} asks for its location: `{asked.decode()}`")
    attributes = {b.text for a, b in pairwise(code) if a.text == b"["}
    if linked := sorted(words & _LINKED & attributes):
        yield Skip("needs-its-crate", f"`#[{linked[0].decode()}]` in {file} is about its crate")
    if any(a.text == b"$" and b.text == b"crate" for a, b in pairwise(code)):
        yield Skip("needs-its-crate", f"a macro in {file} says `$crate`")
    if (skip := shared_by_tests(code, file)) is not None:
        yield skip
    if files_looked_for(package.files[file], span):
        yield Skip("snapshot-files", f"snapshots of {file} are named after the test's target")
    if b"proptest" in words and any("proptest-regressions" in p for p in (*package.paths, *package.files)):
        yield Skip("regression-files", f"proptest looks for regressions of {file} by its path")


def _by_place(package: Package, target: TestTarget, module: Embedded) -> Iterator[Skip]:
    name, own = module.name, module.module
    if len(module.variants) > 1 or target.root not in own.ancestors() or own.root != target.root.root:
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
        if _has_unknown_attribute(package, around):
            yield Skip("conditional-module", f"`cfg_attr` around {name} cannot be repeated elsewhere")


def _has_unknown_attribute(package: Package, module: Module) -> bool:
    """Whether a conditional attribute of a module does more than set lints."""
    attributes = [*(module.item.attributes if module.item else ())]
    if module.parent is not None and module.file in package.files:
        item = module.item if module.span is not None else None
        attributes += inner_attributes(package.source(module.file), item)
    return any(a.path == "cfg_attr" and any(c.path not in LINTS for c in resolved(a)) for a in attributes)


def _asking(code: Sequence[Token]) -> Iterator[bytes]:
    """Yield what asks for the test's location."""
    for token, following in pairwise(code):
        variable = token.kind is TokenKind.LITERAL and any(name in token.text for name in _VARIABLES)
        if variable or token.text in _PLACES or (token.text in _POSITIONS and following.text == b"!"):
            yield token.text


def user(resolver: Resolver, module: Embedded) -> str | None:
    """Return a file of the library with a path that may lead through the module, None without any."""
    own = module.module.path[1:]
    outside = [m for m in resolver.modules.values() if m.path[1 : len(own) + 1] != own]
    for other in sorted(outside, key=lambda m: (m.file, m.path)):
        if module.name.encode() + b"::" in resolver.package.files.get(other.file, b""):
            for path, meaning in _paths_by(resolver, other, module.name):
                if not meaning.known or (meaning.path == own and not meaning.outside):
                    return f"{other.file} ({'::'.join(path)})"
    return None


def shared_macro(package: Package, target: TestTarget, module: Embedded) -> str | None:
    """Return a macro that a ``#[macro_use]`` module leaves to the modules behind it, None without any."""
    if not any(a.path == "macro_use" for a in module.item.attributes):
        return None
    own = module.module
    inside = [m for m in module_tree(package).modules if m is own or own in m.ancestors()]
    text = b"".join(package.files.get(file, b"") for file in {m.file for m in inside})
    names = {found.decode() for found in re.findall(rb"\bmacro_rules!\s*(\w+)", text)}
    files = {m.file for m in all_files(package, target)} - {m.file for m in inside if m.span is None}
    said = b"".join(package.files[file] for file in files)
    return next((n for n in sorted(names) if re.search(rf"\b{n}!".encode(), said)), None)


def _paths_by(resolver: Resolver, module: Module, name: str) -> Iterator[tuple[Path, Meaning]]:
    """Yield each path in a module that says a name before its end, up to the name, and what that leads to."""
    for imported in resolver.scope_of(module).imports:
        for path in _up_to(imported.leaf.path, name, whole=imported.leaf.glob):
            yield path, resolver.of_use(module, path)
    for path in _mentioned(resolver, module):
        for start in _up_to(path, name, whole=False):
            yield start, resolver.of_path(module, start)


def _mentioned(resolver: Resolver, module: Module) -> Iterator[Path]:
    """Yield the paths in a module's code, those of modules that are written inside it left out."""
    top = module
    while top.span is not None and top.parent is not None:
        top = top.parent
    inside = module.path[len(top.path) :]
    for mention in mention_index(resolver.package).of(module.file).mentions:
        if mention.module == inside and mention.origin != "doc":
            yield mention.path


def _up_to(path: Path, name: str, *, whole: bool) -> Iterator[Path]:
    end = len(path) if whole else len(path) - 1
    yield from (path[: index + 1] for index in range(end) if path[index] == name)
