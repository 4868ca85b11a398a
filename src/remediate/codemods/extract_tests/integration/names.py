"""Which names of the library a test module's text needs, and what they mean there."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise, takewhile

from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Mention
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.heuristic_traits import MACRO_METHODS, members_of
from remediate.rust.resolution.names import Import, trait_members
from remediate.rust.resolution.resolver import Meaning, Resolver
from remediate.rust.syntax.lexer import Token, TokenKind

_HEADS = {"crate", "super", "self", "", "Self"}
_OPEN = {b"(", b"[", b"{"}


class Names:
    """What the text of one test module says: a superset, since names in macro calls may be anything.

    The ``spans`` are all of the text, or the parts of it that are meant.
    """

    def __init__(
        self, package: Package, resolver: Resolver, module: Module, spans: Sequence[tuple[int, int]]
    ) -> None:
        self.package, self.resolver, self.module, self.spans = package, resolver, module, spans
        found = [mention_index(package).of(module.file).within(*span) for span in spans]
        self.mentions = tuple(m for part in found for m in part.mentions if m.origin != "doc")
        self.members = frozenset(m.name for part in found for m in part.members)
        here = resolver.scope_of(module)
        self.own = frozenset({*here.defined, *here.imported, *(c.name for c in self.below(module))})

    def below(self, module: Module) -> tuple[Module, ...]:
        """Return the modules directly in a module."""
        return module_tree(self.package).children(module)

    def depth_at(self, offset: int) -> int:
        """Return how many modules deep in the test module an offset of its file is."""
        module = self.module_at(offset)
        return len(module.path) - len(self.module.path)

    def module_at(self, offset: int) -> Module:
        """Return the innermost module around an offset."""
        current = self.module
        while True:
            below = (m for m in self.below(current) if m.span and m.span[0] <= offset <= m.span[1])
            if (deeper := next(below, None)) is None:
                return current
            current = deeper

    @cached_property
    def plain(self) -> frozenset[str]:
        """The first segments of all paths that begin with a name, or that lead into this module."""
        return frozenset(name for m in self.mentions for name in self._name(m))

    @cached_property
    def called(self) -> frozenset[str]:
        """The members that the text names, and what ``write!`` calls."""
        said = {m.name for m in self.mentions}
        return self.members | {MACRO_METHODS[name] for name in MACRO_METHODS.keys() & said}

    def _name(self, mention: Mention) -> Iterator[str]:
        path = mention.path
        supers = sum(1 for _ in takewhile("super".__eq__, path))
        if path[0] not in _HEADS and not (mention.pattern and path[0].islower()):
            yield path[0]
        elif supers == self.depth_at(mention.start) and path[0] in ("self", "super"):
            yield from path[1:2] if path[0] == "self" else path[supers : supers + 1]


def macros_called(code: Sequence[Token]) -> Iterator[tuple[str, int]]:
    """Yield each macro called by a plain name, with where; ``macro_rules!`` is none."""
    for index, token in enumerate(code[:-2]):
        called = code[index + 1].text == b"!" and code[index + 2].text in _OPEN
        plain = not index or code[index - 1].text not in (b":", b"$")
        if token.kind is TokenKind.IDENT and called and plain and token.text != b"macro_rules":
            yield token.name, token.start


def macros_defined(code: Sequence[Token]) -> Iterator[str]:
    """Yield the name of each ``macro_rules!``."""
    for index, (one, two) in enumerate(pairwise(code)):
        if one.text == b"macro_rules" and two.text == b"!" and index + 2 < len(code):
            yield code[index + 2].name


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
