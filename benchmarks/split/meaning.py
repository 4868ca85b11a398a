"""Public paths and MIR before and after: too much to do with cargo alone, so with the product's own gates."""

from pathlib import Path

import msgspec

from remediate.cargo.check import DEFAULT
from remediate.cargo.command import Cargo
from remediate.rust.package import Package
from remediate.verify.baseline import library
from remediate.verify.compiler import mir, public_api
from remediate.verify.compiler.mir import MirBaseline
from remediate.verify.compiler.public_api import ApiBaseline
from remediate.workflow.sources.workspace import load


class Meaning:
    """The default feature set of one crate, before any change; measured once and kept in ``file``."""

    def __init__(self, folder: Path, file: Path) -> None:
        self._folder = folder
        self._cargo = Cargo(folder, arguments=("--offline",))
        self._before = self._package()
        self._library = library(self._before)
        # With its version: a dependency may have an older one of the same name.
        self._spec = f"{self._before.name}@{self._cargo.metadata().package(self._before.name).version}"
        if not file.exists():
            file.write_bytes(msgspec.json.encode((self._public(), self._functions(None))))
        self._api, self._mir = msgspec.json.decode(file.read_bytes(), type=tuple[ApiBaseline, MirBaseline])

    def api(self) -> tuple[str, str]:
        """Return the verdict on the public paths of what stands there now, and a sentence."""
        gate = public_api.compare(self._api, self._public())
        return gate.verdict.value, gate.detail

    def mir(self) -> dict[str, tuple[str, str]]:
        """Return the verdicts on the MIR of what stands there now."""
        found = mir.gates(self._mir, self._functions(self._before))
        return {gate.name: (gate.verdict.value, gate.detail) for gate in found}

    def _public(self) -> ApiBaseline:
        if self._library is None:
            return ApiBaseline(DEFAULT, problem="no library")
        return public_api.measure(self._cargo, DEFAULT, self._spec, self._library)

    def _functions(self, before: Package | None) -> MirBaseline:
        return mir.measure(self._cargo, DEFAULT, self._spec, self._package(), before)[1]

    def _package(self) -> Package:
        return load(self._folder).packages[0]
