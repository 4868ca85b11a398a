"""Tell faults of the machine from what the code is: a full disk or a killed compiler says nothing about it.

Taken for such a fault are a death by a signal that comes from outside (kill, the kernel out of memory, a
limit on files or time, a disk that fails beneath a mapped file), and the operating system's own words for a
full or failing disk and for memory or handles that ran out. A compiler that dies of SIGSEGV or SIGABRT of
itself may do so because of the code, so that counts as a failed compilation, unless it says that memory ran
out.
"""

import re
import signal

from remediate.errors import MachineError
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
