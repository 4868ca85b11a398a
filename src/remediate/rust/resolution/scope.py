"""What is in scope in one module: its items, its imports, what its macro calls seem to define."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cached_property
from typing import TypeVar

from remediate.rust.mentions.references import Space
from remediate.rust.modules.module import Module
from remediate.rust.package import Package
from remediate.rust.resolution.names import defined, generated
from remediate.rust.syntax.cfg import Predicate, predicates
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source
from remediate.rust.syntax.use_tree import Leaf, UseTree, leaves, use_tree
from remediate.rust.syntax.visibility import Visibility, visibility


@dataclass(frozen=True)
class Definition:
    """One name that an item defines; ``sure`` is False for names read from a macro call's tokens."""

    name: str
    space: Space
    item: Item
    cfg: tuple[Predicate, ...]
    sure: bool = True


@dataclass(frozen=True)
class Import:
    """One leaf of a ``use`` declaration of the module."""

    leaf: Leaf
    tree: UseTree = field(repr=False)
    item: Item = field(repr=False)
    cfg: tuple[Predicate, ...]
    visibility: Visibility

    @property
    def name(self) -> str:
        """The name it binds; "*" for a glob."""
        return self.leaf.name


@dataclass(frozen=True)
class Scope:
    """The names of one module, by syntax alone.

    Attributes:
        items: The module's items in order.
        definitions: What its items define, in order.
        imports: What its ``use`` declarations bind, in order.
    """

    items: tuple[Item, ...]
    definitions: tuple[Definition, ...]
    imports: tuple[Import, ...]

    @cached_property
    def defined(self) -> dict[str, tuple[Definition, ...]]:
        """Definitions by name."""
        return _by_name(self.definitions)

    @cached_property
    def imported(self) -> dict[str, tuple[Import, ...]]:
        """Imports by the name they bind; globs and ``as _`` left out."""
        return _by_name(i for i in self.imports if i.name not in ("*", "_"))

    @cached_property
    def globs(self) -> tuple[Import, ...]:
        """The glob imports."""
        return tuple(i for i in self.imports if i.leaf.glob)

    def definitions_of(self, name: str, space: Space) -> tuple[Definition, ...]:
        """Return the definitions of a name in any of the namespaces."""
        return tuple(d for d in self.defined.get(name, ()) if d.space & space)


_T = TypeVar("_T", Definition, Import)


def module_scope(package: Package, module: Module) -> Scope:
    """Read the scope of a module; empty for a file that could not be read."""
    if module.file not in package.files:
        return Scope((), (), ())
    source = package.source(module.file)
    if module.span is None:
        return scope(source, items(source))
    return scope(source, children(source, module.item) if module.item is not None else ())


def scope(source: Source, found: tuple[Item, ...]) -> Scope:
    """Read the scope of the module whose items these are."""
    definitions: list[Definition] = []
    imports: list[Import] = []
    for item in found:
        cfg = predicates(item.attributes)
        definitions += [Definition(name, space, item, cfg) for name, space in defined(source, item)]
        if item.kind == "use":
            tree = use_tree(source.text, item.start, item.end)
            imports += [Import(leaf, tree, item, cfg, visibility_of(source, item)) for leaf in leaves(tree)]
    known = {d.name for d in definitions} | {i.name for i in imports}
    rules = {i.name: i for i in found if i.kind == "macro_rules"}
    for item in found:
        if item.kind == "macro":
            cfg = predicates(item.attributes)
            # What a call defines stands in its own tokens, or in the rules of a macro of this module.
            written = (item, *([rules[item.name]] if item.name in rules else []))
            guesses = dict(n for w in written for n in generated(source, w) if n[0] not in known).items()
            definitions += [Definition(name, space, item, cfg, sure=False) for name, space in guesses]
    return Scope(found, tuple(definitions), tuple(imports))


def visibility_of(source: Source, item: Item) -> Visibility:
    """Return an item's visibility as written."""
    return visibility(source.text[slice(*item.visibility)] if item.visibility else b"")


def _by_name(found: Iterable[_T]) -> dict[str, tuple[_T, ...]]:
    grouped: dict[str, list[_T]] = {}
    for one in found:
        grouped.setdefault(one.name, []).append(one)
    return {name: tuple(many) for name, many in grouped.items()}
