"""The edits that make the file the facade: what moved goes, modules and re-exports come, imports shrink."""

import re
from bisect import bisect_left
from collections.abc import Collection, Iterable, Iterator

from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.import_planner import cfg_of
from remediate.codemods.split_file.imports.import_text import (
    Comments,
    comments_at,
    defining_cfg,
    leaf_use,
    use_line,
    written,
)
from remediate.codemods.split_file.imports.imported import ModuleImports, Wiring
from remediate.codemods.split_file.imports.reachable import is_passed_on, named_elsewhere
from remediate.codemods.split_file.rewrite.child_text import line_end, pieces_of
from remediate.edits import Edit, apply
from remediate.rust.resolution.names import Import
from remediate.rust.syntax.cfg import Cfg, attribute
from remediate.rust.syntax.items import Item, head_end
from remediate.rust.syntax.lexer import Token, TokenKind

_TOP = {"use", "extern crate"}
_AMONG_TOP = {"macro", "macro_rules"}
"""What may stand between imports: ``compile_error!`` under a cfg, a macro that modules below it need."""


def facade_edits(draft: Draft, wiring: Wiring) -> Iterator[Edit]:
    """Yield the edits of M's own file."""
    text = draft.survey.ground.source.text
    anchor, line = _anchor(draft), line_end(draft)
    moved = list(_moved_units(draft))
    uses = _closed_up(text, {anchor, *(e.start for e in moved)}, _uses(draft, wiring.facade))
    removals = _from_the_top(text, sorted([*moved, *uses]), anchor)
    before = apply(text[:anchor], [e for e in removals if e.end <= anchor])
    added = _added(draft, wiring).encode().replace(b"\n", line)
    apart = _apart(text[_kept_from(removals, anchor) :], line)
    ended = len(before) - len(before.rstrip(b"\r\n"))
    gap = line * max(0, 2 - ended // len(line)) if before.strip() else b""
    yield Edit(anchor, anchor, gap + added.rstrip() + apart)
    yield from removals
    yield from _first_members(draft)


def _apart(rest: bytes, line: bytes) -> bytes:
    """Return what has to stand between the new modules and the rest for an empty line to be there."""
    head = rest.lstrip(b" \t\r")
    if not head.startswith(b"\n"):
        return line * 2 if head else b""
    return b"" if re.match(rb"\n[ \t\r]*(?:\n|$)", head) else line


def _from_the_top(text: bytes, removals: list[Edit], anchor: int) -> list[Edit]:
    """Return the removals with those at the very top as one, so that no empty line is left there."""
    end = count = 0
    for edit in removals:
        if edit.new or edit.end > anchor or text[end : edit.start].strip():
            break
        end, count = edit.end, count + 1
    if not count:
        return removals
    blank = len(text[end:anchor]) - len(text[end:anchor].lstrip(b"\r\n"))
    return [Edit(0, end + blank, b""), *removals[count:]]


def _closed_up(text: bytes, taken: Collection[int], edits: Iterable[Edit]) -> Iterator[Edit]:
    """Yield edits of imports; a paragraph that goes takes one of the empty lines around it along.

    ``taken`` are places where another edit decides about the empty lines.
    """
    end, apart = 0, True
    for edit in sorted(edits):
        kept = text[end : edit.start]
        apart = kept.endswith(b"\n") if kept else apart
        line = b"\r\n" if text.startswith(b"\r\n", edit.end) else b"\n"
        end = edit.end
        if end not in taken and not edit.new and apart and text.startswith(line * 2, edit.end):
            end += len(line)
        apart = apart and not edit.new
        yield Edit(edit.start, end, edit.new)


def _kept_from(removals: list[Edit], anchor: int) -> int:
    """Return where what is left behind the anchor begins."""
    for edit in removals:
        if edit.start <= anchor < edit.end and not edit.new:
            anchor = edit.end
    return anchor


def _first_members(draft: Draft) -> Iterator[Edit]:
    """Yield the edits that take the empty line before the first member that is left of a cut impl."""
    text = draft.survey.ground.source.text
    members: dict[int, list[Unit]] = {}
    for unit in draft.survey.units:
        if unit.member is not None:
            members.setdefault(unit.item.start, []).append(unit)
    for found in members.values():
        left = next((u for u in found if draft.place[u.index] == FACADE), None)
        if left is not None and left is not found[0]:
            blank = re.match(rb"\r?\n(?=[ \t]*\r?\n)", text[left.start : left.end])
            if blank:
                yield Edit(left.start, left.start + blank.end(), b"")


def _moved_units(draft: Draft) -> Iterator[Edit]:
    seen: set[int] = set()
    for unit in draft.survey.units:
        if draft.place[unit.index] == FACADE or unit.item.start in seen:
            continue
        if unit.member is None or FACADE in pieces_of(draft, unit.item):
            yield Edit(unit.start, unit.end, b"")
        else:
            seen.add(unit.item.start)
            yield Edit(unit.item.gap, unit.item.tail, b"")


def _uses(draft: Draft, facade: ModuleImports) -> Iterator[Edit]:
    """Yield the edits of M's private ``use`` declarations: leaves that the facade no longer needs go."""
    by_item: dict[int, list[Import]] = {}
    for one in draft.survey.ground.scope.imports:
        if one.visibility.private:
            by_item.setdefault(one.item.start, []).append(one)
    for found in by_item.values():
        by_cfg: dict[Cfg, set[int]] = {}
        for one in found:
            places = facade.leaves.get(one.leaf.start)
            key = f"use:{one.leaf.start}"
            cfg = None if places is None else cfg_of(draft, FACADE, key, places, one.cfg)
            if cfg is not None:
                by_cfg.setdefault(cfg, set()).add(one.leaf.start)
        comments = comments_at(draft, facade, found[0].item)
        yield from _use_edit(draft, found, by_cfg, comments)


def _use_edit(
    draft: Draft, found: list[Import], by_cfg: dict[Cfg, set[int]], comments: Comments
) -> Iterator[Edit]:
    item = found[0].item
    everything = {i.leaf.start for i in found}
    if by_cfg == {(): everything}:
        return
    lines = [
        leaf_use(draft, FACADE, found[0], starts, cfg) for cfg, starts in sorted(by_cfg.items(), key=str)
    ]
    first = comments.around(lines[0]) if lines else comments.above + comments.behind.lstrip()
    new = "".join([first, *lines[1:]]).rstrip("\n").encode().replace(b"\n", line_end(draft))
    yield Edit(_line_start(draft, item) if not new else item.lead, item.tail, new)


def _line_start(draft: Draft, item: Item) -> int:
    """Return where the line end before an item is, if nothing else stands on its line."""
    text = draft.survey.ground.source.text
    start = item.lead
    while start > item.gap and text[start - 1 : start] in (b" ", b"\t"):
        start -= 1
    if start > item.gap and text[start - 1 : start] == b"\n":
        start -= 2 if text[start - 2 : start] == b"\r\n" else 1
    return max(start, item.gap)


def _anchor(draft: Draft) -> int:
    """Return where the module declarations go: behind the top imports, and the macros they may need."""
    survey = draft.survey
    anchor = head_end(survey.ground.source)
    for item in survey.ground.items:
        if item.kind in _TOP or (item.kind == "mod" and item.body is None):
            anchor = item.tail
        elif item.kind not in _AMONG_TOP:
            break
    last = survey.macros.last if _says_a_macro(draft) else 0
    behind = [i.tail for i in survey.ground.items if i.end <= last]
    return max([anchor, *behind[-1:]])


def _says_a_macro(draft: Draft) -> bool:
    """Whether something that moves says the name of a macro of M's: it sees what is defined above it."""
    tokens, macros = draft.survey.ground.source.tokens, draft.survey.macros.local.keys()
    units = [u for u in draft.survey.units if draft.place[u.index] != FACADE]
    spans = [(u.own.lead, u.end) for u in units]
    return any(
        token.name in macros
        for start, end in spans
        for token in tokens[bisect_left(tokens, start, key=_start) : bisect_left(tokens, end, key=_start)]
        if token.kind is TokenKind.IDENT
    )


def _start(token: Token) -> int:
    return token.start


def _added(draft: Draft, wiring: Wiring) -> str:
    groups = sorted(draft.alive, key=lambda g: g.name)
    public = {g.name for g in groups if g.public and g.name not in draft.revision.undocumented}
    modules = "".join(
        f"{attribute(draft.conditions[g.name])}{'pub ' * (g.name in public)}mod {written(g.name)};\n"
        for g in groups
    )
    exports = "".join(
        _exports(draft, g.name, [draft.survey.units[i] for i in g.units], wiring.facade) for g in groups
    )
    return modules + ("\n" + exports if exports else "")


def _exports(draft: Draft, group: str, units: list[Unit], facade: ModuleImports) -> str:
    """Return the facade's re-exports and imports from one new module."""
    if group in draft.revision.globs:
        kinds = sorted({u.visibility.text for u in units if u.names and not u.visibility.private}, key=len)
        condition = attribute(draft.conditions[group])
        return f"{condition}{kinds[0]} use {own_path(draft, group)}::*;\n" if kinds else ""
    grouped: dict[tuple[str, Cfg], list[str]] = {}
    for name, unit in {n: u for u in units for n, _ in u.names}.items():
        own, own_scope = defining_cfg(draft, name, group), unit.visible(name)
        places = facade.names.get((name, group))
        if is_passed_on(draft, unit, name):
            places = [()] if own_scope.kind == "pub" else named_elsewhere(draft, name) + (places or [])
        cfg = None if places is None else cfg_of(draft, FACADE, name, places, own)
        if cfg is not None:
            scope = "" if own_scope.private else f"{own_scope.text} "
            grouped.setdefault((scope, (*own, *cfg)), []).append(written(name))
    lines = sorted(grouped.items(), key=lambda g: (g[0][0], str(g[0][1:])))
    return "".join(
        attribute(cfg) + use_line(own_path(draft, group), names, scope) for (scope, cfg), names in lines
    )


def own_path(draft: Draft, group: str) -> str:
    """Return the path of a new module as the facade names it; in edition 2015 plain ones are absolute."""
    ground = draft.survey.ground
    relative = ground.package.edition == "2015" and not ground.is_root
    return f"self::{written(group)}" if relative else written(group)
