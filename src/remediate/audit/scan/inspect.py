"""One file, all rules: text in, facts out. Pure, and the same whoever asks: its answers are cached."""

import re
from collections.abc import Iterator

from remediate.audit.scan.blocking import blocking, wrappers
from remediate.audit.scan.blocking_calls import Call, calls
from remediate.audit.scan.facts import Declaration, Depth, Facts, Found, Place
from remediate.audit.scan.patterns import abrupt, constraints, health, markers, unsafe_code
from remediate.audit.scan.scopes import Scopes, embedded, never_run, test_count
from remediate.audit.scan.suppressions import suppressions
from remediate.audit.scan.where import places
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.generated import generated
from remediate.rust.syntax.lexer import string_value
from remediate.rust.syntax.outline import Frame, Outline, attributes, frames, statement_start

_SHALLOW = Depth()
# Patterns begin with a literal: the engine then skips to it.
_MOD = re.compile(rb"mod(?<!\wmod)\s+(?:r#)?([\w\x80-\xff]+)\s*;")
_INCLUDE = re.compile(rb'\binclude\s*!\s*[(\[{]\s*("+)')
_ITEM_MACRO = re.compile(rb"\n([\w:]+)\s*!\s*[({\[]")
_IDENTIFIER = re.compile(rb"\b[a-z_]\w*\b")
_MOST_NAMES = 400


def inspect(text: bytes, depth: Depth = _SHALLOW) -> Facts:
    """Return what a file shows; ``text`` must be UTF-8."""
    outline = Outline(text)
    scopes = Scopes(outline)
    uses = tuple(calls(outline))
    found = _found(outline, scopes, uses, depth)
    return Facts(
        lines=outline.line_count,
        generated=generated(text),
        test_only=scopes.whole_file,
        tests=test_count(scopes),
        first_test=_first_test(outline, scopes),
        places=tuple(places(outline, found)),
        declarations=tuple(declarations(outline, scopes)),
        included=tuple(included(outline)),
        macro_names=macro_names(outline),
        wrappers=tuple(wrappers(outline, uses)),
        suppressions=tuple(suppressions(outline)),
    )


def _found(outline: Outline, scopes: Scopes, uses: tuple[Call, ...], depth: Depth) -> Iterator[Found]:
    yield from health(outline, parse=depth.parse)
    yield from blocking(outline, scopes, uses)
    for item in never_run(scopes):
        note = f"`{item.name}` is inside a function body: the test harness never runs it"
        yield Found("dead-tests", "in-function", item.own, item.own + 2, "", note)
    if depth.test:
        return
    for item in embedded(scopes):
        yield Found("embedded-tests", "module" if item.kind == "mod" else "function", item.own, item.own + 3)
    yield from markers(outline, scopes)
    yield from abrupt(outline, scopes)
    yield from unsafe_code(outline, scopes)
    if depth.constrained:
        yield from constraints(outline, scopes)


def _first_test(outline: Outline, scopes: Scopes) -> Place | None:
    first = next((item for item in scopes.items if item.kind == "fn"), None)
    found = [Found("dead-tests", "", first.own, first.own + 2)] if first else []
    return next(places(outline, found), None)


def declarations(outline: Outline, scopes: Scopes) -> Iterator[Declaration]:
    """Yield the out-of-line modules of a file, those in macro calls and function bodies included."""
    if b"mod" not in outline.code:
        return
    for match in _MOD.finditer(outline.code):
        start = statement_start(outline.code, match.start())
        found = attributes(outline, start, match.start())
        paths, plain = _paths(found)
        inside = tuple(_inside(f) for f in reversed(frames(outline, match.start())) if f.kind == "mod")
        name = match[1].decode(errors="replace")
        yield Declaration(name, inside, paths, plain, scopes.covers(match.start()))


def included(outline: Outline) -> Iterator[str]:
    """Yield the files that ``include!("..")`` names."""
    if b"include" not in outline.code:
        return
    for match in _INCLUDE.finditer(outline.code):
        yield outline.text[match.start(1) + 1 : match.end(1) - 1].decode(errors="replace")


def macro_names(outline: Outline) -> tuple[str, ...]:
    """Return the identifiers in macro calls at the start of a line: such a call may declare modules."""
    names: set[bytes] = set()
    code = b"\n" + outline.code
    for match in _ITEM_MACRO.finditer(code):
        if match[1].startswith(b"macro_rules"):
            continue
        end = code.find(b"\n}" if match.group().endswith(b"{") else b";", match.end())
        names.update(_IDENTIFIER.findall(code, match.end(), max(end, match.end())))
    return tuple(sorted(n.decode(errors="replace") for n in names)) if len(names) <= _MOST_NAMES else ()


def _inside(frame: Frame) -> tuple[str, str | None]:
    paths, _ = _paths(frame.attributes)
    return frame.name, paths[0] if paths else None


def _paths(found: tuple[Attribute, ...]) -> tuple[tuple[str, ...], bool]:
    """Return what the attributes name as files, and whether the plain files count too."""
    named, plain = [], True
    for attribute in found:
        for one in resolved(attribute):
            if one.path == "path" and one.arguments:
                named.append(string_value(one.arguments[0].text))
                plain = plain and bool(one.when)
    return tuple(named), plain
