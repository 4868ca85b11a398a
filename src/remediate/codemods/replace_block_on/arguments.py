"""What a blocking call waits for: a future that never suspends, or one that has to be awaited."""

from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.sites import sites
from remediate.facts.model import Call
from remediate.rust.syntax.bodies import Bytes, Function
from remediate.rust.syntax.expressions import Block, awaits, block, kind_of, leaves, macros

_INTO_FUTURE = "core::future::into_future::IntoFuture::into_future"


def plain_block(known: Known, path: str, span: Bytes) -> Block | None:
    """Return the block of an ``async {}`` that waits for nothing and does not leave early, else None."""
    source = known.source(path)
    if kind_of(source, span) != "async_block" or b"move" in source.text[span[0] : span[0] + 12]:
        return None
    found = block(source, span)
    if found is None or leaves(source, found.span) or awaits(source, found.span):
        return None
    return None if b"await" in known.outline(path).code[found.span[0] : found.span[1]] else found


def simple_block(known: Known, path: str, span: Bytes) -> Bytes | None:
    """Return the one expression of an ``async {}`` that never leaves early, else None."""
    source = known.source(path)
    if kind_of(source, span) != "async_block":
        return None
    found = block(source, span)
    if found is None or found.statements or found.tail is None or leaves(source, found.span):
        return None
    is_move = b"move" in source.text[span[0] : found.span[0]]
    # With `move` the block owns what it names: only a future that is awaited at once ends with it.
    return None if is_move and found.tail_kind != "await_expression" else found.tail


def called_by(known: Known, path: str, span: Bytes) -> Call | None:
    """Return the call that is exactly these bytes, None for any other expression."""
    calls = known.facts_at(path).targets
    found = [c for t in calls for c in t.calls if c.span.file == path and not c.expanded]
    return next((c for c in found if (c.span.start, c.span.end) == span), None)


def never_suspends(known: Known, function: str) -> dict[str, tuple[str, Function]] | None:
    """Return an async fn that waits for nothing with those that it awaits, all alike; None if it may wait."""
    found: dict[str, tuple[str, Function]] = {}
    blocking = known.derived(blocking_functions)
    waiting = [function]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        where = known.written(name)
        if where is None or not where[1].is_async or where[1].body is None or name in blocking:
            return None
        found[name] = where
        path, written = where
        body = written.body
        if body is None or macros_may_wait(known, path, body):
            return None
        operands = awaits(known.source(path), body)
        if _counted(known, path, name) != len(operands):
            return None
        for operand in operands:
            call = called_by(known, path, operand)
            if call is None:
                return None
            waiting.append(call.callee.path)
    return found


def blocking_functions(known: Known) -> set[str]:
    """Return the functions that block, themselves or by what they call: rewritten, they would wait."""
    found = {
        known.function_of(path, site.name[0])
        for path in known.rust_files
        if known.facts_at(path).targets
        for site in sites(known, path)
        if site.kind in {"future", "in-place"}
    }
    waiting = [name for name in found if name]
    while waiting:
        callers = {call.caller.path for call in known.callers_of(waiting.pop())} - found
        found |= callers
        waiting += callers
    return found


def macros_may_wait(known: Known, path: str, body: Bytes) -> bool:
    """Whether the tokens of a macro in a body say ``await``."""
    source = known.source(path)
    if not macros(source, body):
        return False
    inside = known.outline(path).code[body[0] : body[1]].count(b".await")
    return inside != len(awaits(source, body))


def _counted(known: Known, path: str, function: str) -> int:
    """Return how often a function's own body waits, by the compiler's word."""
    body = f"{function}::{{closure#0}}"
    calls = {c for t in known.facts_at(path).targets for c in t.calls if c.body.path == body}
    return len({c.span for c in calls if c.callee.path == _INTO_FUTURE})
