"""The spellings of a blocking call, and whose each of them is.

The crates are those of the Rust async ecosystem that offer a ``block_on`` of their own, each by the path its
documentation gives.
"""

import re

BLOCKING = re.compile(
    rb"\b(?:block_on(?:_stream)?|block_in_place|run_until"
    rb"|blocking_(?:recv|recv_many|send|send_timeout|lock|lock_owned|read|read_owned|write|write_owned)"
    rb"|(?:recv|send|lock|read|upgradable_read|write|wait|acquire)_blocking"
    rb"|SyncIoBridge|spawn_blocking|unblock)\b"
)
MAYBE = (b"block", b"run_until", b"SyncIoBridge")
# What hands a closure to a pool of threads that may block.
POOLS = {b"spawn_blocking", b"unblock"}
# Crate (as the first segment of a path) to the name people know it by.
EXECUTORS = {
    "blocking": "smol",
    "futures": "futures",
    "futures_executor": "futures",
    "futures_lite": "futures-lite",
    "smol": "smol",
    "async_std": "async-std",
    "async_io": "async-io",
    "async_global_executor": "async-global-executor",
    "pollster": "pollster",
    "tokio_test": "tokio-test",
    "bevy": "bevy",
    "bevy_tasks": "bevy",
    "embassy_futures": "embassy",
    "tauri": "tauri",
    "actix_rt": "actix",
    "actix_web": "actix",
    "actix": "actix",
    "glib": "glib",
    "gtk": "glib",
    "gio": "glib",
    "compio": "compio",
    "monoio": "monoio",
    "tokio": "tokio",
}
# Types whose ``block_on`` is a method, by the name of the type.
TYPES = {
    "Runtime": "tokio",
    "Handle": "tokio",
    "LocalSet": "tokio",
    "MainContext": "glib",
    "MainLoop": "glib",
    "System": "actix",
    "SystemRunner": "actix",
    "LocalPool": "futures",
    "LocalExecutor": "smol",
    "Executor": "smol",
    "TaskPool": "bevy",
}
# The blocking twins of async-channel and async-lock; they panic nowhere.
SMOL_ONLY = re.compile(rb"(?!spawn)\w+_blocking")
TOKIO_ONLY = re.compile(rb"blocking_\w+|block_in_place|SyncIoBridge")
# What blocks on a future wherever it is called: nested, it panics.
REENTRANT_PANIC = {"futures"}


def provider_of_path(path: tuple[str, ...]) -> str:
    """Return whose function or type a path leads to; "project" for one of this crate, "" if unknown."""
    for segment in reversed(path):
        if segment in TYPES:
            return TYPES[segment]
    if not path:
        return ""
    if path[0] in ("crate", "self", "super"):
        return "project"
    return EXECUTORS.get(path[0], "")
