"""One run at a time per repository: a lock that the kernel releases when its process ends."""

import fcntl
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from remediate.errors import LeaseError


@contextmanager
def held(file: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock inside the block. The file stays; only the kernel's lock on it counts.

    ``wait`` is for what takes seconds: it waits for its holder rather than refuse.

    Raises:
        LeaseError: Another process holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(descriptor, wait=wait)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, *, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
        raise LeaseError(
            f"another run of remediate (process {holder}) is at work in this repository",
            "Wait for it to end, or end it.",
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)
