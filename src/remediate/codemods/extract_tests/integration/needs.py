"""Which of a test module's imports a part of its items may need."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass

from remediate.codemods.extract_tests.integration.families import said
from remediate.codemods.extract_tests.integration.names import Names
from remediate.codemods.extract_tests.integration.traits import InScope, imported_trait
from remediate.codemods.extract_tests.integration.uses import spelled
from remediate.rust.modules.module import Module
from remediate.rust.resolution.names import Import
from remediate.rust.resolution.resolver import Resolver
from remediate.rust.syntax.items import Item


def needed(
    resolver: Resolver, module: Module, found: Sequence[Item], dropped: Collection[str], *, go: bool
) -> frozenset[int]:
    """Return where the leaves of imports stand that some items of a module may need.

    Left out is what no item says and no call can need, and what was ``dropped``: rustc called it unused. If
    the items ``go``, so is what none says and may be a trait of the crate or not: without it rustc tells.
    """
    spans = [(item.lead, item.tail) for item in found]
    words = frozenset[str]().union(*(said(resolver.package, module, item) for item in found))
    needs = _Needs(resolver, module, words, Names(resolver.package, resolver, module, spans).called, go)
    return frozenset(
        i.leaf.start
        for i in resolver.scope_of(module).imports
        if i.item.visibility is not None or (spelled(i.leaf) not in dropped and needs.hold(i))
    )


@dataclass(frozen=True)
class _Needs:
    """What some items say, and the members that they name."""

    resolver: Resolver
    module: Module
    words: frozenset[str]
    called: frozenset[str]
    go: bool

    def hold(self, imported: Import) -> bool:
        traits = imported_trait(self.resolver, self.module, imported)
        return imported.leaf.glob or imported.name in self.words or any(map(self._call, traits))

    def _call(self, trait: InScope) -> bool:
        """Whether a method of a trait may be called."""
        if trait.members is not None:
            return not trait.members.isdisjoint(self.called)
        return not self.go or trait.meaning.known or bool(trait.meaning.choices)
