"""A command that may write below some folders only: ``python landlock.py DIR.. -- COMMAND..`` on Linux.

Landlock is the kernel's own and needs no privilege; what a process gives up, its children never get back.
Reading, starting programs and the network stay as they were. This file stands alone: it is run as a script in
an interpreter of its own, because a thread of this program cannot give up anything for a child alone.
"""

import ctypes
import os
import sys

# The numbers are those of linux/landlock.h; the system calls are the same on every architecture.
_CREATE_RULESET, _ADD_RULE, _RESTRICT_SELF = 444, 445, 446
_VERSION, _PATH_BENEATH = 1, 1
_NO_NEW_PRIVILEGES = 38
_WRITE_FILE, _REMOVE_DIR, _REMOVE_FILE = 1 << 1, 1 << 4, 1 << 5
_MAKE = sum(1 << bit for bit in range(6, 13))
_REFER, _TRUNCATE = 1 << 13, 1 << 14
_SINCE_REFER, _SINCE_TRUNCATE, _SINCE_SIGNALS = 2, 3, 6
_SCOPE_SIGNAL = 1 << 1
_FAILED = 126


class _Ruleset(ctypes.Structure):
    _fields_ = (("files", ctypes.c_uint64), ("network", ctypes.c_uint64), ("scoped", ctypes.c_uint64))


class _Beneath(ctypes.Structure):
    _pack_ = 1
    _fields_ = (("access", ctypes.c_uint64), ("folder", ctypes.c_int32))


def version() -> int:
    """Return the version of Landlock that the kernel offers, 0 for none; before 3 files can be truncated."""
    if not sys.platform.startswith("linux"):
        return 0
    return max(0, int(ctypes.CDLL(None, use_errno=True).syscall(_CREATE_RULESET, None, 0, _VERSION)))


def restrict(folders: list[str]) -> None:
    """Give up writing anywhere but below the folders, for good.

    Raises:
        OSError: The kernel refused.
    """
    offered = version()
    writes = _WRITE_FILE | _REMOVE_DIR | _REMOVE_FILE | _MAKE
    writes |= _REFER if offered >= _SINCE_REFER else 0
    writes |= _TRUNCATE if offered >= _SINCE_TRUNCATE else 0
    libc = ctypes.CDLL(None, use_errno=True)
    rules = _Ruleset(writes, 0, _SCOPE_SIGNAL if offered >= _SINCE_SIGNALS else 0)
    size = ctypes.sizeof(rules) if offered >= _SINCE_SIGNALS else 8
    ruleset = _checked(libc.syscall(_CREATE_RULESET, ctypes.byref(rules), size, 0))
    for folder in folders:
        descriptor = os.open(folder, os.O_PATH | os.O_CLOEXEC)
        access = writes if os.path.isdir(folder) else writes & (_WRITE_FILE | _TRUNCATE)  # noqa: PTH112
        beneath = _Beneath(access, descriptor)
        _checked(libc.syscall(_ADD_RULE, ruleset, _PATH_BENEATH, ctypes.byref(beneath), 0))
        os.close(descriptor)
    _checked(libc.prctl(_NO_NEW_PRIVILEGES, 1, 0, 0, 0))
    _checked(libc.syscall(_RESTRICT_SELF, ruleset, 0))
    os.close(ruleset)


def _checked(answer: int) -> int:
    if answer < 0:
        number = ctypes.get_errno()
        raise OSError(number, os.strerror(number))
    return answer


if __name__ == "__main__":
    end = sys.argv.index("--")
    try:
        restrict(sys.argv[1:end])
        os.execvp(sys.argv[end + 1], sys.argv[end + 1 :])  # noqa: S606 - the command it was given
    except OSError as error:
        sys.stderr.write(f"{sys.argv[end + 1]}: {error}\n")
        sys.exit(127 if isinstance(error, FileNotFoundError) else _FAILED)
