"""The project's own executors: functions of the workspace that do nothing but run one future to its end.

Two things have to be shown. That the future comes to its end: its output is all that the signature lets the
function return, or the body hands it to a call that is known to block. And that nothing else happens: the
compiler knows every call below, and each is of what only runs futures.
"""

import re
from dataclasses import dataclass, replace

from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.matrix import Operation
from remediate.codemods.replace_block_on.spellings import EXECUTORS, Awaits, Spelling, is_in_place, spelling
from remediate.facts.model import UNKNOWN, Call, Form, Span
from remediate.rust.syntax.bodies import Bytes, Function, scopes
from remediate.rust.syntax.expressions import block, invocation, leaves

_ONLY_RUN = EXECUTORS | {"alloc", "core", "futures_core", "futures_task", "futures_util", "lazy_static"}
_ONLY_RUN |= {"once_cell", "parking", "pin_utils", "std", "tokio", "waker_fn"}
"""A heuristic: crates whose functions do nothing that is seen elsewhere, but for those of ``_ACTS``."""
_ACTS = re.compile(
    r"std::(?:env|fs|io|net|os|process)::|std::thread::.*spawn|core::sync::atomic::.*::fetch_"
    r"|tokio::(?!runtime::|task::blocking::)|futures_executor::local_pool::\{impl"
)
_POLL = "core::future::future::Future::poll"
_FUTURE = re.compile(r"(?:\w+::)*(?:Into)?Future(?:<Output\s*=\s*(.+)>)?", re.DOTALL)
_PLAIN = re.compile(r"(?:\w+::)*(?:Send|Sync|Unpin|Sized|Debug|UnwindSafe)|\?Sized|'\w+")
"""What a type may promise that lets nobody make a value of it."""
_BOXED = re.compile(r"(?:\w+::)*Pin<(?:\w+::)*Box<dyn\s+(.+)>\s*>", re.DOTALL)


@dataclass(frozen=True, slots=True)
class _Taken:
    """The one future that a function takes.

    Attributes:
        name: The parameter.
        output: What it ends with, as the signature writes it.
        is_all: Whether the function can return nothing else: it has no other way to a value of the type.
    """

    name: str
    output: str
    is_all: bool


def own_executor(known: Known, name: str) -> Spelling | str:
    """Return what a call of a function of the workspace is, by its path, or why it is not known to block.

    That is "" for what is no function of the workspace.
    """
    memory = known.memory(own_executor)
    if name not in memory:
        memory[name] = "it calls itself"
        memory[name] = _own(known, name)
    return memory[name]


def _own(known: Known, name: str) -> Spelling | str:
    path, function = known.declared(name) or ("", None)
    if function is None:
        return ""
    taken = _taken(known, path, function)
    if isinstance(taken, str):
        return taken
    title = f"the project's own {function.name}"
    made = Spelling(Operation.FUTURES_READY, title, Awaits.ARGUMENT, runtime=True)
    if function.body is not None:
        return _run(known, path, function.body, taken, made)
    return made if taken.is_all else "its impls may return something else than what the future ends with"


def _run(known: Known, path: str, body: Bytes, taken: _Taken, made: Spelling) -> Spelling | str:
    """Return how a body runs its future, or why it is not known to do that alone."""
    handed = _handed_on(known, path, body, taken.name.encode())
    if handed is None and not taken.is_all:
        return f"nothing shows that the `{taken.output}` it returns is the future's"
    below = _below(known, path, body)
    if isinstance(below, str):
        return below
    polls = {call.span for call in below if call.callee.path == _POLL}
    is_own = re.search(rb"\bself\b", known.outline(path).code[slice(*body)]) is not None
    if len(polls) > 1 or (handed is None and polls and is_own):
        return "other futures may run meanwhile"
    tokio = any(call.callee.crate == "tokio" for call in below)
    return replace(made, operation=handed.operation if handed is not None else made.operation, runtime=tokio)


def _taken(known: Known, path: str, function: Function) -> _Taken | str:
    """Return the future that a function takes, or why it is not known to take one."""
    end = function.body[0] if function.body is not None else function.span[1] - 1
    header = _said(known.outline(path).code[function.name_span[1] : end].decode())
    given = function.parameters[function.takes_self :]
    named = re.fullmatch(r"(?:mut )?(\w+) ?: ?(.+)", _said(given[0])) if len(given) == 1 else None
    if named is None or function.is_async:
        return "it does not take one argument alone"
    kind, bounds = named[2], _bounds(f"{_generics(header)}, {header.partition(' where ')[2]}")
    boxed = _BOXED.fullmatch(kind)
    said = kind.removeprefix("impl ") if kind.startswith("impl ") else boxed[1] if boxed is not None else ""
    own = bounds.get(kind, []) if not said else _parts(said, "+")
    futures = [found for found in map(_FUTURE.fullmatch, own) if found is not None]
    if not futures:
        return "its argument is not known to be a future"
    output = next((found[1] for found in futures if found[1]), f"{kind}::Output")
    returned = _said(function.output)
    if returned != output:
        return f"it returns `{returned or '()'}`, and its future ends with `{output}`"
    promised = [*own, *bounds.get(output, [])]
    is_plain = all(_PLAIN.fullmatch(one) or _FUTURE.fullmatch(one) for one in promised)
    return _Taken(named[1], output, is_plain and (output in bounds or output == f"{kind}::Output"))


def _said(text: str) -> str:
    """Return types as most people write them, in one line: ``F::Output`` for ``<F as Future>::Output``."""
    return re.sub(r"<\s*(\w+) as [\w:]+\s*>::", r"\1::", " ".join(text.split()))


def _bounds(text: str) -> dict[str, list[str]]:
    """Return what each type parameter, and each type that a ``where`` names, promises."""
    found: dict[str, list[str]] = {}
    for one in _parts(text, ","):
        name, _, bounds = re.sub(r"(?<!:):(?!:)", "\0", one, count=1).partition("\0")
        found.setdefault(name.strip(), []).extend(_parts(bounds, "+"))
    return found


def _parts(text: str, separator: str) -> list[str]:
    """Return the parts of a list of types, or of bounds, at its own separators."""
    parts, depth = [""], 0
    for token in re.findall(r"->|.", text):
        depth += {"<": 1, "(": 1, "[": 1, ">": -1, ")": -1, "]": -1}.get(token, 0)
        if token == separator and not depth:
            parts.append("")
        else:
            parts[-1] += token
    return [part.strip() for part in parts if part.strip()]


def _generics(header: str) -> str:
    """Return what stands between the angle brackets that a function's header begins with, if it does."""
    depth = 0
    for match in re.finditer(r"->|[<>]", header if header.startswith("<") else ""):
        depth += {"<": 1, ">": -1}.get(match[0], 0)
        if not depth:
            return header[1 : match.start()]
    return ""


def _handed_on(known: Known, path: str, body: Bytes, name: bytes) -> Spelling | None:
    """Return how a body, as its last word, blocks on a variable that it does not touch before; else None."""
    source, code = known.source(path), known.outline(path).code
    inner = block(source, body)
    last = body if inner is None else inner.tail
    calls = known.facts_at(path).calls_in(Span(path, *last)) if last is not None else UNKNOWN
    if last is None or calls is UNKNOWN or leaves(source, body):
        return None
    whole = (c for c in calls if (c.span.start, c.span.end) == last and not c.expanded)
    call = next((c for c in whole if c.form in {Form.METHOD, Form.PATH}), None)
    syntax = invocation(source, call.name.end - 1) if call is not None else None
    if call is None or syntax is None or re.search(rb"\b" + name + rb"\b", code[body[0] : last[0]]):
        return None
    if is_in_place(call) and len(syntax.arguments) == 1:
        closure = next(iter(scopes(source, syntax.arguments[0][1] - 1)), None)
        found = _handed_on(known, path, closure.body, name) if closure is not None else None
        return (
            None
            if found is None
            else replace(found, operation=_IN_PLACE.get(found.operation, found.operation))
        )
    spelled = spelling(call) or own_executor(known, call.callee.path)
    if not isinstance(spelled, Spelling) or spelled.awaits is Awaits.TWIN:
        return None
    operand = syntax.receiver if spelled.awaits is Awaits.RECEIVER else None
    if spelled.awaits is Awaits.ARGUMENT and len(syntax.arguments) == 1:
        operand = syntax.arguments[0]
    said = b" ".join(code[slice(*operand)].split()) if operand is not None else b""
    return spelled if re.fullmatch(name + rb"|async (?:move )?\{ ?" + name + rb"\.await ?\}", said) else None


_IN_PLACE = {
    Operation.HANDLE_CURRENT: Operation.IN_PLACE_HANDLE,
    Operation.RUNTIME_NEW: Operation.FUTURES_READY,
}
"""What blocks otherwise inside of ``block_in_place``: a runtime does not panic there."""


def _below(known: Known, path: str, body: Bytes) -> list[Call] | str:
    """Return all calls of a body and of what it calls in the workspace, or why it may do more than run."""
    found: list[Call] = []
    waiting, seen = [(path, body)], set[str]()
    while waiting:
        file, span = waiting.pop()
        calls = known.facts_at(file).calls_in(Span(file, *span))
        if calls is UNKNOWN or re.search(rb"\bcfg\b", known.outline(file).code[slice(*span)]):
            return f"not all that it does is known ({known.location(file, span[0])})"
        for call in (one for one in calls if one.form is not Form.CONSTANT):
            name = call.callee.path
            at, function = known.written(name) or ("", None)
            if function is None or function.body is None:
                if call.callee.crate not in _ONLY_RUN or _ACTS.match(name):
                    return f"it also calls {name}"
            elif name not in seen:
                seen.add(name)
                waiting.append((at, function.body))
            found.append(call)
    return found
