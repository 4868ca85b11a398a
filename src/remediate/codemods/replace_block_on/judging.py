"""What is done about one blocking call: its class, its edits, or why it stays."""

from dataclasses import dataclass, field, replace

from remediate.codemods.replace_block_on.adapters import Loop, as_loop
from remediate.codemods.replace_block_on.arguments import called_by, plain_block, simple_block
from remediate.codemods.replace_block_on.contexts import Setting, boundary, setting
from remediate.codemods.replace_block_on.guards import guard_over
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.matrix import Cell, Effect, Operation, Where, in_async
from remediate.codemods.replace_block_on.once_cells import filled_by_future, fills_once
from remediate.codemods.replace_block_on.pools import spawned_as_task
from remediate.codemods.replace_block_on.preconditions import HARD, plainly, whole_of
from remediate.codemods.replace_block_on.propagation import Spread, spread
from remediate.codemods.replace_block_on.rewriting import receiver_awaited, twin, unwrapped
from remediate.codemods.replace_block_on.runtimes import (
    executor_left_over,
    is_last_resort,
    stays,
    tokio_drives,
)
from remediate.codemods.replace_block_on.settling import settled
from remediate.codemods.replace_block_on.sites import Site, sites
from remediate.codemods.replace_block_on.spellings import Awaits
from remediate.codemods.replace_block_on.threads import as_task
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.syntax.bodies import Bytes
from remediate.rust.syntax.expressions import kind_of

_TASK_NOTES = (
    "the task runs on the workers of the runtime around: it has to wait only by `.await`",
    "what it spawns is not ended with a runtime of its own any more",
)
Edits = dict[str, tuple[Edit, ...]]


@dataclass(frozen=True)
class Judgment:
    """What is known of one site, and what is done about it.

    Attributes:
        kind: Its class: "M0" to "M3", "H" for what stays, "" for what is right as it is or not known.
        skip: Why it stays; None where it is rewritten.
        edits: What is done, by file.
        summary: One sentence of what is done.
        cells: What the call does at run time where it stands.
        outer: The ``block_in_place`` that goes with it.
        spread: What becomes of other functions for it, and what a reviewer should know.
    """

    site: Site
    where: Setting
    kind: str
    skip: Skip | None = None
    edits: Edits = field(default_factory=dict)
    summary: str = ""
    cells: tuple[Cell, ...] = ()
    outer: Bytes | None = None
    spread: Spread = field(default_factory=Spread)

    @property
    def is_certain(self) -> bool:
        """Whether the call panics, or hangs, whenever it is reached."""
        return bool(self.cells) and all(cell.effect is not Effect.OK for cell in self.cells)


def judge(known: Known, site: Site, all_sites: tuple[Site, ...]) -> Judgment:
    """Return what is done about a site, or why it stays. ``all_sites`` are those that go with it."""
    where = setting(known, site.path, site.name[0])
    found = Judgment(site, where, "", cells=_cells(site, where))
    skip = plainly(known, site, where)
    task = _as_task(known, found, all_sites) if where.kind == "thread" else _off_pool(known, found)
    if task is not None:
        return task
    turned = fills_once(where.taker) or _loop(known, site, site.name[0]) is not None
    if skip is not None and not (skip.reason == "sync-closure" and turned):
        return replace(found, kind="H" if skip.reason in HARD else "", skip=skip)
    whole = whole_of(known, site, where)
    if isinstance(whole, Skip):
        return replace(found, kind="H", skip=whole)
    outer = whole if where.kind == "in-place" else None
    # A receiver may begin with a scope of its own; the parenthesis behind the arguments is in none.
    loop = _loop(known, site, whole[1] - 1)
    found = replace(found, edits={} if loop is None else {site.path: loop.edits})
    where = setting(known, site.path, whole[1] - 1 if loop is None else loop.span[0])
    return _rewritten(known, replace(found, where=where, outer=outer), whole, all_sites)


def _loop(known: Known, site: Site, offset: int) -> Loop | None:
    """Return the loop that an offset's closure may become, so that code can wait in it; None for none."""
    where = setting(known, site.path, offset)
    closure = where.scope if where.kind == "closure" else None
    return None if closure is None else as_loop(known, site.path, closure)


def _off_pool(known: Known, found: Judgment) -> Judgment | None:
    """Return the judgment of what needs no thread of the blocking pool; None for all else."""
    if found.site.kind != "spawned" and found.where.kind != "pool":
        return None
    if known.in_tests(found.site.path, found.site.name[0]):
        return None
    made = spawned_as_task(known, found.site)
    if made is None:
        return None
    return replace(found, kind="M4", edits=made[0], summary=made[1], spread=Spread(notes=_TASK_NOTES[:1]))


def _as_task(known: Known, found: Judgment, all_sites: tuple[Site, ...]) -> Judgment | None:
    scope = found.where.scope
    if scope is None or found.site.kind != "future" or tokio_drives(known, found.site, all_sites):
        return None
    made = as_task(known, found.site, scope, sites(known, found.site.path), known.options.stream_type)
    if isinstance(made, Skip):
        return None
    what = "A task of the runtime that is there, instead of a thread with one of its own."
    return replace(found, kind=made[1], edits=made[0], summary=what, spread=Spread(notes=_TASK_NOTES))


def _rewritten(  # noqa: PLR0911 - a ladder of early returns
    known: Known, found: Judgment, whole: Bytes, all_sites: tuple[Site, ...]
) -> Judgment:
    site, where = found.site, found.where
    own = executor_left_over(known, site, all_sites)
    if own:
        words = f"nothing would call the project's own `{own}` any more: it goes with it by hand."
        return replace(found, kind="H", skip=Skip("executor-left-over", f"{site.location}: {words}"))
    if where.kind == "closure" and fills_once(where.taker):
        once = filled_by_future(known, site, whole, where.scope) if where.scope is not None else {}
        if isinstance(once, Skip):
            return replace(found, kind="H", skip=once)
        what = "The value is made once by a future that is awaited: a OnceCell of tokio."
        return replace(found, kind="M5", edits=once, summary=what)
    if where.kind not in {"async", "fn"}:
        inner = plainly(known, site, where)
        return replace(
            found, kind="H", skip=inner or Skip("sync-closure", f"{site.location}: not in async code.")
        )
    made = _without_waiting(known, found, whole, all_sites)
    if made is not None:
        return made
    edits = replacement(known, site, whole)
    if isinstance(edits, Skip):
        return replace(found, kind="H", skip=edits)
    is_async = where.kind == "async"
    reach = Spread() if is_async else spread(known, site.path, whole[1] - 1, all_sites)
    if isinstance(reach, Skip):
        return replace(found, kind="H", skip=reach)
    skip = _obstacle(known, site, whole, all_sites, told=reach.is_declared)
    if skip is not None:
        return replace(found, kind="H", skip=skip)
    merged = {path: {*some, *found.edits.get(path, ())} for path, some in reach.edits.items()}
    merged.setdefault(site.path, set(found.edits.get(site.path, ()))).update(edits)
    return replace(
        found,
        kind="S" if reach.streams else "M3" if reach.functions else "M2",
        edits={path: tuple(sorted(some)) for path, some in merged.items()},
        summary=_summary(site, reach),
        spread=reach,
    )


def _obstacle(
    known: Known, site: Site, whole: Bytes, all_sites: tuple[Site, ...], *, told: bool
) -> Skip | None:
    """Return what forbids to wait here, though the code around is async or becomes so."""
    guard = guard_over(known, site.path, whole)
    if guard:
        return Skip("guard-held", f"{site.location}: {guard} would be held over the `.await`.")
    return _of_runtime(known, site, all_sites, told=told)


def _of_runtime(known: Known, site: Site, all_sites: tuple[Site, ...], *, told: bool = False) -> Skip | None:
    """Return why the runtime that a site brings to its future is needed; None where it brings none."""
    if site.spelling is None or not site.spelling.runtime:
        return None
    if is_last_resort(known, site):
        words = "`try_current` chooses it for where no runtime is around."
        return Skip("executor-unknown", f"{site.location}: {words}")
    undriven = tokio_drives(known, site, all_sites, told=told)
    if undriven:
        return Skip("executor-unknown", f"{site.location}: {undriven}")
    kept = stays(known, site, all_sites)
    return Skip("runtime-stays", f"{site.location}: {kept}") if kept else None


def _without_waiting(
    known: Known, found: Judgment, whole: Bytes, all_sites: tuple[Site, ...]
) -> Judgment | None:
    """Return the judgment where nothing has to be awaited at all: M0, or in synchronous code M1."""
    site = found.site
    if site.spelling is None or site.syntax is None or site.spelling.awaits is not Awaits.ARGUMENT:
        return None
    # A runtime is also what its code runs in: `tokio::spawn` needs it, and waits for nothing.
    if site.spelling.runtime and found.where.kind != "async":
        return None
    text, argument = known.codebase.files[site.path], site.syntax.arguments[0]
    plain = plain_block(known, site.path, argument)
    if plain is not None and _of_runtime(known, site, all_sites) is None:
        inner = plain.span if plain.statements or plain.tail is None else plain.tail
        edits = unwrapped(text, whole, inner, kind_of(known.source(site.path), inner), b"")
        what = "The future waits for nothing: its code runs where the call stood."
        return replace(found, kind="M0", edits={site.path: edits}, summary=what)
    call = called_by(known, site.path, argument)
    if call is None or found.where.kind == "async":
        return None
    done = settled(known, call, (site.path, argument), all_sites)
    function = found.where.scope.function if found.where.scope is not None else None
    fixed = boundary(known, site.path, function) if function is not None else None
    if done is None or function is None or (fixed is not None and fixed.reason in _FIXED):
        return None
    edits = unwrapped(text, whole, argument, "call_expression", b"")
    merged = dict(done.edits)
    merged[site.path] = tuple(sorted({*merged.get(site.path, ()), *edits}))
    named = ", ".join(f"`{name}`" for name in done.functions)
    words = "never waits for anything: no longer `async`, it is called directly."
    if len(done.functions) > 1:
        words = "never wait for anything: no longer `async`, they are called directly."
    what = f"{named} {words}"
    return replace(found, kind="M1", edits=merged, summary=what, spread=done)


_FIXED = frozenset({"main", "drop", "foreign-interface", "trait-method"})
"""The functions in which nothing is edited at all."""


def replacement(known: Known, site: Site, whole: Bytes) -> tuple[Edit, ...] | Skip:
    """Return the edits that let code wait for what a site blocks on, or why there are none."""
    assert site.spelling is not None  # noqa: S101 - plainly has seen to it
    assert site.syntax is not None  # noqa: S101 - the same
    text, syntax = known.codebase.files[site.path], site.syntax
    simple = Skip("not-simple", f"{site.location}: the call is not written in a form that is known.")
    if site.spelling.awaits is Awaits.TWIN:
        return twin(syntax, site.name, site.spelling.twin) if whole == syntax.span else simple
    if site.spelling.awaits is Awaits.RECEIVER:
        if syntax.receiver is None or whole != syntax.span:
            return simple
        return receiver_awaited(text, syntax, syntax.receiver)
    if len(syntax.arguments) != 1:
        return simple
    argument, kind = syntax.arguments[0], syntax.kinds[0]
    if not kind and called_by(known, site.path, argument) is not None:
        kind = "call_expression"
    inner = simple_block(known, site.path, argument)
    if inner is not None:
        return unwrapped(text, whole, inner, "await_expression", b"")
    return unwrapped(text, whole, argument, kind)


def _cells(site: Site, where: Setting) -> tuple[Cell, ...]:
    """Return the cells of the matrix that a site may be in."""
    if site.spelling is None and site.kind != "in-place":
        return ()
    operation = site.spelling.operation if site.spelling is not None else Operation.IN_PLACE
    if where.kind == "async":
        return in_async(operation)
    named = {
        "in-place": Where.BLOCK_IN_PLACE,
        "pool": Where.SPAWN_BLOCKING,
        "thread": Where.THREAD_FROM_ASYNC,
    }
    return (Cell(operation, named[where.kind]),) if where.kind in named else ()


def _summary(site: Site, reach: Spread) -> str:
    functions = reach.functions
    if reach.streams:
        first, form = next(iter(reach.streams.items()))
        more = f"; {_named(functions[1:])} wait for it" if functions[1:] else ""
        return f"`{first}` returns a stream of its value, which `{form.once}` makes by `.await`{more}."
    if not functions:
        return f"`{site.written}` becomes an `.await`: the code around it is async already."
    named = _named(functions)
    become, them = ("becomes", "it") if len(set(functions)) == 1 else ("become", "them")
    return f"`{site.written}` becomes an `.await`; {named} {become} async, and who calls {them} awaits."


def _named(functions: tuple[str, ...]) -> str:
    return ", ".join(f"`{name}`" for name in dict.fromkeys(functions))
