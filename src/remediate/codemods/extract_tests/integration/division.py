"""A test module divided: what uses public items only goes to the test target, the rest stays a unit test."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import chain

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.integration.families import Family, families
from remediate.codemods.extract_tests.integration.feedback import Lessons
from remediate.codemods.extract_tests.integration.fitness import holds_tests, region, unfit
from remediate.codemods.extract_tests.integration.halves import (
    assembled,
    banners,
    cut,
    fewer,
    imported_span,
)
from remediate.codemods.extract_tests.integration.mirror import repeated
from remediate.codemods.extract_tests.integration.needs import needed
from remediate.codemods.extract_tests.integration.promotion import (
    Library,
    anchors,
    destination,
    library_of,
    place,
    rewritten,
)
from remediate.codemods.extract_tests.obstacles import obstacle
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.package import Package
from remediate.rust.syntax.items import Item

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
    skip = skip or unfit(package, library.ground, resolver, module)
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
    for item, leaves in _imports(library, module):
        if not leaves & kept:
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
    placed = place(package, library, module, result, (repeated(package, module.module), says))
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
    spans = [imported_span(item) for item, leaves in _imports(library, module) if leaves & kept]
    return replace(module, only=tuple(sorted([*spans, *((i.lead, i.tail) for i in found)]))), kept


def _imports(library: Library, module: Embedded) -> Iterator[tuple[Item, frozenset[int]]]:
    """Yield the imports of a module, each with where its leaves stand."""
    scope = library.public.resolver.scope_of(module.module)
    for item in scope.items:
        if item.kind == "use":
            yield item, frozenset(i.leaf.start for i in scope.imports if i.item is item)
