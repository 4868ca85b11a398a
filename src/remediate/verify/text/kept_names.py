"""The gate "names": what could be reached through a file's module before a cut still can.

Read from the text alone, so that it holds for code under any cfg, in files of no target, and where nothing
compiles. A ``pub`` name has to be there wherever it was; a narrower one if some text of the package names
it behind the module's name. Both at the visibility they had.
"""

import posixpath
from collections import defaultdict
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remediate.edits import Change
from remediate.gates import GateResult, failed, passed
from remediate.quantities import quantity
from remediate.rust.mentions.index import spelled_behind, words_of_orphans
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.names import defined
from remediate.rust.syntax.cfg import Predicate, implied, predicates
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.relative import PRIVATE, Visibility, one_deeper, visibility
from remediate.rust.syntax.source import Source, shared
from remediate.rust.syntax.use_tree import leaves, use_tree

_GATE = "names"


@dataclass(frozen=True, slots=True)
class _Name:
    """A name of a module: how far it is visible, and under which cfg."""

    scope: Visibility
    cfg: tuple[Predicate, ...]


_Names = Mapping[str, list[_Name]]


def kept_names(package: Package, change: Change, after: Mapping[str, bytes | None]) -> GateResult | None:
    """Return whether every file that a change cuts up keeps its names; None where it cuts up none."""
    cut = [path for path in sorted(change.scattered) if path.endswith(".rs") and path in package.files]
    lost, count = [], 0
    for path in cut:
        facade = change.moves.get(path, path)
        old = _names(shared(path, package.files[path]))
        new = _of_facade(shared(facade, after.get(facade) or b""), change, after)
        count += sum(any(not n.scope.private for n in found) for found in old.values())
        lost += [f"{path}: {name} ({why})" for name, why in _lost(old, new, _spelled(package, path))]
    if lost:
        return failed(_GATE, f"{len(lost)} no longer reachable: {'; '.join(lost[:8])}")
    return passed(_GATE, f"all of {quantity(count, 'name')} reachable as before") if cut else None


def _lost(old: _Names, new: _Names, spelled: frozenset[str]) -> Iterator[tuple[str, str]]:
    for name, found in sorted(old.items()):
        for one in found:
            public = one.scope.kind == "pub"
            if one.scope.private or not (public or name in spelled):
                continue
            there = [n for n in new.get(name, ()) if n.scope == one.scope]
            if not there:
                yield name, f"was {one.scope.text}"
            elif public and not any(all(implied(p, one.cfg) for p in n.cfg) for n in there):
                yield name, "only under a cfg that it did not have"


def _spelled(package: Package, path: str) -> frozenset[str]:
    """Return the names that any text says behind the module's, and the words of files of no target."""
    modules = module_tree(package).of_file(path)
    if not modules:
        return frozenset()
    name = modules[0].name
    orphans = (words for words in words_of_orphans(package).values() if name in words)
    return frozenset().union(spelled_behind(package, name, path), *orphans)


def _names(source: Source) -> dict[str, list[_Name]]:
    """Return what a file's own items define and import, by name."""
    found: dict[str, list[_Name]] = defaultdict(list)
    for item in items(source):
        one = _Name(_scope(source, item), predicates(item.attributes))
        for name, _ in defined(source, item) if item.kind != "macro_rules" else ():
            found[name].append(one)
        if item.kind == "use":
            for leaf in leaves(use_tree(source.text, item.start, item.end)):
                found[leaf.name].append(one)
    for name in ("*", "_"):
        found.pop(name, None)
    return found


def _scope(source: Source, item: Item) -> Visibility:
    return PRIVATE if item.visibility is None else visibility(source.text[slice(*item.visibility)])


def _of_facade(source: Source, change: Change, after: Mapping[str, bytes | None]) -> _Names:
    """Return the names of a facade, those that a glob passes on from a new module included."""
    found = defaultdict(list, _names(source))
    for item in items(source):
        if item.kind != "use":
            continue
        reach, cfg = _scope(source, item), predicates(item.attributes)
        for leaf in leaves(use_tree(source.text, item.start, item.end)):
            path = [p for p in leaf.path if p not in ("self", "*")]
            if leaf.glob and len(path) == 1 and path[0] in change.new_modules:
                for name, those in _names(_child(source.path, path[0], change, after)).items():
                    found[name] += [
                        _Name(scope, (*cfg, *one.cfg))
                        for one in those
                        if (scope := _through(one.scope, reach)) is not None
                    ]
    return found


def _through(inner: Visibility, reach: Visibility) -> Visibility | None:
    """Return how far a glob of this reach shows what has that visibility in the new module; None for not."""
    if inner.kind == "pub":
        return reach
    shown = (Visibility("in", ("super",)), Visibility("crate"), Visibility("in", ("super", "super")))
    return next((s for s in shown if one_deeper(s) == inner), None)


def _child(facade: str, name: str, change: Change, after: Mapping[str, bytes | None]) -> Source:
    """Return the file of a new module; an empty one where there is none."""
    below = (
        posixpath.dirname(facade)
        if posixpath.basename(facade) in {"mod.rs", "lib.rs", "main.rs"}
        else facade.removesuffix(".rs")
    )
    folders = (below, posixpath.dirname(facade))
    paths = (posixpath.join(folder, f"{name}.rs") for folder in folders)
    path = next((p for p in paths if p in change.creations), "")
    return shared(path, after.get(path) or b"")
