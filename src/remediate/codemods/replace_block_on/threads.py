"""A thread that only blocks on futures: a task of the runtime that is there (M4, M6 and S)."""

import re
from collections.abc import Sequence
from dataclasses import replace

from remediate.codemods.replace_block_on.contexts import setting, taken_by
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.occurrences import unexplained
from remediate.codemods.replace_block_on.rewriting import comments_in, twin, unwrapped
from remediate.codemods.replace_block_on.sites import Site
from remediate.codemods.replace_block_on.spellings import Awaits
from remediate.edits import Edit
from remediate.facts.model import UNKNOWN, Span
from remediate.model import Skip
from remediate.rust.syntax.bodies import Bytes, Function, Scope, function_at
from remediate.rust.syntax.expressions import Invocation, block, kind_of

HOLDS_UP = re.compile(
    r"(?:std::(?:fs|net|process|io|thread)|core::hint|rayon|rusqlite|reqwest::blocking|ureq|parking_lot)"
    r"(?:::|\Z)|::blocking_\w+\Z|::block_on\Z"
)
"""Crates and modules whose functions hold a thread up: by name, since no type says so."""
RUNTIME = re.compile(
    rb"let\s+(?:mut\s+)?(\w+)\s*=[^;]*\b(?:Runtime\s*::\s*new|Builder\s*::\s*new_\w+|Handle\s*::\s*current)\b[^;]*;"
)
_MEETS = re.compile(
    r"(?:std::sync::(?:mpsc|mpmc|barrier|condvar|poison::condvar)|crossbeam_channel|flume|kanal)(?:::|\Z)"
)
"""What another thread may block on until this one comes: a task might never get its turn meanwhile."""
Edits = dict[str, tuple[Edit, ...]]


def as_task(
    known: Known, site: Site, closure: Scope, sites: Sequence[Site], streams: str
) -> tuple[Edits, str] | Skip:
    """Return the edits that spawn a task instead of a thread with their class, or why the thread stays.

    Args:
        known: The workspace.
        site: A call in the closure that blocks.
        closure: What the thread runs.
        sites: All calls of the file that block.
        streams: The name of the project's stream type.
    """
    stays = Skip(
        "correct-as-it-is",
        f"{site.location}: `{closure.taker}` runs `{site.written}` on a thread of its own,"
        " where it holds no async code up.",
    )
    outside = _started(known, site.path, closure)
    inside = [s for s in sites if s.path == site.path and closure.body[0] <= s.name[0] < closure.body[1]]
    waits = _waits(known, site.path, inside)
    if outside is None or waits is None:
        return stays
    busy = _busy(known, site.path, closure, inside)
    if busy:
        return Skip(
            "correct-as-it-is", f"{site.location}: the thread also does `{busy}`, which holds one up."
        )
    edits = _spawned(known, site.path, (outside, closure), inside, waits)
    if edits is None:
        return stays
    is_async = setting(known, site.path, outside.span[0]).kind == "async"
    function = None if is_async else function_at(known.source(site.path), outside.span[0])
    return {site.path: edits}, _class_of(function, streams)


def _started(known: Known, path: str, closure: Scope) -> Invocation | None:
    """Return the statement that starts a thread where async code runs, None for any other taker."""
    outside = taken_by(known, path, closure)
    if outside is None or not outside.statement or len(outside.arguments) != 1:
        return None
    called = known.calls_named(path, outside.callee[1] - 1)
    if not called or any(not c.callee.path.startswith("std::thread") for c in called):
        return None
    where = setting(known, path, outside.span[0]).kind
    from_async = where == "fn" and _is_called_from_async(known, path, outside.span[0])
    return outside if where == "async" or from_async else None


def _class_of(function: Function | None, streams: str) -> str:
    """Return the class: M6 for a method of a trait, S where the function returns a stream, else M4."""
    if function is not None and function.owner == "trait impl":
        return "M6"
    output = "" if function is None else function.output
    return "S" if re.search(rf"\b(?:{re.escape(streams)}|\w*Stream|Receiver)\b", output) else "M4"


def _waits(known: Known, path: str, inside: Sequence[Site]) -> tuple[Edit, ...] | None:
    """Return the edits that await what a thread blocks on; None where a call has no such form."""
    found: list[Edit] = []
    text = known.codebase.files[path]
    for site in inside:
        if site.spelling is None or site.syntax is None:
            return None
        if site.spelling.awaits is Awaits.TWIN:
            found += twin(site.syntax, site.name, site.spelling.twin)
        elif site.spelling.awaits is Awaits.ARGUMENT and len(site.syntax.arguments) == 1:
            if not site.spelling.runtime:
                return None
            argument = site.syntax.arguments[0]
            found += unwrapped(text, site.syntax.span, argument, kind_of(known.source(path), argument))
        else:
            return None
    is_runtime = any(site.spelling is not None and site.spelling.runtime for site in inside)
    return tuple(found) if is_runtime else None


def _spawned(
    known: Known, path: str, around: tuple[Invocation, Scope], inside: Sequence[Site], waits: tuple[Edit, ...]
) -> tuple[Edit, ...] | None:
    """Return the edits of the thread as a task; None where a comment or a runtime would be left over."""
    (outside, closure), source, code = around, known.source(path), known.outline(path).code
    text, inner = known.codebase.files[path], block(known.source(path), closure.body)
    parts = [] if inner is None else [*inner.statements, *([inner.tail] if inner.tail else [])]
    runtimes = [part for part in parts if RUNTIME.fullmatch(code[slice(*part)].strip())]
    rest = [part for part in parts if part not in runtimes]
    only = inside[0].syntax if len(inside) == 1 else None
    alone = rest[0] if len(rest) == 1 else closure.body if inner is None else None
    whole = alone is not None and code[slice(*alone)].rstrip().rstrip(b";").rstrip()
    if only is not None and alone is not None and whole == code[slice(*only.span)].rstrip():
        argument = only.arguments[0]
        gaps = ((outside.span[0], argument[0]), (argument[1], outside.span[1]))
        if kind_of(source, argument) in {"async_block", "call_expression"} and not any(
            comments_in(text, *gap) for gap in gaps
        ):
            return (Edit(*gaps[0][:1], gaps[0][1], b"tokio::spawn("), Edit(*gaps[1], b")"))
    if inner is None or any(comments_in(text, *_line_of(text, part)) for part in runtimes):
        return None
    names = [RUNTIME.fullmatch(code[slice(*part)].strip()) for part in runtimes]
    uses = sum(len(re.findall(rb"\b" + n[1] + rb"\b", code[slice(*closure.body)])) - 1 for n in names if n)
    held = [s for s in inside if s.spelling is not None and s.spelling.runtime]
    if names and uses != len(held):
        return None
    if comments_in(text, outside.span[0], closure.body[0]):
        return None
    head = Edit(outside.span[0], closure.body[0], b"tokio::spawn(async move ")
    return (head, *(Edit(*_line_of(text, part), b"") for part in runtimes), *waits)


def _line_of(text: bytes, part: Bytes) -> Bytes:
    """Return the bytes of a statement with its line, where it has one to itself."""
    start, end = text.rfind(b"\n", 0, part[0]) + 1, text.find(b"\n", part[1]) + 1
    alone = not text[start : part[0]].strip() and end and not text[part[1] : end].strip()
    return (start, end) if alone else part


def _is_called_from_async(known: Known, path: str, offset: int) -> bool:
    """Whether async code, and nothing else, is known to call the function around an offset."""
    name, function = known.function_of(path, offset), function_at(known.source(path), offset)
    if function is None or not name or unexplained(known, path, function, name):
        return False
    # Whoever reaches a method through a public trait may do so without a runtime.
    reached = "pub" if function.owner == "trait impl" else function.visibility
    if known.is_public(path, replace(function, visibility=reached)):
        return False
    calls = known.callers_through(name)
    places = [c for c in calls if c.span.file in known.codebase.files]
    if not places or len(places) != len(calls):
        return False
    return all(
        setting(known, c.span.file, c.span.start).kind == "async"
        and not known.in_tests(c.span.file, c.name.start)
        for c in places
    )


def _busy(known: Known, path: str, closure: Scope, inside: Sequence[Site]) -> str:
    """Return a call of the thread that holds it up beside those that go, "" where none is known."""
    calls = known.facts_at(path).calls_in(Span(path, *closure.body))
    if calls is UNKNOWN:
        return "something that the compiler says nothing of"
    gone = {site.name[1] for site in inside}
    return next(
        (
            c.callee.path
            for c in calls
            if (HOLDS_UP.search(c.callee.path) or _MEETS.match(c.callee.path)) and c.name.end not in gone
        ),
        "",
    )
