"""The MIR of a package: what its functions do, as rustc understood them."""

from collections.abc import Sequence
from pathlib import Path

from remediate.cargo.check import Check
from remediate.cargo.configuration import Configuration
from remediate.cargo.door import Cargo
from remediate.cargo.wrappers import mir_wrapper


def emit(cargo: Cargo, configuration: Configuration, packages: Sequence[str]) -> tuple[Check, dict[str, str]]:
    """Check packages and return, beside the check, the MIR of each unit of theirs by its label.

    Paths in it are full ones. A unit that did not compile has none.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    wrapper = mir_wrapper(cargo.results)
    check = cargo.compile(("check", "--all-targets", "--keep-going"), configuration, packages, wrapper)
    names = {name.partition("@")[0] for name in packages}
    found = {u.label: _beside(u.artifact) for u in check.units if u.package in names}
    return check, {label: file.read_text(errors="replace") for label, file in found.items() if file.is_file()}


def _beside(artifact: str) -> Path:
    """Return where rustc puts the MIR: ``libx-1.rmeta`` has its own in ``x-1.mir``."""
    path = Path(artifact)
    return path.with_name(f"{path.stem.removeprefix('lib')}.mir")
