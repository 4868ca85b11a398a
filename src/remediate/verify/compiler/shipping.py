"""The gate "package": what a crate and its tests are made of is in the archive cargo would publish.

``include = ["src/**"]`` lets ``cargo package`` pass while ``cargo test`` in the published crate fails,
because the files that ``#[path]`` names are not in it.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from functools import cached_property

from remediate.cargo.check import Unit
from remediate.cargo.command import Cargo
from remediate.cargo.packaged import packed
from remediate.errors import BaselineError, ToolError
from remediate.gates import GateResult, failed, passed, unverified
from remediate.rust.modules.manifest import is_published, package_table
from remediate.rust.package import Package

_GATE, _SAME = "package", "archive"


@dataclass(frozen=True)
class Archive:
    """What `cargo package` ships of a package as it stands on the disk; cargo is asked once for all gates."""

    cargo: Cargo
    spec: str

    @cached_property
    def files(self) -> frozenset[str]:
        """The files, relative to the package's folder; raises as ``packed``."""
        return packed(self.cargo, self.spec)


def selects_files(package: Package) -> bool:
    """Whether a package is published with a choice of files, so that a new one may be left out."""
    return is_published(package) and not package_table(package).keys().isdisjoint({"include", "exclude"})


def same_archive(
    archive: Archive, package: Package, before: Collection[str], after: Mapping[str, bytes | None]
) -> GateResult | None:
    """Return a gate that passed where an archive changes exactly as the tree does; else None.

    Then whatever tests find out about it has been found out in the tree: the same files stand beside the same
    change. Not so where a new file is left out, or where another one gets in with it.

    Args:
        archive: What is shipped of the tree as it stands on the disk.
        package: The package before the change.
        before: What the archive held before the change, relative to the package's folder.
        after: The paths the change touches, with their bytes now; None for one that is gone.
    """
    front = f"{package.root}/" if package.root else ""
    inside = {path.removeprefix(front): text for path, text in after.items() if path.startswith(front)}
    if not before:
        return None
    try:
        now = archive.files
    except (BaselineError, ToolError):
        return None
    new = {short for short, text in inside.items() if text is not None and front + short not in package.files}
    gone = {short for short, text in inside.items() if text is None}
    needed = {short for short in new if not short.endswith(".config/nextest.toml")}
    if not needed <= now or not now - {*before} <= new or not {*before} - now <= gone:
        return None
    return passed(_SAME, "`cargo package` ships what it shipped, and the change, file by file")


def shipping(archive: Archive, package: Package, units: Collection[Unit], new: Collection[str]) -> GateResult:
    """Return whether the new files that a shipped target is compiled from are shipped too.

    Args:
        archive: What is shipped of the tree as it stands on the disk.
        package: The package after the change.
        units: What was compiled of it, with the files rustc read.
        new: The paths the change made.
    """
    try:
        shipped = archive.files
    except (BaselineError, ToolError) as error:
        return unverified(_GATE, str(error))
    front = f"{package.root}/" if package.root else ""
    inside = {path: path.removeprefix(front) for path in new if path.startswith(front)}
    needed = {
        path
        for unit in units
        if unit.package == package.name and unit.files and unit.root.removeprefix(front) in shipped
        for path in unit.files
    }
    missing = sorted(path for path, short in inside.items() if path in needed and short not in shipped)
    if missing:
        return failed(_GATE, f"not in what `cargo package` ships: {', '.join(missing[:5])}")
    return passed(_GATE, f"`cargo package` ships every new file a shipped target needs ({len(inside)})")
