"""The comment of a marker: which lines of it are about the marker, and what goes with them."""

import re
from typing import NamedTuple

from remediate.codemods.resolve_markers.fix import Fix
from remediate.codemods.resolve_markers.places import Place
from remediate.edits import Edit
from remediate.model import Skip

_LEADER = re.compile(rb"[ \t]*//[ \t]?")
_OWN = re.compile(
    rb"\s*(?:TODO|FIXME|XXX|HACK)\b"
    rb"|\s*(?:this is |just |for now|placeholder|stub|dummy|mock|in a |in production|hard-?coded|temporar"
    rb"|simplified|workaround|legacy|kept|simulat)",
    re.IGNORECASE,
)
_MARKING = re.compile(rb"\A\s*(?:TODO|FIXME|XXX|HACK)s?\b\s*[:.-]?\s*", re.IGNORECASE)


class Extent(NamedTuple):
    """The bytes of whole comment lines, and the comments that stand in them."""

    start: int
    end: int
    comments: tuple[bytes, ...]

    @property
    def words(self) -> str:
        """What the comments say, in one line, without leaders and without the marker."""
        lines = (_LEADER.sub(b"", comment, count=1).strip() for comment in self.comments)
        text = _MARKING.sub(b"", b" ".join(line for line in lines if line))
        return " ".join(text.decode(errors="replace").split())


def extent(place: Place) -> Extent | None:
    """Return the lines of a plain comment that are about its marker; None where that cannot be told.

    These are its line and those below that go on, up to an empty one; all of it only if the marker begins it.
    """
    if not place.is_comment or place.is_documentation or place.text.startswith(b"/*", place.span[0]):
        return None
    if place.is_trailing:
        alone = place.span[1] <= place.line_end
        return Extent(place.span[0], place.span[1], (place.text[slice(*place.span)],)) if alone else None
    lines = _lines(place)
    first = next(i for i, (start, end) in enumerate(lines) if start <= place.start <= end)
    said = [_LEADER.sub(b"", place.text[start:end], count=1) for start, end in lines]
    if not _OWN.match(said[first]) and (first or len(lines) > 1):
        return None
    last = first
    while last + 1 < len(lines) and said[last + 1].strip() and not _MARKING.match(said[last + 1]):
        last += 1
    kept = [place.text[start:end].strip() for start, end in lines[first : last + 1]]
    return Extent(lines[first][0], min(lines[last][1] + 1, len(place.text)), tuple(kept))


def stale(place: Place) -> Fix | Skip:
    """Return the deletion of a comment that somebody has found to be stale."""
    if place.is_documentation:
        return Skip("in-documentation", f"{place.location}: {place.said}")
    found = extent(place)
    if found is None:
        return Skip("not-simple", f"{place.location}: the comment says more than its marker.")
    start = found.start
    if place.is_trailing:
        start -= len(place.text[:start]) - len(place.text[:start].rstrip(b" \t"))
    return Fix(
        (Edit(start, found.end, b""),),
        f"delete a stale comment in {place.path}",
        found.comments,
        f"deleted: {found.words or place.said}",
    )


def _lines(place: Place) -> list[tuple[int, int]]:
    """Return start and end of each line of the comment, from its own first line on."""
    start = place.text.rfind(b"\n", 0, place.span[0]) + 1
    found, end = [], place.span[1]
    while start < end:
        stop = place.text.find(b"\n", start)
        stop = stop if stop >= 0 else len(place.text)
        found.append((start, stop))
        start = stop + 1
    return found
