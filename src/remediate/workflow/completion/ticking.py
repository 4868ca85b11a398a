"""The check boxes of an audit's Markdown: ticked where proven, unticked where refuted; no other byte."""

import os
import re
import tempfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from remediate.audit.readers.read import read
from remediate.errors import InputError
from remediate.workflow.completion.evidence import Judgement, Standing

_LINE = re.compile(rb"[^\r\n]*(?:\r\n|\r|\n|\Z)")
_BOX = re.compile(
    r"\A\ufeff?(?:[ \t>]*(?:[-*+]|\d{1,9}[.)])[ \t]+)+\[(?P<mark>[ xX]|✓|✔)\](?=[ \t])".replace(
        "\\ufeff?", "(?:\ufeff)?"
    ).encode()
)


@dataclass(frozen=True, slots=True)
class Tick:
    """A box that is to be another: in which line, whose words, and whether it gets a tick or loses it."""

    line: int
    words: str
    ticked: bool


def wanted(judgements: Sequence[Judgement]) -> tuple[Tick, ...]:
    """Return the boxes that do not say what was shown; what takes a person stays as that person left it."""
    return tuple(
        Tick(one.goal.audit_line, one.goal.words, one.standing is Standing.PROVEN)
        for one in judgements
        if one.goal.checked is not None
        and one.standing is not Standing.UNJUDGED
        and one.goal.checked is not (one.standing is Standing.PROVEN)
    )


def ticked(content: bytes, ticks: Sequence[Tick], name: str) -> bytes:
    """Return the bytes of an audit with its boxes changed.

    Raises:
        InputError: A box is not where it should be, or the result does not read as the same audit.
    """
    lines = _LINE.findall(content)
    stated = {(goal.audit_line, goal.words) for goal in read(content, name).goals}
    for tick in ticks:
        line = lines[tick.line - 1] if tick.line <= len(lines) else b""
        box = _BOX.match(line)
        if box is None or (tick.line, tick.words) not in stated:
            raise InputError(
                f"{name}:{tick.line} has no check box of this goal that can be edited: {tick.words}",
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
    expected = [(g.audit_line, g.words, boxes.get(g.audit_line, g.checked)) for g in before.goals]
    if expected != [(g.audit_line, g.words, g.checked) for g in after.goals]:
        raise InputError(f"{name} would read as another audit with these boxes: nothing is written")
