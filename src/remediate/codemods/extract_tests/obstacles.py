"""What keeps tests where they are: properties of the package, the file, the declaration and the text."""

import re
from collections.abc import Iterator, Sequence
from itertools import pairwise

from remediate.codemods.extract_tests.discovery import Embedded, Piece
from remediate.model import Skip
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.modules.relative_paths import including_macros
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import attribute_macros, predicates, requires_test, resolved
from remediate.rust.syntax.generated import is_generated
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.lexer import BRACKETS, Token, code, tokens
from remediate.rust.syntax.source import Source

_POSITIONS = {b"file", b"line", b"column"}
_TEST = rb"(?:test|bench|rstest|test_case|quickcheck|proptest|wasm_bindgen_test)"
_ATTRIBUTE = re.compile(rb"#\s*\[\s*(?:\w+\s*::\s*)*" + _TEST + rb"\b")


def refusal(package: Package, path: str) -> Skip | None:
    """Return the first reason why no test of the file is moved, or None."""
    return next(_refusals(package, path), None)


def _refusals(package: Package, path: str) -> Iterator[Skip]:
    if path not in package.files or not path.endswith(".rs"):
        yield Skip("unknown-file", f"{path or 'the package'} is no readable Rust file of {package.name}")
        return
    tree = module_tree(package)
    modules = tree.of_file(path)
    if not modules:
        yield Skip("orphan-file", f"no target of {package.name} reaches {path}, so its tests never run")
    if is_generated(package.files[path]):
        yield Skip("generated-file", f"{path} says that a program wrote it")
    if path in tree.included:
        yield Skip("included-file", f"{path} is included by {tree.included[path][0]}")
    kinds = {kind for m in modules for target in m.targets for kind in target.kinds}
    if kinds == {"custom-build"}:
        yield Skip("build-script", f"{path} belongs to a build script; its tests are never compiled")
    if kinds and kinds <= {"test", "bench"}:
        yield Skip("test-target", f"{path} belongs to an integration test or a benchmark")


def obstacle(package: Package, module: Embedded) -> Skip | None:
    """Return the first reason in its declaration why the module cannot be moved, or None."""
    return next(_obstacles(package, module), None)


def _obstacles(package: Package, module: Embedded) -> Iterator[Skip]:
    name, item = module.name, module.item
    source = package.source(module.declared_in)
    if any(start < item.tail and end > item.lead for start, end in source.errors):
        yield Skip("syntax-error", f"the parser could not read all of {name}")
    around = [i for v in module.variants for m in module.inside(v) if (i := m.item) is not None]
    if macros := attribute_macros(a for each in (item, *around) for a in each.attributes):
        yield Skip("attribute-macro", f"`#[{macros[0]}]` on or around {name} may be an attribute macro")
    if any(c.path == "path" and c.when for a in item.attributes for c in resolved(a)):
        yield Skip("conditional-path", f"a `cfg_attr` gives {name} its path")
    parent = module.module.parent
    if not requires_test((*(parent.cfg if parent else ()), *predicates(item.attributes))):
        yield Skip("inner-cfg", f"only an inner `#![cfg(..)]` makes {name} a test module")
    if module.inline and any(c.path == "path" for a in item.attributes for c in resolved(a)):
        yield Skip("custom-path", f"the inline module {name} has a `#[path]`")


def obstacle_in(package: Package, piece: Piece) -> Skip | None:
    """Return the first reason in its text why a piece cannot be moved, or None."""
    text = package.files[piece.file]
    stream = code(text, *piece.span)
    if not _is_balanced(stream):
        return Skip("syntax-error", f"the brackets of the tests in {piece.file} do not match")
    # A whole file that moves keeps its lines and columns.
    if macro := _called(stream, {b"file"} if piece.whole else _POSITIONS):
        return Skip("position-dependent", f"a test in {piece.file} uses `{macro}!()`")
    if macros := including_macros(package, text, piece.span):
        return Skip("relative-include", f"`{macros[0]}!` includes files relative to its caller")
    return None


def counts_lines(package: Package, module: Embedded) -> bool:
    """Whether the tests of an inline module know their lines, so that nothing above them may move."""
    text, body = package.files[module.declared_in], module.item.body
    if body is None or text.find(b"line", *body) < 0:
        return False
    return _called(list(tokens(text, *body)), {b"line"}) != ""


def _is_balanced(stream: Sequence[Token]) -> bool:
    depth = 0
    for token in stream:
        depth += BRACKETS.get(token.text, 0)
        if depth < 0:
            return False
    return not depth


def _called(stream: Sequence[Token], macros: set[bytes]) -> str:
    """Return the first of some macros that is called, "" for none."""
    called = (one.text.decode() for one, two in pairwise(stream) if one.text in macros and two.text == b"!")
    return next(called, "")


def strays(source: Source, moved: Sequence[Item]) -> tuple[Skip, ...]:
    """Return what keeps each test outside of the moved modules where it is, each reason once."""
    found: dict[str, Skip] = {}
    for offset in _tests(source, moved):
        skip = _reason(source, items(source), offset)
        found.setdefault(skip.reason, skip)
    return tuple(found.values())


def holds_tests(source: Source) -> bool:
    """Whether any test function stands in the file, in a module or not."""
    return any(True for _ in _tests(source, ()))


def _tests(source: Source, moved: Sequence[Item]) -> Iterator[int]:
    found = [m.start() for m in _ATTRIBUTE.finditer(source.text)]
    outside = [offset for offset in found if not any(i.lead <= offset < i.tail for i in moved)]
    if outside:
        starts = {t.start for t in source.tokens if t.text == b"#"}
        yield from (offset for offset in outside if offset in starts)


def _reason(source: Source, declared: Sequence[Item], offset: int) -> Skip:
    item = next((i for i in declared if i.lead <= offset < i.tail), None)
    where = f"{source.path}:{source.line_of(offset)}"
    if item is not None and item.kind in ("macro", "macro_rules"):
        return Skip("in-macro", f"{where} has a test inside {item.name}!")
    if item is not None and item.kind == "mod" and item.body:
        inner = _reason(source, children(source, item), offset)
        if inner.reason != "loose-tests":
            return inner
        return Skip("not-cfg-test", f"{where} has a test in {item.name}, which is in every build")
    if item is not None and item.body and item.body[0] <= offset:
        return Skip("inside-function", f"{where} has a test inside a function or block")
    return Skip("loose-tests", f"{where} has a test beside the code that has to stay there")
