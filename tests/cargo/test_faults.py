"""What cargo and rustc write where the machine or the workspace fails, and what a user is told of it."""

import signal

import pytest

from remediate.cargo import faults
from remediate.cargo.process import Finished
from remediate.errors import BaselineError, MachineError, ToolError
from remediate.model import Diagnostic

_MISSING = (
    "error: failed to get `b` as a dependency of package `a`\n\nCaused by:\n  failed to read `/home/u/.git/"
    "remediate/worktrees/0/target/package/home/u/b/Cargo.toml`\n\nCaused by:\n  No such file"
)
_DIED = "process didn't exit successfully: `rustc --crate-name a` (signal: {}, SIG: it)"


@pytest.mark.parametrize(
    ("line", "told", "hint"),
    [
        (_DIED.format(9), "ended by SIGKILL", "more memory"),
        (_DIED.format(15), "ended by SIGTERM", "See to it"),
        (_DIED.format(25), "ended by SIGXFSZ", "Make room"),
        ("error: could not write: No space left on device (os error 28)", "No space left", "Make room"),
        ("collect2: fatal error: ld terminated with signal 9 [Killed]", "signal 9", "See to it"),
        ("memory allocation of 64 bytes failed", "memory allocation", "more memory"),
        ("error: Too many open files (os error 24)", "Too many open files", "more memory"),
        ("error: Input/output error (os error 5)", "Input/output error", "See to it"),
    ],
)
def test_a_fault_of_the_machine_is_none_of_the_code(line: str, told: str, hint: str) -> None:
    error = faults.refusal("cargo check", Finished(101, "", f"error: could not compile `a`\n{line}\n", 0.1))
    assert isinstance(error, MachineError)
    assert told in str(error)
    assert hint in error.hint


@pytest.mark.parametrize("line", [_DIED.format(11), _DIED.format(6), "error[E0425]: cannot find `x`", ""])
def test_a_compiler_that_fails_by_itself_may_do_so_because_of_the_code(line: str) -> None:
    assert faults.in_complaint(line) == ""


def test_a_signal_from_outside_ends_the_run_and_no_other_does() -> None:
    for code in (0, 1, 101, -signal.SIGSEGV, -signal.SIGABRT):
        faults.require_life(code, "cargo test")
    with pytest.raises(MachineError, match="cargo test was ended by SIGKILL"):
        faults.require_life(-signal.SIGKILL, "cargo test")


def test_what_a_message_shows_of_the_source_is_no_fault() -> None:
    words = "No space left on device"
    assert faults.in_diagnostic(Diagnostic("error", "", words)) == words
    assert faults.in_diagnostic(Diagnostic("error", "", "linking failed", rendered=f"note: {words}")) == words
    assert faults.in_diagnostic(Diagnostic("warning", "", words)) == ""


@pytest.mark.parametrize(
    ("said", "kind", "told", "hint"),
    [
        (
            "error: no such command: `nextest`",
            ToolError,
            "no such command",
            "cargo install --locked cargo-nextest",
        ),
        (
            "error: 'cargo-clippy' is not installed for the toolchain 'x'",
            ToolError,
            "clippy",
            "rustup component add",
        ),
        ("error: toolchain '1.2.3' is not installed", ToolError, "1.2.3", "rustup toolchain install"),
        (
            "error: cannot update the lock file because --locked was passed",
            BaselineError,
            "lock",
            "Commit an up-to",
        ),
        (
            "error: failed to download `a v1.0.0`\n\nCaused by:\n  no network",
            BaselineError,
            "no network",
            "cargo fetch",
        ),
        (
            "error: package `a` cannot be built because it requires rustc 1.99",
            BaselineError,
            "1.99",
            "Rust version",
        ),
        ("error: failed to parse manifest at `/a/Cargo.toml`", BaselineError, "parse", "Repair the manifest"),
        ("error: something else", BaselineError, "something else", "Make `cargo check` work"),
        ("", BaselineError, "it ended with status 101", "Make `cargo check` work"),
        (
            _MISSING,
            BaselineError,
            "the dependency `b` is missing: there is no /home/u/b/Cargo.toml",
            "Put it there",
        ),
        (
            "error: failed to get `b` as a dependency of package `a`\n\nCaused by:\n  spurious network error",
            BaselineError,
            "the dependency `b` cannot be had: spurious network error",
            "with a network",
        ),
    ],
)
def test_a_refusal_says_what_to_do_next(said: str, kind: type[Exception], told: str, hint: str) -> None:
    error = faults.refusal("cargo check", Finished(101, "", said, 0.1))
    assert type(error) is kind
    assert told in str(error)
    assert hint in error.hint
