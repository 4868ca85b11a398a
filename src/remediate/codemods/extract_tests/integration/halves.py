"""The text of a divided test module: what goes, put together anew, and what is cut from the rest."""

from collections.abc import Collection, Iterator, Sequence
from itertools import pairwise

from remediate.codemods.extract_tests.integration.uses import Use, rendered, spelled
from remediate.edits import Edit, apply
from remediate.rust.syntax.indent import dedented, indentation_at, line_end
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.use_tree import leaves, use_tree

Span = tuple[int, int]


def banners(text: bytes, found: Sequence[Item], going: Collection[int]) -> Iterator[Span]:
    """Yield the free comments that go, for all items up to the next one do; these by where they begin."""
    heads = [index for index, item in enumerate(found) if _comments(text, item.gap, item.lead)]
    for head, following in pairwise([*heads, len(found)]):
        if all(item.lead in going for item in found[head:following]):
            comments = _comments(text, found[head].gap, found[head].lead)
            yield comments[0][0], comments[-1][1]


def imported_span(item: Item) -> Span:
    """Return where an import stands, its attributes included, its comments not."""
    return min([item.start, *(a.start for a in item.attributes)]), item.end


def assembled(text: bytes, pieces: Sequence[Span], imports: Collection[Span], edits: Sequence[Edit]) -> bytes:
    """Return the edited pieces of a text as a file: imports line by line, blank lines between the others."""
    end, body, before = line_end(text), b"", None
    for piece in pieces:
        new = _edited(text, piece, edits)
        if not new.strip():
            continue
        gap = text[before[1] : piece[0]] if before else end
        if before and (gap.strip() or b"\n" not in gap):
            gap = end if {before, piece} <= set(imports) else end * 2
        body += gap.rstrip(b" \t") + indentation_at(text, piece[0]) + new
        before = piece
    return dedented(body, 0, len(body))


def _edited(text: bytes, piece: Span, edits: Sequence[Edit]) -> bytes:
    """Return a piece as it is edited; nothing where it is removed with its lines."""
    start, end = piece
    inside = [e for e in edits if e.start < end and (e.end > start or e.start == start)]
    kept = all(start <= e.start and e.end <= end for e in inside)
    return apply(text[:end], inside)[start:] if kept else b""


def cut(text: bytes, gone: Sequence[Span]) -> Iterator[Edit]:
    """Yield the removal of some spans: with their lines, and with the blank lines of what goes as one."""
    runs: list[Span] = []
    for start, end in sorted(gone):
        if runs and not text[runs[-1][1] : start].strip():
            runs[-1] = runs[-1][0], end
        else:
            runs.append((start, end))
    yield from (Edit(*whole_lines(text, *run), b"") for run in runs)


def whole_lines(text: bytes, lead: int, tail: int) -> Span:
    """Return the lines of a span, with one of the gaps of blank lines around it."""
    start = text.rfind(b"\n", 0, lead) + 1
    end = text.find(b"\n", tail) + 1 or len(text)
    if text[start:lead].strip() or text[tail:end].strip():
        return lead, tail
    above, below = text[:start].rstrip(), text[end:]
    if not above or above.endswith(b"{"):
        return start, end + below[: len(below) - len(below.lstrip())].rfind(b"\n") + 1
    blank_above = min(text.find(b"\n", len(above)) + 1, start)
    parted = below.lstrip(b" \t")[:1] in (b"\r", b"\n", b"}", b"")
    return blank_above if parted else start, end


def fewer(text: bytes, item: Item, needed: Collection[int]) -> Edit | None:
    """Return the edit that leaves of an import what is needed; None where that is all or nothing."""
    every = leaves(use_tree(text, item.start, item.end))
    kept = [leaf for leaf in every if leaf.start in needed]
    if not kept or len(kept) == len(every):
        return None
    use = Use(item.start, item.end, single=bool(item.attributes), prefix="", leaves=tuple(kept))
    new = rendered(map(spelled, kept), use, indentation_at(text, item.start))
    return Edit(item.start, item.end, new)


def _comments(text: bytes, start: int, end: int) -> list[Span]:
    found = list(tokens(text, start, end))
    plain = all(t.kind is TokenKind.COMMENT and not t.text.startswith((b"//!", b"/*!")) for t in found)
    return [(t.start, t.end) for t in found] if plain else []
