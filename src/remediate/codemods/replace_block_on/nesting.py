"""What would block inside of code that is blocked on: the executors of tokio and of futures panic there.

It does no harm where nobody blocked above before: async code that leads there was in an executor already.
"""

from collections.abc import Collection, Iterator, Mapping

from remediate.codemods.replace_block_on.contexts import setting
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.sites import sites

_ELSEWHERE = frozenset({"async", "thread", "pool"})
"""Where code runs that blocks in no caller of the function around: on another thread, or in async code."""


def nested(
    known: Known,
    waiting: Collection[str],
    calls: Mapping[str, Collection[str]],
    blocked_on: Collection[str],
    blocking: Collection[str],
) -> dict[str, str]:
    """Return the functions that would block inside of what is blocked on, each with what it calls for that.

    Args:
        known: The workspace.
        waiting: The functions that become async.
        calls: Which of these each of them awaits.
        blocked_on: Those that somebody may block on then, and did not before.
        blocking: The functions that block at a call then.
    """
    inside, below = set[str](), list(blocked_on)
    while below:
        name = below.pop()
        if name not in inside:
            inside.add(name)
            below += calls.get(name, ())
    foreign = known.derived(_calling_foreign)
    found = {name: foreign[name] for name in sorted(inside & foreign.keys())}
    still = {*known.derived(_blocking_themselves), *foreign, *blocking} - {*waiting}
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
