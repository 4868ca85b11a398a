"""Which toolchain a workspace gets, for cache keys, what it builds for, and what it sets for programs.

Test binaries are started without cargo. What it would set for them is cargo's own list ("Environment
variables Cargo sets for crates", and "Dynamic library paths" of the Cargo book).
"""

import os
import sys
import tempfile
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from pathlib import Path

from remediate.cargo.command import Cargo, installed
from remediate.cargo.environment import flags
from remediate.cargo.messages import Messages
from remediate.cargo.metadata import Package
from remediate.cargo.process import Deadline, run
from remediate.cargo.wrappers import printing_wrapper
from remediate.errors import ToolError

_LIMIT = 60.0
_EMPTY = """\
[package]
name = "empty"
version = "0.0.0"
edition = "2021"

[lib]
path = "lib.rs"

[workspace]
"""
_PRINT = ("-Z", "unstable-options", "--print", "cfg")


def identity(cargo: Cargo) -> str:
    """Return what builds and runs: cargo's, rustc's and nextest's versions, host, flags; for cache keys.

    Raises:
        ToolError: There is no usable toolchain.
    """
    asked = [(cargo.program, "-vV"), ("rustc", "-vV")]
    asked += [("cargo-nextest", "--version")] if installed("cargo-nextest") else []
    with ThreadPoolExecutor(len(asked) + 1) as pool:  # each of them mostly waits for rustup to find it
        pool.submit(cfgs, cargo)  # asked for later; what is wrong with it is told then
        by_cargo, by_rustc, *others = pool.map(lambda command: _say(cargo, *command), asked)
    kept = ("cargo ", "rustc ", "host:", "commit-hash:")
    lines, runner = [*by_cargo, *by_rustc], [line for said in others for line in said[:1]]
    return "; ".join(
        [*dict.fromkeys(line for line in lines if line.startswith(kept)), *runner, *flags(cargo.environment)]
    )


def cfgs(cargo: Cargo) -> frozenset[str]:
    """Return the cfgs of what cargo builds for: ``unix``, ``target_os="linux"``, and what flags set.

    The target and the flags are those of cargo's configuration and of the environment. Where this cargo does
    not print them they are those of RUSTFLAGS and the host.
    """
    return _cfgs(cargo.program, cargo.root, tuple(sorted(cargo.environment.items())))


@cache
def _cfgs(program: str, root: Path, settings: tuple[tuple[str, str], ...]) -> frozenset[str]:
    """Let cargo say it of a package of its own: its configuration is that of the folder it is started in."""
    with tempfile.TemporaryDirectory(prefix="remediate-") as folder:
        manifest = Path(folder, "Cargo.toml")
        manifest.write_text(_EMPTY)
        Path(folder, "lib.rs").touch()
        command = ("rustc", "--offline", "--manifest-path", str(manifest), *_PRINT)
        try:
            more = printing_wrapper(Path(folder))
            return frozenset(_said(program, command, root, (*settings, *more.items())))
        except ToolError:
            flags = dict(settings).get("RUSTFLAGS", "").split()
            return frozenset(_said("rustc", ("--print", "cfg", *flags), root, settings))


def library_folders(cargo: Cargo) -> tuple[str, ...]:
    """Return where the toolchain's own shared libraries lie: a proc-macro's tests need them at run time."""
    sysroot = _say(cargo, "rustc", "--print", "sysroot")[0]
    return (*_say(cargo, "rustc", "--print", "target-libdir"), f"{sysroot}/lib")


def _say(cargo: Cargo, program: str, *arguments: str) -> tuple[str, ...]:
    return _said(program, arguments, cargo.root, tuple(sorted(cargo.environment.items())))


@cache
def _said(
    program: str, arguments: tuple[str, ...], root: Path, settings: tuple[tuple[str, str], ...]
) -> tuple[str, ...]:
    try:
        finished = run((program, *arguments), root, dict(settings), Deadline.after(_LIMIT))
    except (FileNotFoundError, PermissionError) as error:
        raise ToolError(f"cannot start {program}", "Install Rust from https://rustup.rs.") from error
    if finished.code:
        raise ToolError(
            f"{program} {' '.join(arguments)}: {finished.stderr.strip()[:300]}", "Check `rustup show` there."
        )
    return tuple(finished.stdout.splitlines())


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
