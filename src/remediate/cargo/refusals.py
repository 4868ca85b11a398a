"""Why cargo would not even begin: its message, and what the user can do about it."""

import re

from remediate.cargo.faults import failed, in_complaint
from remediate.cargo.process import Finished
from remediate.errors import BaselineError, RemediateError, ToolError

_TOOLS = (
    (
        r"(component|binary) .*(not applicable|not installed)|'(cargo-\w+|rust\w+)\S*' is not installed",
        "Run `rustup component add clippy rustfmt`.",
    ),
    (r"no such command: `?nextest", "Run `cargo install --locked cargo-nextest`, or see https://nexte.st."),
    (
        r"toolchain '[^']*' [^\n]*is not installed",
        "Run `rustup toolchain install` in the workspace: its rust-toolchain file names one you do not have.",
    ),
)
_WORKSPACES = (
    (
        r"failed to read `[^`]*`\s+Caused by:\s+No such file",
        "Put it there (it may be a checkout beside this one).",
    ),
    (
        r"because --locked was passed|cannot update the lock file",
        "Commit an up-to-date Cargo.lock, or leave out --locked.",
    ),
    (r"--offline|offline mode|in offline", "Run `cargo fetch` once with a network, or leave out --offline."),
    (
        r"failed to (download|fetch|get)|Could not resolve host|spurious network error",
        "Run `cargo fetch` once with a network.",
    ),
    (r"requires rustc|rustc \S+ is not supported", "Install the Rust version the workspace asks for."),
    (
        r"manifest|Cargo.toml|failed to (read|load)|error inheriting|failed to select a version|can't find",
        "Repair the manifest until `cargo metadata` succeeds.",
    ),
)


def refusal(command: str, finished: Finished) -> RemediateError:
    """Return the error for a cargo that ended before it compiled anything."""
    fault = next((found for line in finished.stderr.splitlines() if (found := in_complaint(line))), "")
    if fault:
        return failed(fault)
    message = _message(finished.stderr) or f"it ended with status {finished.code}"
    for pattern, hint in _TOOLS:
        if re.search(pattern, finished.stderr):
            return ToolError(f"{command}: {message}", hint)
    hint = next((h for p, h in _WORKSPACES if re.search(p, finished.stderr)), "")
    return BaselineError(f"{command}: {message}", hint or f"Make `{command}` work in the workspace first.")


def _message(stderr: str) -> str:
    """Return cargo's first error and its last cause, short enough to be read on a screen."""
    _, _, text = stderr.partition("error: ")
    first, *causes = [part.strip() for part in re.split("\n\n\n|\nStack backtrace:", text)[0].split("\n\n")]
    spoken = [" ".join(part.removeprefix("Caused by:").split()) for part in (first, *causes) if part]
    spoken = [_OUR_TREE.sub("", part.split(" | ")[0].replace(" --> ", " at ")) for part in spoken]
    missing = [found for part in spoken if (found := _MISSING.match(part))]
    dependency = _DEPENDENCY.match(spoken[0]) if spoken else None
    if dependency and missing:
        return f"the dependency `{dependency[1]}` is missing: there is no {missing[0][1]}"
    if dependency:
        return f"the dependency `{dependency[1]}` cannot be had: {spoken[-1]}"[:_MOST]
    return ": ".join(dict.fromkeys((*spoken[:1], *spoken[1:][-1:])))[:_MOST]


_MOST = 300
_DEPENDENCY = re.compile(r"failed to get `([^`]+)` as a dependency")
_MISSING = re.compile(r"failed to read `([^`]+Cargo\.toml)`")
# Where a worktree of ours stands says nothing to a person: the path behind it is the one they know.
_OUR_TREE = re.compile(r"/[^`'\s]*?/remediate/worktrees/[0-9a-z-]+/target/package(?=/)")
