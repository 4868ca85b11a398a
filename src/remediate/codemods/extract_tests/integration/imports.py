"""The names that a test module says, its ``use`` declarations, and what brings what ``super`` gave it."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from itertools import dropwhile, groupby, pairwise, takewhile

from remediate.codemods.extract_tests.integration.target import TestTarget
from remediate.model import Skip
from remediate.rust.mentions.index import mention_index
from remediate.rust.mentions.references import Mention
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.heuristic_traits import MACRO_METHODS, members_of
from remediate.rust.resolution.names import Import, trait_members
from remediate.rust.resolution.public_paths import PublicPaths
from remediate.rust.resolution.resolver import Meaning, Path, Resolver
from remediate.rust.syntax.cfg import conjunction
from remediate.rust.syntax.lexer import Token, TokenKind
from remediate.rust.syntax.use_tree import Leaf, leaves, use_tree

_HEADS = {"crate", "super", "self", "", "Self"}
_OPEN = {b"(", b"[", b"{"}
_BEFORE = {b"{", b"}", b";", b"]", b")", b"pub"}


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


@dataclass(frozen=True)
class Use:
    """One declaration.

    Attributes:
        start: Where ``use`` stands.
        end: Behind the ``;``.
        single: Whether it has to stay one declaration: something before it belongs to it alone.
        prefix: The text before ``use`` that each of several would repeat: ``pub ``, say.
        reduced: Whether it has to be written anew, for what is meant does not need all of it.
    """

    start: int
    end: int
    single: bool
    prefix: str
    leaves: tuple[Leaf, ...]
    reduced: bool = False


def uses(text: bytes, code: Sequence[Token]) -> Iterator[Use]:
    """Yield the declarations among the tokens ``code``, comments left out, of ``text``."""
    for index, token in enumerate(code):
        if token.text != b"use" or (index and code[index - 1].text not in _BEFORE):
            continue
        end = next((t.end for t in code[index:] if t.text == b";"), None)
        if end is None:
            continue
        before = code[index - 1].text if index else b""
        prefix = "pub " if before == b"pub" else ""
        attributed = before in (b"]", b")") or (prefix != "" and index > 1 and code[index - 2].text == b"]")
        found = leaves(use_tree(text, token.start, end))
        yield Use(token.start, end, attributed, prefix, found)


def reduced(text: bytes, use: Use, needed: Collection[int]) -> Use:
    """Return a declaration with those of its leaves that begin at one of the offsets ``needed``.

    A comment in it stays with the declaration that it was copied from.
    """
    kept = tuple(leaf for leaf in use.leaves if leaf.start in needed)
    inside = text[use.start : use.end]
    anew = len(kept) < len(use.leaves) or b"//" in inside or b"/*" in inside
    return replace(use, leaves=kept, reduced=anew)


def spelled(leaf: Leaf) -> str:
    """Return a leaf as a declaration of its own says it."""
    alias = "" if leaf.glob or leaf.path[-1:] == (leaf.name,) else f" as {leaf.name}"
    return "::".join(leaf.path) + ("::*" if leaf.glob else alias)


def rendered(paths: Iterable[str], use: Use, indent: bytes) -> bytes:
    """Return declarations of some paths in place of ``use``; names of one module share one."""
    every = sorted(set(paths))
    plain, conditional = [p for p in every if not is_under(p)], [p for p in every if is_under(p)]
    trees = [_tree(module, list(found)) for module, found in groupby(plain, _module)]
    if use.single and len(trees) > 1:
        return f"use {{{', '.join(trees)}}};".encode()
    gap = b"\n" + indent + use.prefix.encode()
    lines = [f"use {tree};".encode() for tree in trees]
    split = (p.rpartition("] ") for p in conditional)
    for (cfg, module), found in groupby(split, lambda p: (p[0], _module(p[2]))):
        tree = _tree(module, [path for _, _, path in found])
        lines.append(f"{cfg}]\n".encode() + indent + f"use {tree};".encode())
    return gap.join(lines)


def under(cfg: str, path: str) -> str:
    """Return an imported path that is there under a condition."""
    return f"#[cfg({cfg})] {path}"


def is_under(path: str) -> bool:
    """Whether an imported path is there under a condition."""
    return path.startswith("#")


def always(path: str) -> str:
    """Return an imported path without its condition."""
    return path.rpartition("] ")[2]


def _module(path: str) -> str:
    return path.partition(" as ")[0].rpartition("::")[0]


def _tree(module: str, paths: Sequence[str]) -> str:
    if len(paths) == 1:
        return paths[0]
    return f"{module}::{{{', '.join(p.removeprefix(f'{module}::') for p in paths)}}}"


@dataclass
class Imports:
    """The imports of one test module; built up, with why it has to stay and what the imports rest on.

    Attributes:
        uses: The ``use`` declarations of its text.
        problems: Why it cannot be promoted.
        claims: Each public path used, with the definition it is said to lead to; both below the crate root.
    """

    target: TestTarget
    public: PublicPaths
    names: Names
    uses: tuple[Use, ...]
    problems: list[Skip] = field(default_factory=list)
    claims: set[tuple[Path, Path]] = field(default_factory=set)

    def stays(self, why: Skip) -> None:
        """Remember a reason against the promotion."""
        self.problems.append(replace(why, sentence=f"{self.names.module.file}: {why.sentence}"))

    def leads_out(self, use: Use, leaf: Leaf) -> bool:
        """Whether what a declaration imports is found through a module around the tests."""
        if leaf.path[:1] == ("crate",):
            return True
        path = leaf.path[1:] if leaf.path[:1] == ("self",) else leaf.path
        supers = sum(1 for _ in takewhile("super".__eq__, path))
        if supers or self.names.package.edition != "2015" or leaf.path[:1] in (("self",), ("",)):
            return supers > self.names.depth_at(use.start)
        meaning = self.public.resolver.of_use(self.names.module, leaf.path)
        return meaning.known and not meaning.outside

    def of_leaf(self, use: Use, leaf: Leaf) -> Iterator[str]:
        """Yield the paths that bring what one leaf brought."""
        if not self.leads_out(use, leaf):
            yield spelled(leaf)
            return
        resolver, module = self.public.resolver, self.names.module_at(use.start)
        meaning = resolver.of_use(module, leaf.path)
        if not leaf.glob:
            if leaf.path[0] == "crate" and self.public.is_macro(leaf.path[1:]):
                meaning = Meaning(leaf.path[1:])
            yield from self.bring(meaning, leaf.name)
        elif meaning.outside:
            yield f"{'::'.join(meaning.path)}::*"
        elif meaning.known and meaning.path in resolver.modules:
            yield from self._all_of(resolver.modules[meaning.path], module)
        else:
            yield from (f"{path}::*" for path in self.bring(meaning, leaf.path[-1]))

    def bring(self, meaning: Meaning, name: str) -> Iterator[str]:
        """Yield the path that brings a meaning under a name, if there is one."""
        if meaning.test_only:
            self.stays(Skip("test-only-item", f"{name} is there in test builds only"))
        elif meaning.choices:
            yield from (under(cfg, "::".join(path) + _alias(path, name)) for cfg, path in meaning.choices)
        elif not meaning.known:
            self.stays(Skip("unknown-name", f"what {name} means cannot be told without the compiler"))
        elif meaning.outside:
            if len(meaning.path) > 1 or meaning.path[-1] != name or self.names.package.edition == "2015":
                yield "::".join(meaning.path) + _alias(meaning.path, name)
        elif (path := self.public.path_to(meaning.path)) is None:
            yield from self._through_another(meaning, name)
        else:
            self.claims.add((path, meaning.path))
            cfg, said = (
                self._condition_of(meaning),
                "::".join((self.target.crate, *path)) + _alias(path, name),
            )
            yield under(cfg, said) if cfg else said

    def _condition_of(self, meaning: Meaning) -> str:
        """Return the cfg of a definition that the tests as a whole are not under; "" for none."""
        resolver = self.public.resolver
        module = resolver.modules.get(meaning.path[:-1]) if meaning.path else None
        if module is None:
            return ""
        defined = resolver.scope_of(module).defined.get(meaning.path[-1], ())
        every = (*module.cfg, *(defined[0].cfg if len(defined) == 1 else ()))
        held = {str(p) for p in self.names.module.cfg}
        return conjunction(tuple({str(p): p for p in every if str(p) not in held}.values()))

    def _through_another(self, meaning: Meaning, name: str) -> Iterator[str]:
        """Yield the path of a public module that has all that the text takes from a private one."""
        taken = self._taken_from(name) if meaning.path in self.public.resolver.modules else frozenset()
        path = self.public.modules_with(meaning.path, taken) if taken else None
        if path is None:
            self.stays(Skip("private-item", f"no public path leads to {'::'.join(meaning.path)}"))
        else:
            self.claims |= {((*path, one), (*meaning.path, one)) for one in taken}
            yield "::".join((self.target.crate, *path)) + _alias(path, name)

    def _taken_from(self, name: str) -> frozenset[str]:
        """Return what the text says behind ``name::``; nothing where it says the name in other ways too."""
        paths = [tuple(dropwhile({"super", "self"}.__contains__, m.path)) for m in self.names.mentions]
        mine = [path for path in paths if path[:1] == (name,)]
        imported = any(name in leaf.path[:-1] for use in self.uses for leaf in use.leaves)
        if imported or not all(len(path) > 1 for path in mine):
            return frozenset()
        return frozenset(path[1] for path in mine)

    @cached_property
    def _said(self) -> frozenset[str]:
        """The names that the text says, those that its own imports begin with included."""
        uses = ((use, leaf) for use in self.uses for leaf in use.leaves if not self.leads_out(use, leaf))
        own = (
            leaf.path[1:] if leaf.path[:1] == ("self",) and not self.names.depth_at(use.start) else leaf.path
            for use, leaf in uses
        )
        return self.names.plain | {path[0] for path in own if path}

    def _all_of(self, source: Module, module: Module) -> Iterator[str]:
        """Yield the paths of all that the text needs of a module that ``module`` imports by a glob."""
        resolver = self.public.resolver
        here = resolver.scope_of(module)
        own = {*here.defined, *here.imported, *(c.name for c in self.names.below(module))}
        for name in sorted(self._said - own):
            meaning = resolver.member(source, name)
            if meaning is not None:
                yield from self.bring(meaning, name)
        for trait in traits_in(resolver, source):
            if trait.name == "_" or trait.name not in own | self._said:
                yield from self._trait(trait)
        for glob in resolver.scope_of(source).globs:
            target = resolver.of_use(source, glob.leaf.path)
            if target.outside:
                yield f"{'::'.join(target.path)}::*"

    def _trait(self, trait: InScope) -> Iterator[str]:
        """Yield a path to a trait whose methods may be called; without one, rustc tells if they are."""
        if trait.members is not None and not trait.members & self.names.called:
            return
        own = trait.meaning.known and not trait.meaning.outside
        if trait.meaning.choices or (
            trait.meaning.known and not (own and self.public.path_to(trait.meaning.path) is None)
        ):
            yield from self.bring(trait.meaning, trait.name)


def _alias(path: Path, name: str) -> str:
    return "" if path[-1:] == (name,) else f" as {name}"
