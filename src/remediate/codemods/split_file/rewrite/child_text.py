"""The text of a new module: its imports, then its units in their old order, byte for byte but for scope."""

from collections.abc import Iterator
from dataclasses import dataclass

from remediate.codemods.split_file.analyze.relative_files import rewritten
from remediate.codemods.split_file.analyze.symbols import Symbol
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import FACADE, Draft, Group
from remediate.edits import Edit, apply
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.lexer import Token, TokenKind, tokens
from remediate.rust.syntax.relative import SUPER, paths_one_deeper, reanchored


@dataclass(frozen=True)
class Changes:
    """What changes in the code of a new module beside its paths.

    Attributes:
        exposed: The private symbols that have to be visible outside.
        links: The comments whose links get other targets.
    """

    exposed: frozenset[Symbol]
    links: tuple[Edit, ...] = ()


def child_text(draft: Draft, group: Group, imports: str, changes: Changes) -> bytes:
    """Return the bytes of a new module's file."""
    newline = line_end(draft)
    body = b"".join(_pieces(draft, group, changes)).strip(b"\r\n") + newline
    heads = (text.encode().replace(b"\n", newline) + newline for text in (group.heading, imports) if text)
    return b"".join(heads) + body


def line_end(draft: Draft) -> bytes:
    """Return how lines of the file end."""
    return b"\r\n" if b"\r\n" in draft.survey.ground.source.text else b"\n"


def _pieces(draft: Draft, group: Group, changes: Changes) -> Iterator[bytes]:
    units = [draft.survey.units[i] for i in sorted(group.units)]
    for run in _runs(units):
        if run[0].member is None:
            yield _moved(draft, run[0], run[0].start, run[0].end, changes)
        else:
            yield from _impl(draft, group, run, changes)


def _runs(units: list[Unit]) -> Iterator[list[Unit]]:
    """Yield items alone and the members of one impl together."""
    run: list[Unit] = []
    for unit in units:
        if run and (unit.member is None or run[0].item.start != unit.item.start):
            yield run
            run = []
        run.append(unit)
    if run:
        yield run


def _impl(draft: Draft, group: Group, run: list[Unit], changes: Changes) -> Iterator[bytes]:
    item, text, newline = run[0].item, draft.survey.ground.source.text, line_end(draft)
    assert item.body is not None  # noqa: S101 - only impls with a body are cut
    pieces = pieces_of(draft, item)
    goes = FACADE not in pieces
    if goes and pieces[0] == group.name:
        yield text[item.gap : item.start]
    else:
        yield newline * 2 + b"".join(text[a.start : a.end] + newline for a in item.attributes)
    yield _edited(draft, item.start, item.body[0], list(_scope_edits(text, item.start, item.body[0])))
    for position, unit in enumerate(run):
        moved = _moved(draft, unit, unit.start, unit.end, changes)
        yield newline + moved.lstrip(b"\r\n") if position == 0 else moved
    rest = text[_last_end(draft, item) : item.body[1]].rstrip() if goes and pieces[-1] == group.name else b""
    yield rest + newline + b"}" + (text[item.end : item.tail] if goes and pieces[0] == group.name else b"")


def pieces_of(draft: Draft, item: Item) -> list[str]:
    """Return the places a cut impl's members go to, in order of first appearance."""
    members = (u for u in draft.survey.units if u.member is not None and u.item.start == item.start)
    return list(dict.fromkeys(draft.place[u.index] for u in members))


def _last_end(draft: Draft, item: Item) -> int:
    return max(u.end for u in draft.survey.units if u.member is not None and u.item.start == item.start)


def _moved(draft: Draft, unit: Unit, start: int, end: int, changes: Changes) -> bytes:
    text = draft.survey.ground.source.text
    edits = list(_scope_edits(text, unit.own.start, end))
    taken = {e.start for e in edits}
    mine = {s.insert for s in changes.exposed if s.unit == unit.index and start <= s.insert < end}
    edits += [Edit(at, at, SUPER.text.encode() + b" ") for at in sorted(mine - taken)]
    edits += renamed_files(draft, unit)
    edits += [e for e in changes.links if start <= e.start and e.end <= end]
    return _edited(draft, start, end, edits)


def renamed_files(draft: Draft, unit: Unit) -> tuple[Edit, ...]:
    """Return the edits of the file names in a moved unit."""
    ground = draft.survey.ground
    new = ground.child_path(draft.place[unit.index])
    return rewritten(ground.source.text, (unit.own.lead, unit.end), ground.path, new)


def _scope_edits(text: bytes, start: int, end: int) -> Iterator[Edit]:
    stream: list[Token] = [t for t in tokens(text, start, end) if t.kind is not TokenKind.COMMENT]
    yield from reanchored(stream)
    yield from paths_one_deeper(stream)


def _edited(draft: Draft, start: int, end: int, edits: list[Edit]) -> bytes:
    text = draft.survey.ground.source.text[start:end]
    return apply(text, [Edit(e.start - start, e.end - start, e.new) for e in dict.fromkeys(edits)])
