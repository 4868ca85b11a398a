"""Which names of the library a test module's text needs, and what they mean there."""

from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import pairwise

from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Mention
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.resolver import Resolver
from remediate.rust.resolution.traits import MACRO_METHODS
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
        while (deeper := self._inside(current, offset)) is not None:
            current = deeper
        return current

    @cached_property
    def plain(self) -> frozenset[str]:
        """The first segments of all paths that begin with a name, or that lead into this module."""
        return frozenset(name for m in self.mentions for name in self._name(m))

    @cached_property
    def called(self) -> frozenset[str]:
        """The members that the text names, and what ``write!`` calls."""
        said = {m.name for m in self.mentions}
        return self.members | {MACRO_METHODS[name] for name in MACRO_METHODS.keys() & said}

    def _inside(self, module: Module, offset: int) -> Module | None:
        below = (m for m in self.below(module) if m.span is not None)
        return next((m for m in below if m.span and m.span[0] <= offset <= m.span[1]), None)

    def _name(self, mention: Mention) -> Iterator[str]:
        path = mention.path
        supers = sum(1 for _ in _while_super(path))
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


def _while_super(path: tuple[str, ...]) -> Iterator[str]:
    for segment in path:
        if segment != "super":
            return
        yield segment
