"""What cargo says of a tree: measured once for each tree and toolchain, then remembered.

So the same tree has the same figures. Only what was measured to the end is kept.
"""

import hashlib
import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, TypeVar, cast

import msgspec

from remediate import __version__
from remediate.cargo import nextest, toolchain
from remediate.cargo.check import ALL_FEATURES, DEFAULT, Check, Configuration, configurations, merged
from remediate.cargo.environment import flags
from remediate.cargo.rustfmt import is_formatted
from remediate.cargo.suite import Ending
from remediate.errors import BaselineError, ToolError
from remediate.model import Diagnostic
from remediate.quantities import quantity
from remediate.rust.package import LIBRARIES, Package
from remediate.verify.baseline import selection
from remediate.verify.tests import testing
from remediate.workflow.completion.evidence import Evidence
from remediate.workflow.sources.criteria import runner
from remediate.workflow.tree.disk import replace_file
from remediate.workflow.tree.session import Session

_FORMAT = 1
_MOST_PLACES = 200
Measured = TypeVar("Measured")


class NotMeasuredError(ToolError):
    """Only what is remembered was asked for, and this is not."""


class Compiled(msgspec.Struct, frozen=True):
    """What a command that compiles said: ``places`` are its messages, a line each."""

    configuration: str
    success: bool
    errors: int
    warnings: int
    places: tuple[str, ...] = ()


class Tested(msgspec.Struct, frozen=True):
    """The tests of one package under one runner; ``failed`` are the names of those that did not pass."""

    package: str
    runner: str
    passed: int
    ignored: int
    failed: tuple[str, ...] = ()
    problem: str = ""

    @property
    def command(self) -> str:
        """What a person runs to see the same."""
        run = {"nextest": "cargo nextest run", "libtest": "cargo test --all-targets"}
        return f"{run.get(self.runner, 'cargo test --doc')} -p {self.package}"


@dataclass
class Measures:
    """What is known of one tree, and what can be measured while it is checked out; each is asked for once."""

    session: Session
    only_remembered: bool = False
    _key: str = ""
    _taken: dict[str, Any] = field(default_factory=dict)

    def remembered(self, name: str, kind: type[Measured], measure: Callable[[], Measured]) -> Measured:
        """Return a measure: from the cache, or taken now and kept.

        Raises:
            BaselineError, ToolError: It cannot be taken.
        """
        if name not in self._taken:
            try:
                self._taken[name] = self._known(name, kind, measure)
            except (BaselineError, ToolError) as error:
                self._taken[name] = error
        found = self._taken[name]
        if isinstance(found, BaselineError | ToolError):
            raise found
        return cast("Measured", found)

    def _known(self, name: str, kind: type[Measured], measure: Callable[[], Measured]) -> Measured:
        file = self._file(name)
        if self.session.tree and file.is_file():
            try:
                return msgspec.json.decode(file.read_bytes(), type=kind)
            except msgspec.DecodeError:
                pass  # what another version wrote
        if self.only_remembered:
            raise NotMeasuredError("not measured on this tree yet")
        taken = measure()
        if self.session.tree:
            replace_file(file, msgspec.json.encode(taken))
        return taken

    def compilation(self) -> tuple[Compiled, ...]:
        """Return what ``cargo check`` says under each feature set. Raises as ``remembered``."""
        return self.remembered("compilation", tuple[Compiled, ...], lambda: tuple(self._checks()))

    def documentation(self) -> Compiled:
        """Return what rustdoc says. Raises as ``remembered``."""
        cargo = self.session.cargo
        return self.remembered("documentation", Compiled, lambda: _compiled(cargo.doc(), DEFAULT))

    def tests(self) -> tuple[Tested, ...]:
        """Return how every package's tests end. Raises as ``remembered``."""
        return self.remembered("tests", tuple[Tested, ...], lambda: tuple(self._suites()))

    def formatting(self) -> Evidence:
        """Return whether rustfmt would leave every file as it is. Raises as ``remembered``."""
        return self.remembered("format", Evidence, self._formatting)

    def runner(self) -> Evidence:
        """Return whether nextest is configured. Raises as ``remembered``."""
        return self.remembered("runner", Evidence, self._runner)

    def _runner(self) -> Evidence:
        found = runner(self.session.workspace)
        return Evidence(found.id, "remediate status --criteria", found.detail, found.met, found.evidence)

    def _formatting(self) -> Evidence:
        root = self.session.workspace.root
        owned = (
            (path, text, package.edition)
            for package in self.session.workspace.packages
            for path, text in package.files.items()
            if path.endswith(".rs")
        )
        odd = [path for path, text, edition in owned if not is_formatted(text, edition, (root / path).parent)]
        figure = f"{quantity(len(odd), 'file')} that rustfmt would change"
        return Evidence("format", "cargo fmt --all --check", figure, not odd, tuple(sorted(odd)))

    def _checks(self) -> Iterator[Compiled]:
        members = self.session.workspace.metadata.packages
        more = any(ALL_FEATURES in configurations(member.features) for member in members)
        for configuration in (DEFAULT, ALL_FEATURES) if more else (DEFAULT,):
            yield _compiled(self.session.cargo.check(configuration), configuration)

    def _suites(self) -> Iterator[Tested]:
        for package in self.session.workspace.packages:
            member = self.session.cargo.member(package.name)
            chosen = selection(package, f"{member.name}@{member.version}")
            for name in _runners(package):
                suite = testing.measure(self.session.cargo, name, chosen, repeats=1)
                ends = [(test, set(test.endings)) for test in suite.tests]
                yield Tested(
                    package.name,
                    name,
                    sum(found == {Ending.OK} for _, found in ends),
                    sum(found == {Ending.IGNORED} for _, found in ends),
                    tuple(f"{t.label} {t.name}" for t, found in ends if found & _BAD),
                    suite.problem,
                )

    def _file(self, name: str) -> Path:
        if not self._key:
            lock = self.session.workspace.root / "Cargo.lock"
            parts = (
                str(_FORMAT),
                __version__,
                self.session.tree,
                str(self.session.workspace.root),
                toolchain.identity(self.session.cargo),
                *flags(os.environ),
                *self.session.cargo.arguments,
                hashlib.sha256(lock.read_bytes() if lock.is_file() else b"").hexdigest(),
            )
            self._key = hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]
        return self.session.cache / f"measure-{name}-{self._key}.json"


_BAD = {Ending.FAILED, Ending.UNFINISHED}


def _runners(package: Package) -> Iterator[str]:
    yield "nextest" if nextest.available() else "libtest"
    if any(target.doctest and LIBRARIES & set(target.kinds) for target in package.targets):
        yield "doctest"


def _compiled(check: Check, configuration: Configuration) -> Compiled:
    said = merged([check])
    errors = [d for d in said if d.level.startswith("error")]
    warnings = [d for d in said if d.level == "warning"]
    places = (*check.scripts, *map(_place, errors), *map(_place, warnings))
    unsaid = 0 if check.success or errors else max(1, len(check.unmade) + len(check.scripts))
    return Compiled(
        configuration.name, check.success, len(errors) + unsaid, len(warnings), places[:_MOST_PLACES]
    )


def _place(said: Diagnostic) -> str:
    where = next((f"{s.path}:{s.line}: " for s in said.spans if s.primary), "")
    return f"{where}{said.level}: {said.message}"


def compilation_evidence(found: tuple[Compiled, ...], *, warnings: bool) -> Evidence:
    """Return whether a tree compiles without errors, or without warnings.

    Errors under all features at once, where the default ones compile, prove nothing: two features need not go
    together.
    """
    default, *others = found
    holds: bool | None = not any(one.warnings if warnings else one.errors for one in found)
    if not warnings and not default.errors and any(one.errors for one in others):
        holds = None
    if warnings and holds and any(one.errors for one in found):
        holds = None  # rustc does not come to all of its warnings
    figures = [
        (quantity(one.warnings, "warning") if warnings else quantity(one.errors, "error"))
        + (f" with {one.configuration}" if one is not default else "")
        for one in found
    ]
    commands = [
        "cargo check --workspace --all-targets" + " --all-features" * (one is not default) for one in found
    ]
    places = tuple(dict.fromkeys(place for one in found for place in one.places))
    about = "warnings" if warnings else "compilation"
    return Evidence(about, " && ".join(commands), "; ".join(figures), holds, places)


def tests_evidence(found: tuple[Tested, ...]) -> Evidence:
    """Return whether all tests pass; a workspace without tests shows nothing."""
    passed, ignored = sum(one.passed for one in found), sum(one.ignored for one in found)
    failed = [f"{one.package}: {name}" for one in found for name in one.failed]
    problems = [f"{one.package}: {one.problem}" for one in found if one.problem]
    figure = f"{passed} passed, {len(failed)} failed, {ignored} ignored"
    if problems:
        figure += f"; {quantity(len(problems), 'suite')} could not run"
    holds: bool | None = not failed and not problems
    if holds and not passed:
        holds, figure = None, "there is no test to run"
    commands = " && ".join(
        dict.fromkeys(one.command for one in found if one.passed or one.failed or one.problem)
    )
    return Evidence("tests", commands or "cargo test --workspace", figure, holds, (*problems, *failed))


def documentation_evidence(found: Compiled) -> Evidence:
    """Return whether rustdoc has nothing to say."""
    figure = f"{quantity(found.errors, 'error')}, {quantity(found.warnings, 'warning')}"
    command = "cargo doc --workspace --no-deps --document-private-items"
    holds = not found.errors and not found.warnings
    return Evidence("rustdoc", command, figure, holds, found.places)
