"""Tell failures of the machine from errors in the code, and say why cargo would not even begin.

A full disk or a killed compiler says nothing about the code. Taken for such a fault are a death by a signal
that comes from outside (kill, the kernel out of memory, a limit on files or time, a disk that fails beneath
a mapped file), and the operating system's own words for a full or failing disk and for memory or handles
that ran out. A compiler that dies of SIGSEGV or SIGABRT of itself may do so because of the code, so that
counts as a failed compilation, unless it says that memory ran out.
"""

import re
import signal

from remediate.cargo.process import Finished
from remediate.errors import BaselineError, MachineError, RemediateError, ToolError
from remediate.model import Diagnostic

_OUTSIDE = {signal.SIGKILL, signal.SIGTERM, signal.SIGBUS, signal.SIGXCPU, signal.SIGXFSZ, signal.SIGHUP}
_DIED = re.compile(r"process didn't exit successfully: .*\(signal: (\d+)[,)]")
_LINKER = re.compile(r"(?:collect2|ld)\b.*(?:terminated with signal (?:7|9|15|24|25)\b)")
_WORDS = re.compile(
    r"No space left on device|Disk quota exceeded|Input/output error|Read-only file system"
    r"|Cannot allocate memory|memory allocation of \d+ bytes failed|LLVM ERROR: out of memory"
    r"|File too large \(os error|Too many open files"
    # So rustc says that it could not map the standard library into memory.
    r"|failed to map segment from shared object|only metadata stub found for `rlib` dependency `(?:core|std)`"
    r"|failed to spawn (?:helper |work )?thread: .*Resource temporarily"
)


def in_complaint(line: str) -> str:
    """Return the fault that a line of cargo's standard error tells of, "" for none."""
    died = _DIED.search(line)
    if died and int(died[1]) in _OUTSIDE:
        return f"a process was ended by {_name(int(died[1]))}"
    return in_words(line)


def in_words(text: str) -> str:
    """Return the operating system's words for a fault, "" for none."""
    found = _WORDS.search(text) or _LINKER.search(text)
    return found[0] if found else ""


def in_diagnostic(diagnostic: Diagnostic) -> str:
    """Return the fault that a message of the compiler tells of, "" for none.

    What it shows of the source is not looked at: that may hold such words.
    """
    if not diagnostic.level.startswith("error"):
        return ""
    text = diagnostic.message if diagnostic.spans else f"{diagnostic.message}\n{diagnostic.rendered}"
    return in_words(text)


def require_life(code: int, name: str) -> None:
    """Make sure that a process ended by itself.

    Raises:
        MachineError: A signal from outside ended it.
    """
    if code < 0 and -code in _OUTSIDE:
        raise failed(f"{name} was ended by {_name(-code)}")


def failed(what: str) -> MachineError:
    """Return the error for a fault: whatever was measured with it counts for nothing."""
    return MachineError(f"the machine failed, not the code: {what}", _hint(what))


def _hint(what: str) -> str:
    again = "then run the same command again: nothing of this was remembered."
    if re.search("space|quota|too large|XFSZ", what):
        return f"Make room (`remediate clean` removes build results), {again}"
    if re.search("memory|SIGKILL|spawn|open files|map segment|metadata stub", what):
        return f"Give it more memory or fewer jobs (CARGO_BUILD_JOBS=1), {again}"
    return f"See to it, {again}"


def _name(number: int) -> str:
    try:
        return signal.Signals(number).name
    except ValueError:
        return f"signal {number}"


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
