"""The markers that a finding names, each with its class, its comment, and the code around it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.audit.markers.detect import Marker, classified_at, is_noun, markers
from remediate.audit.rules.catalog import rule
from remediate.audit.scan.scopes import Scopes
from remediate.audit.tree import is_test_path
from remediate.model import Finding
from remediate.rust.codebase import Codebase
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.syntax.bodies import functions
from remediate.rust.syntax.cfg import requires_test
from remediate.rust.syntax.outline import Outline
from remediate.rust.syntax.source import Source

_GIVEN_UP = re.compile(rb"(?<!\w)(todo|unimplemented)\s*!\s*[(\[{]")
_DOC = re.compile(rb"\s*(?://[/!]|/\*[*!])(?!/)")


@dataclass(frozen=True)
class Place:
    """One marker.

    Attributes:
        rule, kind, note: Its rule, its class ("stub", "remark", "test", "noun", ..), and the evidence.
        start: Where its word begins.
        span: The comment or string around it, a neighbourhood of line comments as one; empty for a name.
        line: From 1.
    """

    codebase: Codebase
    path: str
    outline: Outline
    rule: str
    kind: str
    note: str
    start: int
    span: tuple[int, int]
    line: int

    @property
    def location(self) -> str:
        """The path and line, as a person would write them."""
        return f"{self.path}:{self.line}"

    @property
    def text(self) -> bytes:
        """The file."""
        return self.outline.text

    @property
    def is_comment(self) -> bool:
        """Whether the marker stands in a comment."""
        return self.text[self.span[0] : self.span[0] + 1] == b"/"

    @property
    def is_documentation(self) -> bool:
        """Whether its line is one of a doc comment."""
        return _DOC.match(self.text, self.line_start) is not None and self.is_comment

    @property
    def line_start(self) -> int:
        """Where its line begins."""
        return self.text.rfind(b"\n", 0, self.start) + 1

    @property
    def line_end(self) -> int:
        """Where its line ends, before the line break."""
        found = self.text.find(b"\n", self.start)
        return found if found >= 0 else len(self.text)

    @property
    def is_trailing(self) -> bool:
        """Whether its comment stands behind code."""
        return bool(self.outline.code[self.line_start : self.start].strip())

    @property
    def said(self) -> str:
        """The marker's line without comment leaders."""
        begin = self.line_start if self.span[0] == self.span[1] else max(self.line_start, self.span[0])
        line = self.text[begin : self.line_end]
        return line.decode(errors="replace").strip(" /*!\t\r")

    @property
    def function(self) -> str:
        """The name of the function around it or below it, "" for none."""
        around = [f for f in functions(self.source) if f.span[0] <= self.start < f.span[1]]
        return around[-1].name if around else ""

    @property
    def source(self) -> Source:
        """The file's syntax tree."""
        return self.codebase.home(self.path).source(self.path)


def places(codebase: Codebase, finding: Finding) -> tuple[Place, ...]:
    """Return the markers that a finding names, all of its file's where it names none."""
    outline = Outline(codebase.files[finding.path])
    known = tuple(_known(codebase, finding.path, outline))
    named = {(site.line, site.text): site for site in finding.sites if site.path == finding.path}
    lines = finding.moved_to or finding.claimed_lines
    if not named and not lines:
        return known
    chosen = tuple(p for p in known if _key(p) in named or (not named and p.line in lines))
    rest = [key for key in named if key not in {_key(p) for p in chosen}]
    others = (_bare(codebase, finding, outline, line, text) for line, text in rest)
    return (*chosen, *(place for place in others if place is not None))


def _key(place: Place) -> tuple[int, str]:
    return place.line, place.text[place.line_start : place.line_end].decode(errors="replace").strip()[:200]


def _known(codebase: Codebase, path: str, outline: Outline) -> Iterator[Place]:
    """Yield what the detector finds in a file."""
    tested = _is_test(codebase, path)
    scopes, line, done = Scopes(outline), 1, 0
    given_up = (
        Marker("unimplemented", m.start(), m.end(1), "stub", f"the code is an explicit `{m[1].decode()}!`")
        for m in _GIVEN_UP.finditer(outline.code)
    )
    for one in sorted((*markers(outline), *given_up), key=lambda m: (m.start, m.rule)):
        line += outline.text.count(b"\n", done, one.start)
        done = one.start
        test = tested or scopes.covers(one.start)
        span = outline.opaque_at(one.start) or (one.start, one.start)
        kind, note = ("test", "in code that only a test build holds") if test else (one.kind, one.note)
        yield Place(codebase, path, outline, one.rule, kind, note, one.start, span, line)


def _bare(codebase: Codebase, finding: Finding, outline: Outline, line: int, text: str) -> Place | None:
    """Return a place that an audit names and the detector alone would not report; None where it is gone."""
    lines = outline.text.split(b"\n")
    if line > len(lines) or lines[line - 1].decode(errors="replace").strip()[:200] != text:
        return None
    begins = sum(len(one) + 1 for one in lines[: line - 1])
    site = next(s for s in finding.sites if (s.line, s.text) == (line, text))
    at = min(begins + site.column - 1, begins + len(lines[line - 1]))
    word = re.search(rule(finding.rule).words.encode() or rb"(?!)", lines[line - 1], re.IGNORECASE)
    if site.column == 1 and word:
        at = begins + word.start()
    span = outline.opaque_at(at)
    if span is None or is_noun(outline, finding.rule, at):
        kind, note = "noun", "a word that says nothing of unfinished code"
    elif _is_test(codebase, finding.path) or Scopes(outline).covers(at):
        kind, note = "test", "in code that only a test build holds"
    else:
        kind, note = classified_at(outline, finding.rule, at)
    return Place(codebase, finding.path, outline, finding.rule, kind, note, at, span or (at, at), line)


def _is_test(codebase: Codebase, path: str) -> bool:
    package = codebase.home(path)
    modules = module_tree(package).of_file(path)
    inside = path.removeprefix(f"{package.root}/")
    return is_test_path(inside) or (bool(modules) and all(requires_test(m.cfg) for m in modules))
