"""A run of tests whose build says all that a check of the same feature set says: one cargo run for both.

cargo builds for its tests what a check of all targets compiles, benches aside, and rustc says of it all that
it says in a check. Whether that is so for a package is seen on the untouched tree: each compilation that a
check would make was made. Elsewhere (benches, members that depend on the package, a program that no test
starts, a target that does not compile) the check is run beside the tests.
"""

from collections.abc import Iterator

from remediate.cargo.check import Check, Configuration
from remediate.rust.package import Package, Target
from remediate.verify.compiler.compilation import CheckBaseline, remember

_UNTESTABLE = {"test", "example", "custom-build"}


def remembered(build: Check | None, package: Package, configuration: Configuration) -> CheckBaseline | None:
    """Return the baseline that a build is compared with in a check's place; None where it says less."""
    if build is None or not build.success or not _is_as_a_check(package):
        return None
    made = {unit.label for unit in build.units if unit.package == package.name}
    return remember(build, configuration) if made >= set(_checked(package)) else None


def _is_as_a_check(package: Package) -> bool:
    """Whether all that a check compiles is built for tests: a bench is not, nor is an untested crate."""
    return all(t.test or t.kinds[0] in _UNTESTABLE for t in package.targets if t.kinds) and not any(
        "bench" in t.kinds for t in package.targets
    )


def _checked(package: Package) -> Iterator[str]:
    """Yield the labels of the compilations that a check of all targets makes.

    A target with required features is compiled by both where they are on, by neither where they are not.
    """
    for target in package.targets:
        if "custom-build" not in target.kinds and not target.required_features:
            yield from _labels(target)


def _labels(target: Target) -> Iterator[str]:
    yield target.label
    if target.test and target.kinds[0] != "test":
        yield f"{target.label} test"
