"""The move of one test module into the test target, or why it is not made."""

import posixpath
from collections.abc import Collection
from dataclasses import dataclass

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.feedback import Revision
from remediate.codemods.extract_tests.integration.fitness import code_of, region, unfit
from remediate.codemods.extract_tests.integration.imports import Imports, Names, reduced, uses
from remediate.codemods.extract_tests.integration.library import differs, shared_by_library
from remediate.codemods.extract_tests.integration.rewriting import Rewriting, Rewritten
from remediate.codemods.extract_tests.integration.target import (
    Promoted,
    Promotion,
    TestTarget,
    around,
    begun,
    declared,
    test_target,
)
from remediate.codemods.extract_tests.obstacles import obstacle
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.modules.relative_paths import anchored, including_macros
from remediate.rust.package import Package
from remediate.rust.resolution.public_paths import PublicPaths
from remediate.rust.resolution.resolver import Resolver
from remediate.rust.syntax.indent import dedented
from remediate.rust.syntax.items import Item


@dataclass(frozen=True)
class Library:
    """A library whose tests may be promoted, and its public paths."""

    target: TestTarget
    public: PublicPaths


def promoted(package: Package, module: Embedded, revision: Revision) -> Relocation | Skip:
    """Return the move of a test module into the test target, or why it is not made."""
    library = package.derived(library_of)
    if isinstance(library, Skip):
        return library
    key = "::".join(module.module.path[1:])
    skip = revision.demoted.get(key) or obstacle(package, module)
    skip = skip or unfit(package, library.target, library.public.resolver, module)
    if skip is not None:
        return skip
    return _relocation(package, library, module, revision)


def library_of(package: Package) -> Library | Skip:
    """Return the library of a package, or why its tests are not promoted."""
    found = test_target(package)
    if isinstance(found, Skip):
        return found
    skip = differs(package, found) or shared_by_library(package, found)
    if skip is not None:
        return skip
    return Library(found, PublicPaths(Resolver(package, found.root)))


def rewritten(
    package: Package,
    library: Library,
    module: Embedded,
    revision: Revision,
    needed: Collection[int] | None = None,
) -> Rewritten | Skip:
    """Return the edits of a test module's imports and paths, or why it cannot stand in the test target.

    ``needed`` is where those leaves of its own imports stand that are to be there; None means all.
    """
    file, span = region(package, module)
    names = Names(package, library.public.resolver, module.module, module.only or (span,))
    code, text, new = code_of(package, module), package.files[file], destination(library, module)
    found = tuple(uses(text, code))
    if needed is not None:
        own = [i for i in library.public.resolver.scope_of(module.module).items if i.kind == "use"]
        copied = {u for u in found for i in own if i.start <= u.start < i.end}
        found = tuple(reduced(text, u, needed) if u in copied else u for u in found)
    imports = Imports(library.target, library.public, names, found)
    unresolved = revision.about(new, revision.unresolved)
    dropped = revision.about(new, revision.dropped) | unresolved
    return Rewriting(imports, text, code, dropped, unresolved).result()


def anchors(package: Package, library: Library, module: Embedded) -> tuple[Edit, ...] | Skip:
    """Return the edits of the names of files that a test module includes."""
    file, span = region(package, module)
    if macros := including_macros(package, package.files[file], span):
        return Skip("relative-include", f"`{macros[0]}!` includes files relative to its caller")
    return anchored(package.files[file], span, file, destination(library, module))


def destination(library: Library, module: Embedded) -> str:
    """Return the file of the test target that a test module goes to."""
    return posixpath.join(posixpath.dirname(library.target.main), *module.module.path[1:]) + ".rs"


def place(
    package: Package, library: Library, module: Embedded, made: Rewritten, texts: tuple[bytes, bytes]
) -> Promoted | Skip:
    """Return a module's place in the test target, or why it has none; ``texts`` declare it and hold it."""
    claims = tuple(("::".join(path), "::".join(definition)) for path, definition in made.claims)
    path, target = module.module.path[1:], library.target
    promotion = Promotion("::".join(path), target.crate, destination(library, module), claims)
    found = Promoted(promotion, around(package, module.module), path[-1], *texts)
    if path[0] == target.crate:
        return Skip("name-clash", f"in the test target a module {path[0]} would hide the crate {path[0]}")
    if declared(begun(package, target), found) is None:
        return Skip("it-target-taken", f"{target.main} declares something of that name: {promotion.tests}")
    return found


def _relocation(
    package: Package, library: Library, module: Embedded, revision: Revision
) -> Relocation | Skip:
    result, moved = rewritten(package, library, module, revision), anchors(package, library, module)
    if isinstance(result, Skip):
        return result
    if isinstance(moved, Skip):
        return moved
    file, span = region(package, module)
    text, new = package.files[file], destination(library, module)
    edits = (*result.edits, *moved)
    says = apply(text[: span[1]], edits)
    placed = place(package, library, module, result, (_declaration(package, module), says[span[0] :]))
    if isinstance(placed, Skip):
        return placed
    declaring = package.files[module.declared_in]
    relocation = Relocation(
        new, {module.declared_in: (Edit(*_removed(declaring, module.item), b""),)}, promoted=placed
    )
    relocation.module = placed.promotion.tests
    relocation.rewritten += [(text[e.start : e.end], e.new) for e in moved]
    if module.inline:
        relocation.creations[new] = dedented(says, span[0], len(says))
    else:
        relocation.moves[file] = new
        relocation.edits[file] = tuple(sorted(edits))
    relocation.format[new] = file
    return relocation


def _declaration(package: Package, module: Embedded) -> bytes:
    """Return the module's declaration without its body and without a ``#[path]``."""
    text, item = package.files[module.declared_in], module.item
    end = item.name_span[1] if item.name_span else item.end
    paths = [a for a in item.attributes if a.path == "path"]
    cuts = [Edit(a.start, len(text) - len(text[a.end :].lstrip()), b"") for a in paths]
    head = apply(text[:end], cuts)
    return dedented(head + b";" + text[item.end : item.tail], item.lead, len(head) + 1 + item.tail - item.end)


def _removed(text: bytes, item: Item) -> tuple[int, int]:
    """Return the lines of an item, with the blank lines above it."""
    start = text.rfind(b"\n", 0, item.lead) + 1
    end = text.find(b"\n", item.tail) + 1 or len(text)
    if text[start : item.lead].strip() or text[item.tail : end].strip():
        return item.lead, item.tail
    above = text[:start].rstrip()
    blank = text.find(b"\n", len(above)) + 1 if above and not above.endswith(b"{") else start
    return min(blank, start), end
