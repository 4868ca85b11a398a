"""The uses of blocking functions in a file: every spelling, macro tokens included, and whose each is."""

import re
from collections.abc import Iterator
from typing import NamedTuple

from remediate.audit.scan.calls import arguments, arguments_at, imports, path_before, receiver
from remediate.rust.syntax.outline import Outline

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
_CLOSURE = re.compile(rb"(?:move\s+)?\|")
_DEFINES = re.compile(rb"\b(?:fn|mod|struct|enum|trait|type|macro_rules\s*!|let|let\s+mut|const|static)\s+\Z")
_LAST_NAME = re.compile(rb"(\w+)\s*(\([^()]*\))?\s*\??\Z")
_NAME = re.compile(rb"\b\w+\b")


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


class Call(NamedTuple):
    """One use of a blocking name.

    Attributes:
        name: The function or method really called ("block_on"), an alias resolved.
        start: Offset of the name as written.
        end: Behind it.
        form: "call", "method" or "value" (handed on as a function).
        path: Segments in front of it, imports not applied.
        arguments: Its arguments.
        receiver: For a method, the expression in front of the dot.
        provider: Whose it is ("tokio", "futures", "project", ..); "" if unknown.
    """

    name: bytes
    start: int
    end: int
    form: str
    path: tuple[str, ...]
    arguments: list[bytes]
    receiver: bytes
    provider: str


def calls(outline: Outline) -> Iterator[Call]:
    """Yield the uses of blocking functions in code: definitions, imports and look-alikes are none."""
    if any(word in outline.code for word in MAYBE):
        yield from _Uses(outline).calls()


class _Uses:
    """The uses in one file, with what its imports say of the names."""

    def __init__(self, outline: Outline) -> None:
        self._outline, self._code = outline, outline.code
        self._bound = imports(outline, *MAYBE)
        self._aliases = {name: paths[0] for name, paths in self._bound.items() if _is_alias(name, paths[0])}

    def calls(self) -> Iterator[Call]:
        spelled = [re.compile(rb"\b" + re.escape(name.encode()) + rb"\b") for name in sorted(self._aliases)]
        for pattern in (BLOCKING, *spelled):
            for match in pattern.finditer(self._code):
                call = self._call(match)
                if call is not None:
                    yield call

    def _call(self, match: re.Match[bytes]) -> Call | None:
        start, end = match.span()
        before = self._code[max(0, start - 40) : start].rstrip()
        paren = arguments_at(self._code, end)
        path = path_before(self._code, start)
        form = self._form(before, start, end, paren, path)
        if form is None:
            return None
        call = Call(
            name=self._aliases.get(match.group().decode(), (match.group().decode(),))[-1].encode(),
            start=start,
            end=end,
            form=form,
            path=path,
            arguments=arguments(self._code, paren) if paren >= 0 else [],
            receiver=receiver(self._code, self._code.rfind(b".", 0, start)) if form == "method" else b"",
            provider="",
        )
        call = call._replace(provider=self._provider(call, match.group().decode()))
        return call if self._blocks(call) else None

    def _form(self, before: bytes, start: int, end: int, paren: int, path: tuple[str, ...]) -> str | None:
        """Return how a name is used; None if it is defined, imported, or something else of that name."""
        if _DEFINES.search(before + b" ") or before.endswith((b"$", b"'", b"#[", b"#![")):
            return None
        if _in_use(self._code, start):
            return None
        if before.endswith(b".") and not before.endswith(b".."):
            return "method" if paren >= 0 else None
        if paren >= 0:
            return "call"
        after = self._code[end : end + 40].lstrip()
        if self._code[start:end] == b"SyncIoBridge":
            return "call" if after.startswith(b"::") else None
        handed_on = after.startswith((b",", b")")) and (path or before.endswith((b"(", b",")))
        return "value" if handed_on else None

    def _blocks(self, call: Call) -> bool:
        """Whether it is the real thing and not something of the same name."""
        if call.name == b"unblock":  # of smol's pool; any type may have a method of the name
            return call.form != "method" and call.provider == "smol"
        if call.name == b"run_until":  # the LocalSet's of tokio is async
            return call.form == "method" and call.provider == "futures"
        if SMOL_ONLY.fullmatch(call.name):
            return call.form == "method"
        if call.name not in (b"block_on", b"block_on_stream") or call.form == "value":
            return True
        # `Runtime::block_on(&rt, future)`, and the LocalSet's, which takes the runtime as well.
        most = 2 if (call.path and call.path[-1] in TYPES) or b"LocalSet" in call.receiver else 1
        closure = len(call.arguments) == 1 and _CLOSURE.match(call.arguments[0]) is not None
        return len(call.arguments) <= most and not closure

    def _provider(self, call: Call, written: str) -> str:
        if written in self._aliases:
            return provider_of_path(self._aliases[written])
        if TOKIO_ONLY.fullmatch(call.name):
            return "tokio"
        if SMOL_ONLY.fullmatch(call.name):
            return "smol"
        if call.form == "method":
            return _receiver_provider(self._outline, call)
        if call.path:
            first = imports(self._outline, call.path[0].encode()).get(call.path[0])
            return provider_of_path((*first[0], *call.path[1:]) if first else call.path)
        return self._of_bare(call, written)

    def _of_bare(self, call: Call, written: str) -> str:
        if named := self._bound.get(written):
            return provider_of_path(named[0])
        if re.search(rb"\bfn\s+" + call.name + rb"\b", self._code):
            return "project"
        globs = [provider_of_path(path) for path in imports(self._outline, b"*").get("*", ())]
        return next((g for g in globs if g not in ("", "project")), "")


def _is_alias(name: str, path: tuple[str, ...]) -> bool:
    renamed = bool(path) and name not in ("*", "_", path[-1])
    return renamed and BLOCKING.fullmatch(path[-1].encode()) is not None


def _in_use(code: bytes, offset: int) -> bool:
    """Whether an offset is inside a ``use`` declaration."""
    start = code.rfind(b"use ", 0, offset)
    begins = start >= 0 and re.match(rb"\w", code[max(0, start - 1) : start]) is None  # not `must_use = ..`
    return begins and b";" not in code[start:offset]


def _receiver_provider(outline: Outline, call: Call) -> str:
    """Return whose type a receiver is, told by what its expression or its declaration in this file says."""
    if not call.arguments and call.name == b"block_on":
        return "pollster" if b"pollster" in outline.code else "project"
    if found := _type_in(call.receiver):
        return found
    last = _LAST_NAME.search(call.receiver)
    if last is None:
        return ""
    name = re.escape(last[1])
    if last[2] is not None:
        declared = re.search(rb"\bfn\s+" + name + rb"\b[^{;]*->([^{;]*)", outline.code)
        return _type_in(declared[1]) if declared else ""
    declares = re.compile(rb"\b" + name + rb"\s*(?::(?!:)([^=;,)}]*))?(?:=([^=][^;]{0,300}))?")
    spots = list(declares.finditer(outline.code))
    for spot in reversed([s for s in spots if s.start() < call.start]) or spots:
        if found := _type_in((spot[1] or b"") + b" " + (spot[2] or b"")):
            return found
    return ""


def _type_in(text: bytes) -> str:
    words = (word.decode() for word in _NAME.findall(text) if word.isascii())
    return next((TYPES[word] for word in words if word in TYPES), "")
