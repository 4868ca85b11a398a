"""A work order as a value, and what it is written as: Markdown for people, JSON for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from remediate.audit.constraints import CHECKED, Constraint
from remediate.model import Finding, WaitingTest
from remediate.sanitize import lines, one_line
from remediate.templates import render

FORMAT = 1
_SHOWN = 30


@dataclass(frozen=True, slots=True)
class Caller:
    """A use of a symbol.

    Attributes:
        function: The item it stands in: ``Engine::run``; "" at a file's top level.
        text: The line, trimmed.
        test: Whether only a test build holds it.
    """

    path: str
    line: int
    function: str
    text: str
    test: bool


@dataclass(frozen=True, slots=True)
class Contract:
    """A symbol that a finding is about, and what others rely on.

    Attributes:
        source: What the callers are known from: "compiler" or "names". By name, some may be missing (macros,
            re-exports under another name) and some may be of a namesake.
        callers: Production code first.
        tests: Tests that call it, or call what calls it, as ``path: name``.
    """

    path: str
    line: int
    kind: str
    name: str
    signature: str
    documentation: str
    visibility: str
    source: str
    callers: tuple[Caller, ...] = ()
    tests: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Location:
    """A place the finding is about, with the lines around it."""

    path: str
    line: int
    text: str
    kind: str = ""
    note: str = ""
    excerpt: str = ""


@dataclass(frozen=True, slots=True)
class Command:
    """A command that judges the result, and what it has to show."""

    text: str
    shows: str


@dataclass(frozen=True, slots=True)
class WorkOrder:
    """One finding, for somebody who has not read the audit.

    Attributes:
        base: The commit that it describes; "" where none does.
        reason: Why no codemod fixed it.
        advice: What a person would do.
        quote: The audit's words, from line ``quote_line`` of ``audit``.
        waiting: The ignored tests that wait for what is asked.
        constraints: What the audit and the configuration demand of new code.
        judged_by: The commands that decide, in the order in which they are run.
        rules: What holds for every result, a sentence each.
        branch: The branch at ``base`` that fixes a part of the finding; "" where nothing is fixed yet.
    """

    finding: Finding
    package: str
    base: str
    reason: str
    advice: str
    audit: str = ""
    quote: str = ""
    quote_line: int = 0
    locations: tuple[Location, ...] = ()
    symbols: tuple[Contract, ...] = ()
    waiting: tuple[WaitingTest, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    judged_by: tuple[Command, ...] = ()
    rules: tuple[str, ...] = ()
    branch: str = ""

    @property
    def name(self) -> str:
        """The name of its files, without an ending."""
        return order_name(self.finding)

    def data(self) -> dict[str, Any]:
        """Return the order as JSON's types; fields may be added, none is renamed."""
        found: dict[str, Any] = asdict(self)
        found["constraints"] = [{**asdict(c), "checked": CHECKED.get(c.name, "")} for c in self.constraints]
        return {"format": FORMAT, "name": self.name, **found}

    def markdown(self) -> str:
        """Return the order as text: what the audit and the code say stands in fences or on one line."""
        return render("work-order.md.j2", order=self, checked=CHECKED, **_TEXT)


def order_name(finding: Finding) -> str:
    """Return the name of a finding's work order, as its files have it."""
    plain = "".join(c if c.isalnum() or c in ".-" else "-" for c in f"{finding.id}-{finding.rule}")
    return f"{plain.strip('.-')}-{finding.fingerprint[:8]}"


def _fenced(text: str, kind: str = "") -> str:
    """Return a fence that shows the text whatever backticks it holds."""
    text = lines(text).rstrip()
    fence = "```"
    while fence in text:
        fence += "`"
    return f"{fence}{kind}\n{text}\n{fence}"


def _together(places: Sequence[Location]) -> list[tuple[Location, str]]:
    """Return locations with the lines that are meant: what one excerpt shows, and is judged alike, is one."""
    found: list[tuple[Location, list[int]]] = []
    for place in places:
        last, lines = found[-1] if found else (place, [])
        alike = (last.path, last.kind, last.note) == (place.path, place.kind, place.note)
        if lines and alike and f"\n{place.line:>5} " in f"\n{last.excerpt}":
            lines.append(place.line)
        else:
            found.append((place, [place.line]))
    return [(place, ", ".join(map(str, dict.fromkeys(lines)))) for place, lines in found]


def _some(found: tuple[Caller, ...]) -> tuple[Caller, ...]:
    return found[:_SHOWN]


_TEXT: Mapping[str, object] = {"fenced": _fenced, "one_line": one_line, "some": _some, "together": _together}
