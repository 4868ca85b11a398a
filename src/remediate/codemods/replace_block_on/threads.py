"""A thread with a runtime of its own, started from async code: a task of the runtime that is there (M4)."""

import re

from remediate.codemods.replace_block_on.contexts import setting
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.sites import Site
from remediate.codemods.replace_block_on.spellings import Awaits
from remediate.edits import Edit
from remediate.facts.model import UNKNOWN, Span
from remediate.model import Skip
from remediate.rust.syntax.bodies import Scope
from remediate.rust.syntax.expressions import block, invocation

HOLDS_UP = re.compile(
    r"(?:std::(?:fs|net|process|io|thread)|core::hint|rayon|rusqlite|reqwest::blocking|ureq|parking_lot)"
    r"(?:::|\Z)|::blocking_\w+\Z|::block_on\Z"
)
"""Crates and modules whose functions hold a thread up: by name, since no type says so."""
RUNTIME = re.compile(
    rb"let\s+(?:mut\s+)?(\w+)\s*=[^;]*\b(?:Runtime\s*::\s*new|Builder\s*::\s*new_\w+|Handle\s*::\s*current)\b[^;]*;"
)


def as_task(known: Known, site: Site, closure: Scope) -> dict[str, tuple[Edit, ...]] | Skip:
    """Return the edits that spawn a task instead of a thread, or why the thread stays."""
    source, code = known.source(site.path), known.outline(site.path).code
    stays = Skip(
        "correct-as-it-is",
        f"{site.location}: `{closure.taker}` runs `{site.written}` on a thread of its own,"
        " where it holds no async code up.",
    )
    outside = invocation(source, len(code[: code.rindex(b"(", 0, closure.span[0])].rstrip()) - 1)
    if outside is None or not outside.statement or len(outside.arguments) != 1:
        return stays
    called = known.calls_named(site.path, outside.callee[1] - 1)
    if not called or any(not c.callee.path.startswith("std::thread") for c in called):
        return stays
    if setting(known, site.path, outside.span[0]).kind != "async" or not _is_all(known, site, closure):
        return stays
    if site.spelling is None or not site.spelling.runtime or site.spelling.awaits is not Awaits.ARGUMENT:
        return stays
    busy = _busy(known, site)
    if busy:
        return Skip(
            "correct-as-it-is", f"{site.location}: the thread also does `{busy}`, which holds one up."
        )
    assert site.syntax is not None  # noqa: S101 - _is_all has seen to it
    argument = site.syntax.arguments[0]
    return {
        site.path: (
            Edit(outside.span[0], argument[0], b"tokio::spawn("),
            Edit(argument[1], outside.span[1], b")"),
        )
    }


def _is_all(known: Known, site: Site, closure: Scope) -> bool:
    """Whether the thread makes a runtime at most, and blocks on one future; no comment would be lost."""
    outline, inner = known.outline(site.path), block(known.source(site.path), closure.body)
    if site.syntax is None or len(site.syntax.arguments) != 1:
        return False
    if any(closure.span[0] <= a < closure.span[1] for a, b in outline.comments if not _within(a, site)):
        return False
    if inner is None:
        return closure.body == site.syntax.span
    parts = [*inner.statements, *([inner.tail] if inner.tail else [])]
    last = outline.code[slice(*parts[-1])].rstrip().removesuffix(b";").rstrip()
    if len(last) != site.syntax.span[1] - site.syntax.span[0] or parts[-1][0] != site.syntax.span[0]:
        return False
    return all(RUNTIME.fullmatch(outline.code[slice(*part)].strip()) for part in parts[:-1])


def _within(offset: int, site: Site) -> bool:
    assert site.syntax is not None  # noqa: S101 - asked for after that is known
    start, end = site.syntax.arguments[0]
    return start <= offset < end


def _busy(known: Known, site: Site) -> str:
    """Return a call in the future that holds a thread up, "" where none is known."""
    assert site.syntax is not None  # noqa: S101 - asked for after that is known
    start, end = site.syntax.arguments[0]
    calls = known.facts_at(site.path).calls_in(Span(site.path, start, end))
    if calls is UNKNOWN:
        return "something that the compiler says nothing of"
    return next((c.callee.path for c in calls if HOLDS_UP.search(c.callee.path)), "")
