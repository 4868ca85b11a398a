"""Ask the compiler what it knows of a package, once per tree and toolchain."""

import posixpath
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path

from remediate.cargo import compiler_output, toolchain
from remediate.cargo.check import (
    ALL_FEATURES,
    DEFAULT,
    NO_DEFAULT_FEATURES,
    Configuration,
    chosen,
    configurations,
)
from remediate.cargo.command import Cargo
from remediate.cargo.compiler_output import Look
from remediate.contract import Asking
from remediate.errors import MachineError, RemediateError
from remediate.facts.model import Item, Origin, TargetFacts, UnreadableError, Wanted
from remediate.model import Finding
from remediate.options import Options
from remediate.rust.codebase import Codebase
from remediate.rust.package import LIBRARIES, Package, Target

_CRATE_TYPES = {"lib": "lib", "bin": "bin", "example": "bin"}


def asked(codemod: object, codebase: Codebase, finding: Finding, options: Options) -> tuple[Wanted, ...]:
    """Return what a codemod wants to know, nothing for one that never asks."""
    wanted = codemod.wanted_facts(codebase, finding, options) if isinstance(codemod, Asking) else None
    if wanted is None:
        return ()
    found = wanted if isinstance(wanted, tuple) else (wanted,)
    return tuple(one for one in found if one.package in codebase.by_name)


def other_sets(cargo: Cargo, package: Package, wanted: Wanted) -> Iterator[Configuration]:
    """Yield the feature sets beside the default one that may hold what is wanted, the largest first."""
    if not wanted.names:
        return
    with suppress(RemediateError, KeyError):
        _, *usual = configurations(cargo.member(package.name).features)
        yield from (one for one in usual if one != NO_DEFAULT_FEATURES)
        if wanted.gates:
            yield chosen(wanted.gates)
        yield from (one for one in usual if one == NO_DEFAULT_FEATURES)


@dataclass(slots=True)
class Gatherer:
    """Asks about one package.

    Attributes:
        built: Whether dependencies are built as for tests, for who runs these as well.
        configuration: Under which features.
        is_lasting: Whether what was told depends on the code alone, so that it may be remembered: not where
            cargo refused, or where a build script missed something that may be installed tomorrow.
    """

    cargo: Cargo
    package: Package
    built: bool
    configuration: Configuration = DEFAULT
    is_lasting: bool = True

    def gathered(self, wanted: Wanted) -> tuple[TargetFacts, ...]:
        """Return what the compiler knows of targets; nothing of what does not compile far enough.

        Facts help to plan and prove nothing: where cargo fails, it will fail again where that matters.

        Raises:
            MachineError: The disk, the memory or a signal ended the compiler.
        """
        if not compiler_output.is_tried(toolchain.identity(self.cargo)):
            return ()
        found: list[TargetFacts] = []
        for target in (t for t in self.package.targets if t.label in wanted.targets):
            try:
                found.extend(self._of(target, wanted))
                if self.configuration == DEFAULT:
                    found.extend(self._of_features(target, wanted))
            except MachineError:
                raise
            except RemediateError:
                self.is_lasting = False
        return tuple(found)

    def _of(self, target: Target, wanted: Wanted) -> list[TargetFacts]:
        found = self._printed(target, wanted, self.configuration, built=self.built)
        untyped = not any(f.origin is Origin.TYPED for f in found)
        if untyped and wanted.tests and _crate_type(target):
            # Its tests do not compile, say: what it does without them is known then.
            alone = replace(wanted, tests=False)
            printed = self._printed(target, alone, self.configuration, built=True)
            found += [f for f in printed if f.origin is Origin.TYPED]
            untyped = not any(f.origin is Origin.TYPED for f in found)
        if untyped and target.label == "lib" and self.configuration == DEFAULT:
            found += self._linked(target, [item for f in found for item in f.items])
        return found

    def _of_features(self, target: Target, wanted: Wanted) -> list[TargetFacts]:
        """Return what is known with all features, where the default ones are not all, and they are checked.

        Dependencies are only checked, as they will be for the check with all features.
        """
        sets = configurations(self.cargo.member(self.package.name).features)
        asked = wanted.features and self.built and ALL_FEATURES in sets
        return self._printed(target, wanted, ALL_FEATURES, built=False) if asked else []

    def _printed(
        self, target: Target, wanted: Wanted, configuration: Configuration, *, built: bool
    ) -> list[TargetFacts]:
        # Loaded where the compiler is asked: mostly its answers are known already.
        from remediate.facts.hir import read_hir  # noqa: PLC0415
        from remediate.facts.thir import read_thir  # noqa: PLC0415

        look, files = _look(target, wanted, built=built), self.package.files
        label = target.label if look.crate_type or "test" in target.kinds else f"{target.label} test"
        typed = None if wanted.types else ()
        spec = self.package.id or self.package.name
        with compiler_output.printed(self.cargo, configuration, spec, look) as printed:
            self.is_lasting = self.is_lasting and printed.has_dependencies
            return [
                *_read(printed.thir, lambda lines: read_thir(label, lines, files, typed)),
                *_read(printed.hir, lambda lines: read_hir(label, lines, files)),
            ]

    def _linked(self, target: Target, items: list[Item]) -> Iterator[TargetFacts]:
        """Yield what rustdoc links in a library, where not all of it compiles."""
        from remediate.facts.links import read_links  # noqa: PLC0415 - as above

        folder, files = posixpath.dirname(target.root), self.package.files
        spec = self.package.id or self.package.name
        made = compiler_output.linked_pages(self.cargo, DEFAULT, spec, target.name)
        pages = {posixpath.join(folder, shown): text for shown, text in made.items()}
        with suppress(UnreadableError):
            yield read_links(
                target.label, {file: text for file, text in pages.items() if file in files}, files, items
            )


def _look(target: Target, wanted: Wanted, *, built: bool) -> Look:
    library = bool(LIBRARIES & set(target.kinds))
    named = ("--lib",) if library else (f"--{target.kinds[0]}", target.name)
    return Look(named, "" if wanted.tests else _crate_type(target), built or wanted.tests)


def _crate_type(target: Target) -> str:
    """Return what a target is without its tests; "" for one that is nothing but tests."""
    if "proc-macro" in target.kinds:
        return "proc-macro"
    return _CRATE_TYPES.get("lib" if LIBRARIES & set(target.kinds) else target.kinds[0], "")


def _read(file: Path | None, read: Callable[[Iterator[str]], TargetFacts]) -> Iterator[TargetFacts]:
    if file is None:
        return
    with file.open(encoding="utf-8", errors="replace") as lines, suppress(UnreadableError):
        yield read(lines)
