"""What each blocking operation does at run time, by the context that it runs in.

Every cell was tried with tokio and futures; a test runs them all again
(``tests/codemods/replace_block_on/test_matrix.py``).
"""

from dataclasses import dataclass
from enum import StrEnum


class Operation(StrEnum):
    """A blocking operation, as far as the spellings differ at run time."""

    FUTURES_READY = "futures-ready"
    FUTURES_TIMER = "futures-timer"
    FUTURES_NESTED = "futures-nested"
    RUNTIME_NEW = "runtime-new"
    HANDLE_CURRENT = "handle-current"
    IN_PLACE_HANDLE = "in-place-handle"
    IN_PLACE = "in-place"
    BLOCKING_RECV = "blocking-recv"
    BLOCKING_SEND = "blocking-send"
    BLOCKING_LOCK = "blocking-lock"
    BLOCKING_READ = "blocking-read"
    DROP_RUNTIME = "drop-runtime"


class Where(StrEnum):
    """A context that code runs in."""

    THREAD = "thread"
    ENTERED = "entered"
    MULTI_THREAD = "multi-thread"
    ONE_WORKER = "one-worker"
    CURRENT_THREAD = "current-thread"
    SPAWN_BLOCKING = "spawn-blocking"
    BLOCK_IN_PLACE = "block-in-place"
    THREAD_FROM_ASYNC = "thread-from-async"


class Effect(StrEnum):
    """What an operation does; ``OK`` says nothing of how long the thread is held up."""

    OK = "ok"
    PANICS = "panics"
    HANGS = "hangs"


DESCRIBED = {
    Operation.FUTURES_READY: "block_on of a plain executor, of a future that needs no runtime",
    Operation.FUTURES_TIMER: "block_on of a plain executor, of a future that needs tokio's timer or IO",
    Operation.FUTURES_NESTED: "block_on inside a block_on of the same plain executor",
    Operation.RUNTIME_NEW: "block_on of a tokio runtime",
    Operation.HANDLE_CURRENT: "block_on of the current tokio runtime's handle",
    Operation.IN_PLACE_HANDLE: "block_on of the current handle inside block_in_place",
    Operation.IN_PLACE: "block_in_place",
    Operation.BLOCKING_RECV: "blocking_recv",
    Operation.BLOCKING_SEND: "blocking_send",
    Operation.BLOCKING_LOCK: "blocking_lock",
    Operation.BLOCKING_READ: "blocking_read or blocking_write",
    Operation.DROP_RUNTIME: "dropping a tokio runtime",
}

CONTEXTS = {
    Where.THREAD: "on a plain thread",
    Where.ENTERED: "on a plain thread inside `runtime.enter()`",
    Where.MULTI_THREAD: "in async code on a multi-thread runtime",
    Where.ONE_WORKER: "in async code on a multi-thread runtime with one worker",
    Where.CURRENT_THREAD: "in async code on a current-thread runtime",
    Where.SPAWN_BLOCKING: "inside spawn_blocking",
    Where.BLOCK_IN_PLACE: "inside block_in_place",
    Where.THREAD_FROM_ASYNC: "on a thread that async code started",
}

_O, _P, _H = Effect.OK, Effect.PANICS, Effect.HANGS
_NO_BLOCKING = (_O, _O, _P, _P, _P, _O, _O, _O)
"""What tokio refuses inside of a task: "Cannot block the current thread from within a runtime"."""
MATRIX: dict[Operation, tuple[Effect, ...]] = {
    Operation.FUTURES_READY: (_O,) * 8,
    Operation.FUTURES_TIMER: (_P, _O, _O, _H, _H, _O, _O, _P),
    Operation.FUTURES_NESTED: (_P,) * 8,
    Operation.RUNTIME_NEW: _NO_BLOCKING,
    Operation.HANDLE_CURRENT: (_P, _O, _P, _P, _P, _O, _O, _P),
    Operation.IN_PLACE_HANDLE: (_P, _O, _O, _O, _P, _O, _O, _P),
    Operation.IN_PLACE: (_O, _O, _O, _O, _P, _O, _O, _O),
    Operation.BLOCKING_RECV: _NO_BLOCKING,
    Operation.BLOCKING_SEND: _NO_BLOCKING,
    Operation.BLOCKING_LOCK: _NO_BLOCKING,
    Operation.BLOCKING_READ: _NO_BLOCKING,
    Operation.DROP_RUNTIME: _NO_BLOCKING,
}
"""By operation, the effect in each of ``Where``, in its order."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One operation in one context."""

    operation: Operation
    where: Where

    @property
    def effect(self) -> Effect:
        """What happens."""
        return MATRIX[self.operation][list(Where).index(self.where)]

    def __str__(self) -> str:
        """Return a sentence without its period: "blocking_recv in async code .. panics"."""
        words = "works, and holds up its thread" if self.effect is Effect.OK else self.effect.value
        return f"{DESCRIBED[self.operation]} {CONTEXTS[self.where]} {words}"


def in_async(operation: Operation) -> tuple[Cell, ...]:
    """Return the cells of an operation in async code whose runtime is not known."""
    contexts = (Where.MULTI_THREAD, Where.ONE_WORKER, Where.CURRENT_THREAD)
    return tuple(Cell(operation, where) for where in contexts)
