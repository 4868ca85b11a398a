"""Async spreads from a function to its callers: all of them, or none."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from remediate.codemods.replace_block_on.adapters import as_loop
from remediate.codemods.replace_block_on.callers import (
    ENTERING,
    adapts,
    begins,
    blocked,
    reached,
    shown,
    stays,
    unfit,
)
from remediate.codemods.replace_block_on.contexts import Setting, setting
from remediate.codemods.replace_block_on.examples import calls_in_examples
from remediate.codemods.replace_block_on.guards import guard_over
from remediate.codemods.replace_block_on.known import Known, identity
from remediate.codemods.replace_block_on.once_cells import fills_once
from remediate.codemods.replace_block_on.preconditions import setting_of_replaced
from remediate.codemods.replace_block_on.rewriting import Wrap, awaited, lifetimes_said, made_async
from remediate.codemods.replace_block_on.sites import Site
from remediate.codemods.replace_block_on.streaming import Streamed, first_item, streamed
from remediate.codemods.replace_block_on.traits import is_api, own_method
from remediate.edits import Edit
from remediate.facts.model import Call, Span
from remediate.model import Skip
from remediate.rust.modules.manifest import rust_version
from remediate.rust.syntax.bodies import Function, function_at


@dataclass(frozen=True)
class Spread:
    """What has to change so that a function may wait, or need not any more.

    Attributes:
        edits: By file.
        functions: The names of the functions that become async, or stop being so, the first one first.
        streams: How those become streams that are asked for as such, by name.
        reached: Their paths, and those of the callers that block instead.
        is_declared: Whether they are async for who calls them from outside alone.
        wraps: What makes callers block at their calls, and examples wait at theirs.
        outward: Whether some of the callers are neither tests nor where the program begins.
        waiting: The paths of the functions that become async, with those of them that each awaits.
        blocking: The calls at which their callers block instead.
        blocked_on: Those of the functions that somebody may block on.
    """

    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    streams: dict[str, Streamed] = field(default_factory=dict)
    reached: frozenset[str] = frozenset()
    is_declared: bool = False
    wraps: frozenset[Wrap] = frozenset()
    outward: bool = False
    waiting: Mapping[str, frozenset[str]] = field(default_factory=dict)
    blocking: frozenset[Call] = frozenset()
    blocked_on: frozenset[str] = frozenset()


@dataclass
class _Search:
    known: Known
    edits: dict[str, set[Edit]] = field(default_factory=dict)
    streams: dict[str, Streamed] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    calls: dict[str, set[str]] = field(default_factory=dict)
    waits: list[tuple[str, str, Span]] = field(default_factory=list)
    sites: tuple[Site, ...] = ()
    blocking: set[Call] = field(default_factory=set)
    shown: set[Wrap] = field(default_factory=set)
    kept: frozenset[str] = frozenset()
    blocked_on: set[str] = field(default_factory=set)
    is_awaited: bool = False
    is_public: bool = False

    @property
    def own_sites(self) -> tuple[Site, ...]:
        """The sites in the functions that become async: their futures are what callers run."""
        of = ((site, self.known.function_of(site.path, site.name[0])) for site in self.sites)
        return tuple(site for site, name in of if name in self.found)

    def halves(self) -> dict[str, Skip]:
        """The functions that would become async and block, and why: executors may refuse that."""
        known, found = self.known, dict[str, Skip]()
        for call in sorted(self.blocking, key=lambda c: c.span):
            kind = setting(known, call.span.file, call.span.start).kind
            if call.caller.path in self.found and kind not in {"thread", "pool"}:
                at = known.location(call.span.file, call.span.start)
                words = "a closure of the function would block inside of async code."
                found.setdefault(call.caller.path, Skip("sync-closure", f"{at}: {words}"))
        return found

    def outward(self) -> bool:
        """Whether callers block that are neither tests nor where the program begins."""
        known = self.known
        places = ((call.span.file, call.span.start) for call in self.blocking)
        return any(not known.in_tests(*place) and not begins(known, *place) for place in places)


def spread(known: Known, path: str, offset: int, sites: tuple[Site, ...]) -> Spread | Skip:
    """Return what makes the function around an offset async, with all that call it, or why it cannot be."""
    forms = _streams(known, sites)
    if isinstance(forms, Skip):
        return forms
    search = _Search(known, streams=forms, sites=sites)
    refused = _searched(search, path, offset)
    held: Skip | None = None
    while refused is None and (halves := search.halves()):
        own = halves.get(known.function_of(path, offset))
        held = own or held or next(iter(halves.values()))
        # Who does not ask that callers block gets nothing done where one would have to.
        if own is not None or known.options.callers != "block":
            return held
        search = _Search(known, streams=forms, sites=sites, kept=search.kept | {*halves})
        refused = _searched(search, path, offset)
    refused = refused or _box_cycles(search)
    if refused is None and not (search.is_awaited or search.is_public):
        refused = held or _refused_above(search) or _unreached(known, search, sites)
    if refused is not None:
        return refused
    inside = search.own_sites
    blocking = blocked(known, inside, sorted(search.blocking, key=lambda c: c.span), search.found)
    if isinstance(blocking, Skip):
        return blocking
    streams = {search.found[name]: form for name, form in search.streams.items() if name in search.found}
    return Spread(
        edits={place: tuple(sorted(some)) for place, some in search.edits.items()},
        functions=tuple(search.found.values()),
        notes=tuple(_notes(search, _STREAMED if streams else _AWAITED)),
        streams=streams,
        reached=frozenset({*search.found, *(call.caller.path for call in search.blocking)}),
        is_declared=search.is_public and not search.is_awaited,
        wraps=frozenset({*blocking, *search.shown}),
        outward=search.outward(),
        waiting={name: frozenset(search.calls.get(name, ())) for name in search.found},
        blocking=frozenset(search.blocking),
        blocked_on=frozenset(search.blocked_on),
    )


def _searched(search: _Search, path: str, offset: int) -> Skip | None:
    """Make the function around an offset async, and all that have to become so with it."""
    known = search.known
    function, name = function_at(known.source(path), offset), known.function_of(path, offset)
    if function is None or not name:
        return Skip("unknown-caller", f"{known.location(path, offset)}: the compiler says nothing of it.")
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
    return None


def _notes(search: _Search, style: str) -> Iterator[str]:
    yield "what becomes async may be cancelled where it waits"
    yield style
    if search.is_public:
        yield "it is another API: who calls it from outside of the workspace has to await it"
    if search.blocking:
        # rustc numbers functions of one name: `test#1` is what a macro makes of a test beside it.
        names = sorted({call.caller.name.partition("#")[0] for call in search.blocking})
        shown = ", ".join(f"`{name}`" for name in names[:5])
        more = f" and {len(names) - 5} more" if names[5:] else ""
        yield f"callers block at their calls, as the function did: {shown}{more}"
    led = _led(search)
    if led:
        yield f"async code still blocks, as before, in or through {', '.join(f'`{name}`' for name in led)}"


def _led(search: _Search) -> list[str]:
    """Return the names of callers that block although they are or become async, or it leads there."""
    known, found = search.known, set()
    for call in search.blocking:
        path, offset = call.span.file, call.span.start
        function = function_at(known.source(path), offset)
        if known.in_tests(path, offset) or begins(known, path, offset) or function is None:
            continue
        if function.is_async or call.caller.path in search.found or reached(known, call.caller.path):
            found.add(call.caller.name)
    return sorted(found)


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
    skip = unfit(known, name, path, function)
    if skip is not None:
        return skip
    if function.owner in {"trait", "trait impl"}:
        return _trait_async(search, path, function)
    # Who asks for another API knows that its users wait for it.
    if known.options.public_api and known.is_api(path, function):
        search.is_public = True
        search.blocked_on.add(name)
    text = known.codebase.files[path]
    form = search.streams.get(name)
    said = (made_async(text, function), *lifetimes_said(known, path, function))
    made = said if form is None else form.edits
    search.edits.setdefault(path, set()).update(made)
    return _callers(search, name, path, function)


def _trait_async(search: _Search, path: str, function: Function) -> list[tuple[str, str, Function]] | Skip:
    """Make a trait's method async: its declaration and every impl."""
    known = search.known
    method = own_method(known, path, function)
    if isinstance(method, Skip):
        return method
    search.is_public = search.is_public or is_api(known, method)
    for file, some in method.edits.items():
        search.edits.setdefault(file, set()).update(some)
    for file, one in method.impls:
        body = one.body[0] + 1 if one.body is not None else one.keyword
        search.found[known.function_of(file, body)] = one.name
    search.found[method.path] = function.name
    if not method.is_boxed:  # to call the method may be to call any impl
        impls = (known.function_of(file, one.body[0] + 1) for file, one in method.impls if one.body)
        search.calls.setdefault(method.path, set()).update(impls)
    return _callers(search, method.path, *method.declared)


def _callers(
    search: _Search, name: str, path: str, function: Function
) -> list[tuple[str, str, Function]] | Skip:
    """Let all callers of a function wait, or block; return those that have to become async too."""
    if adapts(search.known) and name not in search.streams:
        for example in calls_in_examples(search.known, path, function):
            edits = shown(search.known, search.own_sites, example)
            if isinstance(edits, Skip):
                return edits
            search.shown.update(edits)
            search.blocked_on.add(name)
    more = []
    for call in search.known.callers_of(name):
        caller = _awaiting(search, name, function, call)
        if isinstance(caller, Skip):
            return caller
        if caller is not None:
            more.append(caller)
    return more


def _awaiting(  # noqa: PLR0911 - a ladder of early returns
    search: _Search, name: str, function: Function, call: Call
) -> tuple[str, str, Function] | Skip | None:
    """Let one call await, or block; return the caller if it has to become async for that."""
    known, path = search.known, call.span.file
    at = known.location(path, call.name.start)
    around = setting(known, path, call.span.start)
    if stays(known, call, around) or (around.kind != "async" and call.caller.path in search.kept):
        return _blocking(search, name, call)
    if known.in_tests(path, call.name.start) and not adapts(known):
        return Skip("called-from-test", f"{at}: test code calls `{function.name}`.")
    turned = _turned(known, function, call, around)
    if isinstance(turned, Skip):
        blocks = known.options.callers == "block" and around.kind not in {"async", *ENTERING}
        return _blocking(search, name, call) if blocks and not fills_once(around.taker) else turned
    where, edits = turned
    waits = _waits(search, name, function, call)
    if isinstance(waits, Skip):
        return waits
    search.edits.setdefault(path, set()).update((*edits, *waits))
    search.calls.setdefault(call.caller.path, set()).add(name)
    search.waits.append((call.caller.path, name, call.span))
    if where.kind == "async":
        search.is_awaited = True
        return None
    caller = function_at(known.source(path), call.span.start)
    if caller is None:
        return Skip("unknown-caller", f"{at}: what calls `{function.name}` is not known.")
    return call.caller.path, path, caller


def _blocking(search: _Search, name: str, call: Call) -> Skip | None:
    """Let a caller that stays synchronous block at its call."""
    if name in search.streams:
        return Skip("not-a-stream", f"a synchronous caller would need the value of `{search.found[name]}`.")
    search.blocking.add(call)
    search.blocked_on.add(name)
    return None


def _turned(
    known: Known, function: Function, call: Call, where: Setting
) -> tuple[Setting, tuple[Edit, ...]] | Skip:
    """Return where a call can wait: what runs it, or around a closure that becomes a loop by these edits."""
    path = call.span.file
    at = known.location(path, call.name.start)
    if where.kind in {"pool", "thread", "in-place"}:
        own = f"`{where.taker}` runs `{function.name}` on a thread of its own."
        return Skip("called-on-thread", f"{at}: {own}")
    loop = as_loop(known, path, where.scope) if where.kind == "closure" and where.scope is not None else None
    if loop is not None:
        where = setting(known, path, loop.span[0])
    if where.kind not in {"async", "fn"}:
        code = {"macro": "in-macro", "initialiser": "in-initialiser"}.get(where.kind, "sync-closure")
        return Skip(code, f"{at}: `{function.name}` is called where nothing can wait ({where.kind}).")
    guard = guard_over(known, path, (call.span.start, call.span.end))
    if guard:
        return Skip("guard-held", f"{at}: {guard} would be held while `{function.name}` waits.")
    return where, () if loop is None else loop.edits


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
        if search.streams or (least and least < _RECURSIVE):
            named = search.found.get(name, name)
            return Skip("recursion", f"`{named}` would wait for itself, which needs boxing.")
        edits = search.edits[span.file]
        edits.discard(awaited(span.end))
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


def _refused_above(search: _Search) -> Skip | None:
    """Return why a caller that blocks stays synchronous, where that was found out; None for none."""
    calls = sorted(search.blocking, key=lambda call: call.span)
    declared = (search.known.declared(call.caller.path) for call in calls)
    found = (search.known.refused.get(identity(*where)) for where in declared if where is not None)
    return next(filter(None, found), None)


def _unreached(known: Known, search: _Search, sites: tuple[Site, ...]) -> Skip | None:
    """Return why a function that no async code calls stays: it is a boundary, or nobody calls it."""
    named = next(iter(search.found.values()))
    where = sites[0].location if sites else named
    if not any(b"async" in known.outline(p).code for p in known.rust_files):
        return Skip(
            "synchronous-program", f"{where}: no async code is above `{named}`: to wait is its purpose."
        )
    if known.options.callers == "async" and known.options.public_api:  # who asks for it knows why
        return None
    blocks = "; who calls it would only block in its place" if adapts(known) else ""
    return Skip("not-called-from-async", f"{where}: nothing shows that async code calls `{named}`{blocks}.")
