"""A test module divided: what uses public items only goes to the test target, the rest stays a unit test."""

from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.feedback import Lessons
from remediate.codemods.extract_tests.integration.families import Family, families, needed
from remediate.codemods.extract_tests.integration.fitness import holds_tests, region, unfit
from remediate.codemods.extract_tests.integration.promotion import (
    Library,
    anchors,
    destination,
    library_of,
    place,
    rewritten,
)
from remediate.codemods.extract_tests.integration.target import second_declaration
from remediate.codemods.extract_tests.integration.uses import Use, rendered, spelled
from remediate.codemods.extract_tests.obstacles import obstacle
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.package import Package
from remediate.rust.syntax.indent import dedented, indentation_at, line_end
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.use_tree import leaves, use_tree

Span = tuple[int, int]


@dataclass(frozen=True)
class Division:
    """A divided module: the move of what goes, and what is needed to cut it out of the rest."""

    relocation: Relocation
    staying: tuple[Item, ...]
    gone: tuple[Span, ...]

    def with_rest_in(self, file: str) -> Relocation:
        """Return the move of what goes, which says where the rest is."""
        placed = self.relocation.promoted
        assert placed is not None  # noqa: S101 - what goes is promoted
        return replace(
            self.relocation, promoted=replace(placed, promotion=replace(placed.promotion, rest=file))
        )


def divided(package: Package, module: Embedded, lessons: Lessons, why: Skip) -> Division | Skip:
    """Return a test module divided, or why it is not; ``why`` says what keeps it from going as a whole."""
    library = package.derived(library_of)
    if isinstance(library, Skip):
        return library
    resolver = library.public.resolver
    skip = lessons.undivided.get("::".join(module.module.path[1:])) or obstacle(package, module)
    skip = skip or unfit(package, library.target, resolver, module)
    if skip is not None:
        return skip
    found = families(package, resolver, module)
    if isinstance(found, Skip):
        return replace(found, sentence=f"{found.sentence} ({why.reason}: {why.sentence})")
    able = partial(_may_go, package, library, module, lessons)
    going = [family.items for family in found if able(family.items)]
    if going and len(going) < len(found):
        return _divided(package, library, module, [*chain(*going)], lessons)
    tied = None if going else next((name for family in found for name in _tied(family, able)), None)
    return why if tied is None else Skip("shared-by-tests", f"{tied} ({why.reason}: {why.sentence})")


def rest(
    package: Package, module: Embedded, division: Division, lessons: Lessons, file: str
) -> tuple[Edit, ...] | Skip:
    """Return what is cut from the text of a divided module, the rest of which will stand in ``file``."""
    library = package.derived(library_of)
    assert isinstance(library, Library)  # noqa: S101 - it was divided
    text, resolver = package.files[module.module.file], library.public.resolver
    dropped = lessons.about(file, lessons.dropped)
    kept = needed(resolver, module.module, division.staying, dropped, go=False)
    gone, edits = list(division.gone), []
    for item, starts in _imports(library, module):
        if not starts & kept:
            gone.append(imported_span(item))
        elif (edit := fewer(text, item, kept)) is not None:
            edits.append(edit)
        else:
            continue
        if b"/" in text[item.start : item.end]:
            return Skip("comment-in-import", f"a comment stands inside of an import of {file}")
    return tuple(sorted([*edits, *cut(text, gone)]))


def _divided(
    package: Package, library: Library, module: Embedded, going: Sequence[Item], lessons: Lessons
) -> Division | Skip:
    file, _ = region(package, module)
    text, new = package.files[file], destination(library, module)
    every = library.public.resolver.scope_of(module.module).items
    leads = {item.lead for item in going}
    part, leaves = _part(library, module, going, lessons)
    gone = (*banners(text, every, leads), *((item.lead, item.tail) for item in going))
    result, moved = rewritten(package, library, part, lessons, leaves), anchors(package, library, module)
    if isinstance(result, Skip):
        return result
    if isinstance(moved, Skip):
        return moved
    imports = [span for span in part.only if span not in gone]
    says = assembled(text, sorted([*imports, *gone]), imports, sorted([*result.edits, *moved]))
    placed = place(package, library, module, result, (second_declaration(package, module.module), says))
    if isinstance(placed, Skip):
        return placed
    parts = tuple(sorted({item.name for item in going if item.name}))
    placed = replace(placed, promotion=replace(placed.promotion, parts=parts))
    relocation = Relocation(
        new, {}, {new: says}, format={new: file}, promoted=placed, module=placed.promotion.tests
    )
    relocation.rewritten += [(text[e.start : e.end], e.new) for e in moved]
    staying = tuple(item for item in every if item.kind != "use" and item.lead not in leads)
    return Division(relocation, staying, gone)


def _tied(family: Family, able: Callable[[Sequence[Item]], bool]) -> Iterator[str]:
    """Yield what keeps each item of a family that could go by itself: others, that cannot, use it too."""
    for index, item in enumerate(family.items):
        needs = family.needs(index)
        if len(needs) < len(family.items) and able(needs):
            shared = " and ".join(i.name for i in needs if i.name and i is not item) or "a name"
            yield f"{item.name} uses public items only, but tests that do not share {shared} with it"


def _may_go(
    package: Package, library: Library, module: Embedded, lessons: Lessons, found: Sequence[Item]
) -> bool:
    """Whether items hold tests, and use public items only as far as can be told without rustc."""
    path = "::".join(module.module.path[1:])
    if any(f"{path}::{item.name}" in lessons.demoted for item in found):
        return False
    part, leaves = _part(library, module, found, lessons)
    return holds_tests(package, part) and not isinstance(
        rewritten(package, library, part, lessons, leaves), Skip
    )


def _part(
    library: Library, module: Embedded, found: Sequence[Item], lessons: Lessons
) -> tuple[Embedded, frozenset[int]]:
    """Return a module as far as some items go, and where the leaves of imports stand that they need."""
    file = destination(library, module)
    resolver, dropped = library.public.resolver, lessons.about(file, lessons.dropped)
    kept = needed(resolver, module.module, found, dropped, go=True)
    spans = [imported_span(item) for item, starts in _imports(library, module) if starts & kept]
    return replace(module, only=tuple(sorted([*spans, *((i.lead, i.tail) for i in found)]))), kept


def _imports(library: Library, module: Embedded) -> Iterator[tuple[Item, frozenset[int]]]:
    """Yield the imports of a module, each with where its leaves stand."""
    scope = library.public.resolver.scope_of(module.module)
    for item in scope.items:
        if item.kind == "use":
            yield item, frozenset(i.leaf.start for i in scope.imports if i.item is item)


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
