"""What can be said of a site at once: why it stays, or what exactly would be replaced."""

from remediate.codemods.replace_block_on.contexts import Setting
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.sites import Site
from remediate.model import Skip
from remediate.rust.syntax.bodies import Bytes
from remediate.rust.syntax.expressions import block, invocation

HARD = frozenset({"in-initialiser", "in-macro", "sync-closure", "not-simple"})
"""The reasons for which a site stays though its place is wrong."""


def plainly(  # noqa: PLR0911 - a ladder of early returns
    known: Known, site: Site, where: Setting
) -> Skip | None:
    """Return why a site stays that needs no look at what is around it; None if it may go."""
    at = site.location
    if site.kind == "spawned":
        return Skip("correct-as-it-is", f"{at}: spawn_blocking keeps blocking work off the async workers.")
    if known.in_tests(site.path, site.name[0]):
        return Skip("test", f"{at} is test code: blocking is how a synchronous test waits.")
    if where.kind in {"pool", "thread"}:
        own = f"`{where.taker}` runs `{site.written}` on a thread of its own"
        return Skip("correct-as-it-is", f"{at}: {own}, where it holds no async code up.")
    if site.kind == "unknown":
        why = "the compiler says nothing of it" if site.call is None else f"it is {site.call.callee.path}"
        return Skip("unknown-call", f"{at}: `{site.written}` is not known to block on a future: {why}.")
    if where.kind == "macro" or site.syntax is None:
        return Skip("in-macro", f"{at}: `{site.written}` is among the tokens of a macro.")
    if where.kind == "initialiser":
        return Skip("in-initialiser", f"{at}: an initialiser cannot await.")
    if where.kind == "closure":
        taker = f", given to `{where.taker}`" if where.taker else ""
        return Skip("sync-closure", f"{at}: the call is in a closure that is not async{taker}.")
    if site.kind == "in-place":
        return Skip("not-simple", f"{at}: what block_in_place runs is more than a future to wait for.")
    return None


def whole_of(known: Known, site: Site, where: Setting) -> Bytes | Skip:
    """Return what is replaced: the call, or the ``block_in_place`` that does nothing but make it."""
    assert site.syntax is not None  # noqa: S101 - plainly has seen to it
    if where.kind != "in-place" or where.scope is None:
        return site.syntax.span
    inner = block(known.source(site.path), where.scope.body)
    runs = where.scope.body if inner is None else inner.tail if not inner.statements else None
    outside = invocation(known.source(site.path), _callee_end(known, site.path, where.scope.span))
    if runs != site.syntax.span or outside is None:
        return Skip("not-simple", f"{site.location}: block_in_place runs more than this call.")
    return outside.span


def _callee_end(known: Known, path: str, closure: Bytes) -> int:
    """Return the offset of the last byte of the name in front of the closure's parenthesis."""
    code = known.outline(path).code
    return len(code[: code.rindex(b"(", 0, closure[0])].rstrip()) - 1
