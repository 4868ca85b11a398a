"""What keeps a test module where it is: properties of its declaration and of its text."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.piece import Piece
from remediate.model import Skip
from remediate.rust.modules.relative_paths import including_macros
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import Predicate, attribute_macros, predicates, requires_test, resolved
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

_POSITIONS = {b"file", b"line", b"column"}


def obstacle(package: Package, module: Embedded) -> Skip | None:
    """Return the first reason in its declaration why the module cannot be moved, or None."""
    return next(_obstacles(package, module), None)


def _obstacles(package: Package, module: Embedded) -> Iterator[Skip]:
    name, item = module.name, module.item
    source = package.source(module.declared_in)
    if any(start < item.tail and end > item.lead for start, end in source.errors):
        yield Skip("syntax-error", f"the parser could not read all of {name}")
    if macros := _attribute_macros(module):
        yield Skip("attribute-macro", f"`#[{macros[0]}]` on or around {name} may be an attribute macro")
    if any(c.path == "path" and c.when for a in item.attributes for c in resolved(a)):
        yield Skip("conditional-path", f"a `cfg_attr` gives {name} its path")
    if not requires_test((*_around(module), *predicates(item.attributes))):
        yield Skip("inner-cfg", f"only an inner `#![cfg(..)]` makes {name} a test module")
    if module.inline and any(c.path == "path" for a in item.attributes for c in resolved(a)):
        yield Skip("custom-path", f"the inline module {name} has a `#[path]`")


def obstacle_in(package: Package, piece: Piece) -> Skip | None:
    """Return the first reason in its text why a piece cannot be moved, or None."""
    text = package.files[piece.file]
    code = [t for t in tokens(text, *piece.span) if t.kind != TokenKind.COMMENT]
    if not _is_balanced(code):
        return Skip("syntax-error", f"the brackets of the tests in {piece.file} do not match")
    if macro := _asks_for_place(code, whole=piece.whole):
        return Skip("position-dependent", f"a test in {piece.file} uses `{macro}!()`")
    if macros := including_macros(package, text, piece.span):
        return Skip("relative-include", f"`{macros[0]}!` includes files relative to its caller")
    return None


def counts_lines(package: Package, module: Embedded) -> bool:
    """Whether the tests of an inline module know their lines, so that nothing above them may move."""
    text, body = package.files[module.declared_in], module.item.body
    if body is None or text.find(b"line", *body) < 0:
        return False
    return _asks_for(list(tokens(text, *body)), {b"line"}) != ""


def _around(module: Embedded) -> tuple[Predicate, ...]:
    parent = module.module.parent
    return parent.cfg if parent else ()


def _attribute_macros(module: Embedded) -> tuple[str, ...]:
    around = [i for v in module.variants for m in module.inside(v) if (i := m.item) is not None]
    return attribute_macros(a for item in (module.item, *around) for a in item.attributes)


def _is_balanced(code: Sequence[Token]) -> bool:
    depth = 0
    for token in code:
        if token.kind == TokenKind.PUNCT:
            depth += {b"(": 1, b"[": 1, b"{": 1, b")": -1, b"]": -1, b"}": -1}.get(token.text, 0)
        if depth < 0:
            return False
    return not depth


def _asks_for_place(code: Sequence[Token], *, whole: bool) -> str:
    """Return the macro that asks; a whole file that moves keeps its lines and columns."""
    return _asks_for(code, {b"file"} if whole else _POSITIONS)


def _asks_for(code: Sequence[Token], asked: set[bytes]) -> str:
    for token, following in pairwise(code):
        if token.text in asked and following.text == b"!":
            return token.text.decode()
    return ""
