"""Markers of unfinished code as findings of our own audit."""

from collections.abc import Iterator

from remediate.audit.markers.detect import markers as detected
from remediate.audit.scan.found import Found
from remediate.audit.scan.scopes import Scopes
from remediate.rust.syntax.outline import Outline


def markers(outline: Outline, scopes: Scopes) -> Iterator[Found]:
    """Yield the markers of a file; one in code that only a test build holds is a note."""
    for one in detected(outline):
        test = scopes.covers(one.start)
        kind, severity = ("test", "note") if test else (one.kind, "")
        yield Found(one.rule, kind, one.start, one.end, severity, one.note, test)
