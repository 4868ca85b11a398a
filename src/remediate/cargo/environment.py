"""The environment cargo runs in: the user's own, minus what would make results those of another place.

Kept on purpose: RUSTFLAGS and its kin (they are part of how the project builds), CARGO_HOME,
RUSTUP_TOOLCHAIN, network and registry settings, CARGO_BUILD_TARGET, compiler wrappers.
"""

from collections.abc import Mapping
from pathlib import Path

# Where results go is this tool's to say; a jobserver or a package's variables are those of our caller.
_DROPPED = {
    "CARGO_TARGET_DIR",
    "CARGO_BUILD_TARGET_DIR",
    "CARGO_BUILD_BUILD_DIR",
    "CARGO_MAKEFLAGS",
    "MAKEFLAGS",
    "MFLAGS",
    "CARGO_CRATE_NAME",
    "CARGO_PRIMARY_PACKAGE",
    "CARGO_TERM_QUIET",
    "CARGO_TERM_VERBOSE",
    "OUT_DIR",
    "RUSTC_BOOTSTRAP",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
}
# What decides how code is compiled. Not RUSTUP_TOOLCHAIN: `cargo remediate` sets it, and the toolchain is
# asked for by itself.
_FLAGS = (
    "RUSTFLAGS",
    "RUSTDOCFLAGS",
    "RUSTC",
    "CARGO_ENCODED_",
    "CARGO_BUILD_",
    "CARGO_PROFILE_",
    "CARGO_TARGET_",
)
_DROPPED_PREFIXES = ("CARGO_PKG_", "CARGO_MANIFEST_", "CARGO_BIN_", "NEXTEST", "__CARGO_")


def environment(user: Mapping[str, str], target_dir: Path, extra: Mapping[str, str]) -> dict[str, str]:
    """Return the variables for a run: ``user`` cleaned, the tool's own settings, then ``extra``."""
    kept = {k: v for k, v in user.items() if k not in _DROPPED and not k.startswith(_DROPPED_PREFIXES)}
    return {
        **kept,
        # Since cargo 1.91 intermediate results have a folder of their own, which a config file may share.
        "CARGO_BUILD_BUILD_DIR": str(target_dir),
        "CARGO_TERM_COLOR": "never",
        "CARGO_TERM_PROGRESS_WHEN": "never",
        **extra,
    }


def flags(user: Mapping[str, str]) -> tuple[str, ...]:
    """Return the user's settings that decide how code is compiled: ``NAME=value``, sorted."""
    found = (f"{k}={v}" for k, v in user.items() if k.startswith(_FLAGS) and k not in _DROPPED)
    return tuple(sorted(flag.encode("utf-8", "replace").decode() for flag in found))
