"""The gates "interface" and "visibility": what others may use of the touched files stays, and is no more.

By text, so that it holds for every feature set and at every level: what rustdoc says of public paths is
another gate's. Names of parameters, bodies, and private fields are nobody else's.
"""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from remediate.edits import Change
from remediate.rust.codebase import Codebase
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.lexer import Token, TokenKind, tokens
from remediate.rust.syntax.source import Source
from remediate.verify.foreign.tests_kept import is_reserved

_MOST_SHOWN = 5
_OPEN, _CLOSE = {b"(", b"[", b"{", b"<"}, {b")", b"]", b"}", b">"}
_FIELDED = {"struct", "union"}


@dataclass(frozen=True, slots=True)
class _Offered:
    """An item that others may name.

    Attributes:
        path: The names around it and its own, with its kind.
        visibility: As written, blanks taken out; "" in a trait, or for an impl of a trait.
        signature: What a user has to know of it, as tokens.
    """

    path: str
    visibility: str
    signature: bytes


def widened(before: Codebase, after: Codebase, change: Change) -> str:
    """Return which items a change makes visible further than they were."""
    old, new = (_offered(side, change, public_only=False) for side in (before, after))
    was = {one.path: one.visibility for one in old}
    wider = sorted(
        f"{one.path} ({was[one.path] or 'private'} -> {one.visibility or 'private'})"
        for one in set(new)
        if one.path in was and _rank(one.visibility) > _rank(was[one.path])
    )
    return f"visible further than before: {_some(wider)}" if wider else ""


def changed_interface(before: Codebase, after: Codebase, change: Change) -> str:
    """Return which public items come, go, or have another signature."""
    old, new = (Counter(_offered(side, change, public_only=True)) for side in (before, after))
    lost, added = sorted({o.path for o in old - new}), sorted({o.path for o in new - old})
    both = sorted({*lost} & {*added})
    told = [
        f"{words} {_some(names)}"
        for words, names in (
            ("another signature:", both),
            ("gone:", [n for n in lost if n not in both]),
            ("new:", [n for n in added if n not in both]),
        )
        if names
    ]
    return "; ".join(told)


def _offered(codebase: Codebase, change: Change, *, public_only: bool) -> list[_Offered]:
    paths = {*change.originals(), *change.creations, *change.moves.values()}
    found: list[_Offered] = []
    for path in sorted(p for p in paths if p.endswith(".rs") and p in codebase.files):
        source = Source(path, codebase.files[path])
        found += _of(source, items(source), "", public_only=public_only)
    return found


def _of(source: Source, found: tuple[Item, ...], inside: str, *, public_only: bool) -> Iterator[_Offered]:
    for item in found:
        if is_reserved(item):
            continue
        name = item.name or " for ".join(part for part in (item.trait, item.self_type) if part)
        path = f"{inside}::{name}" if inside else name
        told = f"{item.kind} {path}"
        written = _joined(source, *item.visibility) if item.visibility else ""
        exported = item.kind == "macro_rules" and any(a.path == "macro_export" for a in item.attributes)
        if item.kind == "use":
            if public_only and written == "pub":
                yield _Offered(_joined(source, item.start, item.end), written, b"")
        elif exported or written == "pub" or (not public_only and item.kind not in {"impl", "use"}):
            signature = _signature(source, item) if public_only else b""
            yield _Offered(told, "pub" if exported else written, signature)
        if item.kind in _FIELDED and not public_only:
            yield from _fields(source, item, path)
        if item.kind == "impl" and item.trait and public_only:
            continue  # what a trait's impl holds is the trait's to say; that it is there, rustc's
        if item.kind in {"mod", "impl"}:
            yield from _of(source, children(source, item), path, public_only=public_only)


def _signature(source: Source, item: Item) -> bytes:
    """Return what a user of a public item has to know, without bodies, private fields and parameter names."""
    if item.kind == "fn":
        end = item.body[0] - 1 if item.body else item.end
        return b" ".join(_without_patterns(_code(source, item.start, end)))
    if item.kind in _FIELDED:
        fields = _split(source, item)
        head = _code(source, item.start, item.name_span[1] if item.name_span else item.start)
        generics = _code(source, item.name_span[1] if item.name_span else item.end, item.end)
        stop = next((i for i, word in enumerate(generics) if word in (b"{", b"(", b";", b"where")), 0)
        public = [b" ".join(f) for f in fields if f[0] == b"pub" and f[1:2] != [b"("]]
        closed = b"closed" if len(public) < len(fields) else b"open"
        return b"\n".join([b" ".join([*head, *generics[:stop]]), *public, closed])
    if item.kind == "trait":
        inner = children(source, item)
        end = item.body[0] if item.body else item.end
        own = b" ".join(_code(source, item.start, end))
        given = (_signature(source, one) + (b" {}" if one.body else b"") for one in inner)
        return b"\n".join([own, *sorted(given)])
    if item.kind in {"mod", "const", "static"}:
        words = _code(source, item.start, item.body[0] if item.body else item.end)
        stop = next((i for i, word in enumerate(words) if word == b"="), len(words))
        return b" ".join(words[:stop])
    return b" ".join(_code(source, item.start, item.end))


def _fields(source: Source, item: Item, path: str) -> Iterator[_Offered]:
    """Yield the fields of a type with their visibility; those of a tuple by their number."""
    for number, field in enumerate(_split(source, item)):
        words = list(field)
        written = b""
        if words[:1] == [b"pub"]:
            end = words.index(b")") + 1 if words[1:2] == [b"("] and b")" in words else 1
            written, words = b"".join(words[:end]), words[end:]
        name = words[0].decode(errors="replace") if words[1:2] == [b":"] else str(number)
        yield _Offered(f"field {path}.{name}", written.decode(errors="replace"), b"")


def _split(source: Source, item: Item) -> list[list[bytes]]:
    """Return the fields of a struct or union, each without its attributes."""
    if item.body is not None:
        words = [b"{", *_code(source, *item.body), b"}"]
        return [f for f in map(_without_attributes, _commas(words, 0)) if f]
    words = _code(source, item.name_span[1] if item.name_span else item.start, item.end)
    depth = 0
    for index, word in enumerate(words):
        if word == b"(" and not depth:
            return [f for f in map(_without_attributes, _commas(words, index)) if f]
        depth += 1 if word == b"<" else -1 if word == b">" else 0
    return []


def _commas(words: list[bytes], start: int) -> list[list[bytes]]:
    """Return what the bracket at ``start`` holds, split at its own commas; `->` is no bracket."""
    found: list[list[bytes]] = [[]]
    depth = 0
    for index in range(start, len(words)):
        word = words[index]
        arrow = word == b">" and words[index - 1] in (b"-", b"=")
        if word in _CLOSE and not arrow:
            depth -= 1
        if depth == 0 and index > start:
            break
        if word == b"," and depth == 1:
            found.append([])
        elif index > start:
            found[-1].append(word)
        if word in _OPEN:
            depth += 1
    return found


def _without_attributes(field: list[bytes]) -> list[bytes]:
    while field[:2] == [b"#", b"["]:
        depth, end = 0, 1
        while end < len(field):
            depth += {b"[": 1, b"]": -1}.get(field[end], 0)
            end += 1
            if not depth:
                break
        field = field[end:]
    return field


def _without_patterns(words: list[bytes]) -> list[bytes]:
    """Return a function's header with each parameter as its type alone."""
    start = _parameters(words)
    if start is None:
        return words
    parts = [f for f in map(_without_attributes, _commas(words, start)) if f]
    length = sum(len(p) for p in _commas(words, start)) + len(_commas(words, start)) - 1
    return [*words[: start + 1], *(w for p in parts for w in (*_type(p), b",")), *words[start + 1 + length :]]


def _parameters(words: list[bytes]) -> int | None:
    """Return the index of the bracket that opens a function's parameters, behind its generics."""
    depth = 0
    for index, word in enumerate(words):
        arrow = word == b">" and words[index - 1] in (b"-", b"=")
        if word == b"(" and not depth and b"fn" in words[:index]:
            return index
        depth += 1 if word == b"<" else -1 if word == b">" and not arrow else 0
    return None


def _type(parameter: list[bytes]) -> list[bytes]:
    """Return a parameter's type; a receiver without a type as it is, but for a binding's `mut`."""
    depth = 0
    for index, word in enumerate(parameter):
        if word == b":" and not depth and parameter[index + 1 : index + 2] != [b":"]:
            return parameter[index + 1 :]
        depth += 1 if word in _OPEN else -1 if word in _CLOSE else 0
    return parameter[1:] if parameter[:2] == [b"mut", b"self"] else parameter


def _code(source: Source, start: int, end: int) -> list[bytes]:
    found: Iterator[Token] = tokens(source.text, start, end)
    return [token.text for token in found if token.kind is not TokenKind.COMMENT]


def _joined(source: Source, start: int, end: int) -> str:
    return b"".join(_code(source, start, end)).decode(errors="replace")


def _rank(visibility: str) -> int:
    if not visibility:
        return 0
    return {"pub": 3, "pub(crate)": 2, "pub(self)": 0}.get(visibility, 1)


def _some(names: list[str]) -> str:
    more = f" and {len(names) - _MOST_SHOWN} more" if len(names) > _MOST_SHOWN else ""
    return ", ".join(names[:_MOST_SHOWN]) + more
