"""What would block in a function that becomes async: no site's rewrite alone shows that.

One site's function becomes async where another's caller blocks, and what runs it may refuse that: the
executors of tokio and of futures panic inside of themselves. Such a function stays synchronous.
"""

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
        blocking = {call.caller.path for _, one in done for call in one.blocking}
        blocked_on = {name for _, one in done for name in one.blocked_on}
        for name, callee in _nested(known, waiting, blocked_on, blocking).items():
            words = f"`{last_name(callee)}`, which it calls, would panic there: it blocks as well."
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
    known: Known, waiting: Mapping[str, set[str]], blocked_on: set[str], blocking: set[str]
) -> dict[str, str]:
    """Return the functions that would block inside of what is blocked on, each with what it calls for that.

    It does no harm where nobody blocked above before: async code that leads there is in an executor already.

    Args:
        known: The workspace.
        waiting: The functions that become async, and which of them each awaits.
        blocked_on: Those that somebody may block on then, and did not before.
        blocking: The functions that block at a call then.
    """
    inside, below = set[str](), list(blocked_on)
    while below:
        name = below.pop()
        if name not in inside:
            inside.add(name)
            below += waiting.get(name, ())
    foreign = known.derived(_calling_foreign)
    found = {name: foreign[name] for name in sorted(inside & foreign.keys())}
    still = {*known.derived(_blocking_themselves), *foreign, *blocking} - waiting.keys()
    left = sorted(still)
    while left:
        name = left.pop()
        for caller in _callers(known, name):
            if caller in inside:
                found.setdefault(caller, name)
            elif caller not in still and caller not in waiting:
                still.add(caller)
                left.append(caller)
    return found


def _blocking_themselves(known: Known) -> frozenset[str]:
    """Return the functions that hold a blocking call, and not on a thread of its own or in async code."""
    return frozenset(
        known.function_of(path, site.name[0])
        for path in known.rust_files
        if known.facts_at(path).targets
        for site in sites(known, path)
        if site.kind in {"future", "in-place"}
        and not known.in_tests(path, site.name[0])
        and setting(known, path, site.name[0]).kind not in _ELSEWHERE
    ) - {""}


def _calling_foreign(known: Known) -> dict[str, str]:
    """Return the functions that call what refuses to run inside of a runtime, each with the first of it."""
    every = known.derived(calls_of)
    named = {caller: sorted(filter(refuses, callees)) for caller, callees in every.items()}
    return {caller: callees[0] for caller, callees in named.items() if callees}


def _callers(known: Known, name: str) -> Iterator[str]:
    for call in known.callers_through(name):
        path, start = call.span.file, call.span.start
        if path in known.codebase.files and setting(known, path, start).kind not in _ELSEWHERE:
            yield call.caller.path
