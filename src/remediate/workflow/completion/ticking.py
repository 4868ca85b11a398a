"""The check boxes of an audit's Markdown: ticked where proven, unticked where refuted; no other byte."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from remediate.audit.document import AuditDocument, Item
from remediate.audit.readers.read import read
from remediate.errors import InputError
from remediate.model import Finding, Status
from remediate.workflow.completion.evidence import Judgement, Standing

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_BOX = re.compile(
    r"\A\ufeff?(?:[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+)+\[(?P<mark>[ xX]|✓|✔)\](?=[ \t])".replace(
        "\\ufeff?", "(?:\ufeff)?"
    ).encode()
)


@dataclass(frozen=True, slots=True, order=True)
class Tick:
    """A box that is to be another.

    Attributes:
        line: Its line, from 1.
        words: What it is the box of.
        ticked: Whether it gets a tick or loses it.
        why: What was seen.
    """

    line: int
    words: str
    ticked: bool
    why: str = ""


def wanted(judgements: Sequence[Judgement]) -> tuple[Tick, ...]:
    """Return the boxes that do not say what was shown; what takes a person stays as that person left it."""
    return tuple(
        Tick(one.goal.audit_line, one.goal.words, one.standing is Standing.PROVEN, _why(one))
        for one in judgements
        if one.goal.checked is not None
        and one.standing is not Standing.UNJUDGED
        and one.goal.checked is not (one.standing is Standing.PROVEN)
    )


def wanted_of_items(document: AuditDocument, findings: Sequence[Finding]) -> tuple[Tick, ...]:
    """Return the boxes of findings that do not say what has become of them in the tree.

    One gets a tick where all that its item claims is gone, and loses it where some of that is there.
    ``findings`` are those of the document alone; a claim whose finding is another item's changes no box.
    """
    found = (_of_item(document, item, findings) for item in document.items if item.checked is not None)
    return tuple(tick for tick in found if tick)


def _of_item(document: AuditDocument, item: Item, findings: Sequence[Finding]) -> Tick | None:
    claims = [claim for claim in document.claims if claim.id.startswith(f"{item.id}.")]
    mine = [[f for f in findings if f"{f.id}.".startswith(f"{claim.id}.")] for claim in claims]
    judged = [finding for some in mine for finding in some]
    there = [finding for finding in judged if finding.status in (Status.PRESENT, Status.MOVED)]
    gone = bool(claims) and all(mine) and all(finding.status is Status.FIXED for finding in judged)
    if there and item.checked:
        return Tick(item.audit_line, item.title, ticked=False, why=there[0].reason)
    if gone and not item.checked:
        return Tick(item.audit_line, item.title, ticked=True, why=judged[0].reason)
    return None


def _why(judgement: Judgement) -> str:
    """Return what was seen that decides."""
    deciding = judgement.standing is Standing.PROVEN
    return next((e.figure for e in judgement.evidence if e.holds is deciding), "")


def ticked(content: bytes, ticks: Sequence[Tick], name: str) -> bytes:
    """Return the bytes of an audit with its boxes changed.

    Raises:
        InputError: A box is not where it should be, or the result does not read as the same audit.
    """
    lines = _LINE.findall(content)
    document = read(content, name)
    stated = {(goal.audit_line, goal.words) for goal in document.goals}
    stated |= {(item.audit_line, item.title) for item in document.items}
    for tick in ticks:
        line = lines[tick.line - 1] if tick.line <= len(lines) else b""
        box = _BOX.match(line)
        if box is None or (tick.line, tick.words) not in stated:
            raise InputError(
                f"{name}:{tick.line} has no such check box that can be edited: {tick.words}",
                "Only `[ ]` behind the marker of a list entry is edited, in a file in UTF-8.",
            )
        start, end = box.span("mark")
        lines[tick.line - 1] = line[:start] + (b"x" if tick.ticked else b" ") + line[end:]
    changed = b"".join(lines)
    _require_same(content, changed, {tick.line: tick.ticked for tick in ticks}, name)
    return changed


def write(path: Path, seen: bytes, ticks: Sequence[Tick]) -> None:
    """Edit an audit on the disk, whole and atomically; ``seen`` are the bytes that were judged.

    Raises:
        InputError: The file is not what was judged any more, or cannot be written.
    """
    real = path.resolve()  # a link stays one
    try:
        changed = ticked(seen, ticks, path.name)
        handle, name = tempfile.mkstemp(dir=real.parent, prefix=f".{real.name}.")
        try:
            with os.fdopen(handle, "wb") as file:
                file.write(changed)
            Path(name).chmod(real.stat().st_mode)
            if real.read_bytes() != seen:
                raise InputError(f"{path} has been edited meanwhile: nothing is written", "Run it again.")
            Path(name).replace(real)
        finally:
            Path(name).unlink(missing_ok=True)
    except OSError as error:
        raise InputError(f"{path} cannot be written: {error.strerror}") from error


def _require_same(old: bytes, new: bytes, boxes: Mapping[int, bool], name: str) -> None:
    before, after = read(old, name), read(new, name)
    if _told(before, boxes) != _told(after, {}):
        raise InputError(f"{name} would read as another audit with these boxes: nothing is written")


def _told(document: AuditDocument, boxes: Mapping[int, bool]) -> list[object]:
    """Return what a document says, with other boxes."""
    goals = [replace(g, checked=boxes.get(g.audit_line, g.checked)) for g in document.goals]
    items = [replace(i, checked=boxes.get(i.audit_line, i.checked)) for i in document.items]
    return [goals, items, [replace(claim, done=False) for claim in document.claims]]
