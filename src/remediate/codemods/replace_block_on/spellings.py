"""What a blocking call is, by the definition it resolves to, and what to `await` instead."""

import re
from dataclasses import dataclass
from enum import StrEnum

from remediate.codemods.replace_block_on.matrix import Operation
from remediate.facts.model import Call, Form

EXECUTORS = frozenset({"async_io", "extreme", "futures_executor", "futures_lite", "pollster", "spin_on"})
"""The crates whose ``block_on`` only polls a future: it brings no runtime that the future needs."""
_CHANNELS = frozenset({"async_channel", "async_lock"})
_TWINS = {
    "blocking_recv": Operation.BLOCKING_RECV,
    "blocking_recv_many": Operation.BLOCKING_RECV,
    "blocking_send": Operation.BLOCKING_SEND,
    "blocking_lock": Operation.BLOCKING_LOCK,
    "blocking_lock_owned": Operation.BLOCKING_LOCK,
    "blocking_read": Operation.BLOCKING_READ,
    "blocking_read_owned": Operation.BLOCKING_READ,
    "blocking_write": Operation.BLOCKING_READ,
    "blocking_write_owned": Operation.BLOCKING_READ,
}


class Awaits(StrEnum):
    """What is awaited in place of the call."""

    ARGUMENT = "argument"
    RECEIVER = "receiver"
    TWIN = "twin"


@dataclass(frozen=True, slots=True)
class Spelling:
    """One kind of blocking call.

    Attributes:
        title: As a person would say it.
        awaits: What is awaited in its place.
        twin: The name of the async method, for ``TWIN``.
        runtime: Whether the call brings a tokio runtime to its future.
    """

    operation: Operation
    title: str
    awaits: Awaits
    twin: str = ""
    runtime: bool = False


def spelling(call: Call) -> Spelling | None:
    """Return what a call is; None for a function that is not known to block, or in a way not known here."""
    crate, name = call.callee.crate, call.callee.name
    if call.form is Form.VALUE:
        return None
    if crate in EXECUTORS and name == "block_on":
        awaits = Awaits.RECEIVER if call.form is Form.METHOD else Awaits.ARGUMENT
        return Spelling(Operation.FUTURES_READY, f"{crate}'s block_on", awaits)
    if crate == "futures_executor" and name == "run_until":
        return Spelling(Operation.FUTURES_READY, "run_until of a LocalPool", Awaits.ARGUMENT)
    if crate == "tokio":
        return _of_tokio(call)
    if crate in _CHANNELS and name.endswith("_blocking") and call.form is Form.METHOD:
        twin = name.removesuffix("_blocking")
        return Spelling(Operation.FUTURES_READY, f"{crate}'s {name}", Awaits.TWIN, twin)
    return None


def is_in_place(call: Call) -> bool:
    """Whether it is tokio's ``block_in_place``."""
    return call.callee.crate == "tokio" and call.callee.name == "block_in_place"


def is_spawned(call: Call) -> bool:
    """Whether it hands a closure to the blocking pool."""
    return call.callee.name in {"spawn_blocking", "unblock"}


def _of_tokio(call: Call) -> Spelling | None:
    name, parts = call.callee.name, call.callee.path.split("::")
    # Older versions of tokio have the runtime's methods in the module `runtime` itself.
    if name == "block_on" and parts[1] == "runtime" and re.match(r"runtime\Z|\{impl", parts[2]):
        return Spelling(Operation.RUNTIME_NEW, "block_on of a tokio runtime", Awaits.ARGUMENT, runtime=True)
    if name == "block_on" and parts[1:3] == ["runtime", "handle"]:
        return Spelling(Operation.HANDLE_CURRENT, "block_on of a tokio handle", Awaits.ARGUMENT, runtime=True)
    if name in _TWINS and parts[1] == "sync" and call.form is Form.METHOD:
        if parts[2] == "oneshot":
            return Spelling(_TWINS[name], "blocking_recv of a oneshot channel", Awaits.RECEIVER)
        return Spelling(_TWINS[name], f"tokio's {name}", Awaits.TWIN, name.removeprefix("blocking_"))
    return None
