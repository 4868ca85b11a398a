"""The move of one test module into the test target, or why it is not made."""

import posixpath
from dataclasses import dataclass

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.integration.fitness import code_of, region, unfit
from remediate.codemods.extract_tests.integration.ground import Ground, ground
from remediate.codemods.extract_tests.integration.imports import Imports
from remediate.codemods.extract_tests.integration.lessons import Lessons
from remediate.codemods.extract_tests.integration.mirror import Promoted, around, declared
from remediate.codemods.extract_tests.integration.names import Names
from remediate.codemods.extract_tests.integration.process_state import shared_by_library
from remediate.codemods.extract_tests.integration.rewriting import Rewriting, Rewritten
from remediate.codemods.extract_tests.integration.target import begun
from remediate.codemods.extract_tests.integration.test_build import differs
from remediate.codemods.extract_tests.integration.uses import uses
from remediate.codemods.extract_tests.obstacles import obstacle
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.edits import Edit, Promotion, apply
from remediate.model import Skip
from remediate.rust.anchoring import anchored, including_macros
from remediate.rust.indent import dedented
from remediate.rust.items import Item
from remediate.rust.meaning import Meanings
from remediate.rust.package import Package
from remediate.rust.public_paths import PublicPaths


@dataclass(frozen=True)
class Library:
    """A library whose tests may be promoted, and its public paths."""

    ground: Ground
    public: PublicPaths


def promoted(package: Package, module: Embedded, lessons: Lessons) -> Relocation | Skip:
    """Return the move of a test module into the test target, or why it is not made."""
    library = package.derived(_library)
    if isinstance(library, Skip):
        return library
    key = "::".join(module.module.path[1:])
    skip = lessons.demoted.get(key) or obstacle(package, module)
    skip = skip or unfit(package, library.ground, library.public.meanings, module)
    if skip is not None:
        return skip
    return _relocation(package, library, module, lessons)


def _library(package: Package) -> Library | Skip:
    found = ground(package)
    if isinstance(found, Skip):
        return found
    skip = differs(package, found) or shared_by_library(package, found)
    if skip is not None:
        return skip
    return Library(found, PublicPaths(Meanings(package, found.root)))


def _relocation(package: Package, library: Library, module: Embedded, lessons: Lessons) -> Relocation | Skip:
    file, span = region(package, module)
    new = posixpath.join(posixpath.dirname(library.ground.main), *module.module.path[1:]) + ".rs"
    names = Names(package, library.public.meanings, module.module, span)
    if macros := including_macros(package, package.files[file], span):
        return Skip("relative-include", f"`{macros[0]}!` includes files relative to its caller")
    code, text = code_of(package, module), package.files[file]
    imports = Imports(library.ground, library.public, names, tuple(uses(text, code)))
    unresolved = lessons.about(new, lessons.unresolved)
    dropped = lessons.about(new, lessons.dropped) | unresolved
    rewritten = Rewriting(imports, text, code, dropped, unresolved).result()
    moved = anchored(text, span, file, new)
    if isinstance(rewritten, Skip):
        return rewritten
    if isinstance(moved, Skip):
        return moved
    return _moved(package, library, module, new, (rewritten, moved))


def _moved(
    package: Package,
    library: Library,
    module: Embedded,
    new: str,
    changes: tuple[Rewritten, tuple[Edit, ...]],
) -> Relocation | Skip:
    (rewritten, moved), (file, span) = changes, region(package, module)
    text = package.files[file]
    edits = (*rewritten.edits, *moved)
    claims = tuple(("::".join(path), "::".join(definition)) for path, definition in rewritten.claims)
    path = module.module.path[1:]
    promotion = Promotion("::".join(path), library.ground.crate, new, claims)
    says = apply(text[: span[1]], edits)
    place = Promoted(
        promotion, around(package, module.module), path[-1], _declaration(package, module), says[span[0] :]
    )
    if path[0] == library.ground.crate:
        return Skip("name-clash", f"in the test target a module {path[0]} would hide the crate {path[0]}")
    if declared(begun(package, library.ground), place) is None:
        return Skip(
            "it-target-taken", f"{library.ground.main} declares something of that name: {promotion.tests}"
        )
    declaring = package.files[module.declared_in]
    relocation = Relocation(
        new, {module.declared_in: (Edit(*_removed(declaring, module.item), b""),)}, promoted=place
    )
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
    cuts = [Edit(a.start, _behind(text, a.end), b"") for a in item.attributes if a.path == "path"]
    head = apply(text[:end], cuts)
    return dedented(head + b";" + text[item.end : item.tail], item.lead, len(head) + 1 + item.tail - item.end)


def _behind(text: bytes, end: int) -> int:
    return end + len(text[end:]) - len(text[end:].lstrip())


def _removed(text: bytes, item: Item) -> tuple[int, int]:
    """Return the lines of an item, with the blank lines above it."""
    start = text.rfind(b"\n", 0, item.lead) + 1
    end = text.find(b"\n", item.tail) + 1 or len(text)
    if text[start : item.lead].strip() or text[item.tail : end].strip():
        return item.lead, item.tail
    above = text[:start].rstrip()
    blank = text.find(b"\n", len(above)) + 1 if above and not above.endswith(b"{") else start
    return min(blank, start), end
