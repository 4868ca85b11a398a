"""Suppressions in the source, ``// remediate: allow(rule, reason = "..")``, and what else is not reported.

On a line of its own it speaks for the item, statement or block behind it; behind code for that line; as
``//! remediate: allow(..)`` for the whole file. A reason is required: without one it suppresses nothing.
"""

import re
from collections.abc import Iterator, Mapping

from remediate.audit.rules.catalog import RULES
from remediate.audit.scan.facts import Facts, Place, Suppression
from remediate.audit.scan.settings import Settings
from remediate.rust.syntax.outline import Outline, behind_attributes, statement_end

_ALLOW = re.compile(rb"//[/!]?[ \t]*remediate:[ \t]*allow\b([^\n]*)")
_BODY = re.compile(
    r"\s*\(\s*(?P<rules>[\w-]+(?:\s*,\s*(?!reason\b)[\w-]+)*)\s*(?:,\s*reason\s*=\s*\"(?P<reason>[^\"]*)\"\s*)?,?\s*\)\s*\Z"
)
# Reported in tests too: they say something about the tests themselves, or about code that cannot be right.
_IN_TESTS = {
    "block-on",
    "spawn-blocking",
    "large-file",
    "embedded-tests",
    "dead-tests",
    "parse-health",
    "suppression",
}


def suppressions(outline: Outline) -> Iterator[Suppression]:
    """Yield the suppressions of a file, faulty ones included."""
    if b"remediate:" not in outline.text:
        return
    for match in _ALLOW.finditer(outline.text):
        if (span := outline.opaque_at(match.start())) is not None and outline.text[
            span[0] : span[0] + 1
        ] == b"/":
            yield _suppression(outline, match, span[1])


def _suppression(outline: Outline, match: re.Match[bytes], comment_end: int) -> Suppression:
    line = outline.text.count(b"\n", 0, match.start()) + 1
    body = _BODY.match(match[1].decode(errors="replace").rstrip("*/ \r"))
    if body is None:
        return Suppression((), line, line, line, 'write it as: // remediate: allow(rule, reason = "why")')
    rules = tuple(re.findall(r"[\w-]+", body["rules"]))
    known = {rule.id for rule in RULES} | {"all"}
    unknown = sorted(set(rules) - known)
    fault = f"no rule is called {', '.join(unknown)}" if unknown else ""
    if not (body["reason"] or "").strip():
        fault = "a suppression needs a reason"
    first, last = _lines(outline, match, line, comment_end)
    return Suppression(rules, line, first, last, fault)


def _lines(outline: Outline, match: re.Match[bytes], line: int, comment_end: int) -> tuple[int, int]:
    """Return the lines a suppression speaks for."""
    if match.group().startswith(b"//!"):
        return 1, outline.line_count
    start = outline.text.rfind(b"\n", 0, match.start()) + 1
    if outline.code[start : match.start()].strip():
        return line, line
    code = outline.code
    own = behind_attributes(code, comment_end, len(code))
    end = statement_end(code, own)
    if code[end : end + 1] == b"{":
        end = outline.blocks.close_of(end)
    return line, outline.text.count(b"\n", 0, end) + 1


class Silence:
    """Decides for each place; counts what a suppression or the configuration speaks for."""

    def __init__(self, facts: Mapping[str, Facts], settings: Settings) -> None:
        """``facts`` hold the suppressions."""
        self._facts = facts
        self._settings = settings
        self.count = 0

    def covers(self, path: str, place: Place) -> bool:
        """Whether a place is not reported."""
        if place.test and place.rule not in _IN_TESTS:
            return True
        if place.kind == "noun":
            return True
        if place.rule == "debug-print" and _prints_by_trade(path):
            return True
        if any(_speaks(s, place) for s in self._facts[path].suppressions):
            self.count += 1
            return True
        if not self._settings.reports(place.rule, path):
            self.count += not self._settings.only
            return True
        return False


def _speaks(suppression: Suppression, place: Place) -> bool:
    named = place.rule in suppression.rules or "all" in suppression.rules
    return named and not suppression.fault and suppression.first <= place.line <= suppression.last


def _prints_by_trade(path: str) -> bool:
    """Whether a file is a program's: printing is its work."""
    return path.endswith(("main.rs", "build.rs")) or "/bin/" in path or path.startswith("bin/")
