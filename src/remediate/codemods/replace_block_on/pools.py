"""A closure on the blocking pool that blocks on nothing but a future, or on nothing: a task instead."""

import re

from remediate.codemods.replace_block_on.contexts import taken_by
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.rewriting import comments_in
from remediate.codemods.replace_block_on.sites import Site
from remediate.codemods.replace_block_on.spellings import Awaits, spelling
from remediate.codemods.replace_block_on.threads import HOLDS_UP, RUNTIME
from remediate.edits import Edit
from remediate.facts.model import UNKNOWN, Call, Form, Span
from remediate.rust.syntax.bodies import Bytes, Scope, scopes
from remediate.rust.syntax.expressions import Invocation, block, invocation, loops, macros

_QUICK = re.compile(
    r"(?:core|alloc|std)::(?:option|result|clone|cmp|convert|default|ops|mem|marker|any|time|num|bool|char"
    r"|sync::\{impl|sync::Arc|rc|borrow|net::ip)(?:::|\Z)"
)
"""Modules of the standard library whose functions neither wait nor work long: by name, a heuristic."""
_DEPTH = 3
Edits = dict[str, tuple[Edit, ...]]


def spawned_as_task(known: Known, site: Site) -> tuple[Edits, str] | None:
    """Return the edits that spawn a task for what a site hands to the blocking pool, and what they do.

    The site is the ``spawn_blocking``, or the one call in its closure that blocks on a future. None where
    the pool is right: the closure works, or blocks on something else.
    """
    found = _handed_over(known, site)
    if found is None:
        return None
    outside, closure = found
    future = _only_future(known, site.path, closure)
    if future is not None and not _busy(known, site.path, future[0]):
        text = known.codebase.files[site.path]
        edits = _task(text, outside, future)
        if edits is not None:
            return {site.path: edits}, "A task that awaits the future, instead of a thread that blocks on it."
        return None
    if not _is_quick(known, site.path, closure.body, _DEPTH):
        return None
    inner = block(known.source(site.path), closure.body)
    opened, closed = (b"", b"") if inner is not None else (b"{ ", b" }")
    edits = (
        Edit(*outside.callee, b"tokio::spawn"),
        Edit(closure.span[0], closure.body[0], b"async move " + opened),
        *([Edit(closure.body[1], closure.body[1], closed)] if closed else []),
    )
    if comments_in(known.codebase.files[site.path], closure.span[0], closure.body[0]):
        return None
    return {site.path: edits}, "A task instead of a thread of the pool: nothing in the closure holds one up."


def _handed_over(known: Known, site: Site) -> tuple[Invocation, Scope] | None:
    """Return the call of tokio's ``spawn_blocking`` that a site is or is in, with its closure."""
    source = known.source(site.path)
    if site.kind == "spawned":
        outside = site.syntax
    else:
        around = next((s for s in scopes(source, site.name[0]) if s.kind == "closure"), None)
        if around is None:
            return None
        outside = taken_by(known, site.path, around)
    if outside is None or len(outside.arguments) != 1:
        return None
    called = known.calls_named(site.path, outside.callee[1] - 1)
    pool = ("tokio", "spawn_blocking", Form.PATH)
    if {(call.callee.crate, call.callee.name, call.form) for call in called} != {pool}:
        return None
    inside = scopes(source, outside.arguments[0][1] - 1)
    closure = next((s for s in inside if s.span == outside.arguments[0] and s.kind == "closure"), None)
    return None if closure is None else (outside, closure)


def _only_future(known: Known, path: str, closure: Scope) -> tuple[Bytes, str] | None:
    """Return the future that a closure only blocks on, with the grammar's word for it; None for more."""
    source, code = known.source(path), known.outline(path).code
    inner = block(source, closure.body)
    parts = [closure.body] if inner is None else [*inner.statements, *([inner.tail] if inner.tail else [])]
    if not parts or any(not RUNTIME.fullmatch(code[slice(*part)].strip()) for part in parts[:-1]):
        return None
    last = invocation(source, code.rfind(b"block_on", *parts[-1]) + len(b"block_on") - 1)
    calls = () if last is None else known.calls_named(path, last.callee[1] - 1)
    kinds = {spelling(call) for call in calls}
    if last is None or last.span != parts[-1] or len(last.arguments) != 1 or len(kinds) != 1:
        return None
    kind = next(iter(kinds))
    if kind is None or not kind.runtime or kind.awaits is not Awaits.ARGUMENT or last.receiver is None:
        return None
    runtime = b" ".join(code[slice(*last.receiver)].split())
    made = b" ".join(code[slice(*part)] for part in parts[:-1])
    if not _CURRENT.search(runtime) and not re.search(rb"\b" + re.escape(runtime) + rb"\b", made):
        return None
    return last.arguments[0], last.kinds[0]


_CURRENT = re.compile(rb"\bHandle\s*::\s*current\s*\(\s*\)\Z|\bRuntime\s*::\s*new\s*\(\s*\)")


def _task(text: bytes, outside: Invocation, future: tuple[Bytes, str]) -> tuple[Edit, ...] | None:
    (start, end), kind = future
    if comments_in(text, outside.callee[1], start) or comments_in(text, end, outside.span[1]):
        return None
    if kind == "async_block":
        is_move = text[start : start + 20].split()[1:2] in ([b"move"], [b"move{"])
        moved = () if is_move else (Edit(start, start + len(b"async"), b"async move"),)
        opened, closed = Edit(outside.callee[0], start, b"tokio::spawn("), Edit(end, outside.span[1], b")")
        return (opened, *moved, closed)
    if kind != "call_expression":
        return None
    if re.fullmatch(rb"[\w:]+\((?:\s*\w+\s*,?)*\)", text[start:end]):
        return (Edit(outside.callee[0], start, b"tokio::spawn("), Edit(end, outside.span[1], b")"))
    return (
        Edit(outside.callee[0], start, b"tokio::spawn(async move { "),
        Edit(end, outside.span[1], b".await })"),
    )


def _busy(known: Known, path: str, span: Bytes) -> bool:
    """Whether the code of a future calls something that holds a thread up; also where nothing is known."""
    calls = known.facts_at(path).calls_in(Span(path, *span))
    return calls is UNKNOWN or any(HOLDS_UP.search(call.callee.path) for call in calls)


def _is_quick(known: Known, path: str, span: Bytes, depth: int) -> bool:
    """Whether code is shown to neither loop nor call what may work long or wait."""
    source = known.source(path)
    if not depth or loops(source, span) or macros(source, span):
        return False
    calls = known.facts_at(path).calls_in(Span(path, *span))
    if calls is UNKNOWN:
        return False
    return all(_QUICK.match(call.callee.path) or _is_quick_function(known, call, depth) for call in calls)


def _is_quick_function(known: Known, call: Call, depth: int) -> bool:
    if call.form in {Form.IMPLICIT, Form.CONSTANT}:
        return call.callee.crate in {"core", "alloc", "std"}
    where = known.written(call.callee.path)
    if where is None or where[1].is_async or where[1].body is None:
        return False
    return _is_quick(known, where[0], where[1].body, depth - 1)
