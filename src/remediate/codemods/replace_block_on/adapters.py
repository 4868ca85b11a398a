"""A closure given to an iterator's method, as the `for` loop that a person would write to wait in it."""

import re
from dataclasses import dataclass

from remediate.codemods.replace_block_on.contexts import taken_by
from remediate.codemods.replace_block_on.guards import made_in
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.rewriting import comments_in
from remediate.edits import Edit
from remediate.facts.model import UNKNOWN
from remediate.rust.syntax.bodies import Bytes, Scope, function_at
from remediate.rust.syntax.expressions import Invocation, leaves

_COLLECT = re.compile(rb"\s*\.\s*(?:try_)?collect\s*(?:::\s*<[^()]*>)?\s*\(\s*\)")
_FAILS = re.compile(rb"\s*\?")
_ITERATOR = "core::iter::traits::iterator::Iterator::"
_NAMES = ("collected", "found", "results", "gathered")


@dataclass(frozen=True, slots=True)
class Loop:
    """A closure's adapter as a loop.

    Attributes:
        edits: What makes the loop; the closure's body stays as it is.
        span: The expression that becomes the loop.
    """

    edits: tuple[Edit, ...]
    span: Bytes


def as_loop(known: Known, path: str, closure: Scope) -> Loop | None:
    """Return the loop for ``map(..).collect()`` into a Vec, or for a ``for_each`` statement; else None.

    Both run the closure for one item after the other and to the end, which is what the loop does. So does
    what collects into a Result and leaves the function with its error at once (``?``): it ends at the first
    one, as the loop then. What is lazy, what may stop early otherwise, and what runs on other threads is none
    of them.
    """
    source, code = known.source(path), known.outline(path).code
    outside = taken_by(known, path, closure)
    if outside is None or outside.receiver is None or outside.arguments != (closure.span,):
        return None
    named = {call.callee.path for call in known.calls_named(path, outside.callee[1] - 1)}
    pattern = re.fullmatch(rb"\|\s*([^|:]+?)\s*\|\s*", code[closure.span[0] : closure.body[0]])
    if pattern is None or leaves(source, closure.body) or made_in(known, path, outside.receiver):
        return None
    if named == {f"{_ITERATOR}map"}:
        return _collected(known, path, (outside, closure), pattern[1])
    if named == {f"{_ITERATOR}for_each"} and outside.statement:
        return _for_each(known, path, (outside, closure), pattern[1])
    return None


def _collected(known: Known, path: str, around: tuple[Invocation, Scope], pattern: bytes) -> Loop | None:
    outside, closure = around
    code, text = known.outline(path).code, known.codebase.files[path]
    collect = _COLLECT.match(code, outside.span[1])
    if collect is None or outside.receiver is None:
        return None
    span = outside.span[0], collect.end()
    kind = known.facts_at(path).type_at(path, *span)
    function = function_at(known.source(path), span[0])
    body = code[slice(*function.body)] if function is not None and function.body is not None else code
    name = next((n for n in _NAMES if not re.search(rb"\b" + n.encode() + rb"\b", body)), "")
    fails = _FAILS.match(code, span[1])
    tried = b""
    if kind is not UNKNOWN and kind.startswith("std::result::Result<std::vec::Vec<") and fails is not None:
        span, tried = (span[0], fails.end()), b"?"
    elif kind is UNKNOWN or not kind.startswith("std::vec::Vec<"):
        return None
    if not name:
        return None
    gaps = ((outside.receiver[1], closure.body[0]), (closure.body[1], span[1]))
    if any(comments_in(text, *gap) for gap in gaps):
        return None
    new = name.encode()
    edits = (
        Edit(span[0], span[0], b"{ let mut " + new + b" = Vec::new(); for " + pattern + b" in "),
        Edit(*gaps[0], b" { " + new + b".push("),
        Edit(*gaps[1], tried + b"); } " + new + b" }"),
    )
    return Loop(edits, span)


def _for_each(known: Known, path: str, around: tuple[Invocation, Scope], pattern: bytes) -> Loop | None:
    outside, closure = around
    code, text = known.outline(path).code, known.codebase.files[path]
    end = code.find(b";", outside.span[1])
    if outside.receiver is None or end < 0 or code[outside.span[1] : end].strip():
        return None
    gaps = ((outside.receiver[1], closure.body[0]), (closure.body[1], end + 1))
    if any(comments_in(text, *gap) for gap in gaps):
        return None
    is_block = code[closure.body[0] : closure.body[0] + 1] == b"{"
    opened, closed = (b" ", b"") if is_block else (b" { ", b"; }")
    edits = (
        Edit(outside.span[0], outside.span[0], b"for " + pattern + b" in "),
        Edit(*gaps[0], opened),
        Edit(*gaps[1], closed),
    )
    return Loop(edits, (outside.span[0], end + 1))
