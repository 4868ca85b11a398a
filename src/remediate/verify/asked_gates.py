"""A codemod's own gates that ask the compiler: what they measure before a change, and what they say of it."""

from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from remediate.cargo import compiler_output
from remediate.cargo.check import Configuration
from remediate.cargo.door import Cargo
from remediate.edits import Change
from remediate.gates import CompilerGates, GateResult
from remediate.model import Files
from remediate.rust.package import Package
from remediate.verify.baseline import Baseline, library


@dataclass(frozen=True)
class AskedCompiler:
    """Answers the questions of gates about a package as it stands on the disk: ``gates.Compiler``.

    Attributes:
        edited: The paths that the change wrote or removed.
        news: As in ``gates.Compiler``.
    """

    cargo: Cargo
    package: Package
    baseline: Baseline
    edited: Collection[str] = ()
    news: bool = False
    _mirs: dict[str, Mapping[str, str]] = field(default_factory=dict)

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
            chosen = self._configuration(configuration)
            self._mirs[configuration] = compiler_output.emitted_mir(
                self.cargo, chosen, (self.baseline.spec,)
            )[1]
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
    """A codemod's own gates about a change, with what each measured before it, in their order."""

    gates: tuple[CompilerGates, ...] = ()
    measured: tuple[object, ...] = ()
    change: Change | None = None

    def judge(self, compiler: AskedCompiler) -> Iterator[GateResult]:
        """Yield what they say of the change, which is on the disk; raises as ``AskedCompiler.mir``."""
        for gates, measured in zip(self.gates, self.measured, strict=True):
            if self.change is not None:
                yield from gates.judge(self.change, measured, compiler)


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
    return AskedGates(gates, tuple(one.measure(change, compiler) for one in gates), change)
