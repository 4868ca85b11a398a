"""What ``cargo package`` would ship, and the tests of that crate, unpacked and run elsewhere."""

import os
import tarfile
import tempfile
from dataclasses import replace
from pathlib import Path

from remediate.cargo import libtest
from remediate.cargo.command import Cargo
from remediate.cargo.faults import refusal
from remediate.cargo.suite import Selection, Suite
from remediate.errors import BaselineError


def packed(cargo: Cargo, spec: str) -> frozenset[str]:
    """Return the files a package's archive would hold, relative to the package's folder.

    Raises:
        ToolError: cargo is missing.
        BaselineError: cargo cannot list them.
    """
    finished = cargo.run(("package", "--list", "--allow-dirty", "--package", spec))
    if finished.code:
        raise refusal("cargo package --list", finished)
    return frozenset(line.strip().replace("\\", "/") for line in finished.stdout.splitlines() if line.strip())


def run(cargo: Cargo, chosen: Selection) -> Suite:
    """Run a package's tests as those who get the published crate would.

    The folder is outside of the workspace, and a new one each time: cargo must not take an earlier result for
    its own. Dependencies are built once for all.

    Raises:
        ToolError: cargo is missing.
    """
    with tempfile.TemporaryDirectory(prefix="remediate-") as folder:
        root = _unpacked(cargo, chosen, Path(folder))
        if isinstance(root, str):
            return Suite("packaged", chosen.configuration.name, problem=root)
        there = replace(cargo, root=root, runs=0, seconds=0.0)
        try:
            suite = libtest.run(there, chosen)
        except BaselineError as error:
            return Suite("packaged", chosen.configuration.name, problem=f"the packaged crate: {error}")
        finally:
            cargo.runs += there.runs
            cargo.seconds += there.seconds
    return replace(suite, runner="packaged")


def _unpacked(cargo: Cargo, chosen: Selection, folder: Path) -> Path | str:
    """Return the folder of the unpacked crate, or why there is none."""
    finished = cargo.run(("package", "--no-verify", "--allow-dirty", "--package", chosen.spec))
    name, _, version = chosen.spec.partition("@")
    archive = cargo.results / "package" / f"{name}-{version}.crate"
    if finished.code or not archive.is_file():
        lines = [line.strip() for line in finished.stderr.splitlines() if line.startswith(("error", "  "))]
        return f"`cargo package` fails: {' '.join(lines[:3])[:300]}"
    with tarfile.open(archive) as crate:
        crate.extractall(folder, filter="data")
    archive.unlink()
    root = folder / f"{name}-{version}"
    for path in root.rglob("*"):
        os.utime(path)  # the archive's times are the same for every version of a file
    return root
