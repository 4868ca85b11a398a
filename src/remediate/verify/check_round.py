"""One round of checks: what rustc, rustdoc and the own gates of a codemod say of the tree as it stands."""

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any

from remediate.cargo import compiler_output
from remediate.cargo.check import Check, Configuration
from remediate.cargo.command import Cargo
from remediate.cargo.compiler_output import Emitted, Expanding
from remediate.cargo.suite import Suite
from remediate.edits import Change
from remediate.feedback import Feedback
from remediate.gates import CompilerGates, GateResult
from remediate.model import Files
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline, library, measured, selection, with_check
from remediate.verify.compiler import compilation
from remediate.verify.compiler.compilation import CheckBaseline, news, silent
from remediate.verify.compiler.expansion import along
from remediate.verify.compiler.freshness import doubted, freshness, reused, stale_runs
from remediate.verify.report import Level
from remediate.verify.tests import testing


@dataclass(frozen=True)
class AskedCompiler:
    """Answers the questions of gates about a package as it stands on the disk: ``gates.Compiler``.

    Attributes:
        edited: The paths that the change wrote or removed.
        news: As in ``gates.Compiler``.
        mirs: As in ``CheckRound``.
    """

    cargo: Cargo
    package: Package
    baseline: Baseline
    edited: Collection[str] = ()
    news: bool = False
    mirs: Mapping[str, Emitted] = field(default_factory=dict)
    _mirs: dict[str, Mapping[str, str]] = field(default_factory=dict)

    @property
    def asked(self) -> frozenset[str]:
        """The feature sets whose MIR was asked for."""
        return frozenset(self._mirs)

    @property
    def configurations(self) -> tuple[str, ...]:
        """The names of the feature sets that are checked."""
        return tuple(base.configuration.name for base in self.baseline.checks)

    @cached_property
    def files(self) -> Files:
        """The package's texts, those of the change as it was written."""
        root, before = self.cargo.root, self.package.files
        now = {path: (root / path).read_bytes() for path in self.edited if (root / path).is_file()}
        return {path: text for path, text in before.items() if path not in self.edited} | now

    def mir(self, configuration: str) -> Mapping[str, str]:
        """Return what the functions of each target that compiles do, by the target's label.

        Raises:
            ToolError: cargo is missing, or there is no shell.
            BaselineError: cargo cannot begin.
        """
        if configuration not in self._mirs:
            known = self.mirs.get(configuration)
            chosen = self._configuration(configuration)
            found = known or compiler_output.emitted_mir(self.cargo, chosen, (self.baseline.spec,))
            self._mirs[configuration] = found[1]
        return self._mirs[configuration]

    def documentation(self, configuration: str) -> Mapping[str, Any] | None:
        """Return rustdoc's JSON of the library, private items included; None where there is none."""
        name = library(self.package)
        if name is None:
            return None
        chosen = self._configuration(configuration)
        return compiler_output.public_items(self.cargo, chosen, self.baseline.spec, name, private=True)[1]

    def _configuration(self, name: str) -> Configuration:
        return next(base.configuration for base in self.baseline.checks if base.configuration.name == name)


@dataclass(frozen=True, slots=True)
class AskedGates:
    """A codemod's own gates about a change, with what each measured before it, in their order.

    ``mirs`` are the configurations whose MIR they asked for.
    """

    gates: tuple[CompilerGates, ...] = ()
    measured: tuple[object, ...] = ()
    change: Change | None = None
    mirs: frozenset[str] = frozenset()

    def judge(self, compiler: AskedCompiler) -> Iterator[GateResult]:
        """Yield what they say of the change, which is on the disk; raises as ``AskedCompiler.mir``."""
        for gates, known in zip(self.gates, self.measured, strict=True):
            if self.change is not None:
                yield from gates.judge(self.change, known, compiler)


NONE = AskedGates()


def asked_before(
    cargo: Cargo, package: Package, baseline: Baseline, gates: tuple[CompilerGates, ...], change: Change
) -> AskedGates:
    """Let a codemod's own gates measure what they need of the untouched tree on the disk.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    compiler = AskedCompiler(cargo, package, baseline)
    known = tuple(one.measure(change, compiler) for one in gates)
    return AskedGates(gates, known, change, compiler.asked)


Measure = Callable[[Baseline], Baseline]


@dataclass(frozen=True, slots=True)
class Before:
    """What a round is compared with.

    Attributes:
        baseline: The baseline.
        look_back: Measures what the baseline leaves open, with the change off the disk for that long, and
            returns the baseline with it. Without it all must have been measured.
    """

    baseline: Baseline
    look_back: Callable[[Measure], Baseline] | None = None

    def check(self, cargo: Cargo, base: CheckBaseline) -> CheckBaseline:
        """Return a check's baseline, measured."""
        if base.measured or self.look_back is None:
            return base
        known = self.look_back(lambda baseline: measured(cargo, baseline, base.configuration)).checks
        (found,) = (found for found in known if found.configuration == base.configuration)
        return found


@dataclass(frozen=True, slots=True)
class CheckRound:
    """What rustc said about one attempt.

    Attributes:
        feedback: Errors and warnings the baseline does not have, and what the codemod's own gates say, for
            ``refine``. Paths are those of the tree as it stands now. Empty means nothing is left to refine.
        gates: "check (..)" per configuration, and "freshness": whether rustc really read every edited file.
        checks: The runs themselves; ``verify`` builds on them instead of running again.
        complete: Whether all configurations were checked; false when one already had new errors.
        suite: The run of tests whose build was the first check, where one is both.
        expanded: What the first check has expanded along, by the target's label.
        mirs: The checks that wrote the package's MIR along, by their feature sets.
    """

    feedback: tuple[Feedback, ...]
    gates: tuple[GateResult, ...]
    checks: tuple[Check, ...] = ()
    complete: bool = True
    suite: Suite | None = None
    expanded: Mapping[str, str] = field(default_factory=dict)
    mirs: Mapping[str, Emitted] = field(default_factory=dict)


def check_round(
    cargo: Cargo,
    package: Package,
    edited: Collection[str],
    before: Before,
    own: AskedGates = NONE,
) -> CheckRound:
    """Check the tree as it stands on disk under ``cargo.root``, against the baseline.

    ``package`` is the package before the change; ``edited`` are all workspace-relative paths the change wrote
    or removed. At level quick the default configuration is checked, else all that differ. The codemod's
    ``own`` gates are asked last; what they say is part of the feedback. Where rustc has nothing to say it
    does not matter what it said before, and nobody asks.

    Raises:
        ToolError: cargo is missing or timed out.
    """
    baseline, keeps_targets = before.baseline, _keeps_targets(cargo, package, edited)
    crates = along(package, [p for p in edited if p in package.files], baseline.expanded)
    suite = _suite(cargo, package, edited, baseline, crates)
    run = _Run(cargo, baseline, edited, _with_mir(baseline, own), dict(suite.expanded if suite else {}))
    # The build of the tests is compared with the build of the tests before.
    bases = list(baseline.checks[: 1 if baseline.level is Level.QUICK else None])
    tested = with_check(baseline) if suite and suite.build else None
    if tested and tested.build:
        bases[0] = tested.build
    checks: list[Check] = []
    for number, planned in enumerate(bases):
        built = suite.build if suite and not checks else None
        checks.append(built or run.fresh(planned.configuration, () if checks else crates))
        answered = silent(checks[-1]) and keeps_targets
        bases[number] = base = planned if answered else before.check(cargo, planned)
        if any(d.level == "error" for d in news(checks[-1:], [base])):
            break
    doubts = stale_runs([check.units for check in checks], package.name, edited)
    gates = [
        gate
        for check, base, reasons in zip(checks, bases, doubts, strict=False)
        for gate in doubted(compilation.gates("check", check, base, package.name), reasons)
    ]
    written = [path for path in edited if (cargo.root / path).is_file()]
    runs = [c.units for c in checks if any(u.package == package.name for u in c.units)]
    proof = freshness(runs, package.name, written, set(edited) - set(written))
    outstanding = len(bases) - len(checks)
    said: tuple[Feedback, ...] = news(checks, bases, outstanding)
    for gate in own.judge(AskedCompiler(cargo, package, baseline, edited, bool(said), run.mirs)):
        said, gates = (*said, *gate.feedback), [*gates, gate]
    return CheckRound(said, (*gates, proof), tuple(checks), not outstanding, suite, run.expanded, run.mirs)


def _keeps_targets(cargo: Cargo, package: Package, edited: Collection[str]) -> bool:
    """Whether a change leaves all targets where they were: a check in which all compiles then lost none."""
    return all((cargo.root / target.root).is_file() for target in package.targets) and not any(
        path.rpartition("/")[2] == "Cargo.toml" for path in edited
    )


def _with_mir(baseline: Baseline, own: AskedGates) -> frozenset[str]:
    """Return the feature sets whose checks are to write MIR: gates to come will ask for it.

    Not where other members are checked with the package: a compilation of theirs would be in vain.
    """
    if len(baseline.scope) > 1:
        return frozenset()
    return own.mirs | {base.configuration.name for base in baseline.mirs}


def _suite(
    cargo: Cargo, package: Package, edited: Collection[str], baseline: Baseline, crates: tuple[str, ...]
) -> Suite | None:
    """Run the tests whose build says all that the first check does; None where there are none."""
    base = with_check(baseline)
    if base is None:
        return None
    chosen = replace(
        selection(package, baseline.spec, edited),
        configuration=base.configuration,
        benches=testing.builds_benches(package),
        crates=crates,
    )
    return testing.fresh(cargo, base, chosen, edited)


@dataclass(frozen=True, slots=True)
class _Run:
    """Runs the checks of a round, and keeps what they write along.

    Attributes:
        with_mir: The feature sets whose checks write MIR.
        expanded, mirs: As in ``CheckRound``.
    """

    cargo: Cargo
    baseline: Baseline
    edited: Collection[str]
    with_mir: frozenset[str]
    expanded: dict[str, str]
    mirs: dict[str, Emitted] = field(default_factory=dict)

    def fresh(self, configuration: Configuration, crates: Sequence[str]) -> Check:
        """Check once; where cargo reused a stale result, give the files a new time and check again."""
        check = self._once(configuration, crates)
        if reused(check.units, self.edited):
            self.cargo.touch(self.edited)
            check = self._once(configuration, crates)
        return check

    def _once(self, configuration: Configuration, crates: Sequence[str]) -> Check:
        scope = self.baseline.scope
        if configuration.name in self.with_mir:
            emitted = compiler_output.emitted_mir(self.cargo, configuration, scope)
            self.mirs[configuration.name] = emitted
            return emitted[0]
        expanding = Expanding.of(self.cargo, crates)
        check = self.cargo.check(configuration, scope, expanding.arguments)
        self.expanded.update(expanding.made(check.units))
        return check
