"""What was true before the change: the other side of every comparison. Serialisable with msgspec."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, replace

import msgspec

from remediate.cargo import metadata, nextest, toolchain
from remediate.cargo.check import Configuration, configurations, of_packages
from remediate.cargo.command import Cargo
from remediate.cargo.packaged import packed
from remediate.cargo.suite import Selection
from remediate.errors import BaselineError, ToolError
from remediate.rust.modules.manifest import is_published
from remediate.rust.package import LIBRARIES, Package
from remediate.verify.compiler import mir, public_api
from remediate.verify.compiler.compilation import CheckBaseline, remember
from remediate.verify.compiler.expansion import Expanded
from remediate.verify.compiler.mir import MirBaseline
from remediate.verify.compiler.public_api import ApiBaseline
from remediate.verify.compiler.shipping import selects_files
from remediate.verify.report import Level
from remediate.verify.tests import testing
from remediate.verify.tests.same_reads import data_files
from remediate.verify.tests.testing import SuiteBaseline

_FORMAT = 8
# Seconds of tests that may be run in vain, because rustc has something new to say of the attempt.
_SHORT = 30.0


@dataclass(frozen=True, slots=True)
class Neighbour:
    """The tests of another package of the workspace, which may read what a change moves."""

    package: str
    spec: str
    suite: SuiteBaseline


@dataclass(frozen=True, slots=True)
class Baseline:
    """All that ``take`` measured for one package.

    Cache it by git tree id, ``toolchain``, the cargo arguments, package and level; it depends on nothing
    else.

    Attributes:
        package: The package's name.
        level: How far the ladder can be climbed with it.
        toolchain: The toolchain's identity, ``cargo.toolchain.identity``.
        scope: What is checked: the package and the members that depend on it, as cargo specs.
        spec: The package itself as a cargo spec.
        checks: One per configuration, the default one first; each measured, or yet to be.
        clippy: The same under clippy; empty below level full.
        docs: The same under rustdoc; empty below level full.
        apis: The library's public API, one per configuration; empty below level full or without a library.
        mirs: What the functions do, one per configuration; empty below level full.
        suites: The tests, one per configuration and runner, doctests included; empty at level quick.
        expanded: Targets after macro expansion, those a change asked for; see ``verify.produced``.
        neighbours: The tests of other packages, as far as a change has asked for them.
        shipped: What `cargo package` ships, where Cargo.toml selects files; relative to the package's folder.
    """

    package: str
    level: Level
    toolchain: str
    scope: tuple[str, ...]
    spec: str
    checks: tuple[CheckBaseline, ...]
    clippy: tuple[CheckBaseline, ...] = ()
    docs: tuple[CheckBaseline, ...] = ()
    apis: tuple[ApiBaseline, ...] = ()
    mirs: tuple[MirBaseline, ...] = ()
    suites: tuple[SuiteBaseline, ...] = ()
    expanded: tuple[Expanded, ...] = ()
    neighbours: tuple[Neighbour, ...] = ()
    shipped: tuple[str, ...] = ()
    format: int = _FORMAT


def take(
    cargo: Cargo,
    package: Package,
    level: Level = Level.STANDARD,
    extra: Sequence[Configuration] = (),
    *,
    ahead: bool = True,
) -> Baseline:
    """Measure the untouched tree; ``extra`` are feature sets to check beside the usual ones.

    Where not ``ahead``, the checks are left to ``measured``, and below level full the packaged tests to
    ``with_packaged``: most changes leave rustc nothing to say, and what it said before is then not asked for.
    A workspace that does not compile still has a baseline; what cannot be judged with it is unverified later.

    Raises:
        ToolError: cargo is missing.
        BaselineError: cargo cannot even read the workspace, or knows no such package.
    """
    known = cargo.metadata()
    try:
        member = known.package(package.name)
    except KeyError as error:
        raise BaselineError(f"cargo knows no package {package.name} in this workspace") from error
    scope = tuple(_spec(known.package(name)) for name in metadata.dependents(known, package.name))
    usual = configurations(member.features)
    extra = tuple(of_packages(extra, [p for p in known.packages if _spec(p) in scope]))
    # Quick checks one feature set: the one asked for, if any.
    sets = (*extra, *usual)[:1] if level is Level.QUICK else tuple(dict.fromkeys((*usual, *extra)))
    full, name = level is Level.FULL, library(package)
    suites = tuple(_suites(cargo, package, _spec(member), level, sets))
    selects = level is not Level.QUICK and selects_files(package)
    if (selects and ahead) or (level is Level.FULL and is_published(package)):
        suites += (_packaged(cargo, package, _spec(member), sets[0]),)
    if len(scope) > 1:  # a check sees the members that depend on the package, its tests do not
        suites = tuple(replace(suite, build=None) for suite in suites)
    mirs = [mir.measure(cargo, c, _spec(member), package) for c in sets if full]
    # A check of the package alone is one more that writes no MIR.
    checks = [remember(check, known.configuration) for check, known in mirs if len(scope) == 1]
    taken = Baseline(
        package=package.name,
        level=level,
        toolchain=toolchain.identity(cargo),
        scope=scope,
        spec=_spec(member),
        checks=tuple(checks or (CheckBaseline(c, measured=False) for c in sets)),
        clippy=tuple(remember(cargo.clippy(c, (_spec(member),)), c) for c in sets if full),
        docs=tuple(remember(cargo.doc(c, (_spec(member),)), c) for c in sets[:1] if full),
        apis=tuple(public_api.measure(cargo, c, _spec(member), name) for c in sets if full and name),
        mirs=tuple(known for _, known in mirs),
        suites=suites,
        shipped=_shipped(cargo, _spec(member)) if selects else (),
    )
    for configuration in sets if ahead else ():
        taken = measured(cargo, taken, configuration)
    return taken


def measured(cargo: Cargo, baseline: Baseline, configuration: Configuration) -> Baseline:
    """Return a baseline that knows what a check of the untouched tree says; raises as ``Cargo.check``."""
    checks = (
        remember(cargo.check(configuration, baseline.scope), configuration)
        if base.configuration == configuration and not base.measured
        else base
        for base in baseline.checks
    )
    return replace(baseline, checks=tuple(checks))


def with_packaged(cargo: Cargo, package: Package, baseline: Baseline) -> Baseline:
    """Return a baseline that knows the tests of the crate that `cargo package` makes."""
    if any(suite.runner == "packaged" for suite in baseline.suites):
        return baseline
    suite = _packaged(cargo, package, baseline.spec, baseline.checks[0].configuration)
    return replace(baseline, suites=(*baseline.suites, suite))


def with_check(baseline: Baseline) -> SuiteBaseline | None:
    """Return the suite that is run in place of the first check; None where each is run for itself."""
    if baseline.level is Level.QUICK:
        return None
    first = baseline.checks[0].configuration
    found = (s for s in baseline.suites if s.build is not None and s.configuration == first)
    return next((s for s in found if not s.problem and s.seconds <= _SHORT), None)


def library(package: Package) -> str | None:
    """Return the name of a package's library, None when it has none."""
    return next((t.name for t in package.targets if LIBRARIES & set(t.kinds)), None)


def selection(package: Package, spec: str, touched: Collection[str] = ()) -> Selection:
    """Return what to test of a package; ``touched`` are the paths of a change."""
    unharnessed = tuple(
        target.label
        for target in package.targets
        if not target.harness and target.test and target.kinds[0] != "bench"
    )
    return Selection(package.name, spec, unharnessed=unharnessed, data=data_files(package, touched))


def encode(baseline: Baseline) -> bytes:
    """Return a baseline as JSON."""
    return msgspec.json.encode(baseline)


def decode(data: bytes) -> Baseline | None:
    """Read ``encode``'s JSON; None for what another version of this program wrote."""
    try:
        baseline = msgspec.json.decode(data, type=Baseline)
    except msgspec.DecodeError:
        return None
    return baseline if baseline.format == _FORMAT else None


def _spec(member: metadata.Package) -> str:
    return f"{member.name}@{member.version}"


def _suites(
    cargo: Cargo, package: Package, spec: str, level: Level, sets: Sequence[Configuration]
) -> Iterator[SuiteBaseline]:
    if level is Level.QUICK:
        return
    chosen = selection(package, spec)
    for configuration in sets if level is Level.FULL else sets[:1]:
        wanted = replace(chosen, configuration=configuration)
        yield from _by_runner(cargo, wanted, level, package)
    if any(target.doctest and LIBRARIES & set(target.kinds) for target in package.targets):
        doctests = testing.measure(cargo, "doctest", Selection(package.name, spec, sets[0]), repeats=1)
        if doctests.tests or doctests.problem:
            yield doctests


def _packaged(cargo: Cargo, package: Package, spec: str, configuration: Configuration) -> SuiteBaseline:
    chosen = replace(selection(package, spec), configuration=configuration, data=())
    return testing.measure(cargo, "packaged", chosen, repeats=1)


def _shipped(cargo: Cargo, spec: str) -> tuple[str, ...]:
    try:
        return tuple(sorted(packed(cargo, spec)))
    except (BaselineError, ToolError):
        return ()


def _by_runner(cargo: Cargo, wanted: Selection, level: Level, package: Package) -> Iterator[SuiteBaseline]:
    """Yield nextest's suite where it works, libtest's where it does not, and both at level full.

    Where some target does not compile nextest runs nothing; libtest still runs the others. A process for each
    test is dear where there are thousands: below level full it is libtest that shows the flaky ones.
    """
    full = level is Level.FULL
    repeats = testing.REPEATS if full else 1
    suite = None
    # A bench that does not compile, often for want of a nightly compiler, must not keep tests from running.
    for benches in [True, False][not testing.builds_benches(package) :] if nextest.available() else ():
        suite = testing.measure(cargo, "nextest", replace(wanted, benches=benches), repeats, package)
        if not suite.problem:
            break
    if suite is None or suite.problem or full:
        yield from (suite,) if suite is not None and not suite.problem else ()
        yield testing.measure(cargo, "libtest", wanted)
    else:
        yield testing.with_flaky(suite, testing.measure(cargo, "libtest", wanted, testing.REPEATS - 1))
