"""The blocking calls of a file: the scanner's, each with what the compiler knows of it."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

from remediate.audit.scan.blocking_calls import POOLS, calls
from remediate.audit.scan.calls import arguments
from remediate.audit.scan.where import LONGEST_LINE
from remediate.codemods.replace_block_on.contexts import enters
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.matrix import Operation
from remediate.codemods.replace_block_on.spellings import (
    Awaits,
    Spelling,
    is_in_place,
    is_spawned,
    spelling,
)
from remediate.facts.model import Call, Form
from remediate.rust.syntax.bodies import Bytes, scopes
from remediate.rust.syntax.expressions import Invocation, invocation


@dataclass(frozen=True, slots=True)
class Site:
    """One blocking call.

    Attributes:
        name: Where its name stands.
        line: The line of its name.
        text: That line, trimmed, as the scanner keeps it.
        written: The name as written.
        call: What the compiler says; None where it says nothing, or more than one thing.
        syntax: The call as the grammar sees it; None in the tokens of a macro.
        kind: "future" (it blocks on one), "in-place", "spawned" or "unknown".
        spelling: For "future": what it is.
    """

    path: str
    name: Bytes
    line: int
    text: str
    written: str
    call: Call | None
    syntax: Invocation | None
    kind: str
    spelling: Spelling | None

    @property
    def location(self) -> str:
        """The path and line, as a person would write them."""
        return f"{self.path}:{self.line}"


def sites(known: Known, path: str) -> tuple[Site, ...]:
    """Return the blocking calls of a file in its order, each once."""
    memory = known.memory(sites)
    if path not in memory:
        memory[path] = tuple(sorted(_sites(known, path), key=lambda site: site.name))
    return memory[path]


def _sites(known: Known, path: str) -> Iterator[Site]:
    outline = known.outline(path)
    found = {(use.start, use.end): use for use in calls(outline)}
    for (start, end), use in found.items():
        resolved = known.calls_named(path, end - 1)
        call = resolved[0] if len({c.callee.path for c in resolved}) == 1 else None
        spelled = (spelling(call) or _of_project(known, call)) if call is not None else None
        inner = next(iter(scopes(known.source(path), start)), None)
        if spelled is not None and inner is not None and inner.kind == "closure":
            spelled = replace(spelled, runtime=spelled.runtime or enters(known, path, inner))
        kind = "future" if spelled is not None else "unknown"
        if call is not None and is_in_place(call):
            kind = "in-place"
        elif (call is not None and is_spawned(call)) or use.name in POOLS:
            kind = "spawned"
        yield Site(
            path=path,
            name=(start, end),
            line=known.line(path, start),
            text=_line_text(outline.text, start),
            written=outline.code[start:end].decode(),
            call=call,
            syntax=_syntax(known, path, end, call),
            kind=kind,
            spelling=spelled,
        )


def _of_project(known: Known, call: Call) -> Spelling | None:
    """Return what a function of the project is that cannot but run the future it is given to its end.

    Its signature says so: ``fn f<F: Future>(future: F) -> F::Output`` has no other way to an ``Output``. So
    does that of a method, be it one that only a trait declares.
    """
    where = known.declared(call.callee.path)
    if where is None or call.form not in {Form.PATH, Form.METHOD}:
        return None
    path, function = where
    code = known.outline(path).code
    header = code[function.name_span[1] : function.body[0] if function.body else function.span[1]]
    plain = _RECEIVER.sub(b"(", b" ".join(header.removesuffix(b";").split()))
    if (call.form is Form.METHOD) != (plain != b" ".join(header.removesuffix(b";").split())):
        return None
    if not _RUNS.fullmatch(plain) or (call.form is Form.PATH and function.owner):
        return None
    body = code[slice(*function.body)] if function.body else b""
    words = re.search(rb"(?i)runtime|tokio|handle|\benter\b", body) is not None
    runtime = words or call.form is Form.METHOD
    title = f"the project's own {function.name}"
    return Spelling(Operation.FUTURES_READY, title, Awaits.ARGUMENT, runtime=runtime)


_RECEIVER = re.compile(rb"\(\s*&?\s*(?:mut\s+)?self\s*,\s*")
_RUNS = re.compile(
    rb"<\s*(\w+)\s*:\s*(?:[\w:]*::)?Future\s*>\s*\(\s*(?:mut\s+)?\w+\s*:\s*\1\s*,?\s*\)\s*->\s*\1::Output"
    rb"|<\s*(\w+)\s*>\s*\(\s*(?:mut\s+)?\w+\s*:\s*\2\s*,?\s*\)\s*->\s*\2::Output"
    rb"\s*where\s+\2\s*:\s*(?:[\w:]*::)?Future\s*,?"
    rb"|<\s*(\w+)\s*>\s*\(\s*(?:mut\s+)?\w+\s*:\s*impl\s+(?:[\w:]*::)?Future<Output\s*=\s*\3>\s*,?\s*\)\s*->\s*\3"
)


def _line_text(text: bytes, offset: int) -> str:
    end = text.find(b"\n", offset)
    line = text[text.rfind(b"\n", 0, offset) + 1 : end if end >= 0 else len(text)]
    return line.decode(errors="replace").strip()[:LONGEST_LINE]


def _syntax(known: Known, path: str, end: int, call: Call | None) -> Invocation | None:
    """Return the call as the grammar sees it; in a macro's tokens, as far as the compiler's spans show it."""
    found = invocation(known.source(path), end - 1)
    if found is not None or call is None or call.expanded or call.form not in {Form.METHOD, Form.PATH}:
        return found
    code, span = known.outline(path).code, (call.span.start, call.span.end)
    opened = code.find(b"(", end, span[1])
    if call.span.file != path or code[end:opened].strip() or not code[: span[1]].endswith(b")"):
        return None
    inside = code[opened + 1 : span[1] - 1]
    given = inside.strip().removesuffix(b",").rstrip()
    start = opened + 1 + len(inside) - len(inside.lstrip())
    receiver = None
    if call.form is Form.METHOD:
        dot = code.rfind(b".", span[0], end)
        receiver = (span[0], len(code[:dot].rstrip()))
    only = len(arguments(code, opened)) <= 1
    return Invocation(
        span=span,
        callee=(span[0], end),
        receiver=receiver,
        arguments=((start, start + len(given)),) if given and only else (),
        kinds=("",) if given and only else (),
        awaited=0,
        statement=False,
        parent="token_tree",
    )
