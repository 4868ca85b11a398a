"""Callers that stay synchronous: each blocks where it calls, as what it calls did before.

In tests, examples and benchmarks, and where the program begins, blocking is right. Other code does so where
the user asks for it (``callers = "block"``) and nobody could wait for it, or it cannot be async.
"""

import re
from collections.abc import Collection, Iterator, Mapping
from typing import Any

from remediate.audit.scan.blocking import context
from remediate.codemods.replace_block_on.adapters import as_loop
from remediate.codemods.replace_block_on.arguments import blocking_functions
from remediate.codemods.replace_block_on.contexts import Setting, boundary, setting
from remediate.codemods.replace_block_on.dependencies import missing
from remediate.codemods.replace_block_on.examples import Example
from remediate.codemods.replace_block_on.known import Known, called
from remediate.codemods.replace_block_on.matrix import Operation
from remediate.codemods.replace_block_on.occurrences import unexplained
from remediate.codemods.replace_block_on.once_cells import fills_once
from remediate.codemods.replace_block_on.preconditions import plainly
from remediate.codemods.replace_block_on.rewriting import Wrap, awaited, made_async
from remediate.codemods.replace_block_on.sites import Site, sites
from remediate.codemods.replace_block_on.traits import is_api, own_method
from remediate.edits import Edit
from remediate.facts.model import UNKNOWN, Call, Form, Span
from remediate.model import Skip
from remediate.rust.modules.manifest import manifest_table
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.bodies import Bytes, Function, function_at
from remediate.rust.syntax.indent import indentation_at
from remediate.streams import Crate

_WAYS = {
    "pollster": (("pollster", "pollster::block_on"),),
    "futures_executor": (
        ("futures", "futures::executor::block_on"),
        ("futures-executor", "futures_executor::block_on"),
    ),
    "futures_lite": (("futures-lite", "futures_lite::future::block_on"), ("smol", "smol::future::block_on")),
    "async_io": (("async-io", "async_io::block_on"), ("smol", "smol::block_on")),
    "tokio": (("tokio", "tokio::runtime::Runtime::new().unwrap().block_on"),),
}
"""By the crate that defines an executor: what a package may ask for, and what code says then."""
_ENTRY = Crate("tokio", "1", ("macros", "rt-multi-thread"))


def adapts(known: Known) -> bool:
    """Whether callers that cannot wait may get a blocking call of their own."""
    return known.options.public_api or known.options.callers == "block"


def stays(known: Known, call: Call, where: Setting) -> bool:
    """Whether a caller is left synchronous, to block at this call.

    So that a second run finds nothing to do, a caller becomes async wherever it is of use and possible.
    """
    path, offset = call.span.file, call.span.start
    if where.kind == "async" or not adapts(known):
        return False
    if call.form is Form.VALUE:  # fit to be a closure that blocks, or `unfit` had refused it
        return True
    if known.in_tests(path, offset) or begins(known, path, offset):
        return True
    caller = function_at(known.source(path), offset)
    if known.options.callers != "block" or where.kind in ENTERING or fills_once(where.taker):
        return False
    name = call.caller.path
    return caller is None or not leads(known, name) or unfit(known, name, path, caller) is not None


ENTERING = frozenset({"in-place", "entered"})
"""Closures that are there for blocking, and run where they stand: no call is made to block in one."""


def unfit(known: Known, name: str, path: str, function: Function) -> Skip | None:
    """Return why a function cannot become async, by itself or by how it is used; None if it can."""
    memory, key = known.memory(unfit), (name, frozenset(known.refused))
    if key not in memory:
        memory[key] = next(_obstacles(known, name, path, function), None)
    return memory[key]


def _obstacles(known: Known, name: str, path: str, function: Function) -> Iterator[Skip]:
    in_trait = function.owner in {"trait", "trait impl"}
    skip = boundary(known, path, function, trait_too=in_trait)
    if skip is not None:
        yield skip
        return
    at = f"`{function.name}` ({known.location(path, function.name_span[0])})"
    if (held := _left_inside(known, path, function)) and not reached(known, name):
        words = f"`{function.name}` would block there inside of async code, which executors may refuse."
        yield Skip("sync-closure", f"{held}: {words}")
    if in_trait:
        method = own_method(known, path, function)
        if isinstance(method, Skip):
            yield method
            return
        if is_api(known, method) and not known.options.public_api:
            words = f"is a method of {function.trait}, which is public in a crate that is published."
            yield Skip("trait-method", f"{at} {words}")
        name, (path, function) = method.path, method.declared
    elif known.written(name) is None:
        yield Skip("unknown-caller", f"{at} is several functions, by its cfg or a macro.")
    hidden = unexplained(known, path, function, name)
    if hidden:
        words = f"`{function.name}` there may be a call, and no fact tells."
        yield Skip("unknown-caller", f"{hidden}: {words}")
    yield from filter(None, (_misused(known, function, call) for call in known.callers_of(name)))


def _left_inside(known: Known, path: str, function: Function) -> str:
    """Return where a function blocks itself in a way that stays, and not on a thread of its own; or ""."""
    for site in (one for one in sites(known, path) if one.kind == "future"):
        where = setting(known, path, site.name[0])
        if where.kind in {"async", "thread", "pool"} or plainly(known, site, where) is None:
            continue
        closure = where.scope if where.kind == "closure" else None
        goes = closure is not None and (fills_once(where.taker) or as_loop(known, path, closure) is not None)
        if not goes and function_at(known.source(path), site.name[0]) == function:
            return site.location
    return ""


def _misused(known: Known, function: Function, call: Call) -> Skip | None:
    """Return why a mention of a function can neither wait nor block; None for a call that may."""
    path = call.span.file
    at = known.location(path, call.name.start) if path in known.codebase.files else "a macro"
    if call.form is Form.VALUE and not _may_be_closure(known, function, call):
        return Skip("used-as-value", f"{at}: `{function.name}` is handed on as a value there.")
    if call.form is Form.VALUE:
        return None
    if not called(call) or path not in known.codebase.files:
        return Skip("in-macro", f"{at}: a macro makes a call of `{function.name}`.")
    return None


def _may_be_closure(known: Known, function: Function, call: Call) -> bool:
    """Whether a closure that blocks may be handed on in place of a function: where no async code leads to."""
    path, start = call.span.file, call.span.start
    if call.expanded or path not in known.codebase.files or function.owner in {"trait", "trait impl"}:
        return False
    if setting(known, path, start).kind != "fn" or function.takes_self:
        return False
    if known.in_tests(path, start) or begins(known, path, start):
        return adapts(known)
    return known.options.callers == "block" and not reached(known, call.caller.path)


def begins(known: Known, path: str, offset: int) -> bool:
    """Whether code is that of `main` itself, and of no closure in it."""
    return (
        setting(known, path, offset).kind == "fn" and context(known.outline(path), offset).boundary == "main"
    )


def leads(known: Known, name: str) -> bool:
    """Whether somebody may wait for a function: async code leads to it, or a public one that may change."""
    return reached(known, name, public=known.options.public_api)


def reached(known: Known, name: str, *, public: bool = False) -> bool:
    """Whether async code of the program leads to a function, through whichever functions; tests aside.

    ``public`` is whether the API of a published crate counts as well.
    """
    memory = known.memory(reached)
    above, waiting = {name}, [name]
    while waiting and (name, public) not in memory:
        function = waiting.pop()
        if memory.get((function, public), public and _is_api(known, function)):
            memory[name, public] = True
        for call in known.callers_through(function):
            path, start = call.span.file, call.span.start
            if path not in known.codebase.files or known.in_tests(path, start):
                continue
            if setting(known, path, start).kind == "async":
                memory[name, public] = True
            elif call.caller.path not in above:
                above.add(call.caller.path)
                waiting.append(call.caller.path)
    if (name, public) not in memory:
        memory.update({(one, public): False for one in above})
    return memory[name, public]


def _is_api(known: Known, name: str) -> bool:
    """Whether a function may be part of a published crate's API, a trait's method among them."""
    path, function = known.declared(name) or ("", None)
    if function is None or known.in_tests(path, function.keyword):
        return False
    if function.owner not in {"trait", "trait impl"}:
        return known.is_api(path, function)
    method = own_method(known, path, function)
    return not isinstance(method, Skip) and is_api(known, method)


def blocked(
    known: Known, sites: tuple[Site, ...], calls: Collection[Call], waiting: Collection[str]
) -> list[Wrap] | Skip:
    """Return what makes callers block at their calls, in the way in which the functions did.

    ``waiting`` are the functions that become async.
    """
    found: list[Wrap] = []
    by_function: dict[tuple[str, Bytes], list[Call]] = {}
    # A file of several targets has each of its calls once for each of them.
    for call in {call.span: call for call in calls}.values():
        around = function_at(known.source(call.span.file), call.span.start)
        span = around.span if around is not None else (call.span.start, call.span.end)
        by_function.setdefault((call.span.file, span), []).append(call)
    for (path, _), some in sorted(by_function.items(), key=lambda pair: pair[0]):
        inside = _inside(known, sites, some, waiting)
        found += [Wrap(path, (edit,)) for edit in inside]
        for call in () if inside else some:
            one = _blocked(known, sites, call)
            if isinstance(one, Skip):
                return one
            found.append(Wrap(path, one))
    return found


def _blocked(known: Known, sites: tuple[Site, ...], call: Call) -> tuple[Edit, ...] | Skip:
    path, (start, end) = call.span.file, (call.span.start, call.span.end)
    tested = known.in_tests(path, start)
    executor, code = _way(known, sites, path, tested=tested)
    if not code:
        return _without(known, executor, path, call.name.start, tested=tested)
    taken, closed = _as_closure(known, call)
    opened = (Edit(start, start, taken),) if taken else ()
    if executor == "pollster" and _has_method(known, path, start):
        return *opened, Edit(end, end, closed + b".block_on()")
    if executor == "tokio" and not tested:
        words = "a runtime made there may fail, and nothing shows that `#[tokio::main]` would do."
        return Skip("main", f"{known.location(path, call.name.start)}: {words}")
    return Edit(start, start, taken + f"{code}(".encode()), Edit(end, end, closed + b")")


def _as_closure(known: Known, call: Call) -> tuple[bytes, bytes]:
    """Return what is put before and behind a function that is handed on, so that a closure calls it."""
    _, function = known.declared(call.callee.path) or ("", None)
    if call.form is not Form.VALUE or function is None:
        return b"", b""
    found = [_PARAMETER.match(one) for one in function.parameters]
    own = [one[1] for one in found if one is not None and one[1] != function.name]
    plain = len(own) == len(found) and "_" not in own
    names = ", ".join(own if plain else (f"argument_{i}" for i in range(1, len(found) + 1)))
    return f"|{names}| ".encode(), f"({names})".encode()


_PARAMETER = re.compile(r"(?:mut\s+)?([a-z_]\w*)\s*:(?!:)")


def shown(known: Known, sites: tuple[Site, ...], example: Example) -> tuple[Wrap, ...] | Skip:
    """Return what lets a call in an example wait, or block as the function did."""
    path, start, end = example.path, example.start, example.end
    waits = Wrap(path, (awaited(end),), is_comment=True)
    if example.is_async:
        return (waits,)
    executor, code = _way(known, sites, example.path, tested=True)
    if not code:
        return _without(known, executor, example.path, start, tested=True)
    if executor == "tokio" and example.main >= 0:
        text, home = known.codebase.files[example.path], known.codebase.home(example.path)
        if not missing(known.codebase, home, (_ENTRY,)):
            margin = text[text.rfind(b"\n", 0, example.main) + 1 : example.main]
            begins_async = Edit(example.main, example.main, b"#[tokio::main]\n" + margin + b"async ")
            return Wrap(path, (begins_async,), is_comment=True), waits
    pair = Edit(start, start, f"{code}(".encode()), Edit(end, end, b")")
    return (Wrap(path, pair, is_comment=True),)


def _way(known: Known, sites: tuple[Site, ...], path: str, *, tested: bool) -> tuple[str, str]:
    """Return what runs the sites' futures, and how code of a file says that; "" where it cannot."""
    found = sorted({_executor(site) for site in sites} - {""})
    executor = "tokio" if "tokio" in found else next(iter(found), "")
    asked_for = _asked_for(known.codebase.home(path), tested=tested)
    return executor, next((code for name, code in _WAYS.get(executor, ()) if name in asked_for), "")


def _without(known: Known, executor: str, path: str, offset: int, *, tested: bool) -> Skip:
    named = _WAYS[executor][0][0] if executor in _WAYS else "an executor"
    kind = "dev-dependencies" if tested else "dependencies"
    home = known.codebase.home(path).name
    words = f"it would have to block there, and {home} does not ask for `{named}` ({kind})."
    return Skip("needs-dependency", f"{known.location(path, offset)}: {words}")


def _executor(site: Site) -> str:
    if site.spelling is None or site.call is None or site.spelling.operation is Operation.HANDLE_CURRENT:
        return ""
    crate = "tokio" if site.spelling.runtime else site.call.callee.crate
    return crate if crate in _WAYS and site.call.callee.name == "block_on" else ""


def refuses_nesting(sites: Collection[Site]) -> bool:
    """Whether what runs the sites' futures panics where it is called inside of itself."""
    return not _NESTING.isdisjoint(map(_executor, sites))


_NESTING = frozenset({"tokio", "futures_executor"})


def _asked_for(package: Package, *, tested: bool) -> set[str]:
    """Return the crates that a package asks for, for its tests or for all of its code."""
    table = manifest_table(package)
    wheres: list[Mapping[str, Any]] = [table, *table.get("target", {}).values()]
    kinds = ("dependencies", "dev-dependencies") if tested else ("dependencies",)
    return {name for where in wheres for kind in kinds for name in where.get(kind, {})}


def _has_method(known: Known, path: str, offset: int) -> bool:
    """Whether pollster's extension trait is imported by the module around an offset."""
    code = known.outline(path).code
    found = re.finditer(rb"\buse\s+pollster\s*::\s*(?:\{[^}]*)?FutureExt\b", code)
    modules = module_tree(known.codebase.home(path))
    own = [module.path for module in modules.at(path, offset)]
    return any([m.path for m in modules.at(path, match.start())] == own for match in found)


def _inside(
    known: Known, sites: tuple[Site, ...], calls: Collection[Call], waiting: Collection[str]
) -> tuple[Edit, ...]:
    """Return the edits by which a whole `main` or test runs inside of tokio; () where it is not sure to work.

    A test does so where its file has such tests. What else blocks below it would then do so in async code,
    which tokio's runtimes refuse.
    """
    call, *_ = calls
    path, start = call.span.file, call.span.start
    text, code = known.codebase.files[path], known.outline(path).code
    function, tested = function_at(known.source(path), start), known.in_tests(path, start)
    if function is None or _way(known, sites, path, tested=tested)[0] != "tokio":
        return ()
    if any(one.form is Form.VALUE or setting(known, path, one.span.start).kind != "fn" for one in calls):
        return ()
    marks = [one for one in function.attributes if one.path == "test"]
    entry = begins(known, path, start) and not function.attributes
    if entry and not missing(known.codebase, known.codebase.home(path), (_ENTRY,)):
        margin = indentation_at(text, function.span[0])
        opened: tuple[Edit, ...] = (
            Edit(function.span[0], function.span[0], b"#[tokio::main]\n" + margin + b"async "),
        )
    elif len(marks) == 1 and re.search(rb"#\s*\[\s*tokio\s*::\s*test\b", code):
        opened = Edit(marks[0].start, marks[0].end, b"#[tokio::test]"), made_async(text, function)
    else:
        return ()
    plain = text[slice(*function.span)].startswith(b"fn")
    if not plain or _blocks_otherwise(known, path, function, waiting):
        return ()
    return (*opened, *(awaited(one.span.end) for one in calls))


def _blocks_otherwise(known: Known, path: str, function: Function, waiting: Collection[str]) -> bool:
    """Whether a function blocks by anything but the functions that become async, or may do so.

    What other crates call `blocking` refuses to run inside of a runtime, wherever it is called from there.
    """
    inside = known.facts_at(path).calls_in(Span(path, *(function.body or function.span)))
    own = (one.name[0] for one in sites(known, path))
    if inside is UNKNOWN or any(function.span[0] <= start < function.span[1] for start in own):
        return True
    blocking, called = known.derived(blocking_functions), known.derived(calls_of)
    reached = {call.callee.path for call in inside}
    below = list(reached)
    while below:
        more = called.get(below.pop(), set()) - reached
        reached |= more
        below += more
    return any((name in blocking and name not in waiting) or refuses(name) for name in reached)


def calls_of(known: Known) -> dict[str, set[str]]:
    """Return what each function of the workspace calls, by their paths."""
    found: dict[str, set[str]] = {}
    for facts in known.facts.values():
        for call in (call for target in facts.targets for call in target.calls):
            found.setdefault(call.caller.path, set()).add(call.callee.path)
    return found


def refuses(name: str) -> bool:
    """Whether a function of another crate refuses to run inside of a runtime, by its path: a heuristic."""
    return "::blocking::" in name and not name.startswith("tokio::")
