"""Traits that a glob import brings into scope: their methods are called without their name being said."""

from collections.abc import Iterator
from dataclasses import dataclass

from remediate.rust.mentions.references import Space
from remediate.rust.modules.module import Module
from remediate.rust.resolution.heuristic_traits import outside_members
from remediate.rust.resolution.meaning import Meaning, Meanings
from remediate.rust.resolution.names import trait_members
from remediate.rust.resolution.scope import Import


@dataclass(frozen=True, slots=True)
class InScope:
    """A trait, or what may be one.

    Attributes:
        name: The name it has in the module; "_" where it has none.
        meaning: What it is.
        members: The names it declares, None where they are unknown.
    """

    name: str
    meaning: Meaning
    members: frozenset[str] | None


def traits_in(meanings: Meanings, module: Module, seen: frozenset[int] = frozenset()) -> Iterator[InScope]:
    """Yield the traits in scope in a module, those of its globs on modules of the crate included."""
    here, source = meanings.scope_of(module), meanings.package.source(module.file)
    for definition in here.definitions:
        if definition.item.kind == "trait":
            meaning = Meaning((*module.path[1:], definition.name))
            yield InScope(definition.name, meaning, trait_members(source, definition.item))
    for imported in here.imports:
        if not imported.leaf.glob:
            yield from imported_trait(meanings, module, imported)
        else:
            target = meanings.of_use(module, imported.leaf.path)
            inner = None if target.outside or not target.known else meanings.modules.get(target.path)
            if inner is not None and id(inner) not in seen and inner is not module:
                yield from traits_in(meanings, inner, seen | {id(module)})


def imported_trait(meanings: Meanings, module: Module, imported: Import) -> Iterator[InScope]:
    """Yield what an import brings if it is a trait, or may be one."""
    meaning = meanings.of_use(module, imported.leaf.path)
    if meaning.outside:
        members = outside_members(meaning.path)
    elif meaning.choices:
        members = _of_choices(meaning)
    elif not meaning.known:
        members = frozenset() if meaning.test_only else None
    else:
        members = _own(meanings, meaning)
    if members != frozenset():
        yield InScope(imported.name, meaning, members)


def _of_choices(meaning: Meaning) -> frozenset[str] | None:
    """Return what all the traits that an import may be declare, None where that of one is unknown."""
    every: frozenset[str] = frozenset()
    for _, path in meaning.choices:
        members = outside_members(path)
        if members is None:
            return None
        every |= members
    return every


def _own(meanings: Meanings, meaning: Meaning) -> frozenset[str] | None:
    """Return a trait's members, none for what is no trait."""
    module = meanings.modules.get(meaning.path[:-1])
    if module is None or meaning.path in meanings.modules:
        return frozenset()
    source = meanings.package.source(module.file)
    defined = meanings.scope_of(module).defined.get(meaning.path[-1], ())
    if any(not d.sure and d.space is Space.TYPE for d in defined):
        return None  # a macro made it, and it is no function or struct
    found = [d for d in defined if d.item.kind == "trait"]
    return trait_members(source, found[0].item) if found else frozenset()
