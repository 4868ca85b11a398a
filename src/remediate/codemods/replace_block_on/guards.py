"""What must not be alive over an `.await`: locks of the standard kind and borrows of a RefCell."""

import re
from collections.abc import Iterator

from remediate.codemods.replace_block_on.known import Known
from remediate.facts.model import UNKNOWN, Span
from remediate.rust.syntax.bodies import Bytes, function_at
from remediate.rust.syntax.expressions import Binding, bindings
from remediate.rust.syntax.outline import statement_end, statement_start

_HELD = re.compile(
    r"\b(?:std|core|alloc|lock_api|parking_lot|spin|dashmap|scc|crossbeam_epoch)::(?:\w+::)*\w*Guard\b"
    r"|\b(?:std|core)::cell::(?:Ref|RefMut)<|\bdashmap::(?:\w+::)*Ref\w*<|\btracing::(?:\w+::)*Entered\b"
    r"|\btokio::runtime::(?:\w+::)*EnterGuard\b"
)
"""Types that hold a lock, a borrow or a context of their thread, by the crate that defines them."""
_BORROWED = re.compile(r"\b(\w+)::(?:\w+::)*(\w*Guard)<'")
"""A guard by its name that borrows what it guards, of a crate that is not known here: a heuristic."""
_ASYNC = frozenset({"tokio", "async_lock", "futures_util", "futures", "async_std", "tokio_util"})
_NAMED = re.compile(r"(?<!\w)(?:\w+::)*(\w+)\b")
_WRITTEN = re.compile(r"\b(?:Mutex|RwLock\w*|Mapped\w*)Guard\b|\b(?:Ref|RefMut)\s*<|\bEntered\b")
"""How a struct's own fields say that they hold a lock or a borrow."""
_AWAITED = re.compile(r"\b(?:tokio|async_lock|futures)::(?:\w+::)*\w+")
"""A field's type that is written with its crate, and made to be held over an `.await`."""
_MAKES = re.compile(
    rb"\.\s*(?:lock|try_lock|read|write|borrow|borrow_mut|upgradable_read|lock_arc|try_borrow(?:_mut)?)"
    rb"\s*\(\s*\)(?!\s*\.\s*await\b)"
)
"""What makes a guard, told by the name alone: for what the compiler says nothing of, and for temporaries."""


def guard_over(known: Known, path: str, span: Bytes) -> str:
    """Return what would be held over an `.await` at these bytes, "" for nothing."""
    return next(_guards(known, path, span), "")


def made_in(known: Known, path: str, span: Bytes) -> bool:
    """Whether a piece of code makes a guard, by the compiler's types or by the method's name."""
    if _MAKES.search(known.outline(path).code[slice(*span)]):
        return True
    calls = known.facts_at(path).calls_in(Span(path, *span))
    return calls is UNKNOWN or any(_is_guard(known, call.result) for call in calls)


def _guards(known: Known, path: str, span: Bytes) -> Iterator[str]:
    for binding in bindings(known.source(path), span[0]):
        yield from _bound(known, path, binding, span[0])
    yield from _temporary(known, path, span)
    function = function_at(known.source(path), span[0])
    if function is not None and function.body is not None:
        header = known.outline(path).code[function.name_span[1] : function.body[0]]
        if _WRITTEN.search(header.decode(errors="replace")):
            yield "a parameter that is a guard"


def _bound(known: Known, path: str, binding: Binding, offset: int) -> Iterator[str]:
    """Yield what a binding holds at an offset behind it."""
    code = known.outline(path).code
    text, kind = code[slice(*binding.value)], known.facts_at(path).type_at(path, *binding.value)
    written = known.codebase.files[path][slice(*binding.value)]
    shown = f"`{' '.join(written.decode(errors='replace').split())[:60]}`"
    rest = code[binding.value[1] : offset]
    if any(re.search(rb"\bdrop\s*\(\s*%b\s*\)\s*;" % name.encode(), rest) for name in binding.names):
        return
    if kind is not UNKNOWN and _is_guard(known, kind):
        yield f"{shown}, a `{_short(kind)}`,"
    elif not binding.is_let and _made(known, path, binding.value) is not None:
        yield f"{shown}, which lives as long as the block behind it,"
    elif kind is UNKNOWN and _MAKES.search(text):
        yield f"{shown}, whose type is not known,"


def _temporary(known: Known, path: str, span: Bytes) -> Iterator[str]:
    """Yield what the statement around holds until its end."""
    code = known.outline(path).code
    start, end = statement_start(code, span[0]), statement_end(code, span[1])
    if made := _made(known, path, (start, end)):
        yield f"`{made.group().decode()}` in the same statement"
    held = known.facts_at(path).calls_in(Span(path, start, end))
    for call in () if held is UNKNOWN else held:
        if not call.expanded and _is_guard(known, call.result):
            yield f"a `{_short(call.result)}` in the same statement"


def _made(known: Known, path: str, span: Bytes) -> re.Match[bytes] | None:
    """Return what makes a guard by its name in a piece of code, unless it is known to make none."""
    for match in _MAKES.finditer(known.outline(path).code, *span):
        name = match.start() + len(match[0]) - len(match[0].lstrip(b". \n\t\r"))
        calls = known.calls_named(path, name)
        if not calls or any(_is_guard(known, call.result) for call in calls):
            return match
    return None


def _is_guard(known: Known, kind: str) -> bool:
    """Whether a type, as the compiler writes it, is a guard or holds one; a name alone makes none."""
    if kind.startswith("fn "):
        return False
    if _HELD.search(kind):
        return True
    named = [found for found in _BORROWED.finditer(kind) if found[1] not in _ASYNC]
    if any(not known.structs(found[2]) for found in named):
        return True
    return any(_holds(known, found[1]) for found in _NAMED.finditer(kind))


def _holds(known: Known, name: str) -> bool:
    """Whether a struct of the workspace holds a guard in one of its fields, or in one of theirs."""
    memory = known.memory(_holds)
    if name not in memory:
        memory[name] = False  # what a struct holds of its own kind says nothing more
        memory[name] = any(
            _WRITTEN.search(_AWAITED.sub("", text)) is not None
            or any(_holds(known, inner[1]) for inner in _NAMED.finditer(text))
            for text in known.structs(name)
        )
    return memory[name]


def _short(kind: str) -> str:
    return re.sub(r"(?:\w+::)+", "", kind)[:60]
