"""A site's judgment in words: for the table of a plan, and for a person who asks why."""

from collections.abc import Iterator

from remediate.codemods.replace_block_on.judging import Judgment
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.scaffolds import scaffold
from remediate.facts.model import UNKNOWN
from remediate.model import Explained

CLASSES = {
    "M0": "the future waits for nothing: its code runs where the call stood",
    "M1": "the function called never waits: it stops being async",
    "M2": "the code around is async already: `.await` instead of the call",
    "M3": "the function becomes async, and its callers await it, or block where they have to",
    "M4": "a thread with a runtime of its own: a task of the runtime that is there",
    "M5": "a value made once: a cell that is filled by a future",
    "M6": "a method of a trait that starts a thread with a runtime: a task of the runtime that is there",
    "S": "a stream: of one value, as the style asks, or fed by a task instead of a thread",
    "H": "nothing that a machine should change",
    "": "right as it is, or not known",
}
_PLACES = {
    "async": "in async code",
    "fn": "in a synchronous function",
    "in-place": "inside block_in_place",
    "entered": "inside of a runtime that is entered for it",
    "pool": "on the blocking pool",
    "thread": "on a thread of its own",
    "closure": "in a closure that is not async",
    "initialiser": "in an initialiser",
    "macro": "among the tokens of a macro",
}


def explanation(known: Known, judgment: Judgment) -> Explained:
    """Return what a judgment says, in short and in full."""
    site, skip = judgment.site, judgment.skip
    return Explained(
        path=site.path,
        line=site.line,
        what=site.spelling.title if site.spelling is not None else site.written,
        where=_PLACES[judgment.where.kind],
        kind=judgment.kind,
        reason="" if skip is None else skip.reason,
        detail=judgment.summary if skip is None else skip.sentence,
        evidence=tuple(_evidence(known, judgment)),
        callers=_callers(known, judgment),
    )


def _callers(known: Known, judgment: Judgment) -> tuple[str, ...]:
    """Return who calls the function around a site, each with where it does; nobody is known of async code."""
    name = known.function_of(judgment.site.path, judgment.site.name[0])
    calls = [c for c in known.callers_through(name) if c.span.file in known.codebase.files] if name else []
    return tuple(f"{call.caller.name} ({known.location(call.span.file, call.name.start)})" for call in calls)


def _evidence(known: Known, judgment: Judgment) -> Iterator[str]:
    """Yield the reasoning about a site, line by line."""
    site = judgment.site
    yield f"{site.location}: {known.outline(site.path).text.splitlines()[site.line - 1].strip().decode()}"
    yield f"  call      {_call(judgment)}"
    scope = judgment.where.scope
    function = scope.function if scope is not None else None
    named = f" `{function.name}`" if function is not None else ""
    yield f"  context   {_PLACES[judgment.where.kind]}{named}"
    callers = _callers(known, judgment)
    if callers:
        yield f"  callers   {', '.join(callers[:5])}{f' and {len(callers) - 5} more' if callers[5:] else ''}"
    if site.syntax is not None and len(site.syntax.arguments) == 1:
        kind = known.facts_at(site.path).type_at(site.path, *site.syntax.arguments[0])
        yield f"  argument  {'of a type that is not known' if kind is UNKNOWN else f'of type `{kind}`'}"
    for cell in judgment.cells:
        yield f"  run time  {cell}"
    if judgment.is_certain:
        yield "  run time  so it fails whenever it is reached on such a runtime"
    yield f"  class     {judgment.kind or '-'}: {CLASSES[judgment.kind]}"
    yield f"  evidence  {known.facts_at(site.path).source_for(site.path).value}"
    if judgment.skip is not None:
        yield f"  stays     {judgment.skip.reason}: {judgment.skip.sentence}"
        for line in scaffold(known, site, judgment.skip.reason):
            yield f"  scaffold  {line}".rstrip()
        return
    yield f"  becomes   {judgment.summary}"
    edits = {path: list(some) for path, some in judgment.edits.items()}
    for wrap in judgment.spread.wraps:
        edits.setdefault(wrap.path, []).extend(wrap.edits)
    for path, some in sorted(edits.items()):
        lines = sorted({known.line(path, edit.start) for edit in some})
        yield f"  edits     {path}: line{'s' * (len(lines) > 1)} {', '.join(map(str, lines))}"
    for note in judgment.spread.notes:
        yield f"  note      {note}"


def _call(judgment: Judgment) -> str:
    site = judgment.site
    if site.call is None:
        return f"`{site.written}`: the compiler says nothing of it"
    what = f": {site.spelling.title}" if site.spelling is not None else ""
    return f"`{site.call.callee.path}`{what}"
