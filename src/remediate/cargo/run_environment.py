"""What cargo sets for a program it runs, for the test binaries that are started without it.

The list is cargo's own ("Environment variables Cargo sets for crates", and "Dynamic library paths" of the
Cargo book).
"""

import os
import sys
from pathlib import Path

from remediate.cargo.door import Cargo
from remediate.cargo.messages import Messages
from remediate.cargo.metadata import Package
from remediate.cargo.toolchain import library_folders


def run_environment(cargo: Cargo, package: Package, built: Messages, executable: Path) -> dict[str, str]:
    """Return the variables for one of a package's test binaries."""
    folders = [*built.linked, str(executable.parent), str(executable.parent.parent), *library_folders(cargo)]
    variable = "DYLD_FALLBACK_LIBRARY_PATH" if sys.platform == "darwin" else "LD_LIBRARY_PATH"
    inherited = os.environ.get(variable)
    return {
        **cargo.environment,
        "CARGO": cargo.program,
        **_described(package),
        **{f"CARGO_BIN_EXE_{u.target}": u.executable for u in built.units if u.executable and not u.test},
        **built.built.get(package.name, {}),
        variable: os.pathsep.join([*folders, *([inherited] if inherited else [])]),
    }


def _described(package: Package) -> dict[str, str]:
    numbers, _, pre = package.version.partition("+")[0].partition("-")
    major, minor, patch = numbers.split(".")
    return {
        "CARGO_MANIFEST_DIR": package.folder,
        "CARGO_MANIFEST_PATH": package.manifest_path,
        "CARGO_PKG_NAME": package.name,
        "CARGO_PKG_VERSION": package.version,
        "CARGO_PKG_VERSION_MAJOR": major,
        "CARGO_PKG_VERSION_MINOR": minor,
        "CARGO_PKG_VERSION_PATCH": patch,
        "CARGO_PKG_VERSION_PRE": pre,
        "CARGO_PKG_AUTHORS": ":".join(package.authors),
        "CARGO_PKG_DESCRIPTION": package.description or "",
        "CARGO_PKG_HOMEPAGE": package.homepage or "",
        "CARGO_PKG_REPOSITORY": package.repository or "",
        "CARGO_PKG_LICENSE": package.license or "",
        "CARGO_PKG_LICENSE_FILE": package.license_file or "",
        "CARGO_PKG_README": package.readme or "",
        "CARGO_PKG_RUST_VERSION": package.rust_version or "",
    }
