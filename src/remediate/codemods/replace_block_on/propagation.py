"""Async spreads from a function to its callers: all of them, or none."""

from dataclasses import dataclass, field

from remediate.codemods.replace_block_on.adapters import as_loop
from remediate.codemods.replace_block_on.contexts import Setting, boundary, setting
from remediate.codemods.replace_block_on.dependencies import rust_version
from remediate.codemods.replace_block_on.guards import guard_over
from remediate.codemods.replace_block_on.known import Known, called
from remediate.codemods.replace_block_on.preconditions import setting_of_replaced
from remediate.codemods.replace_block_on.rewriting import awaited, made_async
from remediate.codemods.replace_block_on.sites import Site
from remediate.codemods.replace_block_on.streaming import Streamed, first_item, streamed
from remediate.edits import Edit
from remediate.facts.model import Call, Form, Span
from remediate.model import Skip
from remediate.rust.syntax.bodies import Function, function_at


@dataclass(frozen=True)
class Spread:
    """What has to change so that a function may wait.

    Attributes:
        edits: By file.
        functions: The names of the functions that become async, the first one first.
        streams: How those become streams that are asked for as such, by name.
        reached: Their paths.
    """

    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    streams: dict[str, Streamed] = field(default_factory=dict)
    reached: frozenset[str] = frozenset()


@dataclass
class _Search:
    known: Known
    edits: dict[str, set[Edit]] = field(default_factory=dict)
    streams: dict[str, Streamed] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    calls: dict[str, set[str]] = field(default_factory=dict)
    waits: list[tuple[str, str, Span]] = field(default_factory=list)
    is_awaited: bool = False
    is_public: bool = False


def spread(known: Known, path: str, offset: int, sites: tuple[Site, ...]) -> Spread | Skip:
    """Return what makes the function around an offset async, with all that call it, or why it cannot be."""
    forms = _streams(known, sites)
    if isinstance(forms, Skip):
        return forms
    search = _Search(known, streams=forms)
    function = function_at(known.source(path), offset)
    name = known.function_of(path, offset)
    if function is None or not name:
        return Skip("unknown-caller", f"{path}:{known.line(path, offset)}: the compiler says nothing of it.")
    waiting = [(name, path, function)]
    while waiting:
        name, path, function = waiting.pop()
        if name in search.found:
            continue
        search.found[name] = function.name
        more = _made_async(search, name, path, function)
        if isinstance(more, Skip):
            return more
        waiting += more
    refused = _box_cycles(search)
    if refused is not None:
        return refused
    if not search.is_awaited and not search.is_public:
        return _unreached(known, search, sites)
    streams = {search.found[name]: form for name, form in search.streams.items() if name in search.found}
    style = _STREAMED if streams else _AWAITED
    notes: tuple[str, ...] = ("what becomes async may be cancelled where it waits", style)
    if search.is_public:
        notes += ("it is another API: who calls it from outside of the workspace has to await it",)
    edits = {path: tuple(sorted(some)) for path, some in search.edits.items()}
    return Spread(edits, tuple(search.found.values()), notes, streams, frozenset(search.found))


_AWAITED = (
    "an `async fn` rather than a stream: for one value `.await` keeps its type and every `?`, spawns nothing,"
    " and cannot end without a value"
)
_STREAMED = "a stream of one value, as the style asks: where it ends without one, its callers see an error"


def _streams(known: Known, sites: tuple[Site, ...]) -> dict[str, Streamed] | Skip:
    """Return how the functions of sites become streams, where the style asks for that."""
    found: dict[str, Streamed] = {}
    for site in sites if known.options.style == "stream" else ():
        where = setting_of_replaced(known, site)
        scope = where.scope if where is not None and where.kind == "fn" else None
        function = scope.function if scope is not None else None
        name = known.function_of(site.path, site.name[0])
        if function is None or not name or name in found:
            continue
        form = streamed(known, site.path, function)
        if isinstance(form, Skip):
            return form
        found[name] = form
    return found


def _made_async(
    search: _Search, name: str, path: str, function: Function
) -> list[tuple[str, str, Function]] | Skip:
    """Make one function async, and its callers await it; return those that have to become async too."""
    known = search.known
    skip = boundary(known, path, function)
    if skip is not None:
        return skip
    if known.written(name) is None:
        at = f"{path}:{known.line(path, function.keyword)}"
        return Skip(
            "unknown-caller", f"`{function.name}` ({at}) is several functions, by its cfg or a macro."
        )
    hidden = known.unexplained(path, function, name)
    if hidden is not None:
        at = f"{hidden.path}:{hidden.line}"
        return Skip("unknown-caller", f"{at}: `{function.name}` there may be a call, and no fact tells.")
    # Who asks for another API knows that its users wait for it.
    search.is_public = search.is_public or (known.options.public_api and known.is_api(path, function))
    text = known.codebase.files[path]
    form = search.streams.get(name)
    made = (made_async(text, function),) if form is None else form.edits
    search.edits.setdefault(path, set()).update(made)
    more = []
    for call in known.callers_of(name):
        caller = _awaiting(search, name, function, call)
        if isinstance(caller, Skip):
            return caller
        if caller is not None:
            more.append(caller)
    return more


def _awaiting(  # noqa: PLR0911 - a ladder of early returns
    search: _Search, name: str, function: Function, call: Call
) -> tuple[str, str, Function] | Skip | None:
    """Let one call await; return the caller if it has to become async for that."""
    known, path = search.known, call.span.file
    at = f"{path}:{known.line(path, call.name.start)}" if path in known.codebase.files else "a macro"
    if call.form is Form.VALUE:
        return Skip("used-as-value", f"{at}: `{function.name}` is handed on as a value there.")
    if not called(call) or path not in known.codebase.files:
        return Skip("in-macro", f"{at}: a macro makes a call of `{function.name}`.")
    if known.in_tests(path, call.name.start):
        return Skip("called-from-test", f"{at}: test code calls `{function.name}`.")
    where = _turned(search, function, call, at)
    if isinstance(where, Skip):
        return where
    span = (call.span.start, call.span.end)
    guard = guard_over(known, path, span)
    if guard:
        return Skip("guard-held", f"{at}: {guard} would be held while `{function.name}` waits.")
    waits = _waits(search, name, function, call)
    if isinstance(waits, Skip):
        return waits
    search.edits.setdefault(path, set()).update(waits)
    search.calls.setdefault(call.caller.path, set()).add(name)
    search.waits.append((call.caller.path, name, call.span))
    if where.kind == "async":
        search.is_awaited = True
        return None
    caller = function_at(known.source(path), call.span.start)
    if caller is None:
        return Skip("unknown-caller", f"{at}: what calls `{function.name}` is not known.")
    return call.caller.path, path, caller


def _turned(search: _Search, function: Function, call: Call, at: str) -> Setting | Skip:
    """Return where a call can wait: what runs it, or around a closure that becomes a loop."""
    known, path = search.known, call.span.file
    where = setting(known, path, call.span.start)
    if where.kind in {"pool", "thread", "in-place"}:
        own = f"`{where.taker}` runs `{function.name}` on a thread of its own."
        return Skip("called-on-thread", f"{at}: {own}")
    loop = as_loop(known, path, where.scope) if where.kind == "closure" and where.scope is not None else None
    if loop is not None:
        search.edits.setdefault(path, set()).update(loop.edits)
        where = setting(known, path, loop.span[0])
    if where.kind not in {"async", "fn"}:
        code = {"macro": "in-macro", "initialiser": "in-initialiser"}.get(where.kind, "sync-closure")
        return Skip(code, f"{at}: `{function.name}` is called where nothing can wait ({where.kind}).")
    return where


def _waits(search: _Search, name: str, function: Function, call: Call) -> tuple[Edit, ...] | Skip:
    """Return the edits by which a call waits: for the value, or for the first item of its stream."""
    form = search.streams.get(name)
    if form is None:
        return (awaited(call.span.end),)
    around = first_item(search.known, form, function, call)
    if isinstance(around, Skip):
        return around
    start, end = call.span.start, call.span.end
    before, after = Edit(start, start, around[0].encode()), Edit(end, end, around[1].encode())
    return (before, after) if before.new else (after,)


def _box_cycles(search: _Search) -> Skip | None:
    """Box the futures by which functions wait for themselves, or say why that cannot be."""
    known = search.known
    for caller, name, span in search.waits:
        if caller not in _reached(search.calls, name):
            continue
        least = rust_version(known.codebase, known.codebase.home(span.file))
        if search.streams or (least is not None and least < _RECURSIVE):
            named = search.found.get(name, name)
            return Skip("recursion", f"`{named}` would wait for itself, which needs boxing.")
        edits = search.edits[span.file]
        edits.remove(awaited(span.end))
        edits |= {Edit(span.start, span.start, b"Box::pin("), Edit(span.end, span.end, b").await")}
    return None


_RECURSIVE = (1, 77)
"""The release that lets an async function wait for its own boxed future."""


def _reached(calls: dict[str, set[str]], name: str) -> set[str]:
    """Return the functions that one calls, and those that they call in turn."""
    found, waiting = set[str](), [name]
    while waiting:
        more = calls.get(waiting.pop(), set()) - found
        found |= more
        waiting += more
    return found | {name}


def _unreached(known: Known, search: _Search, sites: tuple[Site, ...]) -> Skip:
    """Return why a function that no async code calls stays: it is a boundary, or nobody calls it."""
    named = next(iter(search.found.values()))
    where = sites[0].location if sites else named
    if not any(b"async" in known.outline(p).code for p in known.codebase.files if p.endswith(".rs")):
        return Skip(
            "synchronous-program", f"{where}: no async code is above `{named}`: to wait is its purpose."
        )
    return Skip("not-called-from-async", f"{where}: nothing shows that async code calls `{named}`.")
