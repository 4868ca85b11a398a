"""A run of tests whose build says all that a check of the same feature set says: one cargo run for both.

cargo builds for its tests what a check of all targets compiles, benches aside, and rustc says the same of
it. Whether that is so for a package is not assumed but seen, on the untouched tree: the same compilations,
the same files read, the same messages. Elsewhere (benches, members that depend on the package, a target that
does not compile) the check is run beside the tests.
"""

from remediate.cargo.check import Check, merged
from remediate.cargo.configuration import Configuration
from remediate.verify.compilation import CheckBaseline, remember
from remediate.verify.signatures import counted


def remembered(
    build: Check | None, check: Check | None, configuration: Configuration
) -> CheckBaseline | None:
    """Return the baseline that a build is compared with in a check's place; None where it says less."""
    if build is None or check is None or not _says_all(build, check):
        return None
    return remember(build, configuration)


def _says_all(build: Check, check: Check) -> bool:
    made = {(u.package, u.label) for u in build.units}
    return (
        check.success
        and build.success
        and all((u.package, u.label) in made for u in check.units)
        and _read(check) <= _read(build)
        and counted(merged([check])) == counted(merged([build]))
    )


def _read(check: Check) -> set[str]:
    return {path for unit in check.units for path in unit.files or ("?",)}
