"""A package, and a whole workspace, as a change leaves it."""

from dataclasses import replace

from remediate.edits import Change
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package, Target


def changed_codebase(codebase: Codebase, change: Change, home: Package) -> Codebase:
    """Return the workspace as it is after a change; ``home`` is the package of its finding."""
    after = change.result(codebase.files)
    files = {p: t for p, t in {**codebase.files, **after}.items() if t is not None}
    parts = {package.name: changed(package, part) for package, part in codebase.parts(change, home)}
    packages = tuple(parts.get(package.name, package) for package in codebase.packages)
    return replace(codebase, packages=packages, files=files)


def changed(package: Package, change: Change) -> Package:
    """Return the package as it is after a change."""
    after = change.result(package.files)
    files = {p: t for p, t in {**package.files, **after}.items() if t is not None}
    targets = tuple(_moved(t, change) for t in package.targets)
    return replace(package, files=files, targets=(*targets, *_added(package, change)))


def _added(package: Package, change: Change) -> tuple[Target, ...]:
    """Return the targets of moved tests, where the change makes them."""
    made = {m.root: m.target for m in change.moved_tests if m.root in change.creations}
    return tuple(
        Target(label.partition('"')[2].rstrip('"'), ("test",), root, package.edition)
        for root, label in sorted(made.items())
    )


def _moved(target: Target, change: Change) -> Target:
    return replace(target, root=change.moves.get(target.root, target.root))
