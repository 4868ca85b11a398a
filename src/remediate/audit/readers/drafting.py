"""From the rows of one item to drafts: which path is accused, and which numbers are whose."""

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import zip_longest

from remediate.audit.document import Mention, NotUnderstood
from remediate.audit.readers import plans
from remediate.audit.readers.drafts import Draft, Drafts, Planned, is_counted
from remediate.audit.readers.listings import Listed, listing, read_cells, sizes_a_file
from remediate.audit.readers.mentions import Found, mentions, without_paths
from remediate.audit.readers.rows import Row
from remediate.audit.readers.sections import Context, Role, Unit, is_done, is_goal, is_recap
from remediate.audit.rules.catalog import rules_named

_NEW = re.compile(r"^\W*(?:create|add|new)\b(?! to\b)|\((?:create|new)\b|\bnew file\b", re.IGNORECASE)
_REMADE = re.compile(r"\b(?:create|new|rewrite|rewritten|reduce to)\b", re.IGNORECASE)
_ARROW = re.compile(r"(?:→|->|=>|⟶)\W*$")
_SIZE_FIELD = re.compile(r"\W*(?P<number>\d{1,3}(?:,\d{3})+|\d+)(?![\d,]|\s?[-\u2013]\s?\d)")
_BIG = re.compile(r"large|decompos|massive|monolith|oversize|too long|split", re.IGNORECASE)
_CUT = re.compile(r"decompos|\b(?:split|break (?:up|down)|cut up)\b", re.IGNORECASE)
_ORDER = re.compile(r"^\W*(?:do not|don't|never|no\b(?!.*\bfound\b))", re.IGNORECASE)
_LONGEST_TEXT = 2000  # of a line of prose, for what it says in words
_SHOWING = (Role.PLAIN, Role.SUBJECT, Role.LINES, Role.ISSUE)  # a block of code behind it is today's
_RUST = ("", "rust", "rs")
# "instead of src/tests/", "move it to tests/a.rs": a path that is wanted is not accused.
_WANTED = re.compile(
    r"\b(?:instead of|(?:moved?|extract(?:ed)?|relocated?) (?:\w+ ){0,4}?(?:in)?to"
    r"|(?:should|must|ought to|belongs?|to) (?:live |go |be (?:placed |moved |put )?)?(?:in|under|into|to))"
    r"[\s`*]{1,4}\Z",
    re.IGNORECASE,
)
_NEAR = 80
# "- query: what it parses", "- `query`": a module of a plan, by its bare name.
_MODULE = re.compile(r"[`*_]{0,3}(?P<name>[a-z][a-z0-9_]*)[`*_]{0,3}\s*(?:\Z|:(?!:)|\(|[-\u2013\u2014]\s)")
_EVERYWHERE = {"src", "tests", "examples", "benches", "mod.rs"}


def draft(unit: Unit) -> Drafts:
    """Read one item by itself; planned files and loose mentions wait to be placed."""
    result, context, goal = Drafts(unit), Context(), is_goal(unit)
    recap = goal and is_recap(unit)
    for row in unit.rows:
        role, text = context.role_of(row)
        if recap and row.kind == "cells" and sizes_a_file(row):
            _cells(result, row)
        elif row.kind == "lost" or goal:
            reason = "nested too deep" if row.kind == "lost" else "part of a goal, not of a finding"
            _list(result, row, reason)
        elif plans.is_tree(row.text):
            _tree(result, row)
        elif row.kind == "code" and role in _SHOWING and (listed := listing(row.text, row.info)):
            _listing(result, row, listed)
        elif row.kind == "code":
            _code(result, row, role)
        elif row.kind == "cells":
            _cells(result, row)
        else:
            _prose(result, row, role, text)
    return result


def _list(result: Drafts, row: Row, reason: str) -> None:
    for number, line in enumerate(row.text.split("\n")):
        for found in mentions(line):
            if is_counted(found):
                result.mentions += 1
                mention = Mention(found.kind, found.text, row.line + number)
                result.unplaced.append(NotUnderstood(mention, reason))


def _tree(result: Drafts, row: Row) -> None:
    drawn = {number: (path, note) for path, note, number in plans.tree_files(row.text)}
    for number, content in enumerate(row.text.split("\n")):
        path, note = drawn.get(number, ("", ""))
        for found in mentions(content):
            if path and found.kind == "path" and path.endswith(found.text):
                result.mentions += 1
                result.plan.append(Planned(path, note, row.line + number))
                path = ""
            else:
                result.loosen(found, row.line + number)


def _listing(result: Drafts, row: Row, listed: Sequence[Listed | None]) -> None:
    """Read a list of files, one a line, as `wc -l`, `grep -n` and people print it.

    A number beside a path is its size where the item speaks of sizes, or else a count of what it speaks of.
    """
    sized = _is_about_sizes(result) or "wc -l" in row.text
    for number, (entry, line) in enumerate(zip(listed, row.text.split("\n"), strict=True)):
        whole = Row("cells", row.line + number, line)
        if entry is None:
            for found in mentions(line):
                result.loosen(found, whole.line)
            continue
        start = line.index(entry.path)
        named = [m for m in mentions(line) if m.kind in ("path", "line") and m.start <= entry.end]
        if not any(m.kind == "path" for m in named):
            named.insert(0, Found("path", start, start + len(entry.path), entry.path))
        if entry.number is not None:
            kind = "size" if sized else "count"
            named.append(Found(kind, len(line), len(line), str(entry.number), number=entry.number))
        _accusations(result, whole, named, line)


def _is_about_sizes(result: Drafts) -> bool:
    titles = (result.unit.title, *result.unit.parents[:1])
    return any(_BIG.search(title) or "large-file" in rules_named(title) for title in titles)


def _code(result: Drafts, row: Row, role: Role) -> None:
    result.sketches.append(row.text)
    if role in _SHOWING and row.info in _RUST:
        result.excerpts.append(row.text)
    for number, line in enumerate(row.text.split("\n")):
        for found in mentions(line):
            result.loosen(found, row.line + number)


def _cells(result: Drafts, row: Row) -> None:
    """Read a table row; a bare number in a column of lines or sizes counts as one."""
    joined, found = read_cells(row, big=_is_about_sizes(result))
    _accusations(result, row, found, joined)


def _prose(result: Drafts, row: Row, role: Role, text: str) -> None:
    found = mentions(row.text)
    if role is Role.LINES and _is_size(result, text):
        found = (Found("size", 0, len(text), text, number=_number(text)),)
    if role is Role.STEPS:
        role = Role.PLAN if _is_about_sizes(result) or any(d.size for d in result.drafts) else Role.SOLUTION
    if role is Role.SOLUTION and _titles_a_path(row, text, found):
        role = Role.PLAIN
    if role is Role.PLAIN and _is_a_part(result, row, found):
        role = Role.PLAN
    if role in (Role.PLAN, Role.TARGET):
        _planned(result, row, found, role)
    elif role is Role.SOLUTION or (role is Role.ISSUE and result.subjects()):
        _remarks(result, row, found)
    else:
        _accusations(result, row, found, row.text)
    _say(result, row, role, text, found)


def _say(result: Drafts, row: Row, role: Role, text: str, found: Sequence[Found]) -> None:
    """Keep what a row says in words: about the whole item, or about the last path."""
    if _ORDER.match(text) or row.kind == "heading":
        return
    if role is Role.ISSUE:
        result.violation.append(text)
    elif role is Role.LINES and result.drafts:
        result.drafts[-1].texts.append(text)
    elif role in (Role.PLAIN, Role.LINES) and not any(m.kind == "path" for m in found):
        result.prose.append(text)


def _titles_a_path(row: Row, text: str, found: Sequence[Found]) -> bool:
    """Whether the label names the path right behind it ("**Performance Monitor:** `a/monitor.rs`")."""
    start = len(row.text) - len(text)
    return row.text != text and any(m.kind == "path" and m.start <= start + 2 for m in found)


def _is_a_part(result: Drafts, row: Row, found: Sequence[Found]) -> bool:
    """Whether an entry below "Decompose `a.rs`" names a file of its folder-to-be, and no more."""
    owners = [draft.path for draft in result.subjects()]
    listed = row.kind in ("bullet", "ordered") and [m.kind for m in found] == ["path"]
    cut = listed and len(owners) == 1 and bool(_CUT.search(result.unit.title))
    return cut and plans.belongs(found[0].text, owners[0]) and found[0].text != owners[0]


def _is_size(result: Drafts, text: str) -> bool:
    """Whether "Lines: 2753 (MASSIVE)" gives a size: one number alone, in an item about large files."""
    titles = (result.unit.title, *result.unit.parents[:1], text)
    return bool(_SIZE_FIELD.match(text)) and any(_BIG.search(title) for title in titles)


def _number(text: str) -> int:
    match = _SIZE_FIELD.match(text)
    return int(match.group("number").replace(",", "")) if match else 0


def _accusations(result: Drafts, row: Row, found: Sequence[Found], text: str) -> None:
    """Take each path as accused, with the numbers behind it; the first takes those before it too."""
    found = [m for m in found if not _is_everywhere(result, m, row)]
    found = [replace(m, kind="extent") if m.kind == "size" and result.sizes_items else m for m in found]
    first = next((i for i, m in enumerate(found) if m.kind == "path"), len(found))
    before, current = found[:first], None
    for mention in found[first:]:
        if mention.kind != "path":
            _attach(result, current, [mention])
        elif _is_aim(text, mention, current):
            result.loosen(mention, row.line)
        else:
            result.mentions += 1
            current = _draft(result, mention, row)
            _attach(result, current, before)
            before = []
    if before:
        _without_path(result, row, before)


def _is_aim(text: str, mention: Found, current: Draft | None) -> bool:
    """Whether a path is what is wanted, or what another one becomes, and not what is accused."""
    if _WANTED.search(text, max(0, mention.start - _NEAR), mention.start):
        return True
    return current is not None and (
        current.new or bool(_ARROW.search(text[max(0, mention.start - 8) : mention.start]))
    )


def _is_everywhere(result: Drafts, mention: Found, row: Row) -> bool:
    """Whether a path is a bare ``src/`` or ``mod.rs``: every package has one, so it accuses none."""
    bare = mention.kind == "path" and mention.text.strip("./") in _EVERYWHERE
    if bare:
        result.loosen(mention, row.line)
    return bare


def _draft(result: Drafts, mention: Found, row: Row) -> Draft:
    named = _rules_of_row(result, row)
    known = result.known(mention.text, named)
    if known is None:
        new = bool(_NEW.search(row.text[:_LONGEST_TEXT]))
        known = result.add(Draft(mention.text, row.line, new=new, done=is_done(row)))
        pending, result.pending = result.pending, []
        _attach(result, known, pending)
    known.rules.update(named)
    said = row.text[:_LONGEST_TEXT]
    if row.kind != "heading" and said not in known.texts[-1:]:
        known.texts.append(said)
    return known


def _rules_of_row(result: Drafts, row: Row) -> frozenset[str]:
    """Return the rules that a list entry or a table row names for its own path, or a row beside such."""
    own = row.kind in ("bullet", "ordered", "cells") or any(draft.rules for draft in result.drafts)
    return frozenset(rules_named(without_paths(row.text[:_LONGEST_TEXT]))) if own else frozenset()


def _attach(result: Drafts, current: Draft | None, found: Sequence[Found]) -> None:
    for mention in found:
        result.mentions += mention.kind != "path" and is_counted(mention)
        if current is None:
            continue
        if mention.kind == "line" and mention.lines:
            current.lines.append(mention.lines)
        elif mention.kind == "size" and not _is_to_be(current) and current.size is None:
            current.size = mention.number
        elif mention.kind in ("size", "extent"):
            result.related.append(mention.text)
        elif mention.kind == "count" and current.count is None:
            current.count = mention.number


def _is_to_be(current: Draft) -> bool:
    """Whether a size is what a file is to have, not what it has; "rewrite.rs" is only a name."""
    return current.new or any(_REMADE.search(without_paths(text)) for text in current.texts)


def _without_path(result: Drafts, row: Row, found: Sequence[Found]) -> None:
    """Give numbers to the last path; to another draft of it where the row accuses it of something else."""
    if not result.drafts:
        result.pending += [mention for mention in found if mention.kind != "path" and is_counted(mention)]
        return
    last, named = result.drafts[-1], _rules_of_row(result, row)
    apart = last.rules and named and not named & last.rules and any(m.kind == "line" for m in found)
    current = result.known(last.path, named) if apart else last
    if current is None:
        current = result.add(Draft(last.path, row.line, [row.text[:_LONGEST_TEXT]], rules=set(named)))
    _attach(result, current, found)


def _remarks(result: Drafts, row: Row, found: Sequence[Found]) -> None:
    """Take what a remedy or a description mentions; a path with line numbers is accused even here."""
    for index, mention in enumerate(found):
        follows = found[index + 1] if index + 1 < len(found) else None
        if mention.kind == "path" and follows and follows.kind == "line":
            _accusations(result, row, found[index:], row.text)
            return
        if mention.kind == "line" and mention.lines and result.drafts:
            result.mentions += 1
            result.drafts[-1].lines.append(mention.lines)
        else:
            result.loosen(mention, row.line)


def _planned(result: Drafts, row: Row, found: Sequence[Found], role: Role) -> None:
    owner = result.drafts[-1] if result.drafts and role is Role.PLAN else None
    bare = _MODULE.match(row.text) if owner and row.kind in ("bullet", "ordered") else None
    if bare and not any(m.kind == "path" for m in found):
        note = plans.description(row.text[bare.end("name") :].lstrip("`*_"))
        result.plan.append(Planned(f"{bare['name']}.rs", note, row.line, owner))
    for mention, after in zip_longest(found, found[1:]):
        if mention.kind != "path":
            result.loosen(mention, row.line)
            continue
        result.mentions += 1
        end = after.start if after and after.kind == "path" else len(row.text)
        note = plans.description(row.text[mention.end : end])
        result.plan.append(Planned(mention.text, note, row.line, owner))
