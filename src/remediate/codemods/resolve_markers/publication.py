"""The names by which other crates reach what a package declares."""

from collections.abc import Iterator

from remediate.codemods.resolve_markers.places import Place
from remediate.rust.modules.manifest import finds_new_tests, manifest, ships
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.public_paths import PublicPaths
from remediate.rust.resolution.resolver import resolver


def public_names(place: Place, definition: tuple[str, ...]) -> Iterator[str]:
    """Yield the paths by which other crates reach what stands at a path below the library's root."""
    package = place.codebase.home(place.path)
    for crate, found in _libraries(package):
        for path, (_, target) in sorted(found.found.items()):
            if definition in (target, path):
                yield "::".join((crate, *path))


def public_path(package: Package, definition: tuple[str, ...]) -> str:
    """Return the best path by which other crates reach a definition of a package; "" where none leads."""
    for crate, found in _libraries(package):
        path = found.path_to(definition)
        if path is not None or not definition:
            return "::".join((crate, *(path or ())))
    return ""


def _libraries(package: Package) -> Iterator[tuple[str, PublicPaths]]:
    """Yield the name of the library that others link, and its public paths."""
    for module in module_tree(package).modules:
        targets = [t for t in module.targets if t.is_linkable]
        if module.parent is None and targets:
            yield targets[0].name.replace("-", "_"), PublicPaths(resolver(package, module))


def takes_tests_apart(package: Package) -> bool:
    """Whether a new file in ``tests/`` is run, in the workspace and in what is published of a package."""
    return finds_new_tests(package) and ships(manifest(package), "tests/finding.rs")
