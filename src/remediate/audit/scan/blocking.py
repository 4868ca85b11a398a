"""Blocking calls: where each runs, and what it does there; those of the workspace's wrappers included.

What happens at run time (panics, hangs, starves a worker) was tried with tokio 1.47 and futures 0.3.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from remediate.audit.scan.blocking_calls import BLOCKING, POOLS, REENTRANT_PANIC, Call
from remediate.audit.scan.calls import (
    arguments,
    arguments_at,
    callee_before,
    enclosing_calls,
    imports,
    path_before,
)
from remediate.audit.scan.facts import Facts, Found, Place, Wrapper
from remediate.audit.scan.scopes import Scopes
from remediate.audit.scan.where import places
from remediate.rust.syntax.outline import Frame, Outline, frames, statement_start

_CLOSURE = re.compile(rb"(?:\A|,)\s*(async\s+)?(?:move\s+)?\|[^|]*\|")
_ASYNC_CLOSURE = re.compile(rb"\basync\s+(?:move\s+)?\|[^|]*\|\s*(?:->[^|]*)?\Z")
_ASYNC_FN = re.compile(rb"\basync\s+(?:unsafe\s+)?(?:extern\b[^f]*)?fn\b")
_POLL_FN = re.compile(rb"\bfn\s+poll\w*\b[^{]*\bContext\b")
_STORED = re.compile(rb"\s*let\s+(?:mut\s+)?(\w+)\s*=\s*(?:move\s+)?\|")
_THREAD = re.compile(rb"(?:\A|::|\.)(?:spawn|spawn_scoped|spawn_unchecked)\Z")
_POOL = re.compile(rb"(?:spawn_blocking\w*|unblock|run_blocking|web::block|block_in_thread)\Z")
_FOREIGN = {
    "no_mangle", "unsafe", "pyfunction", "pymethods", "pyclass", "wasm_bindgen", "napi", "export", "jni_fn",
}  # fmt: skip
_LOCAL_PANIC = (b"Runtime::new", b"Handle::current", b"Builder::new_")
_MOST_STATEMENTS = 3
_SPELLED = ("block_on", "block_on_stream", "block_in_place", "run_until")


@dataclass(frozen=True, slots=True)
class Context:
    """Where a call runs.

    Attributes:
        place: "async", "thread", "pool" (spawn_blocking), "in-place" (block_in_place), "stored" (a closure
            that is kept), "fn" (an ordinary function) or "static" (an initialiser).
        function: The innermost named function around it.
        around: The callee that the async block around it is handed to, b"" if none.
        single: Whether the runtime around it is known to have one thread only.
        boundary: "main", "ffi", "drop" or "".
        direct: Whether no closure stands between the call and that place.
    """

    place: str
    function: Frame | None
    around: bytes = b""
    single: bool = False
    boundary: str = ""
    direct: bool = True


def context(outline: Outline, offset: int) -> Context:
    """Return where the call at an offset runs."""
    around = frames(outline, offset)
    function = next((f for f in around if f.kind == "fn"), None)
    place, callee, direct = next(_decisive(outline, around, offset), ("static", b"", True))
    return Context(
        place=place,
        function=function,
        around=callee,
        single=_is_single(function),
        boundary=_boundary(around, function),
        direct=direct,
    )


def _decisive(outline: Outline, around: list[Frame], offset: int) -> Iterator[tuple[str, bytes, bool]]:
    """Yield what decides where code runs, innermost first: takers of closures, async blocks, functions.

    The last value is whether no closure was passed on the way.
    """
    at, direct = offset, True
    for index, frame in enumerate(around):
        opened = outline.blocks.opens[frame.block]
        for place, callee in _closures(outline, opened + 1, at):
            if place:
                yield place, callee, direct
            direct = False
        if frame.kind == "async" or (frame.kind == "closure" and _ASYNC_CLOSURE.search(frame.header)):
            yield "async", _handed_to(outline, around[index + 1 :], opened), direct
        elif frame.kind == "fn":
            header = frame.header
            yield ("async" if _ASYNC_FN.search(header) or _POLL_FN.search(header) else "fn"), b"", direct
        direct = direct and frame.kind != "closure"
        at = opened


def _closures(outline: Outline, start: int, offset: int) -> Iterator[tuple[str, bytes]]:
    """Yield each closure of a block that is open there: where it runs ("" if unknown), who takes it."""
    code = outline.code
    for callee, before in enclosing_calls(code, start, offset):
        closure = _CLOSURE.search(before)
        if closure is not None:
            yield "async" if closure[1] else _runner(outline, callee, offset), callee
    stored = _STORED.match(code[max(start, statement_start(code, offset)) : offset])
    if stored is not None:
        taker = _taker(outline, stored[1], offset)
        yield _runner(outline, taker, offset) or "stored", taker


def _taker(outline: Outline, name: bytes, offset: int) -> bytes:
    """Return what a variable is given to between an offset and the end of its block, b"" for nothing."""
    block = outline.blocks.around(offset)
    end = outline.blocks.closes[block] if block >= 0 else len(outline.code)
    given = re.search(rb"\(\s*" + name + rb"\s*[,)]", outline.code[offset:end])
    return callee_before(outline.code, offset + given.start()) if given else b""


def _runner(outline: Outline, callee: bytes, offset: int) -> str:
    """Return where a function runs the closure it is given, as far as its name tells."""
    if _POOL.search(callee):
        return "pool"
    if callee.endswith(b"block_in_place"):
        return "in-place"
    return "thread" if _is_thread(outline, callee, offset) else ""


def _is_thread(outline: Outline, callee: bytes, offset: int) -> bool:
    if not _THREAD.search(callee):
        return False
    if b"thread::" in callee:
        return True
    near = outline.code[max(0, offset - 400) : offset]
    if callee.startswith(b"."):
        named = b"thread::Builder::new" in near
        return named or (b"Builder::new" in near and b"runtime" not in near)
    if b"." in callee:
        return b"scope(" in outline.code and b"." in callee
    return callee == b"spawn" and b"thread::spawn" in outline.code


def _handed_to(outline: Outline, outside: list[Frame], opened: int) -> bytes:
    start = outline.blocks.opens[outside[0].block] + 1 if outside else 0
    return next((callee for callee, _ in enclosing_calls(outline.code, start, opened)), b"")


def _is_single(function: Frame | None) -> bool:
    """Whether the function is an async test or main whose runtime has one thread."""
    for attribute in function.attributes if function else ():
        if attribute.path == "tokio::test":
            return "multi_thread" not in attribute.text
        if attribute.path == "tokio::main":
            return "current_thread" in attribute.text
    return False


def _boundary(around: list[Frame], function: Frame | None) -> str:
    if function is None:
        return ""
    outer = [f for f in around if f.kind in ("fn", "impl", "trait", "mod")]
    if function.name == "main" and all(f.kind in ("fn", "mod") for f in outer):
        return "main"
    impl = next((f for f in around if f.kind == "impl"), None)
    if function.name == "drop" and impl is not None and b"Drop for" in impl.header:
        return "drop"
    return "ffi" if _is_foreign(function) or (impl is not None and _is_foreign(impl)) else ""


def _is_foreign(frame: Frame) -> bool:
    named = any(a.path.rpartition("::")[2] in _FOREIGN for a in frame.attributes)
    return named or (frame.kind == "fn" and re.search(rb'\bextern\s*"*\s*fn\b', frame.header) is not None)


def blocking(outline: Outline, scopes: Scopes, uses: Iterable[Call]) -> Iterator[Found]:
    """Yield the blocking calls of a file, and its ``spawn_blocking``; ``uses`` are its ``calls``."""
    for call in uses:
        where = context(outline, call.start)
        test = scopes.covers(call.start)
        if call.name in POOLS:
            yield _spawned(call, where, test)
        else:
            kind, severity, note = _judged(outline, call, where, test)
            written = outline.code[call.start : call.end]
            rule = "block-on" if BLOCKING.fullmatch(written) else "blocking-wrapper"
            yield Found(rule, kind, call.start, call.end, severity, note, test)


def judged_call(outline: Outline, scopes: Scopes, start: int, end: int, note: str) -> Found:
    """Return the finding of a call, at these bytes, of a function known to block on its argument."""
    where, test = context(outline, start), scopes.covers(start)
    kind, severity, place = ("test", "note", "test code") if test else _of_place(where)
    return Found("blocking-wrapper", kind, start, end, severity, f"{note}; {place}", test)


def wrappers(outline: Outline, uses: Iterable[Call]) -> Iterator[Wrapper]:
    """Yield the functions of a file whose only effect is to block on a future they are given."""
    if b"Future" not in outline.code:
        return
    for call in uses:
        function = context(outline, call.start).function
        if function is not None and _is_wrapper(call, function.header, outline, function.block):
            yield Wrapper(function.name, b"self" in function.header)


def _spawned(call: Call, where: Context, test: bool) -> Found:  # noqa: FBT001
    kind = "in-async" if where.place == "async" else "elsewhere"
    note = f"{call.name.decode()} keeps blocking work off the async workers: most often this is right"
    return Found("spawn-blocking", kind, call.start, call.end, "", note, test)


def _judged(outline: Outline, call: Call, where: Context, test: bool) -> tuple[str, str, str]:  # noqa: FBT001
    """Return kind, severity and note of a blocking call."""
    reason = _certain_panic(outline, call, where)
    if reason:
        return "certain-panic", "note" if test else "error", reason
    if test:
        return "test", "note", "test code: blocking is how a synchronous test waits"
    if where.function is not None and _is_wrapper(call, where.function.header, outline, where.function.block):
        return (
            "wrapper",
            "note",
            f"{where.function.name} only blocks on its argument: its callers are the sites",
        )
    return _of_place(where)


def _of_place(where: Context) -> tuple[str, str, str]:
    named = where.boundary if where.place == "fn" else ""
    return _PLACES[named or where.place]


_PLACES = {
    "async": ("in-async", "error", "blocks a worker of the runtime it runs on"),
    "in-place": ("in-place", "warning", "inside block_in_place: panics on a current-thread runtime"),
    "pool": ("own-thread", "note", "on the blocking pool: no worker is held up"),
    "thread": ("own-thread", "note", "on a thread of its own: no worker is held up"),
    "fn": ("sync", "warning", "in a synchronous function: wrong if async code calls it"),
    "stored": ("closure", "warning", "in a closure that is kept: wrong if async code calls it"),
    "static": ("sync", "warning", "in an initialiser: wrong if async code is the first to use it"),
    "main": ("main", "note", "in main: the designed boundary between sync and async"),
    "ffi": ("ffi", "note", "behind a foreign interface: the designed boundary between sync and async"),
    "drop": ("drop", "warning", "in Drop, which cannot be async"),
}


def _certain_panic(outline: Outline, call: Call, where: Context) -> str:
    """Return why the call panics whenever it is reached; "" where that is not certain."""
    if where.place == "thread" and b"Handle::current" in call.receiver:
        return "a new thread has no current runtime: Handle::current panics"
    if where.place != "async" or not where.direct:
        return ""
    if call.name == b"block_in_place":
        return "block_in_place panics on a current-thread runtime, which this one is" if where.single else ""
    if call.provider == "tokio" and call.name != b"SyncIoBridge" and _is_tokios(outline, call):
        return "a tokio runtime must not be blocked on from async code: this panics"
    nested = where.around.rpartition(b"::")[2] == b"block_on"
    if nested and call.provider in REENTRANT_PANIC and call.form == "call":
        return "block_on inside a block_on of the same executor panics"
    return ""


def _is_tokios(outline: Outline, call: Call) -> bool:
    """Whether it is beyond doubt tokio's: a name only tokio has, a path, or a runtime made right there."""
    if call.name != b"block_on" or call.form == "call":
        return True
    return any(made in _origin(outline, call) for made in _LOCAL_PANIC)


def _origin(outline: Outline, call: Call) -> bytes:
    """Return a method's receiver, or what the function assigns to it if it is a plain variable."""
    if not re.fullmatch(rb"\w+", call.receiver):
        return call.receiver
    start = outline.code.rfind(b"fn ", 0, call.start)
    assigned = re.search(
        rb"\blet\s+(?:mut\s+)?" + call.receiver + rb"\b[^=;]*=([^;]*)", outline.code[start : call.start]
    )
    return assigned[1] if assigned else call.receiver


def _is_wrapper(call: Call, header: bytes, outline: Outline, block: int) -> bool:
    if (
        b"Future" not in header
        or not call.arguments
        or call.name == b"spawn_blocking"
        or re.search(rb"\basync\s+fn\b", header)
    ):
        return False
    given = call.arguments[-1].removeprefix(b"&mut ")
    if not re.search(rb"\b" + re.escape(given) + rb"\s*:", header) if re.fullmatch(rb"\w+", given) else True:
        return False
    body = outline.code[outline.blocks.opens[block] : outline.blocks.closes[block]]
    return body.count(b";") <= _MOST_STATEMENTS


def wrapped_calls(texts: Mapping[str, bytes], facts: Mapping[str, Facts]) -> Iterator[tuple[str, Place]]:
    """Yield the calls of blocking wrappers, wherever in the workspace, that carry a name of their own."""
    defined: dict[str, list[tuple[str, bool]]] = {}
    for path, known in facts.items():
        for wrapper in known.wrappers:
            if wrapper.name not in _SPELLED:
                defined.setdefault(wrapper.name, []).append((path, wrapper.method))
    for name, definitions in sorted(defined.items()):
        for path in sorted(path for path in texts if path in facts and name.encode() in texts[path]):
            outline = Outline(texts[path])
            found = list(_calls_of(outline, name, path, definitions, _is_only(name, texts)))
            yield from ((path, place) for place in places(outline, found))


def _is_only(name: str, texts: Mapping[str, bytes]) -> bool:
    """Whether the workspace defines one function of that name: only then is a method call surely its."""
    pattern = re.compile(rb"\bfn\s+" + name.encode() + rb"\b")
    return sum(len(pattern.findall(text)) for text in texts.values() if name.encode() in text) == 1


def _calls_of(
    outline: Outline,
    name: str,
    path: str,
    definitions: list[tuple[str, bool]],
    only: bool,  # noqa: FBT001
) -> Iterator[Found]:
    here = any(file == path for file, _ in definitions)
    modules = {_module(file) for file, _ in definitions}
    bound = imports(outline, name.encode()).get(name, ())
    scopes = Scopes(outline)
    for match in re.finditer(rb"\b" + name.encode() + rb"\b", outline.code):
        before = outline.code[max(0, match.start() - 20) : match.start()].rstrip()
        paren = arguments_at(outline.code, match.end())
        if paren < 0 or before.endswith((b"fn", b"!")) or not arguments(outline.code, paren):
            continue
        segments = path_before(outline.code, match.start())
        if before.endswith(b"."):
            ours = only and any(method for _, method in definitions)
        elif segments:
            ours = segments[-1] in modules or (segments == ("Self",) and here) or only
        else:
            ours = here or any(
                p[0] in ("crate", "super", "self") or (p[-2:-1] and p[-2] in modules) for p in bound
            )
        if ours:
            where = definitions[0][0]
            yield judged_call(
                outline,
                scopes,
                match.start(),
                match.end(),
                f"`{name}` in {where} only blocks on its argument",
            )


def _module(path: str) -> str:
    parts = path.removesuffix(".rs").split("/")
    return parts[-2] if parts[-1] in ("mod", "lib", "main") and len(parts) > 1 else parts[-1]
