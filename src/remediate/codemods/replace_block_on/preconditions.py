"""What can be said of a site at once: why it stays, or what exactly would be replaced."""

from collections.abc import Iterator
from itertools import chain

from remediate.audit.scan.blocking import context
from remediate.audit.scan.blocking_calls import BLOCKING
from remediate.codemods.replace_block_on.contexts import Setting, setting, taken_by
from remediate.codemods.replace_block_on.executors import own_executor
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.sites import Site
from remediate.codemods.replace_block_on.spellings import Spelling
from remediate.model import Skip
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.syntax.bodies import Bytes, function_at, last_name
from remediate.rust.syntax.expressions import block, leaves

HARD = frozenset({"in-initialiser", "in-macro", "sync-closure", "not-simple"})
"""The reasons for which a site stays though its place is wrong."""


def plainly(known: Known, site: Site, where: Setting) -> Skip | None:
    """Return why a site stays that needs no look at what is around it; None if it may go."""
    return next(chain(_as_it_is(known, site, where), _without_form(known, site, where)), None)


def _as_it_is(known: Known, site: Site, where: Setting) -> Iterator[Skip]:
    """Yield why blocking is right where a site stands."""
    at = site.location
    if site.kind == "spawned":
        yield Skip("correct-as-it-is", f"{at}: {site.written} keeps blocking work off the async workers.")
    if where.kind == "fn" and context(known.outline(site.path), site.name[0]).boundary == "main":
        yield Skip("main", f"{at} is where the program begins: blocking there is the designed boundary.")
    if known.in_tests(site.path, site.name[0]):
        yield Skip("test", f"{at} is test code: blocking is how a synchronous test waits.")
    if _is_executor(known, site):
        words = "is what the project's own executor does: its callers are what may wait."
        yield Skip("own-executor", f"{at}: `{site.written}` {words}")
    if where.kind in {"pool", "thread"}:
        own = f"`{where.taker}` runs `{site.written}` on a thread of its own"
        yield Skip("correct-as-it-is", f"{at}: {own}, where it holds no async code up.")


def _is_executor(known: Known, site: Site) -> bool:
    """Whether a site's function is an executor by whose name its own calls are found."""
    name = known.function_of(site.path, site.name[0])
    found = own_executor(known, name) if BLOCKING.fullmatch(last_name(name).encode()) else ""
    return isinstance(found, Spelling)


def _without_form(known: Known, site: Site, where: Setting) -> Iterator[Skip]:
    """Yield why a site has no form that waits."""
    at = site.location
    if _on_local_set(site):
        yield Skip("not-simple", f"{at}: what is spawned on the same set of tasks runs while it blocks.")
    if site.call is None and not module_tree(known.codebase.home(site.path)).of_file(site.path):
        yield Skip("no-module", f"{at}: no module names {site.path}, so nothing compiles it.")
    if where.kind == "macro" and site.call is None:
        yield Skip("in-macro", f"{at}: `{site.written}` is among the tokens of a macro.")
    if site.kind == "unknown":
        yield Skip("unknown-call", f"{at}: `{site.written}` is not known to block on a future: {site.why}.")
    if where.kind == "macro" or site.syntax is None:
        yield Skip("in-macro", f"{at}: `{site.written}` is among the tokens of a macro.")
    if where.kind == "initialiser":
        yield Skip("in-initialiser", f"{at}: an initialiser cannot await.")
    if where.kind == "closure":
        taker = f", given to `{where.taker}`" if where.taker else ""
        yield Skip("sync-closure", f"{at}: the call is in a closure that is not async{taker}.")
    if site.kind == "in-place":
        yield Skip("not-simple", f"{at}: what block_in_place runs is more than a future to wait for.")


def _on_local_set(site: Site) -> bool:
    """Whether a set of tasks runs while it blocks: tokio's LocalSet, the LocalPool of futures."""
    if site.call is None:
        return False
    crate, *modules, name = site.call.callee.path.split("::")
    pool = crate == "futures_executor" and name == "run_until"
    return (crate == "tokio" and modules[:2] == ["task", "local"]) or (pool and site.spelling is not None)


def whole_of(known: Known, site: Site, where: Setting) -> Bytes | Skip:
    """Return what is replaced: the call, or the ``block_in_place`` that does nothing but make it."""
    assert site.syntax is not None  # noqa: S101 - plainly has seen to it
    if where.kind not in {"in-place", "entered"} or where.scope is None:
        return site.syntax.span
    source = known.source(site.path)
    inner = block(source, where.scope.body)
    runs = where.scope.body if inner is None else inner.tail if not inner.statements else None
    outside = taken_by(known, site.path, where.scope)
    if runs != site.syntax.span or outside is None:
        return Skip("not-simple", f"{site.location}: `{where.taker}` runs more than this call.")
    if leaves(source, where.scope.body) and not _is_last(known, site.path, outside.span):
        words = f"what leaves the closure of `{where.taker}` early would leave the function."
        return Skip("not-simple", f"{site.location}: {words}")
    return outside.span


def _is_last(known: Known, path: str, span: Bytes) -> bool:
    """Whether an expression is what its function returns: who leaves it early leaves the function."""
    function = function_at(known.source(path), span[0])
    body = block(known.source(path), function.body) if function is not None and function.body else None
    return body is not None and body.tail == span


def setting_of_replaced(known: Known, site: Site) -> Setting | None:
    """Return where what is replaced of a site runs; None where nothing can be replaced."""
    where = setting(known, site.path, site.name[0])
    if plainly(known, site, where) is not None:
        return None
    whole = whole_of(known, site, where)
    return None if isinstance(whole, Skip) else setting(known, site.path, whole[1] - 1)
