"""The test modules of a file: each outermost module that exists only under ``cfg(test)``."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from itertools import takewhile

from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import ModuleTree, module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import requires_test, resolved
from remediate.rust.syntax.items import Item


@dataclass(frozen=True)
class Embedded:
    """One test module, as it is declared in one file.

    Attributes:
        item: Its declaration.
        variants: What it is in the module tree: several when its file, or it itself, is loaded several times.
        ordinal: 1, or more for a further module of the same path under another cfg.
        only: Where only a part of its text is meant, the spans of that part, in order.
    """

    item: Item
    variants: tuple[Module, ...]
    ordinal: int = 1
    only: tuple[tuple[int, int], ...] = ()

    @property
    def module(self) -> Module:
        """The first variant."""
        return self.variants[0]

    @property
    def name(self) -> str:
        """The module's name."""
        return self.module.name

    @property
    def file_stem(self) -> str:
        """The name of the file it would have, unlike that of any other test module of its path."""
        return self.name if self.ordinal == 1 else f"{self.name}_{self.ordinal}"

    @property
    def declared_in(self) -> str:
        """The file with the declaration."""
        return _parent(self.module).file

    @property
    def inline(self) -> bool:
        """Whether its body stands in the declaring file."""
        return self.item.body is not None

    def inside(self, variant: Module) -> tuple[Module, ...]:
        """Return the inline modules around it in the declaring file, outermost first."""
        around = takewhile(lambda ancestor: ancestor.span is not None, variant.ancestors())
        return tuple(reversed(list(around)))


def embedded(package: Package, path: str) -> tuple[Embedded, ...]:
    """Return the test modules that a file declares, in order."""
    tree = module_tree(package)
    found: dict[int, list[Module]] = {}
    items: dict[int, Item] = {}
    for outer in tree.of_file(path):
        for module, item in _outermost(tree, outer, path):
            found.setdefault(item.start, []).append(module)
            items[item.start] = item
    seen: Counter[tuple[str, ...]] = Counter()
    result = []
    for start, variants in sorted(found.items()):
        seen[variants[0].path] += 1
        result.append(Embedded(items[start], tuple(variants), seen[variants[0].path]))
    return tuple(result)


def test_module_of(package: Package, path: str) -> Embedded | None:
    """Return the test module that a file belongs to, when it is the module's own file or one below it."""
    for module in module_tree(package).of_file(path):
        outermost = next((m for m in reversed([module, *module.ancestors()]) if requires_test(m.cfg)), None)
        if outermost is not None and outermost.item is not None:
            declared = embedded(package, _parent(outermost).file)
            return next((e for e in declared if outermost in e.variants), None)
    return None


def is_test_only(package: Package, path: str) -> bool:
    """Whether a file is read by test builds alone."""
    modules = module_tree(package).of_file(path)
    return bool(modules) and all(requires_test(m.cfg) for m in modules)


def attribute_names(item: Item) -> set[str]:
    """Return the last segments of an item's attributes, those in a ``cfg_attr`` included."""
    return {c.path.rpartition("::")[2] for a in item.attributes for c in resolved(a)}


def _outermost(tree: ModuleTree, module: Module, path: str) -> Iterator[tuple[Module, Item]]:
    for child in tree.children(module):
        if child.item is None or _parent(child).file != path:
            continue
        if requires_test(child.cfg):
            yield child, child.item
        elif child.span is not None:
            yield from _outermost(tree, child, path)


def _parent(module: Module) -> Module:
    assert module.parent is not None  # noqa: S101 - a test module is declared somewhere
    return module.parent


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes ``span`` of ``file``, which go to the file ``new``; ``whole`` when they are all of it."""

    file: str
    span: tuple[int, int]
    new: str
    whole: bool


def whole_file(package: Package, file: str, new: str) -> Piece:
    """Return all of a file, which goes to the file ``new``."""
    return Piece(file, (0, len(package.files[file])), new, whole=True)
