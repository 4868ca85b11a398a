"""The members of the trait that a name means, as far as the package's own text tells."""

from collections.abc import Iterable

from remediate.rust.mentions.references import Space
from remediate.rust.resolution.heuristic_traits import outside_members
from remediate.rust.resolution.names import trait_members
from remediate.rust.resolution.resolver import Meaning, Resolver


def members_of(resolver: Resolver, meaning: Meaning) -> frozenset[str] | None:
    """Return the members of the trait that is meant: none if it is no trait, None where that is unknown.

    Of several that may be meant those of all.
    """
    home, meaning = resolver.at_home(meaning)
    if meaning.choices:
        return _of_all(outside_members(path) for _, path in meaning.choices)
    if meaning.outside:
        return outside_members(meaning.path)
    definitions = home.definitions_of(meaning)
    if not (meaning.known or definitions or home.modules_of(meaning)):
        return None
    if any(not d.sure and d.space is Space.TYPE for _, d in definitions):
        return None  # a macro made it, and it is no function or struct
    traits = ((m, d.item) for m, d in definitions if d.item.kind == "trait")
    return _of_all(trait_members(home.package.source(module.file), item) for module, item in traits)


def _of_all(found: Iterable[frozenset[str] | None]) -> frozenset[str] | None:
    every: frozenset[str] = frozenset()
    for members in found:
        if members is None:
            return None
        every |= members
    return every
