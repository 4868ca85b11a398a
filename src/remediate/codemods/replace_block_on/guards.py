"""What must not be alive over an `.await`: locks of the standard kind and borrows of a RefCell."""

import re
from collections.abc import Iterator

from remediate.codemods.replace_block_on.known import Known
from remediate.facts.model import UNKNOWN, Span
from remediate.rust.syntax.bodies import Bytes, function_at
from remediate.rust.syntax.expressions import Binding, bindings
from remediate.rust.syntax.outline import statement_end, statement_start

_TYPE = re.compile(r"\b\w*Guard\b|\bEntered\b|\bcell::(?:Ref|RefMut)<|\bmapref::")
"""Types that hold a lock, a borrow or a context of their thread; their names are a convention, not a fact."""
_ASYNC_TYPE = re.compile(r"\b(?:tokio|async_lock|futures_util|async_std)::")
_MAKES = re.compile(
    rb"\.\s*(?:lock|try_lock|read|write|borrow|borrow_mut|upgradable_read|lock_arc|try_borrow(?:_mut)?)"
    rb"\s*\(\s*\)(?!\s*\.\s*await\b)"
)
"""What makes a guard, told by the name alone: for what the compiler says nothing of, and for temporaries."""


def guard_over(known: Known, path: str, span: Bytes) -> str:
    """Return what would be held over an `.await` at these bytes, "" for nothing."""
    return next(_guards(known, path, span), "")


def _guards(known: Known, path: str, span: Bytes) -> Iterator[str]:
    for binding in bindings(known.source(path), span[0]):
        yield from _bound(known, path, binding, span[0])
    yield from _temporary(known, path, span)
    function = function_at(known.source(path), span[0])
    if function is not None and function.body is not None:
        header = known.outline(path).code[function.name_span[1] : function.body[0]]
        if _is_guard(header.decode(errors="replace")):
            yield "a parameter that is a guard"


def _bound(known: Known, path: str, binding: Binding, offset: int) -> Iterator[str]:
    """Yield what a binding holds at an offset behind it."""
    code = known.outline(path).code
    text, kind = code[slice(*binding.value)], known.facts_at(path).type_at(path, *binding.value)
    shown = f"`{' '.join(text.decode(errors='replace').split())[:60]}`"
    if any(_is_dropped(code, name, binding.value[1], offset) for name in binding.names):
        return
    if kind is not UNKNOWN and _is_guard(kind):
        yield f"{shown}, a `{_short(kind)}`,"
    elif not binding.is_let and _MAKES.search(text):
        yield f"{shown}, which lives as long as the block behind it,"
    elif kind is UNKNOWN and _MAKES.search(text):
        yield f"{shown}, whose type is not known,"


def _temporary(known: Known, path: str, span: Bytes) -> Iterator[str]:
    """Yield what the statement around holds until its end."""
    code = known.outline(path).code
    start, end = statement_start(code, span[0]), statement_end(code, span[1])
    if made := _MAKES.search(code[start:end]):
        yield f"`{made.group().decode()}` in the same statement"
    held = known.facts_at(path).calls_in(Span(path, start, end))
    for call in () if held is UNKNOWN else held:
        if not call.expanded and _is_guard(call.result):
            yield f"a `{_short(call.result)}` in the same statement"


def _is_guard(kind: str) -> bool:
    return _TYPE.search(kind) is not None and not _ASYNC_TYPE.search(kind)


def _is_dropped(code: bytes, name: str, start: int, end: int) -> bool:
    return (
        re.search(rb"\bdrop\s*\(\s*" + re.escape(name.encode()) + rb"\s*\)\s*;", code[start:end]) is not None
    )


def _short(kind: str) -> str:
    return re.sub(r"(?:\w+::)+", "", kind)[:60]
