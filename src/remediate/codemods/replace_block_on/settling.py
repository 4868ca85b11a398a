"""An async fn that never waits becomes an ordinary one, with all that call it (M1)."""

from remediate.codemods.replace_block_on.arguments import never_suspends
from remediate.codemods.replace_block_on.known import Known, called
from remediate.codemods.replace_block_on.occurrences import unexplained
from remediate.codemods.replace_block_on.propagation import Spread
from remediate.codemods.replace_block_on.rewriting import made_sync, not_awaited
from remediate.codemods.replace_block_on.sites import Site
from remediate.codemods.replace_block_on.spellings import Awaits
from remediate.edits import Edit
from remediate.facts.model import Call
from remediate.rust.syntax.bodies import Bytes, Function
from remediate.rust.syntax.expressions import invocation


def settled(known: Known, call: Call, argument: tuple[str, Bytes], sites: tuple[Site, ...]) -> Spread | None:
    """Return what makes the callee synchronous, None if it may wait or somebody needs it as a future."""
    found = never_suspends(known, call.callee.path)
    if found is None:
        return None
    blocked = {argument, *_blocked(sites)}
    edits: dict[str, set[Edit]] = {}
    for name, (path, function) in found.items():
        own = _own(known, path, function)
        if own is None or unexplained(known, path, function, name):
            return None
        edits.setdefault(path, set()).add(own)
        for one in known.callers_of(name):
            change = _called_directly(known, one, blocked)
            if change is None:
                return None
            edits.setdefault(one.span.file, set()).update(change)
    functions = tuple(function.name for _, function in found.values())
    merged = {path: tuple(sorted(some)) for path, some in edits.items()}
    return Spread(merged, functions, reached=frozenset(found))


def _own(known: Known, path: str, function: Function) -> Edit | None:
    """Return the edit of the function itself, None if it must stay async."""
    if function.owner in {"trait", "trait impl"} or known.is_public(path, function) or function.attributes:
        return None
    if known.in_tests(path, function.keyword):
        return None
    return made_sync(known.codebase.files[path], function)


def _called_directly(known: Known, call: Call, blocked: set[tuple[str, Bytes]]) -> tuple[Edit, ...] | None:
    """Return the edits of one call: its `.await` goes; None if the call is used as a future."""
    path = call.span.file
    if not called(call) or path not in known.codebase.files or known.in_tests(path, call.span.start):
        return None
    if (path, (call.span.start, call.span.end)) in blocked:
        return ()
    syntax = invocation(known.source(path), call.name.end - 1)
    if syntax is None or not syntax.awaited:
        return None
    return (not_awaited(known.codebase.files[path], syntax.span[1], syntax.awaited),)


def _blocked(sites: tuple[Site, ...]) -> set[tuple[str, Bytes]]:
    """Return the arguments of the blocking calls that go with it."""
    return {
        (site.path, site.syntax.arguments[0])
        for site in sites
        if site.spelling is not None
        and site.spelling.awaits is Awaits.ARGUMENT
        and site.syntax is not None
        and len(site.syntax.arguments) == 1
    }
