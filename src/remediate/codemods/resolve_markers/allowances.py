"""Attributes that allow dead code until a TODO is done: dropped, or checked by rustc from now on."""

import re
from collections.abc import Collection

from remediate.codemods.resolve_markers.comments import Extent, extent
from remediate.codemods.resolve_markers.fix import Fix
from remediate.codemods.resolve_markers.places import Place
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.manifest import rust_version
from remediate.rust.syntax.attributes import Attribute, attribute_at

_OPENED = re.compile(rb"#\s*(!?)\s*\[")
_DEAD = re.compile(r"dead_code|unused(?:_(?:imports|variables|mut|macros|assignments))?")
_ABOUT = re.compile(
    r"\ballow\w*|\battributes?\b|\bdead[_ -]?code\b|\bunused\b|\bwarnings?\b|\blints?\b|\A\W*\Z",
    re.IGNORECASE,
)
_EXPECT_SINCE = 81
LINTS = ("dead_code", "unused")
"""How the codes of rustc's messages begin that a dropped allowance brings back."""


def allowance(place: Place, expected: Collection[int]) -> Fix | Skip:
    """Return the removal of an attribute that allows dead code, or its exchange where rustc asks for that.

    ``expected`` are the offsets of attributes that rustc has shown to be needed.
    """
    found, about = _attribute(place), extent(place)
    objection = _objection(place, found, about)
    if objection is not None or found is None or about is None:
        return objection or Skip("commented-out", f"{place.location}: {place.said}")
    lints = ", ".join(_lints(found))
    note = f"the comment on `allow({lints})` was {about.words!r}" if about.words else ""
    comment = (about.start, about.end)
    if found.start not in expected:
        edits, summary = _dropped(place, found, comment), f"drop `#[allow({lints})]`"
    else:
        edits, summary = _exchanged(place, found, comment, about.words), f"let rustc check `allow({lints})`"
    return Fix(edits, summary, about.comments, note, allowance=found.start)


def _objection(place: Place, found: Attribute | None, about: Extent | None) -> Skip | None:
    """Return why an attribute stays; None where it may go."""
    where = f"{place.path}:{place.line}"
    if found is None:
        return Skip("commented-out", f"{where}: {place.said}")
    if found.path == "expect":
        said = "rustc checks the attribute already; what is left is"
        return Skip("missing-work", f"{where}: {said}: {place.said}")
    if about is None or not all(map(_DEAD.fullmatch, _lints(found))):
        more = (
            "comment says more than its marker" if about is None else "attribute allows more than dead code"
        )
        return Skip("not-simple", f"{where}: the {more}.")
    if not place.is_trailing and not _ABOUT.search(about.words):
        return Skip("missing-work", f"{where}: {about.words}")
    version = rust_version(place.codebase, place.codebase.home(place.path))
    if version and version < (1, _EXPECT_SINCE):
        return Skip("needs-newer-rust", f"{where}: `#[expect]` needs Rust 1.{_EXPECT_SINCE}.")
    return None


def _lints(found: Attribute) -> list[str]:
    return [t.text.decode() for t in found.arguments if t.kind == "ident"]


def _attribute(place: Place) -> Attribute | None:
    """Return the attribute on the marker's line, or the first that allows dead code below its comment."""
    code, at = place.outline.code, place.line_start if place.is_trailing else place.span[1]
    stop = place.line_end if place.is_trailing else len(code)
    while (opened := _OPENED.search(code, at, stop)) and (
        place.is_trailing or not code[at : opened.start()].strip()
    ):
        end = _closing(code, opened.end())
        found = attribute_at(place.text, opened.start(), end)
        if found.path in {"allow", "expect"} and any(
            _DEAD.fullmatch(t.text.decode()) for t in found.arguments
        ):
            return found
        at = end
    return None


def _closing(code: bytes, at: int) -> int:
    depth = 1
    for bracket in re.finditer(rb"[\[\]]", code[at:]):
        depth += 1 if bracket.group() == b"[" else -1
        if not depth:
            return at + bracket.end()
    return len(code)


def _dropped(place: Place, found: Attribute, comment: tuple[int, int]) -> tuple[Edit, ...]:
    """Return the edits without attribute and comment: whole lines where nothing else stands on them."""
    start, end = _whole(place.text, found.start, found.end, comment)
    if start <= comment[0] and comment[1] <= end:
        return (Edit(start, end, b""),)
    return (Edit(*comment, b""), Edit(start, end, b""))


def _exchanged(place: Place, found: Attribute, comment: tuple[int, int], words: str) -> tuple[Edit, ...]:
    """Return the edits that make rustc check the attribute, with the comment's words as its reason."""
    reason = (words or "not used yet").replace("\\", "\\\\").replace('"', '\\"')
    inner = "!" if found.inner else ""
    attribute = f'#{inner}[expect({", ".join(_lints(found))}, reason = "{reason}")]'.encode()
    if place.is_trailing:
        return (Edit(found.start, comment[1], attribute),)
    return (Edit(*comment, b""), Edit(found.start, found.end, attribute))


def _whole(text: bytes, start: int, end: int, comment: tuple[int, int]) -> tuple[int, int]:
    """Return the span of an attribute, of its whole line where only its own comment stands beside it."""
    line, stop = text.rfind(b"\n", 0, start) + 1, text.find(b"\n", end)
    stop = stop if stop >= 0 else len(text)
    behind = comment[1] if comment[0] >= end and comment[0] < stop else end
    if not text[line:start].strip() and not text[behind:stop].strip():
        return line, min(stop + 1, len(text))
    return start, end + len(text[end:]) - len(text[end:].lstrip(b" \t\n"))
