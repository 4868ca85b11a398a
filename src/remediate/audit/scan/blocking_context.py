"""Where a blocking call runs: in async code, on its own thread, in a test, behind a foreign interface."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.audit.scan.calls import callee_before, enclosing_calls
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
