"""The blocking calls of a file: the scanner's, each with what the compiler knows of it."""

from collections.abc import Iterator
from dataclasses import dataclass, replace

from remediate.audit.scan.blocking_calls import POOLS, calls
from remediate.audit.scan.calls import arguments
from remediate.audit.scan.where import LONGEST_LINE
from remediate.codemods.replace_block_on.contexts import enters
from remediate.codemods.replace_block_on.executors import own_executor
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.spellings import Spelling, is_in_place, is_spawned, spelling
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
        why: For "unknown": why it is not known to block on a future.
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
    why: str = ""

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
        spelled, why = _spelled(known, call)
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
            why=why,
        )


def _spelled(known: Known, call: Call | None) -> tuple[Spelling | None, str]:
    """Return what a call is, or why it is not known to block on a future."""
    if call is None:
        return None, "the compiler says nothing of it"
    path = call.callee.path
    found = spelling(call) or own_executor(known, path) if call.form is not Form.VALUE else ""
    if isinstance(found, Spelling):
        return found, ""
    return None, f"it is {path}{f', and {found}' if found else ''}"


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
