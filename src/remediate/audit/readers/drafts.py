"""What one item of an audit says, path by path, while it is being read, and where what it plans belongs."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property

from remediate.audit.document import LineRange, Mention, NotUnderstood
from remediate.audit.readers import plans
from remediate.audit.readers.mentions import Found
from remediate.audit.readers.sections import Unit, is_goal
from remediate.audit.rules.catalog import rules_named
from remediate.model import PlannedModule

_OF_FUNCTIONS = re.compile(r"\b(?:functions?|methods?)\b", re.IGNORECASE)
_OF_FILES = re.compile(r"\b(?:files?|modules?)\b", re.IGNORECASE)
_NOTHING_FOUND = re.compile(r"\bno\b.{0,60}\bfound\b|\bnone found\b", re.IGNORECASE)
_TESTS_FOUND = re.compile(r"\btests?\b.*\b(?:found|in (?:src|source))\b", re.IGNORECASE)
_SEARCHED = 100  # subjects of one item that are asked for the folder of a planned file


@dataclass(eq=False)
class Draft:
    """What an item says about one path.

    Attributes:
        path: As written, in the longest of its spellings.
        line: Where it was named first.
        texts: The lines of prose that are about this path alone.
        lines: Line numbers.
        size: Lines the file is said to have.
        count: How many places there are said to be.
        new: Whether the file is to be made.
        done: Whether it is marked as done.
        planned: The submodules it is to be cut into.
        rules: The rules that its own list entries or table rows name.
    """

    path: str
    line: int
    texts: list[str] = field(default_factory=list)
    lines: list[LineRange] = field(default_factory=list)
    size: int | None = None
    count: int | None = None
    new: bool = False
    done: bool = False
    planned: list[PlannedModule] = field(default_factory=list)
    rules: set[str] = field(default_factory=set)


@dataclass(frozen=True)
class Planned:
    """A file the audit plans, what for, the line it stands on, and whom a list of plans is about."""

    path: str
    note: str
    line: int
    owner: Draft | None = None


@dataclass(eq=False)
class Drafts:
    """All drafts of one item, and what they share.

    Attributes:
        unit: The item.
        drafts: In the order of the document.
        violation: The lines that are labelled as saying what is wrong.
        prose: The lines without label that name no path.
        sketches: Code blocks.
        excerpts: Those of them that show what is wrong, not what is to be done.
        related: Mentions that belong to the item but accuse nothing.
        plan: Planned files.
        pending: Numbers that stand before the path they are about.
        loose: Mentions that have found no draft yet.
        unplaced: Mentions that will find none, and why.
        mentions: How many mentions there were.
    """

    unit: Unit
    drafts: list[Draft] = field(default_factory=list)
    violation: list[str] = field(default_factory=list)
    prose: list[str] = field(default_factory=list)
    sketches: list[str] = field(default_factory=list)
    excerpts: list[str] = field(default_factory=list)
    related: list[str] = field(default_factory=list)
    plan: list[Planned] = field(default_factory=list)
    pending: list[Found] = field(default_factory=list)
    loose: list[Mention] = field(default_factory=list)
    unplaced: list[NotUnderstood] = field(default_factory=list)
    mentions: int = 0
    _by_name: dict[str, list[Draft]] = field(default_factory=dict)

    @cached_property
    def sizes_items(self) -> bool:
        """Whether the sizes in it are those of functions ("Long functions"), not of files."""
        titles = (self.unit.title, *self.unit.parents[:1])
        return any(_OF_FUNCTIONS.search(title) and not _OF_FILES.search(title) for title in titles)

    def subjects(self) -> list[Draft]:
        """The drafts that accuse a file that exists, as the audit sees it."""
        return [draft for draft in self.drafts if not draft.new]

    def known(self, path: str, rules: frozenset[str] = frozenset()) -> Draft | None:
        """Return the draft of a path; a shorter spelling of a path is the same file.

        What is said of other ``rules`` than a draft is about is another one's.
        """
        for draft in reversed(self._by_name.get(name_of(path), ())):
            apart = rules and draft.rules and not rules & draft.rules
            if same_file(draft.path, path) and not apart:
                draft.path = max(draft.path, path, key=len)
                return draft
        return None

    def add(self, draft: Draft) -> Draft:
        """Keep a new draft."""
        self.drafts.append(draft)
        self._by_name.setdefault(name_of(draft.path), []).append(draft)
        return draft

    def loosen(self, found: Found, line: int) -> None:
        """Keep a mention for whatever draft may take it in the end."""
        if is_counted(found):
            self.mentions += 1
            self.loose.append(Mention("size" if found.kind == "extent" else found.kind, found.text, line))


def is_counted(found: Found) -> bool:
    """Whether a mention is one that the reader is held to account for."""
    return found.kind in ("path", "line", "size", "extent")


def name_of(path: str) -> str:
    """Return the last segment of a path as audits write them."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def same_file(known: str, path: str) -> bool:
    """Whether one spelling is the end of the other, and names a file."""
    long, short = sorted((known.replace("\\", "/"), path.replace("\\", "/")), key=len, reverse=True)
    return long == short or ("." in name_of(short) and long.endswith("/" + short.lstrip("./")))


def is_item(unit: Unit) -> bool:
    """Whether a section without a path still is a finding: numbered, with nothing below it, and no goal."""
    found_tests = bool(_TESTS_FOUND.search(unit.title))
    return (bool(unit.number) or found_tests) and unit.leaf and not unit.entry and not is_goal(unit)


def says_nothing_found(result: Drafts) -> bool:
    """Whether an item reports that a search found nothing."""
    return any(_NOTHING_FOUND.search(text) for text in (*result.violation, *result.prose))


def wide_rules(result: Drafts) -> tuple[str, ...]:
    """Return the rules of an item that accuses the whole workspace, () for one that does not."""
    if result.subjects() or not is_item(result.unit) or says_nothing_found(result):
        return ()
    return rules_named(result.unit.title) or rules_named(" ".join(result.violation))


def place(result: Drafts, above: Iterable[Drafts]) -> None:
    """Give planned files and loose mentions to the item's own drafts, or to those of a section above it."""
    owners = [result, *above]
    home = next((owner for owner in owners if owner.subjects()), None)
    if home is None and wide_rules(result):
        home = result
    for planned in result.plan:
        path, note = planned.path, planned.note
        subject = _subject_of(planned, owners, home)
        name = plans.module_name(path, subject.path) if subject else ""
        if subject and name:
            subject.planned.append(PlannedModule(name, note))
        elif subject and same_file(subject.path, path):
            subject.path = max(subject.path, path, key=len)
        elif home:
            home.related.append(path)
        elif path.endswith(".rs"):
            result.add(Draft(path, planned.line, [note], new=True))
        else:
            result.loose.append(Mention("path", path, planned.line))
    _place_rest(result, home)


def _subject_of(planned: Planned, owners: list[Drafts], home: Drafts | None) -> Draft | None:
    for owner in owners:
        for subject in owner.subjects()[:_SEARCHED]:
            if plans.belongs(planned.path, subject.path):
                return subject
    if planned.path.lstrip("./").startswith("tests/"):
        return None
    alone = home.subjects() if home else []
    return alone[0] if len(alone) == 1 else planned.owner


def _place_rest(result: Drafts, home: Drafts | None) -> None:
    for found in result.pending:
        result.loosen(found, result.unit.line)
    result.pending = []
    if home is None and not result.drafts:
        _promote(result)
    if home or result.drafts:
        (home or result).related += [mention.text for mention in result.loose]
        result.loose = []


def _promote(result: Drafts) -> None:
    """Take the paths of a task's notes as accused when the task itself names none."""
    if not result.unit.entry and not (result.unit.number and rules_named(result.unit.title)):
        return
    for mention in list(result.loose):
        if mention.kind == "path" and "/" in mention.text.strip("./"):
            result.loose.remove(mention)
            result.known(mention.text) or result.add(Draft(mention.text, mention.audit_line))
