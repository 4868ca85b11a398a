"""What would block in a function that becomes async: no site's rewrite alone shows that.

One site's function becomes async where another's caller blocks, and what runs it may refuse that: the
executors of tokio and of futures panic inside of themselves. Such a function stays synchronous.
"""

import re
from collections.abc import Iterator, Mapping, Sequence

from remediate.codemods.replace_block_on.callers import calls_of, refuses, refuses_nesting
from remediate.codemods.replace_block_on.contexts import setting
from remediate.codemods.replace_block_on.known import Known, identity
from remediate.codemods.replace_block_on.propagation import Spread
from remediate.codemods.replace_block_on.sites import Site, sites
from remediate.facts.model import Call
from remediate.model import Skip
from remediate.rust.syntax.bodies import last_name

_ELSEWHERE = frozenset({"async", "thread", "pool"})
"""Where code runs that blocks in no caller of the function around: on another thread, or in async code."""


def clashes(known: Known, done: Sequence[tuple[Site, Spread]]) -> dict[str, Skip]:
    """Return the functions that have to stay synchronous though sites make them async, by ``identity``."""
    waiting: dict[str, set[str]] = {}
    for name, callees in (pair for _, one in done for pair in one.waiting.items()):
        waiting.setdefault(name, set()).update(callees)
    found = {
        call.caller.path: _at_call(known, call.span.file, call.name.start) for call in _calls(known, done)
    }
    if refuses_nesting([site for site, one in done if one.waiting]):
        for name, words in _nested(known, waiting, done).items():
            run = f"`{last_name(name)}` would be run by a `block_on`: {words}"
            found.setdefault(name, Skip("nested-executor", run))
    written = ((known.declared(name), skip) for name, skip in found.items() if name in waiting)
    held = {identity(*where): skip for where, skip in written if where is not None}
    return {name: skip for name, skip in held.items() if name not in known.refused}


def _calls(known: Known, done: Sequence[tuple[Site, Spread]]) -> Iterator[Call]:
    """Yield the calls that would block in functions that become async, in their order."""
    for call in sorted({call for _, one in done for call in one.blocking}, key=lambda call: call.span):
        if setting(known, call.span.file, call.span.start).kind not in _ELSEWHERE:
            yield call


def _at_call(known: Known, path: str, offset: int) -> Skip:
    words = "the function would block there inside of async code, which executors may refuse."
    return Skip("sync-closure", f"{known.location(path, offset)}: {words}")


def _nested(
    known: Known, waiting: Mapping[str, set[str]], done: Sequence[tuple[Site, Spread]]
) -> dict[str, str]:
    """Return the functions that would block inside of what is blocked on, and what shows it.

    It does no harm where nobody blocked above before: async code that leads there is in an executor already.
    What a closure blocks on it may do inside of any function that its own one blocks on.
    """
    inside, below = set[str](), sorted({name for _, one in done for name in one.blocked_on})
    while below:
        name = below.pop()
        if name not in inside:
            inside.add(name)
            below += waiting.get(name, ())
    blocking = sorted({call for _, one in done for call in one.blocking}, key=lambda call: call.span)
    foreign = known.derived(_calling_foreign)
    found = {name: _PANICS.format(foreign[name]) for name in sorted(inside & foreign.keys())}
    closures = {call.caller.path for call in blocking if _in_closure(known, call.span.file, call.span.start)}
    closures |= known.derived(_blocking_in_closures)
    still = {*known.derived(_blocking_themselves), *foreign, *(call.caller.path for call in blocking)}
    left = sorted(still - waiting.keys())
    while left:
        name = left.pop()
        for call in _callers(known, name):
            caller = call.caller.path
            if _in_closure(known, call.span.file, call.span.start):
                closures.add(caller)
            if caller in inside:
                found.setdefault(caller, _PANICS.format(last_name(name)))
            elif caller not in still and caller not in waiting:
                still.add(caller)
                left.append(caller)
    for call in blocking:
        if call.caller.path in closures and _may_run_what_it_is_given(known, call.callee.path):
            words = f"a closure of `{last_name(call.caller.path)}` blocks as well, and would panic there."
            found.setdefault(call.callee.path, words)
    return found


_PANICS = "`{}`, which it calls, would panic there: it blocks as well."


def _may_run_what_it_is_given(known: Known, name: str) -> bool:
    """Whether a function may take a closure, or what holds one: by its signature."""
    path, function = known.declared(name) or ("", None)
    if function is None:
        return True
    end = function.body[0] if function.body is not None else function.span[1]
    return _TAKES.search(known.outline(path).code[function.name_span[1] : end]) is not None


_TAKES = re.compile(rb"\A\s*<[^>]*\b[A-Z]|\b(?:impl|dyn|fn|Fn|FnMut|FnOnce)\b")


def _in_closure(known: Known, path: str, offset: int) -> bool:
    return path in known.codebase.files and setting(known, path, offset).kind == "closure"


def _blocking_themselves(known: Known) -> frozenset[str]:
    """Return the functions that hold a blocking call, and not on a thread of its own or in async code."""
    places = ((path, start) for path, start in _sites(known) if not known.in_tests(path, start))
    here = (place for place in places if setting(known, *place).kind not in _ELSEWHERE)
    return frozenset(known.function_of(*place) for place in here) - {""}


def _blocking_in_closures(known: Known) -> frozenset[str]:
    """Return the functions that hold a blocking call in a closure, those of tests among them."""
    return frozenset(known.function_of(*place) for place in _sites(known) if _in_closure(known, *place)) - {
        ""
    }


def _sites(known: Known) -> Iterator[tuple[str, int]]:
    for path in known.rust_files:
        if known.facts_at(path).targets:
            for site in (one for one in sites(known, path) if one.kind in {"future", "in-place"}):
                yield path, site.name[0]


def _calling_foreign(known: Known) -> dict[str, str]:
    """Return the functions that call what refuses to run inside of a runtime, each with the first of it."""
    every = known.derived(calls_of)
    named = {caller: sorted(filter(refuses, callees)) for caller, callees in every.items()}
    return {caller: callees[0] for caller, callees in named.items() if callees}


def _callers(known: Known, name: str) -> Iterator[Call]:
    for call in known.callers_through(name):
        path, start = call.span.file, call.span.start
        if path in known.codebase.files and setting(known, path, start).kind not in _ELSEWHERE:
            yield call
