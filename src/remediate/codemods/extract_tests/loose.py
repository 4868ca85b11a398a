"""Test functions beside the code: they move to a file that ``include!`` reads into their module.

In a module of their own they would get other names. An included file is no module: its functions are where
the ``include!`` stands; names, privacy and macros in scope are unchanged. ``#[test]`` functions exist only in
test builds, so the ``#[cfg(test)]`` before it takes nothing away.
"""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import ModuleTree, module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import requires_test, resolved
from remediate.rust.syntax.items import Item, children, items

STEM = "loose_tests"
_TESTS = {"test", "bench"}


@dataclass(frozen=True)
class Loose:
    """The test functions that stand directly in a module which is in every build.

    Attributes:
        module: That module: a file, or an inline module of it.
        items: The functions, in order.
    """

    module: Module
    items: tuple[Item, ...]


def loose_tests(package: Package, path: str) -> tuple[Loose, ...]:
    """Return the loose tests of a file, by the module they stand in."""
    tree = module_tree(package)
    modules = tree.of_file(path)
    return tuple(_below(package, tree, modules[0])) if modules and b"test" in package.files[path] else ()


def _below(package: Package, tree: ModuleTree, module: Module) -> Iterator[Loose]:
    if requires_test(module.cfg):
        return
    source = package.source(module.file)
    if module.span is None:
        declared = items(source)
    else:
        declared = children(source, module.item) if module.item is not None else ()
    found = tuple(item for item in declared if _is_test(item))
    if found and not _redefines_a_macro(declared):
        yield Loose(module, found)
    for child in tree.children(module):
        if child.span is not None and child.file == module.file:
            yield from _below(package, tree, child)


def _is_test(item: Item) -> bool:
    """Whether this is a function that only test builds have, whatever expands the attribute."""
    return (
        item.kind == "fn"
        and item.body is not None
        and any(
            c.path.rpartition("::")[2] in _TESTS and not c.when for a in item.attributes for c in resolved(a)
        )
    )


def _redefines_a_macro(declared: Sequence[Item]) -> bool:
    """Whether which macro a name means depends on where in the module it is used."""
    names = Counter(item.name for item in declared if item.kind == "macro_rules")
    return any(count > 1 for count in names.values())
