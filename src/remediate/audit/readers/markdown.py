"""Markdown audits, as people and models write them, into claims."""

from collections import Counter
from collections.abc import Iterator, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace

from remediate.audit.document import AuditDocument, Claim, Item, Mention, NotUnderstood
from remediate.audit.readers.claims import claims
from remediate.audit.readers.drafting import draft
from remediate.audit.readers.drafts import (
    Drafts,
    is_item,
    name_of,
    place,
    same_file,
    says_nothing_found,
    wide_rules,
)
from remediate.audit.readers.goals import Stated, goals
from remediate.audit.readers.rows import rows
from remediate.audit.readers.sections import Role, Unit, is_goal, label, units

_CODE_FOLDERS = {"src", "tests", "examples", "benches"}


def read_markdown(text: str, name: str) -> AuditDocument:
    """Read a Markdown audit; never fails, whatever the text."""
    read: dict[int, Drafts] = {}
    for unit in units(rows(text)):
        read[id(unit)] = result = draft(unit)
        place(result, list(_above(unit, read)))
    found = list(read.values())
    items = _items(found)
    stated = {id(result): tuple(goals(result.unit)) for result in found}
    listed = [entry for result in found for entry in _listed(result, stated[id(result)])]
    return AuditDocument(
        name,
        "markdown",
        tuple(Item(id_, result.unit.title, result.unit.line, _box(result)) for id_, result in items),
        _spelled_out([claim for id_, result in items for claim in claims(id_, result)]),
        sum(
            result.mentions + _is_silent(result) + len(_items_of(result, stated[id(result)]))
            for result in found
        ),
        tuple(sorted(listed, key=lambda entry: entry.mention.audit_line)),
        tuple(one.goal for result in found for one in stated[id(result)]),
    )


def _above(unit: Unit, read: dict[int, Drafts]) -> Iterator[Drafts]:
    while unit.above is not None:
        unit = unit.above
        if id(unit) in read:
            yield read[id(unit)]


def _is_silent(result: Drafts) -> bool:
    """Whether a numbered item says nothing that could be held against the tree."""
    return is_item(result.unit) and not (result.drafts or result.plan or wide_rules(result))


def _items_of(result: Drafts, stated: Sequence[Stated]) -> set[int]:
    """Return the lines of an item's entries and goals."""
    return {row.line for row in result.unit.entries} | {one.goal.audit_line for one in stated}


def _listed(result: Drafts, stated: Sequence[Stated]) -> Iterator[NotUnderstood]:
    """Yield what ended in no claim, and in no goal that was understood."""
    understood = {line for one in stated if one.goal.understood for line in one.lines}
    yield from (entry for entry in result.unplaced if entry.mention.audit_line not in understood)
    for one in stated:
        if not one.goal.understood:
            item = Mention("item", one.goal.words, one.goal.audit_line)
            yield NotUnderstood(item, "a goal in words that no check knows")
    yield from _entries(result, {one.goal.audit_line for one in stated})
    silent = _is_silent(result)
    if silent:
        item = Mention("item", result.unit.title, result.unit.line)
        yield NotUnderstood(item, "names no file and no rule")
    if silent or not wide_rules(result):
        none = says_nothing_found(result)
        reason = "says that nothing was found" if none else "names no file that is accused of something"
        for mention in result.loose:
            yield NotUnderstood(mention, reason)


def _entries(result: Drafts, stated: AbstractSet[int]) -> Iterator[NotUnderstood]:
    """Yield the numbered entries and check boxes that no claim holds, and that state no goal.

    Below the name of a file, or in an item about the whole workspace, they are details of its claim.
    """
    if _names_its_file(result) or wide_rules(result):
        return
    goal = is_goal(result.unit)
    for row in result.unit.entries:
        reason = "part of a goal, not of a finding" if goal else "names no file that is accused of something"
        if row.line not in stated:
            yield NotUnderstood(Mention("item", row.text, row.line), reason)


def _names_its_file(result: Drafts) -> bool:
    """Whether an item's title, a line of prose or a label names a file, and not only one of its entries."""
    named = {draft.line for draft in result.drafts}
    return any(
        row.line in named and (row.kind in ("heading", "text") or label(row.text)[1] is Role.SUBJECT)
        for row in result.unit.rows
    )


def _box(result: Drafts) -> bool | None:
    """Return the state of the check box that an item begins with, None without one."""
    first = result.unit.rows[0] if result.unit.rows else None
    return first.checked if first and first.line == result.unit.line else None


def _items(found: list[Drafts]) -> list[tuple[str, Drafts]]:
    """Return the sections and entries that count as findings, each with its number, or an id like it."""
    chosen = [result for result in found if result.drafts or is_item(result.unit)]
    counts = Counter(result.unit.number for result in chosen)
    taken = {number for number, count in counts.items() if number and count == 1}
    fresh: Counter[str] = Counter()
    return [(_id(result.unit.number, taken, fresh), result) for result in chosen]


def _id(number: str, taken: set[str], fresh: Counter[str]) -> str:
    """Return an item's number; one that others have too, or that has none, gets a count behind it."""
    if number in taken and not fresh[number]:
        return number
    stem = f"{number}-" if number else "s"
    fresh[stem] += 1
    while f"{stem}{fresh[stem]}" in taken:
        fresh[stem] += 1
    return f"{stem}{fresh[stem]}"


def _spelled_out(found: Sequence[Claim]) -> tuple[Claim, ...]:
    """Give a shorthand ("stream.rs") the path under which the document accuses one such file of the same."""
    longer: dict[tuple[str, str], set[str]] = {}
    for claim in found:
        if not _is_short(claim.path):
            longer.setdefault((claim.rule, name_of(claim.path)), set()).add(claim.path)
    return tuple(_long(claim, longer.get((claim.rule, name_of(claim.path)), set())) for claim in found)


def _is_short(path: str) -> bool:
    parts = path.split("/")
    return len(parts) < 3 and bool(parts[0]) and not _CODE_FOLDERS.intersection(parts)


def _long(claim: Claim, paths: set[str]) -> Claim:
    if claim.new or not _is_short(claim.path):
        return claim
    fitting = [path for path in paths if same_file(path, claim.path)]
    return replace(claim, path=fitting[0]) if len(fitting) == 1 else claim
