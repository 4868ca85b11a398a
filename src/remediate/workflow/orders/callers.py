"""Who uses a symbol, and which tests reach it: from the compiler where it was asked, else by its name."""

import re
from collections.abc import Iterator
from functools import lru_cache

from remediate.audit.scan.scopes import Scopes, is_test
from remediate.audit.scan.where import item_path
from remediate.audit.tree import is_test_path
from remediate.facts.model import Definition, Unknown
from remediate.facts.query import Facts
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.rust.syntax.bodies import function_at
from remediate.rust.syntax.items import Symbol
from remediate.rust.syntax.outline import Outline
from remediate.workflow.orders.order import Caller

_FAR = 4


def known_callers(
    package: Package, path: str, symbol: Symbol
) -> tuple[tuple[Caller, ...], tuple[str, ...]] | None:
    """Return a function's callers in its package, and the tests that reach it; None where rustc knows none.

    A method of a trait's impl is called through the trait: of it nothing is known here.
    """
    if symbol.kind != "fn" or symbol.body is None or symbol.trait:
        return None
    body = package.facts.body_at(path, symbol.body[0])
    if isinstance(body, Unknown):
        return None
    found = package.facts.callers_of(body.function)
    if isinstance(found, Unknown):
        return None
    callers = {(c.span.file, c.name.start): c.caller for c in found if c.span.file in package.files}
    told = [_caller(package.files[file], file, at) for file, at in sorted(callers)]
    return _ordered(told), _tests(package, body.function)


def named_uses(codebase: Codebase, path: str, symbol: Symbol) -> tuple[tuple[Caller, ...], tuple[str, ...]]:
    """Return what uses a symbol's name anywhere in the workspace, and the tests among it: a heuristic."""
    name = symbol.name.partition("<")[0].rpartition("::")[2]
    if not name.isidentifier():
        return (), ()
    behind = rb"\s*(?:::\s*<[^<>;{}]*>\s*)?\(" if symbol.kind == "fn" else rb"\b"
    pattern = re.compile(rb"(?<!\w)" + name.encode() + behind)
    found = []
    for file in sorted(f for f in codebase.files if f.endswith(".rs")):
        text = codebase.files[file]
        if name.encode() not in text:
            continue
        for match in pattern.finditer(_outline(text).code):
            own = file == path and symbol.span[0] <= match.start() < symbol.span[1]
            declared = (
                _outline(text).code[: match.start()].rstrip().endswith((b"fn", b"struct", b"enum", b"trait"))
            )
            if not own and not declared:
                found.append(_caller(text, file, match.start()))
    tests = sorted({f"{c.path}: {c.function}" for c in found if c.test and c.function})
    return _ordered(found), tuple(tests)


def _tests(package: Package, function: Definition) -> tuple[str, ...]:
    """Return the tests from which a function is called, through at most a few others, nearest first."""
    facts, seen, found, near = package.facts, {function.path}, dict[str, None](), [function]
    for _ in range(_FAR):
        above = [caller for one in near for caller in _callers(facts, one) if caller.path not in seen]
        seen |= {caller.path for caller in above}
        found |= dict.fromkeys(name for one in above if (name := _test(package, one)))
        near = list({one.path: one for one in above}.values())
    return tuple(found)


def _callers(facts: Facts, function: Definition) -> Iterator[Definition]:
    found = facts.callers_of(function)
    yield from () if isinstance(found, Unknown) else (call.caller for call in found)


def _test(package: Package, function: Definition) -> str:
    """Return how a test is called in an order, "" for a function that is none."""
    span = package.facts.located(function).span
    if span is None or span.file not in package.files:
        return ""
    written = function_at(package.source(span.file), span.start)
    tested = written is not None and any(map(is_test, written.attributes))
    # The harness's own constant beside a test is called like it, with a number.
    return f"{span.file}: {function.path.partition('::')[2].partition('#')[0]}" if tested else ""


def _caller(text: bytes, path: str, offset: int) -> Caller:
    outline = _outline(text)
    start, end = text.rfind(b"\n", 0, offset) + 1, text.find(b"\n", offset)
    return Caller(
        path,
        text.count(b"\n", 0, offset) + 1,
        item_path(outline, offset),
        text[start : end if end >= 0 else None].decode(errors="replace").strip(),
        is_test_path(path) or _scopes(text).covers(offset),
    )


def _ordered(found: list[Caller]) -> tuple[Caller, ...]:
    return tuple(sorted(found, key=lambda c: (c.test, c.path, c.line)))


@lru_cache(maxsize=1024)
def _outline(text: bytes) -> Outline:
    return Outline(text)


@lru_cache(maxsize=1024)
def _scopes(text: bytes) -> Scopes:
    return Scopes(_outline(text))
