"""Async spreads from a function to its callers: all of them, or none."""

from dataclasses import dataclass, field

from remediate.codemods.replace_block_on.contexts import boundary, setting
from remediate.codemods.replace_block_on.guards import guard_over
from remediate.codemods.replace_block_on.known import Known, called
from remediate.codemods.replace_block_on.rewriting import awaited, made_async
from remediate.codemods.replace_block_on.sites import Site
from remediate.edits import Edit
from remediate.facts.model import Call, Form
from remediate.model import Skip
from remediate.rust.syntax.bodies import Function, function_at


@dataclass(frozen=True)
class Spread:
    """What has to change so that a function may wait.

    Attributes:
        edits: By file.
        functions: The names of the functions that become async, the first one first.
    """

    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    functions: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()


@dataclass
class _Search:
    known: Known
    edits: dict[str, set[Edit]] = field(default_factory=dict)
    found: dict[str, str] = field(default_factory=dict)
    calls: dict[str, set[str]] = field(default_factory=dict)
    is_awaited: bool = False


def spread(known: Known, path: str, offset: int, sites: tuple[Site, ...]) -> Spread | Skip:
    """Return what makes the function around an offset async, with all that call it, or why it cannot be."""
    search = _Search(known)
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
    if _is_cyclic(search.calls):
        named = next(iter(search.found.values()))
        return Skip("recursion", f"`{named}` would wait for itself, which needs boxing.")
    if not search.is_awaited:
        return _unreached(known, search, sites)
    notes = ("what becomes async may be cancelled where it waits",)
    edits = {path: tuple(sorted(some)) for path, some in search.edits.items()}
    return Spread(edits, tuple(search.found.values()), notes)


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
    text = known.codebase.files[path]
    search.edits.setdefault(path, set()).add(made_async(text, function))
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
    where = setting(known, path, call.span.start)
    if where.kind in {"pool", "thread", "in-place"}:
        return Skip(
            "called-on-thread", f"{at}: `{where.taker}` runs `{function.name}` on a thread of its own."
        )
    if where.kind not in {"async", "fn"}:
        code = {"macro": "in-macro", "initialiser": "in-initialiser"}.get(where.kind, "sync-closure")
        return Skip(code, f"{at}: `{function.name}` is called where nothing can wait ({where.kind}).")
    span = (call.span.start, call.span.end)
    guard = guard_over(known, path, span)
    if guard:
        return Skip("guard-held", f"{at}: {guard} would be held while `{function.name}` waits.")
    search.edits.setdefault(path, set()).add(awaited(call.span.end))
    search.calls.setdefault(call.caller.path, set()).add(name)
    if where.kind == "async":
        search.is_awaited = True
        return None
    caller = function_at(known.source(path), call.span.start)
    if caller is None:
        return Skip("unknown-caller", f"{at}: what calls `{function.name}` is not known.")
    return call.caller.path, path, caller


def _is_cyclic(calls: dict[str, set[str]]) -> bool:
    done: set[str] = set()

    def reaches(name: str, above: frozenset[str]) -> bool:
        if name in above:
            return True
        if name in done:
            return False
        done.add(name)
        return any(reaches(callee, above | {name}) for callee in sorted(calls.get(name, ())))

    return any(reaches(name, frozenset()) for name in sorted(calls))


def _unreached(known: Known, search: _Search, sites: tuple[Site, ...]) -> Skip:
    """Return why a function that no async code calls stays: it is a boundary, or nobody calls it."""
    named = next(iter(search.found.values()))
    where = sites[0].location if sites else named
    if not any(b"async" in known.outline(p).code for p in known.codebase.files if p.endswith(".rs")):
        return Skip(
            "synchronous-program", f"{where}: no async code is above `{named}`: to wait is its purpose."
        )
    return Skip("not-called-from-async", f"{where}: nothing shows that async code calls `{named}`.")
