"""The edits: unwrap a blocking call, append an `.await`, add or drop `async`, remove a runtime of no use."""

import re
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from remediate.codemods.replace_block_on.known import Known
from remediate.edits import Edit
from remediate.rust.syntax.bodies import Bytes, Function
from remediate.rust.syntax.expressions import Invocation, bindings
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.rust.syntax.outline import statement_end, statement_start

_TIGHT = frozenset(
    {
        "call_expression", "identifier", "field_expression", "scoped_identifier", "generic_function", "self",
        "async_block", "parenthesized_expression", "await_expression", "try_expression", "index_expression",
        "macro_invocation", "block", "tuple_expression", "array_expression",
    }
)  # fmt: skip
"""What `.await` may be written behind without parentheses."""


class Wrap(NamedTuple):
    """The edits around one call by which it blocks, or waits in an example.

    Where calls stand inside of each other, several begin or end at one place: so they are merged last.
    """

    path: str
    edits: tuple[Edit, ...]
    is_comment: bool = False


def nested(wraps: Iterable[Wrap]) -> Iterator[Edit]:
    """Yield the edits of the wraps of one file, one for each place, the outer calls around the inner ones."""
    found: dict[tuple[int, int], list[bytes]] = {}
    for edit in (edit for wrap in sorted(wraps) for edit in wrap.edits):
        found.setdefault((edit.start, edit.end), []).append(edit.new)
    yield from (Edit(*place, b"".join(new)) for place, new in found.items())


def unwrapped(
    text: bytes, whole: Bytes, inner: Bytes, kind: str, suffix: bytes = b".await"
) -> tuple[Edit, Edit]:
    """Return the edits that leave of ``whole`` only ``inner``, with a suffix; comments on the way stay."""
    opening, closing = (b"", b"") if kind in _TIGHT or not suffix else (b"(", b")")
    before = comments_in(text, whole[0], inner[0])
    after = comments_in(text, inner[1], whole[1])
    return (
        Edit(whole[0], inner[0], before + opening),
        Edit(inner[1], whole[1], closing + suffix + after),
    )


def awaited(end: int) -> Edit:
    """Return the edit that awaits the expression that ends here."""
    return Edit(end, end, b".await")


def twin(call: Invocation, name: Bytes, twin_name: str) -> tuple[Edit, ...]:
    """Return the edits that call the async method instead of its blocking twin."""
    return Edit(name[0], name[1], twin_name.encode()), awaited(call.span[1])


def receiver_awaited(text: bytes, call: Invocation, receiver: Bytes) -> tuple[Edit, ...]:
    """Return the edit that awaits what the method was called on."""
    comments = comments_in(text, receiver[1], call.span[1])
    return (Edit(receiver[1], call.span[1], b".await" + comments),)


def made_async(text: bytes, function: Function) -> Edit:
    """Return the edit that makes a function async: the word stands in front of `unsafe` and `fn`."""
    unsafe = (
        text.find(b"unsafe", function.span[0], function.keyword) if "unsafe" in function.modifiers else -1
    )
    at = unsafe if unsafe >= 0 else function.keyword
    return Edit(at, at, b"async ")


def lifetimes_said(known: Known, path: str, function: Function) -> tuple[Edit, ...]:
    """Return the edits that say the lifetimes a signature leaves out, which async functions may not.

    Of types whose name tells how many they take, by the workspace's text and the compiler's; of others rustc
    says it.
    """
    code = known.outline(path).code
    start = code.index(b"(", function.name_span[1])
    end = function.body[0] if function.body is not None else function.span[1]
    where = re.search(rb"\bwhere\b", code[start:end])
    hidden = known.derived(_hidden_lifetimes)
    end = start + where.start() if where is not None else end
    # What the traits of closures take may be of any lifetime where it is left out.
    header = _CALLED.sub(lambda match: b" " * len(match[0]), code[start:end])
    found = []
    for match in _TYPE.finditer(header):
        at, said = start + match.end(), b", ".join([b"'_"] * hidden.get(match[1], 0))
        if said:
            found.append(Edit(at, at, said + b", " if match[2] else b"<" + said + b">"))
    return tuple(found)


_TYPE = re.compile(rb"\b([A-Z]\w*)\b(?:(<)(?!\s*['>])|(?!\s*(?:[<(!]|::)))")
_CALLED = re.compile(rb"\b(?:(?:Async)?Fn(?:Mut|Once)?|fn)\s*\((?:[^()]|\([^()]*\))*\)")
_DEFINED = re.compile(rb"\b(?:struct|enum|union|type|trait)\s+(\w+)\s*(?:<([^<>;{}()]*))?")
_PRINTED = re.compile(r"\b([A-Z]\w*)(?:<((?:'\w+(?:, )?)*))?")
"""A type as rustc prints it, with the lifetimes that come first of what it takes."""


def _hidden_lifetimes(known: Known) -> dict[bytes, int]:
    """Return how many lifetimes a type takes, by its name where all of this name take as many."""
    found: dict[bytes, set[int]] = {}
    for path in known.rust_files:
        for match in _DEFINED.finditer(known.outline(path).code):
            taken = [one.strip() for one in (match[2] or b"").split(b",")]
            found.setdefault(match[1], set()).add(sum(one.startswith(b"'") for one in taken))
    own = set(found)
    for printed in {kind for facts in known.facts.values() for kind in facts.types}:
        for name, lifetimes in _PRINTED.findall(printed):
            # The alias of a type may take less than the type of its name.
            if name.encode() not in own:
                found.setdefault(name.encode(), set()).add(lifetimes.count("'"))
    return {name: counts.pop() for name, counts in found.items() if len(counts) == 1}


def made_sync(text: bytes, function: Function) -> Edit | None:
    """Return the edit that makes a function synchronous, None where a comment is in the way."""
    header = text[function.span[0] : function.keyword]
    found = re.search(rb"\basync\s+", header)
    if found is None or b"/" in header:
        return None
    start = function.span[0] + found.start()
    return Edit(start, function.span[0] + found.end(), b"")


def not_awaited(text: bytes, call_end: int, end: int) -> Edit:
    """Return the edit that drops the ``.await`` between these offsets; comments stay."""
    return Edit(call_end, end, comments_in(text, call_end, end))


def runtime_removed(known: Known, path: str, name: bytes, offset: int, used: list[Bytes]) -> Edit | None:
    """Return the edit that removes the ``let`` of a runtime that only replaced calls use, None for any other.

    Args:
        known: The workspace.
        path: The file.
        name: The variable.
        offset: Where it is used.
        used: The spans in which it is used no longer.
    """
    code = known.outline(path).code
    bound = [b for b in bindings(known.source(path), offset) if name.decode() in b.names]
    if not bound or bound[0].names != (name.decode(),) or not bound[0].is_let:
        return None
    start, end = statement_start(code, bound[0].value[0]), statement_end(code, bound[0].value[1])
    start += len(code[start:]) - len(code[start:].lstrip())
    block = known.outline(path).blocks.around(start)
    last = known.outline(path).blocks.closes[block]
    rest = re.finditer(rb"\b" + re.escape(name) + rb"\b", code[end:last])
    if any(not any(a <= end + m.start() < b for a, b in used) for m in rest):
        return None
    text = known.codebase.files[path]
    if code[end : end + 1] != b";" or comments_in(text, start, end + 1):
        return None
    line = text.rfind(b"\n", 0, start) + 1
    is_alone = not text[line:start].strip() and text[end + 1 : end + 2] in {b"\n", b"\r"}
    if not is_alone:
        return Edit(start, end + 1, b"")
    return Edit(line, text.index(b"\n", end) + 1, b"")


def comments_in(text: bytes, start: int, end: int) -> bytes:
    """Return the comments between two offsets, each as it stands, apart from each other."""
    found = [t.text for t in tokens(text, start, end) if t.kind is TokenKind.COMMENT]
    return b"".join(c.rstrip() + (b"\n" if c.startswith(b"//") else b" ") for c in found)
