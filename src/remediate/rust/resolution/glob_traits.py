"""Which trait members a glob import may put in scope, as far as the package's own text tells."""

from collections.abc import Iterator

from remediate.rust.modules.module import Module
from remediate.rust.resolution.names import trait_members
from remediate.rust.resolution.resolve import Found, Resolver, Target
from remediate.rust.resolution.scope import Import, Scope

_DEEP = 6


def glob_members(resolver: Resolver, module: Module, glob: Import) -> frozenset[str] | None:
    """Return the members of every trait that a glob import may bring, None where that cannot be told.

    What comes back to the module itself, where another one imports all of it, does not count.
    """
    return _members(resolver, resolver.resolve_use(module, glob.leaf.path), frozenset({id(module)}))


def _members(resolver: Resolver, target: Target, seen: frozenset[int]) -> frozenset[str] | None:
    if isinstance(target, Found):
        return frozenset() if target.definition.item.kind == "enum" else None
    if not isinstance(target, Module) or len(seen) >= _DEEP:
        return None
    if id(target) in seen:
        return frozenset()
    here = resolver.scope_of(target)
    if any(i.kind in ("macro", "error") for i in here.items):
        return None
    found: frozenset[str] = frozenset()
    for members in _traits(resolver, target, here, seen | {id(target)}):
        if members is None:
            return None
        found |= members
    return found


def _traits(
    resolver: Resolver, module: Module, here: Scope, seen: frozenset[int]
) -> Iterator[frozenset[str] | None]:
    """Yield the members of each trait a module defines or imports."""
    source = resolver.package.source(module.file)
    yield from (trait_members(source, d.item) for d in here.definitions if d.item.kind == "trait")
    for one in here.imports:
        if one.leaf.glob:
            yield _members(resolver, resolver.resolve_use(module, one.leaf.path), seen)
        else:
            yield resolver.trait_names(module, one)
