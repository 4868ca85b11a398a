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
_NAMES = ((b"collected", b"found", b"results", b"gathered"), (b"made", b"result", b"one"))
"""What the vector and one item of it may be called, where the function has no such name yet."""


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
    one, as the loop then. A closure that may leave early itself, and says what it returns, becomes a block
    that does. What is lazy, what may stop early otherwise, and what runs on other threads is none of them.
    """
    source, code = known.source(path), known.outline(path).code
    outside = taken_by(known, path, closure)
    if outside is None or outside.receiver is None or outside.arguments != (closure.span,):
        return None
    named = {call.callee.path for call in known.calls_named(path, outside.callee[1] - 1)}
    head = _HEAD.fullmatch(code[closure.span[0] : closure.body[0]])
    if head is None or made_in(known, path, outside.receiver):
        return None
    if named == {f"{_ITERATOR}map"} and (head[3] or not leaves(source, closure.body)):
        return _collected(known, path, (outside, closure), head)
    is_plain = not (head[2] or head[3] or leaves(source, closure.body))
    if named == {f"{_ITERATOR}for_each"} and outside.statement and is_plain:
        return _for_each(known, path, (outside, closure), head[1])
    return None


_HEAD = re.compile(rb"\|\s*([^|:]+?)\s*(?::\s*([^|]+?)\s*)?\|\s*(?:->\s*(.+?)\s*)?", re.DOTALL)
"""A closure up to its body: its one parameter, and the types of that and of what it returns, if written."""


def _collected(
    known: Known, path: str, around: tuple[Invocation, Scope], head: re.Match[bytes]
) -> Loop | None:
    outside, closure = around
    code, text = known.outline(path).code, known.codebase.files[path]
    collect = _COLLECT.match(code, outside.span[1])
    if collect is None or outside.receiver is None:
        return None
    span = outside.span[0], collect.end()
    kind = known.facts_at(path).type_at(path, *span)
    function = function_at(known.source(path), span[0])
    body = code[slice(*function.body)] if function is not None and function.body is not None else code
    new, made = (next((n for n in some if not re.search(rb"\b" + n + rb"\b", body)), b"") for some in _NAMES)
    fails = _FAILS.match(code, span[1])
    tried = b""
    if kind is not UNKNOWN and kind.startswith("std::result::Result<std::vec::Vec<") and fails is not None:
        span, tried = (span[0], fails.end()), b"?"
    elif kind is UNKNOWN or not kind.startswith("std::vec::Vec<"):
        return None
    is_typed = re.fullmatch(rb"\w+", head[1]) if head[2] else True
    if not new or not made or not is_typed or head[3] == b"_" or (head[3] and not tried):
        return None
    gaps = ((outside.receiver[1], closure.body[0]), (closure.body[1], span[1]))
    if any(comments_in(text, *gap) for gap in gaps):
        return None
    typed = b"let %b: %b = %b; " % (head[1], head[2], head[1]) if head[2] else b""
    opened, closed = new + b".push(", tried + b"); } "
    if head[3]:
        opened, closed = b"let %b: %b = async " % (made, head[3]), b".await; %b.push(%b?); } " % (new, made)
    edits = (
        Edit(span[0], span[0], b"{ let mut " + new + b" = Vec::new(); for " + head[1] + b" in "),
        Edit(*gaps[0], b" { " + typed + opened),
        Edit(*gaps[1], closed + new + b" }"),
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
