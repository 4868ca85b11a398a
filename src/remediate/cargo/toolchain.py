"""Which toolchain a workspace gets, for cache keys, and what it builds for."""

from functools import cache
from pathlib import Path

from remediate.cargo.door import Cargo, installed
from remediate.cargo.process import Deadline, run
from remediate.errors import ToolError

_LIMIT = 60.0
# What changes the meaning of a build without standing in the workspace.
_FLAGS = ("RUSTFLAGS", "CARGO_ENCODED_RUSTFLAGS", "RUSTDOCFLAGS", "CARGO_BUILD_TARGET", "RUSTC_WRAPPER")


def identity(cargo: Cargo) -> str:
    """Return what builds and runs: cargo's, rustc's and nextest's versions, host, flags; for cache keys.

    Raises:
        ToolError: There is no usable toolchain.
    """
    lines = [*_say(cargo, cargo.program, "-vV"), *_say(cargo, "rustc", "-vV")]
    kept = ("cargo ", "rustc ", "host:", "commit-hash:")
    runner = _say(cargo, "cargo-nextest", "--version")[:1] if installed("cargo-nextest") else ()
    flags = [f"{name}={cargo.environment[name]}" for name in _FLAGS if name in cargo.environment]
    return "; ".join([*dict.fromkeys(line for line in lines if line.startswith(kept)), *runner, *flags])


def cfgs(cargo: Cargo) -> frozenset[str]:
    """Return the cfgs of the target that rustc or RUSTFLAGS set: ``unix``, ``target_os="linux"``."""
    flags = cargo.environment.get("RUSTFLAGS", "").split()
    return frozenset(_say(cargo, "rustc", "--print", "cfg", *flags))


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
