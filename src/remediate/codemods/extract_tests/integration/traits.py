"""Traits that a glob import brings into scope: their methods are called without their name being said."""

from collections.abc import Iterator
from dataclasses import dataclass

from remediate.rust.modules.module import Module
from remediate.rust.resolution.names import Import, trait_members
from remediate.rust.resolution.resolver import Meaning, Resolver
from remediate.rust.resolution.traits import members_of


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


def traits_in(resolver: Resolver, module: Module, seen: frozenset[int] = frozenset()) -> Iterator[InScope]:
    """Yield the traits in scope in a module, those of its globs on modules of the crate included."""
    here, source = resolver.scope_of(module), resolver.package.source(module.file)
    for definition in here.definitions:
        if definition.item.kind == "trait":
            meaning = Meaning((*module.path[1:], definition.name))
            yield InScope(definition.name, meaning, trait_members(source, definition.item))
    for imported in here.imports:
        if not imported.leaf.glob:
            yield from imported_trait(resolver, module, imported)
        else:
            target = resolver.of_use(module, imported.leaf.path)
            inner = None if target.outside or not target.known else resolver.modules.get(target.path)
            if inner is not None and id(inner) not in seen and inner is not module:
                yield from traits_in(resolver, inner, seen | {id(module)})


def imported_trait(resolver: Resolver, module: Module, imported: Import) -> Iterator[InScope]:
    """Yield what an import brings if it is a trait, or may be one."""
    meaning = resolver.of_use(module, imported.leaf.path)
    # What only a test-only import leads to is not there for an integration test.
    members = members_of(resolver, meaning) if meaning.known or not meaning.test_only else frozenset()
    if members != frozenset():
        yield InScope(imported.name, meaning, members)
