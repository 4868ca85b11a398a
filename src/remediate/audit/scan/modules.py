"""The ``mod x;`` and ``include!`` of a file, for the question which files a package reaches."""

import re
from collections.abc import Iterator

from remediate.audit.scan.facts import Declaration
from remediate.audit.scan.scopes import Scopes
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import resolved
from remediate.rust.syntax.lexer import string_value
from remediate.rust.syntax.outline import Frame, Outline, attributes, frames, statement_start

# Patterns begin with a literal: the engine then skips to it.
_MOD = re.compile(rb"mod(?<!\wmod)\s+(?:r#)?([\w\x80-\xff]+)\s*;")
_INCLUDE = re.compile(rb'\binclude\s*!\s*[(\[{]\s*("+)')
_ITEM_MACRO = re.compile(rb"\n([\w:]+)\s*!\s*[({\[]")
_IDENTIFIER = re.compile(rb"\b[a-z_]\w*\b")
_MOST_NAMES = 400


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
