"""An audit's outline: the rows of one item, the headings above it, and the label that governs a row."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from enum import StrEnum

from remediate.audit.readers.mentions import mentions
from remediate.audit.readers.rows import Row
from remediate.audit.rules.catalog import rules_named

_LABEL = re.compile(
    r"(?:[*_]{2})?(?P<label>[A-Za-z][\w /&'#\[\]().,-]{0,60}?)(?:[*_]{2})?(?P<note>\s*\([^)]{0,80}\))?"
    r"\s*:(?:[*_]{2})?(?:\s+|$)"
)
_EMPHASIS = re.compile(r"^[*_]{2}(?P<label>[^*_:]{1,60})(?::[*_]{2}|[*_]{2}(?:\s*\([^)]{0,80}\))?:)\s*")
_NUMBER = re.compile(
    r"(?:[*_]{2})?(?:(?P<word>QA Task|Task|Step|Issue|Finding|Item|Validation)\s+)?#?"
    r"(?P<number>[A-Z]?\d+(?:\.\d+)*)(?:[*_]{0,2}[.):](?=\s|[*_]|$)|(?<=\.\d)(?=\s)|(?<=[A-Z]\d)(?=[:\s]))"
    r"(?:[*_]{2})?\s*"
)
_GOALS = re.compile(
    r"criteria\b|\bconstraints\b|^quality assurance|\bdefinition of done|^\W*done when\b"
    r"|\b(?:requirements|metrics|standards|checkpoints|validation|verification|summary)"
    r"(?: (?:steps?|process))?\W*(?:\([^)]*\)\W*)?$",
    re.IGNORECASE,
)
_RECAP = re.compile(r"\b(?:summary|overview)\W*(?:\([^)]*\)\W*)?$", re.IGNORECASE)
_REVIEW = re.compile(r"\bact as\b|^\W*QA\b", re.IGNORECASE)
_CUTS = re.compile(r"decompos|split (?:up |it )?into|submodules", re.IGNORECASE)
_TITLE_LINES = 20
_DONE = re.compile(r"✅|☑|\bCOMPLETED?\b")


class Role(StrEnum):
    """What a line is for."""

    SUBJECT = "subject"  # names the files that are accused
    LINES = "lines"  # names lines of the file before
    ISSUE = "issue"  # says what is wrong
    TARGET = "target"  # names a file to be made
    PLAN = "plan"  # lists the files to be made
    STEPS = "steps"  # lists the files to be made, where the item is about a large file; else what to do
    SOLUTION = "solution"  # says what to do
    PLAIN = "plain"


# The first pattern that matches decides; so what is special stands before what is general.
_ROLES: tuple[tuple[Role, re.Pattern[str]], ...] = tuple(
    (role, re.compile(pattern, re.IGNORECASE))
    for role, pattern in (
        (Role.LINES, r"^(?:at )?lines?(?: numbers?)?(?: [L\d][\d, L\u2013-]*)?$"),
        (Role.TARGET, r"^(?:create|creates?d?|targets?|extract(?:ed)? to|new files?|output|move to)$"),
        (Role.TARGET, r"^submodules created$"),
        (
            Role.PLAN,
            (
                r"decomposition plan|submodules|module structure|new structure|target structure"
                r"|^(?:decompose|split|break|divide|cut)(?: (?:it|this|up|the|file))* into\b"
                r"|^(?:proposed|suggested|recommended|planned) (?:modules|files|structure|layout|split)$"
            ),
        ),
        (Role.STEPS, r"^(?:the )?plan$"),
        (
            Role.SUBJECT,
            r"^(?:.* )?(?:files?|locations?|paths?|where|sources?|sites?|modules?)(?: .*)?$",
        ),
        (Role.ISSUE, r"violation|issue|problem|finding|description|evidence|current|code|quote|symptom|what"),
        (Role.ISSUE, r"^(?:status|impact|found|search result|search required)"),
        (
            Role.SOLUTION,
            (
                r"solution|remediation|fix|strategy|notes?|action|steps?|plan|implement|warning|rationale|why"
                r"|performance|safety|architecture|dependenc|changes|optimizations|content|requirements?"
                r"|recommend|specification|criteria|testing|verif|benefit|investigation|target|how|methods|impact"
            ),
        ),
    )
)

_LISTING = (Role.PLAIN, Role.SUBJECT, Role.ISSUE)


def announces(text: str) -> bool:
    """Whether what a label says goes on in the lists and blocks behind it."""
    return text.strip().rstrip("*_").endswith(":") or not text.strip()


def label(text: str) -> tuple[str, Role, str]:
    """Return a line's label, its role and the text behind it; ("", PLAIN, text) for a line without one."""
    match = _EMPHASIS.match(text) if text.startswith(("**", "__")) else None
    match = match or _LABEL.match(text)
    if match is None:
        return "", Role.PLAIN, text
    words = match.group("label").strip()
    role = next((role for role, pattern in _ROLES if pattern.search(words)), Role.PLAIN)
    return words, role, text[match.end() :]


@dataclass
class Unit:
    """One item of the audit: a section's own rows, or one entry of its lists.

    Attributes:
        title: The heading or first line, without number.
        number: As the author gave it; "" without one.
        line: Where it starts.
        parents: The titles above it, nearest first.
        above: The unit of the section above, which a planned file may belong to.
        rows: Its rows; the heading or first line included.
        entries: Those of its rows that are numbered or have a check box, but name no file.
        leaf: Whether no section stands below it.
        entry: Whether it is a list entry.
        done: Whether it is marked as done.
    """

    title: str
    number: str
    line: int
    parents: tuple[str, ...]
    above: "Unit | None"
    rows: list[Row] = field(default_factory=list)
    entries: list[Row] = field(default_factory=list)
    leaf: bool = True
    entry: bool = False
    done: bool = False


def units(rows: Iterable[Row]) -> Iterator[Unit]:
    """Yield the items of a document in order; every row is in exactly one."""
    for section in _sections(rows):
        own, entries = _split(section)
        yield own
        yield from entries


def _sections(rows: Iterable[Row]) -> list[Unit]:
    open_: list[tuple[int, Unit]] = []
    found = [Unit("", "", 1, (), None)]
    for row in rows:
        if row.kind != "heading":
            found[-1].rows.append(row)
            continue
        while open_ and open_[-1][0] >= row.depth:
            open_.pop()
        for _, above in open_:
            above.leaf = False
        found.append(_unit(row, [unit for _, unit in reversed(open_) if not _is_title(unit)]))
        open_.append((row.depth, found[-1]))
    return found


def _is_title(unit: Unit) -> bool:
    """Whether a heading is the document's own title ("... TODO"), which says nothing about its parts."""
    return unit.rows[0].depth == 1 and unit.line <= _TITLE_LINES


def _unit(row: Row, above: list[Unit]) -> Unit:
    number = _NUMBER.match(row.text)
    title = row.text[number.end() :] if number else row.text
    return Unit(
        title=title.replace("**", "").strip(),
        number=row.ordinal.rstrip(".)") or (number.group("number") if number else ""),
        line=row.line,
        parents=tuple(unit.title for unit in above),
        above=above[0] if above else None,
        rows=[row],
        done=is_done(row),
    )


def is_done(row: Row) -> bool:
    """Whether a line is marked as done: by its check box, a tick, or the word."""
    return bool(row.checked) or (row.kind != "code" and bool(_DONE.search(row.text)))


def _split(section: Unit) -> tuple[Unit, list[Unit]]:
    """Take out the list entries that are items of their own: numbered or with a check box, and a path."""
    kept: list[Row] = []
    entries: list[Unit] = []
    context = Context()
    for block in _blocks(section.rows):
        listing = context.governing(block[0]) in _LISTING
        role = context.role_of(block[0])[0]
        if _is_entry(block[0]) and role in _LISTING and _names_path(block) and not is_goal(section):
            entries.append(_entry(block, section))
            continue
        kept += block
        if block[0].checked is not None or (block[0].kind == "ordered" and listing):
            section.entries.append(block[0])
        section.entries += [row for row in block[1:] if row.checked is not None]
        for row in block[1:]:
            context.role_of(row)
    section.rows = kept
    return section, entries


class Context:
    """Which label governs a row: its own, or the last one that announced what follows."""

    def __init__(self) -> None:
        self._role, self._depth, self._wide = Role.PLAIN, 0, False

    def role_of(self, row: Row) -> tuple[Role, str]:
        """Return a row's role and its text without the label; rows are to be given in order."""
        if row.kind in ("code", "cells"):
            return self._role, row.text
        name, role, rest = label(row.text) if row.kind != "heading" else ("", Role.PLAIN, row.text)
        if name and role is not Role.PLAIN:
            self._role, self._depth, self._wide = role, row.depth, announces(rest)
            if role is Role.SOLUTION and self._wide and _CUTS.search(rest):
                self._role = Role.PLAN
                return role, rest
        elif row.kind == "heading" or not self._governs(row):
            self._role, self._depth, self._wide = Role.PLAIN, 0, False
        return self._role, rest if name else row.text

    def governing(self, row: Row) -> Role:
        """Return the role that a row takes from the rows before it, whatever label it has itself."""
        return self._role if self._governs(row) else Role.PLAIN

    def _governs(self, row: Row) -> bool:
        if row.depth < self._depth or (row.depth == self._depth > 0 and row.kind != "text"):
            return False
        return self._wide or row.kind == "text" or self._depth > 0


def _blocks(rows: list[Row]) -> Iterator[list[Row]]:
    """Yield each entry of an outermost list with all that is in it, and every other row alone."""
    block: list[Row] = []
    for row in rows:
        starts = row.kind in ("bullet", "ordered") and row.depth == 1
        inside = row.depth >= 1 and row.kind != "heading" and not starts
        if block and not (inside and block[0].depth == 1):
            yield block
            block = []
        block.append(row)
    if block:
        yield block


def _is_entry(row: Row) -> bool:
    return row.kind == "ordered" or row.checked is not None


def _names_path(block: list[Row]) -> bool:
    """Whether an entry names a file or a certain folder, more than ``src/`` or ``./tests``."""
    found = (m.text.strip("./") for row in block for m in mentions(row.text) if m.kind == "path")
    return any(("." in path or "/" in path) and path != "mod.rs" for path in found)


def is_review(unit: Unit) -> bool:
    """Whether an item asks somebody to judge the work ("Act as an expert and rate .."), or is about that."""
    return bool(_REVIEW.search(unit.title))


def is_goal(unit: Unit) -> bool:
    """Whether a section sets goals or rules for the work rather than accusing the code.

    A title that names a rule accuses ("Test Extraction Requirements"); so does an entry among accusations.
    """
    if is_review(unit):
        return True
    titles = unit.parents if unit.entry else (unit.title, *unit.parents)
    return any(_GOALS.search(title) and not rules_named(title) for title in titles)


def is_recap(unit: Unit) -> bool:
    """Whether a section sums up what was found: a size in it is a finding, unlike one in a goal."""
    titles = [title for title in (unit.title, *unit.parents) if _GOALS.search(title)]
    return bool(titles) and all(_RECAP.search(title) for title in titles) and not _REVIEW.search(unit.title)


def _entry(block: list[Row], section: Unit) -> Unit:
    titles = (section.title, *section.parents)
    unit = _unit(block[0], [section])
    unit.parents, unit.rows, unit.entry = titles, block, True
    return unit
