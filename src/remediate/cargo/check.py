"""What one run of ``cargo check`` (or clippy, or doc) covers and said, as values."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from remediate.cargo.metadata import Package
from remediate.model import Diagnostic


@dataclass(frozen=True, slots=True)
class Configuration:
    """A feature set: its name in reports, its cargo arguments, and the features that a user named for it."""

    name: str
    arguments: tuple[str, ...] = ()
    features: tuple[str, ...] = ()


DEFAULT = Configuration("default")
ALL_FEATURES = Configuration("all-features", ("--all-features",))
NO_DEFAULT_FEATURES = Configuration("no-default-features", ("--no-default-features",))


def chosen(features: Sequence[str]) -> Configuration:
    """Return the configuration of features a user asked for by name."""
    names = tuple(sorted(features))
    listed = ",".join(names)
    return Configuration(f"features {listed}", ("--features", listed), names)


def of_packages(sets: Iterable[Configuration], packages: Sequence[Package]) -> Iterator[Configuration]:
    """Yield feature sets with just the features that packages have, where any is left: cargo wants all."""
    known = {name for package in packages for name in package.features}
    known |= {f"{package.name}/{name}" for package in packages for name in package.features}
    used = {dependency.name for package in packages for dependency in package.dependencies}
    for one in sets:
        # Only cargo knows the features of dependencies, `dependency/feature`.
        mine = [f for f in one.features if f in known or ("/" in f and f.partition("/")[0] in used)]
        if len(mine) == len(one.features):
            yield one
        elif mine:
            yield chosen(mine)


def configurations(features: Mapping[str, Sequence[str]]) -> tuple[Configuration, ...]:
    """Return the feature sets of a package that differ, the default one first.

    ``features`` is the table of ``cargo metadata``: feature name to what it enables.
    """
    default = _closure(features)
    rest = [ALL_FEATURES] if set(features) - default - {"default"} else []
    rest += [NO_DEFAULT_FEATURES] if features.get("default") else []
    return (DEFAULT, *rest)


def _closure(features: Mapping[str, Sequence[str]]) -> set[str]:
    """Return the package's own features that ``default`` switches on, itself included."""
    found: set[str] = set()
    waiting = ["default"]
    while waiting:
        name = waiting.pop()
        if name in features and name not in found:
            found.add(name)
            waiting += features[name]
    return found


_LIBRARIES = {"lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro"}


@dataclass(frozen=True, slots=True)
class Unit:
    """One compilation that ended well.

    Attributes:
        package: The package's name.
        target: The target's name.
        kinds: cargo's kinds ("lib", "bin", "test", ...).
        root: The target's root file, relative to the workspace root.
        test: Whether it was compiled as a test (``cfg(test)``).
        fresh: Whether cargo reused an earlier result instead of compiling.
        features: The features that were active.
        executable: The absolute path of the binary, for builds that make one.
        files: The files rustc read, relative to the workspace root where below it; None when unknown.
        artifact: The absolute path of the first file the compilation made; "" when there is none.
        debug_assertions: Whether its profile has them on, and with them ``cfg(debug_assertions)``.
    """

    package: str
    target: str
    kinds: tuple[str, ...]
    root: str
    test: bool
    fresh: bool
    features: tuple[str, ...] = ()
    executable: str | None = None
    files: frozenset[str] | None = None
    artifact: str = ""
    debug_assertions: bool = True

    @property
    def label(self) -> str:
        """The unit as cargo's own messages call it: ``lib``, ``lib test``, ``bin "x"``, ``test "it"``."""
        name = label(self.kinds, self.target)
        return f"{name} test" if self.test and self.kinds[0] not in ("test", "bench") else name


@dataclass(frozen=True, slots=True)
class Unmade:
    """One compilation that failed: the package's name and the unit's label."""

    package: str
    label: str


@dataclass(frozen=True, slots=True)
class Message:
    """One compiler message, with the package and target it is about: its label and root file."""

    package: str
    label: str
    root: str
    diagnostic: Diagnostic


@dataclass(frozen=True, slots=True)
class Check:
    """The outcome of one run, about the workspace's own packages.

    Attributes:
        configuration: The feature set's name.
        success: Whether cargo ended well.
        units: What compiled, or was found fresh.
        unmade: What failed to compile; what was not tried because of that is in neither.
        messages: What rustc said, once per compilation that said it.
        cfgs: cfgs that build scripts set, with the package's name.
        scripts: A sentence for each build script that failed.
        seconds: Wall time.
    """

    configuration: str
    success: bool
    units: tuple[Unit, ...] = ()
    unmade: tuple[Unmade, ...] = ()
    messages: tuple[Message, ...] = ()
    cfgs: tuple[tuple[str, str], ...] = ()
    scripts: tuple[str, ...] = ()
    seconds: float = 0.0


def label(kinds: Sequence[str], target: str) -> str:
    """Return what cargo's messages call a target, its unit test build aside."""
    kind = kinds[0] if kinds else ""
    if kind == "custom-build":
        return "build script"
    return "lib" if kind in _LIBRARIES else f'{kind} "{target}"'


def merged(checks: Iterable[Check], outstanding: int = 0) -> tuple[Diagnostic, ...]:
    """Return each diagnostic once, with how many compilations said it and how many could have.

    Could have: every compilation of the same target or of another that read the same file, well-ended or not.
    ``outstanding`` counts configurations still to be checked: until then no warning is everywhere.
    """
    checks = tuple(checks)
    said: dict[tuple[object, ...], list[Message]] = {}
    for message in (m for check in checks for m in check.messages):
        said.setdefault(_identity(message), []).append(message)
    return tuple(
        replace(
            max((m.diagnostic for m in by), key=lambda d: len(d.children)),
            reports=len(by),
            units=max(len(by), _could(by, checks)) + outstanding,
        )
        for by in sorted(said.values(), key=_order)
    )


def _order(by: Sequence[Message]) -> tuple[list[tuple[str, int, int]], str, str, str]:
    """Return what sorts diagnostics by their place: rustc's processes run side by side, in any order."""
    said = by[0].diagnostic
    places = sorted((s.path, s.start, s.end) for s in said.spans if s.primary)
    return places, said.level, said.code, said.message


def _identity(message: Message) -> tuple[object, ...]:
    """Return what is equal in every compilation; notes are not: only a lint's first has one on its level."""
    said = message.diagnostic
    return message.package, said.level, said.code, said.message, said.spans


def _could(by: Sequence[Message], checks: Sequence[Check]) -> int:
    package, said = by[0].package, by[0].diagnostic
    paths = {span.path for span in said.spans if span.primary}
    roots, labels = {m.root for m in by}, {m.label for m in by}
    made = (u for check in checks for u in check.units if u.package == package)
    unmade = (u for check in checks for u in check.unmade if u.package == package)
    return sum(u.root in roots or bool(u.files and paths & u.files) for u in made) + sum(
        u.label.removesuffix(" test") in labels for u in unmade
    )
