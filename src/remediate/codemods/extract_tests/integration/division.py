"""A test module divided: what uses public items only goes to the test target, the rest stays a unit test.

What one half of a divided module holds the other cannot reach, and nothing is written twice. So an item goes
only with all that it uses and with all that use it: its family.
"""

import re
from collections.abc import Callable, Collection, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain, pairwise

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.feedback import Revision
from remediate.codemods.extract_tests.integration.fitness import holds_tests, region, unfit
from remediate.codemods.extract_tests.integration.imports import (
    InScope,
    Names,
    Use,
    imported_trait,
    rendered,
    spelled,
)
from remediate.codemods.extract_tests.integration.promotion import (
    Library,
    anchors,
    destination,
    library_of,
    place,
    rewritten,
)
from remediate.codemods.extract_tests.integration.target import second_declaration
from remediate.codemods.extract_tests.obstacles import obstacle
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.mentions.index import mention_index
from remediate.rust.modules.module import Module
from remediate.rust.package import Package
from remediate.rust.resolution.names import Import, defined, trait_members
from remediate.rust.resolution.resolver import Resolver
from remediate.rust.syntax.indent import dedented, indentation_at, line_end
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.use_tree import leaves, use_tree

Span = tuple[int, int]


@dataclass(frozen=True)
class Family:
    """Items that can only go together, in order; ``uses`` are the items that each of them uses, by number."""

    items: tuple[Item, ...]
    uses: tuple[frozenset[int], ...]

    def needs(self, index: int) -> tuple[Item, ...]:
        """Return an item with all that it uses, directly or not."""
        found, new = {index}, {index}
        while new:
            new = {i for used in new for i in self.uses[used]} - found
            found |= new
        return tuple(self.items[i] for i in sorted(found))


_KINDS = {
    "fn", "struct", "enum", "union", "trait", "impl", "mod", "const", "static", "type", "macro_rules", "use",
}  # fmt: skip


def families(package: Package, resolver: Resolver, module: Embedded) -> tuple[Family, ...] | Skip:
    """Return the families of a module's items, imports left out, or why they cannot be told."""
    own, scope = module.module, resolver.scope_of(module.module)
    found = [item for item in scope.items if item.kind != "use"]
    names = _Definers(package, own, found)
    why = next(_hidden(scope.items, names), None) or next(
        (f"an import leads to {'::'.join(i.leaf.path)}" for i in scope.imports if names.holds(i.leaf.path)),
        None,
    )
    if why is not None:
        return Skip("indivisible", f"{own.name} of {module.declared_in} is not divided: {why}")
    return tuple(_together(found, names))


def said(package: Package, module: Module, item: Item) -> frozenset[str]:
    """Return the names that an item may mean: the segments of its paths, all words of a module."""
    found = mention_index(package).of(module.file).within(item.lead, item.tail).mentions
    names = {segment for m in found if m.origin != "doc" for segment in m.path}
    if item.kind == "mod":
        text = package.files[module.file]
        words = (t for t in tokens(text, item.start, item.end) if t.kind is TokenKind.IDENT)
        names |= {t.name for t in words}
    return frozenset(names)


class _Definers:
    """Which item defines a name, and which trait a member."""

    def __init__(self, package: Package, module: Module, found: Sequence[Item]) -> None:
        self.package, self.module = package, module
        self.owners: dict[str, list[int]] = {}
        self.members: dict[str, list[int]] = {}
        self.opaque = ""
        source = package.source(module.file)
        for index, item in enumerate(found):
            for name, _ in defined(source, item):
                self.owners.setdefault(name, []).append(index)
            members = trait_members(source, item) if item.kind == "trait" else frozenset()
            self.opaque = self.opaque if members is not None else (item.name or "")
            for name in members or ():
                self.members.setdefault(name, []).append(index)

    def holds(self, path: tuple[str, ...]) -> bool:
        """Whether a path, seen from the module, begins with an item of it."""
        inner = path[1:] if path[:1] == ("self",) else path
        return inner[:1] != () and inner[0] in self.owners

    def used_by(self, item: Item) -> Iterator[int]:
        """Yield the items that an item uses: by name, or a trait by one of its members."""
        for name in said(self.package, self.module, item):
            yield from self.owners.get(name, ())
        found = mention_index(self.package).of(self.module.file).within(item.lead, item.tail)
        for member in found.members:
            yield from self.members.get(member.name, ())


def _hidden(found: Sequence[Item], names: _Definers) -> Iterator[str]:
    """Yield what may tie items together although none says the other's name."""
    for item in found:
        if item.kind not in _KINDS:
            mark = "!" if item.kind == "macro" else ""
            yield f"what {item.name or item.kind}{mark} brings is not known"
        words = re.findall(r"\w+", f"{item.self_type} {item.trait}")
        if item.kind == "impl" and not names.owners.keys() & set(words):
            yield f"all tests see the impl for {item.self_type}"
    if names.opaque:
        yield f"what the trait {names.opaque} declares is not known"


def _together(found: Sequence[Item], names: _Definers) -> Iterator[Family]:
    leader = list(range(len(found)))

    def led(index: int) -> int:
        while leader[index] != index:
            index = leader[index]
        return index

    uses = [frozenset(names.used_by(item)) for item in found]
    for index, used in enumerate(uses):
        for other in used:
            leader[led(other)] = led(index)
    for owners in names.owners.values():
        for other in owners[1:]:
            leader[led(other)] = led(owners[0])
    for index in range(len(found)):
        if led(index) == index:
            own = [i for i in range(len(found)) if led(i) == index]
            inside = tuple(frozenset(map(own.index, uses[i])) for i in own)
            yield Family(tuple(found[i] for i in own), inside)


def needed(
    resolver: Resolver, module: Module, found: Sequence[Item], dropped: Collection[str], *, go: bool
) -> frozenset[int]:
    """Return where the leaves of imports stand that some items of a module may need.

    Left out is what no item says and no call can need, and what was ``dropped``: rustc called it unused. If
    the items ``go``, so is what none says and may be a trait of the crate or not: without it rustc tells.
    """
    spans = [(item.lead, item.tail) for item in found]
    words = frozenset[str]().union(*(said(resolver.package, module, item) for item in found))
    called = Names(resolver.package, resolver, module, spans).called

    def calls(trait: InScope) -> bool:
        """Whether a method of a trait may be called."""
        if trait.members is not None:
            return not trait.members.isdisjoint(called)
        return not go or trait.meaning.known or bool(trait.meaning.choices)

    def is_needed(imported: Import) -> bool:
        traits = imported_trait(resolver, module, imported)
        return imported.leaf.glob or imported.name in words or any(map(calls, traits))

    return frozenset(
        i.leaf.start
        for i in resolver.scope_of(module).imports
        if i.item.visibility is not None or (spelled(i.leaf) not in dropped and is_needed(i))
    )


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


def divided(package: Package, module: Embedded, revision: Revision, why: Skip) -> Division | Skip:
    """Return a test module divided, or why it is not; ``why`` says what keeps it from going as a whole."""
    library = package.derived(library_of)
    if isinstance(library, Skip):
        return library
    resolver = library.public.resolver
    skip = revision.undivided.get("::".join(module.module.path[1:])) or obstacle(package, module)
    skip = skip or unfit(package, library.target, resolver, module)
    if skip is not None:
        return skip
    found = families(package, resolver, module)
    if isinstance(found, Skip):
        return replace(found, sentence=f"{found.sentence} ({why.reason}: {why.sentence})")
    able = partial(_may_go, package, library, module, revision)
    going = [family.items for family in found if able(family.items)]
    if going and len(going) < len(found):
        return _divided(package, library, module, [*chain(*going)], revision)
    tied = None if going else next((name for family in found for name in _tied(family, able)), None)
    return why if tied is None else Skip("shared-by-tests", f"{tied} ({why.reason}: {why.sentence})")


def rest(
    package: Package, module: Embedded, division: Division, revision: Revision, file: str
) -> tuple[Edit, ...] | Skip:
    """Return what is cut from the text of a divided module, the rest of which will stand in ``file``."""
    library = package.derived(library_of)
    assert isinstance(library, Library)  # noqa: S101 - it was divided
    text, resolver = package.files[module.module.file], library.public.resolver
    dropped = revision.about(file, revision.dropped)
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
    package: Package, library: Library, module: Embedded, going: Sequence[Item], revision: Revision
) -> Division | Skip:
    file, _ = region(package, module)
    text, new = package.files[file], destination(library, module)
    every = library.public.resolver.scope_of(module.module).items
    leads = {item.lead for item in going}
    part, leaves = _part(library, module, going, revision)
    gone = (*banners(text, every, leads), *((item.lead, item.tail) for item in going))
    result, moved = rewritten(package, library, part, revision, leaves), anchors(package, library, module)
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
    package: Package, library: Library, module: Embedded, revision: Revision, found: Sequence[Item]
) -> bool:
    """Whether items hold tests, and use public items only as far as can be told without rustc."""
    path = "::".join(module.module.path[1:])
    if any(f"{path}::{item.name}" in revision.demoted for item in found):
        return False
    part, leaves = _part(library, module, found, revision)
    return holds_tests(package, part) and not isinstance(
        rewritten(package, library, part, revision, leaves), Skip
    )


def _part(
    library: Library, module: Embedded, found: Sequence[Item], revision: Revision
) -> tuple[Embedded, frozenset[int]]:
    """Return a module as far as some items go, and where the leaves of imports stand that they need."""
    file = destination(library, module)
    resolver, dropped = library.public.resolver, revision.about(file, revision.dropped)
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
