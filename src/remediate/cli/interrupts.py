"""SIGTERM and SIGHUP end a run the way Ctrl-C does: whatever was begun is put back first."""

import signal
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


@contextmanager
def raised() -> Iterator[None]:
    """Raise ``KeyboardInterrupt`` where the signals arrive, inside the block."""
    signals = (signal.SIGTERM, signal.SIGHUP)
    before = {number: signal.signal(number, _interrupt) for number in signals}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt
