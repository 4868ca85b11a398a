"""The change that leads from some texts to others, as edits of the lines that differ."""

from collections.abc import Mapping
from difflib import SequenceMatcher
from itertools import accumulate
from pathlib import PurePosixPath

from remediate.edits import Change, Edit


def change_between(before: Mapping[str, bytes], after: Mapping[str, bytes | None]) -> Change:
    """Return the change that leads from texts to others, as edits of the lines that differ."""
    old = {path: text for path, text in after.items() if path in before}
    new = {path: text for path, text in after.items() if path not in before and text is not None}
    return Change(
        summary="",
        edits={path: line_edits(before[path], text) for path, text in old.items() if text is not None},
        creations=new,
        deletions=frozenset(path for path, text in old.items() if text is None),
        new_modules=frozenset(_module(path) for path in new),
    )


def line_edits(old: bytes, new: bytes) -> tuple[Edit, ...]:
    """Return edits of whole lines that turn one text into another."""
    one, two = old.splitlines(keepends=True), new.splitlines(keepends=True)
    starts = [0, *accumulate(map(len, one))]
    codes = SequenceMatcher(None, one, two, autojunk=False).get_opcodes()
    return tuple(
        Edit(starts[a], starts[b], b"".join(two[c:d])) for kind, a, b, c, d in codes if kind != "equal"
    )


def _module(path: str) -> str:
    """Return the name of the module that a new file holds."""
    place = PurePosixPath(path)
    return place.parent.name if place.stem == "mod" else place.stem
