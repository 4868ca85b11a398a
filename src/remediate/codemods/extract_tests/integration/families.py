"""Which items of a test module can only go together: those that say each other's names.

What one half of a divided module holds the other cannot reach, and nothing is written twice. So an item goes
only with all that it uses and with all that use it.
"""

import re
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass

from remediate.codemods.extract_tests.discovery import Embedded
from remediate.codemods.extract_tests.integration.names import InScope, Names, imported_trait
from remediate.codemods.extract_tests.integration.uses import spelled
from remediate.model import Skip
from remediate.rust.mentions.index import mention_index
from remediate.rust.modules.module import Module
from remediate.rust.package import Package
from remediate.rust.resolution.names import Import, defined, trait_members
from remediate.rust.resolution.resolver import Resolver
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.lexer import TokenKind, tokens


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
    names = _Names(package, own, found)
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


class _Names:
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


def _hidden(found: Sequence[Item], names: _Names) -> Iterator[str]:
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


def _together(found: Sequence[Item], names: _Names) -> Iterator[Family]:
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
