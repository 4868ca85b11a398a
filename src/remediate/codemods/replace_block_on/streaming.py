"""A function of one value becomes one that returns a stream of it, and its callers take the first item."""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.audit.scan.calls import arguments
from remediate.codemods.replace_block_on.dependencies import declared, missing
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.stream_types import StreamType, stream_types
from remediate.edits import Edit
from remediate.facts.model import Call
from remediate.model import Skip
from remediate.rust.syntax.bodies import Function
from remediate.rust.syntax.indent import indentation_at
from remediate.streams import BACKENDS, Backend, Crate

_PARAMETER = re.compile(rb"(?:mut\s+)?(\w+)\s*:\s*(.+)", re.DOTALL)
_THIS = re.compile(rb"&?\s*(?:'\w+\s+)?(mut\s+)?(?:mut\s+)?self\Z")
_OWNED = re.compile(
    rb"str|(?:std\s*::\s*path\s*::\s*)?Path|(?:std\s*::\s*ffi\s*::\s*)?OsStr|\[.*\]", re.DOTALL
)
_COPYABLE = re.compile(
    rb"(?:String|PathBuf|OsString|Vec<[\w:<>]+>|u\d+|i\d+|usize|isize|f\d+|bool|char|Duration|Arc<.+>)",
    re.DOTALL,
)
_EXTENSIONS = {"futures": "futures", "futures-util": "futures_util", "tokio-stream": "tokio_stream"}
"""The crates that bring ``StreamExt``, with the name that code says."""


@dataclass(frozen=True)
class Streamed:
    """How one function becomes a stream.

    Attributes:
        edits: Those of the function itself.
        backend: What makes the stream.
        advance: As ``Backend.advance``, as the function's callers write it.
        crates: What the package has to ask for, and does not yet.
        once: The name of the async function that makes the value.
    """

    edits: tuple[Edit, ...]
    backend: Backend
    advance: str
    crates: tuple[Crate, ...]
    once: str


@dataclass(frozen=True, slots=True)
class _Taken:
    """One parameter: as it is written, what owns it, and what is handed on for it."""

    written: str
    owned: str
    handed: str


def streamed(known: Known, path: str, function: Function) -> Streamed | Skip:
    """Return what makes a function return a stream of its value, or why that cannot be."""
    at = f"`{function.name}` ({known.location(path, function.name_span[0])})"
    taken = _parameters(known, path, function)
    if isinstance(taken, str):
        return Skip("not-a-stream", f"{at}: {taken}")
    if "&" in function.output or "impl " in function.output or re.search(r"'(?!static)\w", function.output):
        return Skip("not-a-stream", f"{at} returns what it borrows, which no stream can hand out.")
    once = f"{function.name}_once"
    if any(once.encode() in known.codebase.files[p] for p in known.codebase.home(path).rust_files):
        return Skip("not-a-stream", f"{at}: `{once}` is the name of something else already.")
    chosen = _chosen(known, path, function)
    if isinstance(chosen, Skip):
        return chosen
    values, backend, crates = chosen
    text = known.codebase.files[path]
    edits = _edits(known, path, function, (taken, once), {**_shape(text, function), **values})
    return Streamed(edits, backend, _advance(known, path, backend), crates, once)


def candidates(known: Known, path: str, offset: int) -> tuple[StreamType, ...]:
    """Return all ways to make a stream in a file, the project's own first, whether usable or not."""
    return (*stream_types(known, path, offset), *_SHIPPED)


def usable(known: Known, path: str, offset: int) -> tuple[StreamType, ...]:
    """Return the ways to make a stream whose crates are there or may be added."""
    home = known.codebase.home(path)
    return tuple(
        one
        for one in candidates(known, path, offset)
        if known.options.add_deps or not missing(known.codebase, home, _crates(one, home.name))
    )


_SHIPPED = tuple(
    StreamType(
        b, {"form": b.name, "trait": "futures::Stream" if b.name == "futures" else "futures_core::Stream"}
    )
    for b in BACKENDS
    if b.streams and not b.blocking
)


def first_item(known: Known, form: Streamed, function: Function, call: Call) -> tuple[str, str] | Skip:
    """Return what a call of the function gets in front of and behind it to be its first item again.

    A stream may end without an item, where its task was aborted or has panicked: the caller's type has to
    be able to say so.
    """
    at = known.location(call.span.file, call.name.start)
    before, _, after = form.advance.partition("$stream")
    ends = _without_value(known, call.result, function.name)
    if ends is None:
        kind = re.sub(r"(?:\w+::)+", "", call.result)
        words = f"`{kind}` cannot say that the stream of `{function.name}` ended without a value."
        return Skip("not-a-stream", f"{at}: {words}")
    return before, after + ends


def _without_value(known: Known, kind: str, name: str) -> str | None:
    """Return what makes the value's own type of the Option that ``next`` gives; None where nothing does."""
    if kind.startswith("std::option::Option<"):
        return ".flatten()"
    if kind == "()":
        return ".unwrap_or_default()"
    error = _error(known, _last_argument(kind), name) if kind.startswith("std::result::Result<") else None
    return None if error is None else f".unwrap_or_else(|| Err({error}))"


def _error(known: Known, error: str, name: str) -> str | None:
    """Return an expression of an error type that says that a stream ended without a value."""
    words = f'"`{name}` ended without a value"'
    if error == "std::io::Error":
        return "std::io::ErrorKind::UnexpectedEof.into()"
    if error == "anyhow::Error":
        return f"anyhow::anyhow!({words})"
    if error == "std::string::String" or error.startswith("std::boxed::Box<dyn std::error::Error"):
        return f"{words}.into()"
    own = re.escape(error.rpartition("::")[2]).encode()
    for path in known.rust_files:
        found = re.search(
            rb"\bFrom\s*<\s*([\w:& ']+?)\s*>\s*for\s+(?:\w+::)*" + own + rb"\b", known.outline(path).code
        )
        if found is not None and found[1] in {b"String", b"&str", b"&'static str"}:
            made = f"{words}.to_owned()" if found[1] == b"String" else words
            return f"{made}.into()"
    return None


def _last_argument(kind: str) -> str:
    depth, start = 0, kind.index("<") + 1
    for at, letter in enumerate(kind):
        depth += {"<": 1, ">": -1, "(": 1, ")": -1}.get(letter, 0)
        if letter == "," and depth == 1:
            start = at + 1
    return kind[start:].strip().removesuffix(">").split(", std::alloc::Global")[0].removesuffix(",").strip()


def _chosen(
    known: Known, path: str, function: Function
) -> tuple[dict[str, object], Backend, tuple[Crate, ...]] | Skip:
    """Return the first way to make the stream that keeps its contract and whose crates can be had."""
    at = known.location(path, function.name_span[0])
    refused = []
    home = known.codebase.home(path)
    for one in candidates(known, path, function.keyword):
        lacking = missing(known.codebase, home, _crates(one, home.name))
        if one.backend.is_stream and not _EXTENSIONS.keys() & declared(home).keys():
            lacking = (*lacking, Crate("futures", "0.3"))
        if lacking and not known.options.add_deps:
            refused.append(f"{one.backend.summary} needs {', '.join(c.name for c in lacking)} (--add-deps)")
            continue
        wrong = known.codebase.verdicts.get(one.backend.name, "it was not probed")
        if wrong:
            refused.append(f"{one.backend.summary} breaks its contract ({wrong})")
            continue
        return one.values, one.backend, lacking
    words = "; ".join(refused[:3]) or f"no type `{known.options.stream_type}` is found"
    return Skip("no-stream", f"{at}: no stream can be offered here: {words}.")


def _crates(one: StreamType, own: str) -> Iterator[Crate]:
    """Yield what the generated code needs; the crate of a type that a package defines itself is no need."""
    for crate in one.backend.needs:
        if (
            not crate.path
            and not (crate.name == "tokio" and one.values["form"] == "once")
            and crate.name != own
        ):
            yield crate


def _advance(known: Known, path: str, backend: Backend) -> str:
    if not backend.is_stream:
        return backend.advance
    named = declared(known.codebase.home(path))
    crate = next((code for name, code in _EXTENSIONS.items() if name in named), "futures")
    pinned = "$stream" if backend.name.startswith("project:") else "std::pin::pin!($stream)"
    return f"{crate}::StreamExt::next(&mut {pinned}).await"


def _shape(text: bytes, function: Function) -> dict[str, object]:
    documented = text[: text.rfind(b"\n", 0, function.span[0]) + 1].rstrip().rsplit(b"\n", 1)[-1].strip()
    marked = any(attribute.path == "must_use" for attribute in function.attributes)
    return {"is_documented": documented.startswith(b"///"), "is_marked": not marked}


def _parameters(known: Known, path: str, function: Function) -> tuple[_Taken, ...] | str:
    """Return the parameters, or why one of them cannot be handed to a stream, which outlives the call."""
    code = known.outline(path).code
    opened = code.find(b"(", function.name_span[1])
    if b"<" in code[function.name_span[1] : opened]:
        return "it is generic, and what its stream may hold is not known."
    if re.search(rb"\bwhere\b", code[opened : (function.body or function.span)[0]]):
        return "it is generic, and what its stream may hold is not known."
    found = []
    for written in arguments(code, opened):
        one = _parameter(known, function, written)
        if isinstance(one, str):
            return one
        found.append(one)
    return tuple(found)


def _parameter(known: Known, function: Function, written: bytes) -> _Taken | str:
    shown = " ".join(written.decode(errors="replace").split())
    this = _THIS.match(written)
    if this is not None:
        known_copy = (
            not this[1] and written.startswith(b"&") and _is_clone(known, function.self_type.encode())
        )
        taken = _Taken(shown, "let this = self.clone();", "this")
        return (
            taken if known_copy else f"its stream would outlive `{shown}`, which nothing shows to be cloned."
        )
    found = _PARAMETER.fullmatch(written)
    if found is None or written.count(b"impl ") or re.match(rb"\(|&\s*mut\b|&\s*'", found[2]):
        return f"its stream cannot hold `{shown}`."
    name, kind = found[1].decode(), found[2].strip()
    if not kind.startswith(b"&"):
        return _Taken(shown, "", name)
    inner = kind[1:].strip()
    if _OWNED.fullmatch(inner):
        return _Taken(shown, f"let {name} = {name}.to_owned();", f"&{name}")
    if _COPYABLE.fullmatch(inner) or _is_clone(known, inner):
        return _Taken(shown, f"let {name} = {name}.clone();", f"&{name}")
    return f"its stream would outlive `{shown}`, which nothing shows to be cloned."


def _is_clone(known: Known, kind: bytes) -> bool:
    """Whether a type of the workspace derives Clone."""
    name = re.split(rb"[<\s]", kind, maxsplit=1)[0].rpartition(b"::")[2]
    derives = re.compile(
        rb"#\[derive\([^)]*\bClone\b[^)]*\)\]\s*(?:#\[[^\]]*\]\s*)*(?:pub(?:\([^)]*\))?\s+)?(?:struct|enum)\s+"
        + re.escape(name)
        + rb"\b"
    )
    files = (p for p in known.rust_files if name in known.codebase.files[p])
    return any(derives.search(known.outline(path).code) for path in sorted(files))


def _edits(
    known: Known,
    path: str,
    function: Function,
    parts: tuple[tuple[_Taken, ...], str],
    values: dict[str, object],
) -> tuple[Edit, ...]:
    (taken, once), text = parts, known.codebase.files[path]
    rest = [one.handed for one in taken if one.handed != "this"]
    this = any(one.handed == "this" for one in taken)
    called = f"this.{once}" if this else f"Self::{once}" if function.self_type else once
    future = f"{called}({', '.join(rest)})"
    held = this or any(one.handed.startswith("&") for one in taken)
    spawned = (
        "a task makes it, so call this inside a tokio runtime"
        if values["form"] in _TASKS
        else "made when polled"
    )
    docs = ["", f"One value, as a stream: {spawned}."]
    made = known.codebase.render(
        "async/one-value.rs.j2",
        docs=docs if values.pop("is_documented") else docs[1:],
        visibility=f"{function.visibility} " if function.visibility else "",
        name=function.name,
        parameters=", ".join(one.written for one in taken),
        item=function.output or "()",
        owned=[one.owned for one in taken if one.owned],
        future=f"async move {{ {future}.await }}" if held else future,
        made=f"{future}.await",
        captures=" + use<>" if any("&" in one.written for one in taken) else "",
        **values,
    )
    margin = indentation_at(text, function.span[0]).decode()
    lines = made.strip().splitlines()
    whole = "\n".join(f"{margin if number else ''}{line}".rstrip() for number, line in enumerate(lines))
    start = function.span[0]
    shown = function.span[0] + len(function.visibility.encode())
    head = shown + len(text[shown:]) - len(text[shown:].lstrip())
    return (
        Edit(start, head, f"{whole}\n\n{margin}async ".encode()),
        Edit(*function.name_span, once.encode()),
    )


_TASKS = ("channel", "tokio-mpsc")
