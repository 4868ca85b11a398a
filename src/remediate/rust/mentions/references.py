"""What a file mentions: paths by their first segment, and members behind ``.`` or ``::``.

A superset by design: what cannot be told apart from a mention counts as one (names in macro tokens, in
strings of attributes, format captures). Left out is only what the syntax shows to be something else:
fields, labels, bindings and what a binding, a generic parameter or a local item in scope hides. In runs of
tokens of unknown grammar (macro calls, macro bodies, attributes) whatever looks like a path or a member is
one.
"""

import re
from bisect import bisect_left
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from enum import Flag

from remediate.rust.syntax.cfg import Predicate
from remediate.rust.syntax.known_names import KEYWORDS
from remediate.rust.syntax.lexer import Token, TokenKind


class Space(Flag):
    """Rust's namespaces: one name may denote three things."""

    TYPE = 1
    VALUE = 2
    MACRO = 4
    ANY = 7


SPACES = {
    "fn": Space.VALUE,
    "const": Space.VALUE,
    "static": Space.VALUE,
    "struct": Space.TYPE | Space.VALUE,
    "enum": Space.TYPE,
    "union": Space.TYPE,
    "trait": Space.TYPE,
    "type": Space.TYPE,
    "mod": Space.TYPE,
    "macro_rules": Space.MACRO,
}
"""The namespaces of what an item of a kind defines; of a struct with named fields only the first."""


@dataclass(frozen=True, slots=True)
class Mention:
    """A path, by its segments without ``r#``.

    Attributes:
        path: ("Foo", "new"), ("super", "x"), ("crate", "a", "b"), ("", "std") for ``::std``. A glob import
            in a body ends in "*". Never ("Self", ..).
        space: The namespaces the first segment may be looked up in.
        start: Offset of the first segment.
        cfg: What must hold for the code around it, from the module's own level down.
        origin: "code", "macro" (tokens of a call), "definition" (of a macro), "attribute", "string" or "doc".
        module: The inline modules around it, from the file's level down.
        pattern: Whether it is a lone name in a pattern: a mention of a constant, or else a new binding.
    """

    path: tuple[str, ...]
    space: Space
    start: int
    cfg: tuple[Predicate, ...] = ()
    origin: str = "code"
    module: tuple[str, ...] = ()
    pattern: bool = False

    @property
    def name(self) -> str:
        """The first segment."""
        return self.path[0]


@dataclass(frozen=True, slots=True)
class Member:
    """A name behind ``.`` or ``::``, or a field in a literal or pattern.

    Attributes:
        form: "method", "field", "path" (``T::name``) or "literal" (a field in a struct literal or pattern).
        receiver: What it is a member of, as far as syntax tells: a type, then fields ("x"), calls ("f()"),
            associated calls ("::new()"), "?" and "[]"; () where unknown.
    """

    name: str
    form: str
    receiver: tuple[str, ...]
    start: int
    cfg: tuple[Predicate, ...] = ()
    module: tuple[str, ...] = ()


@dataclass(frozen=True)
class References:
    """All mentions and members of a file, sorted by offset.

    ``traits`` are the names that stand where only a trait can: in bounds, after ``dyn``, in ``impl .. for``.
    """

    mentions: tuple[Mention, ...]
    members: tuple[Member, ...]
    traits: frozenset[str] = frozenset()

    def within(self, start: int, end: int) -> "References":
        """Return those that start in ``start:end``."""
        return References(
            self.mentions[_at(self.mentions, start) : _at(self.mentions, end)],
            self.members[_at(self.members, start) : _at(self.members, end)],
            self.traits,
        )


def _at(found: tuple[Mention, ...] | tuple[Member, ...], offset: int) -> int:
    return bisect_left(found, offset, key=lambda f: f.start)


_HEADS = {b"self", b"super", b"crate"}
_DEFINES = {b"fn", b"struct", b"enum", b"union", b"trait", b"mod", b"type", b"let", b"macro_rules"}
_OPEN = {b"(", b"[", b"{"}
_BEFORE_PATHS = {b"return", b"in", b"as", b"mut", b"dyn", b"impl", b"else", b"match", b"if", b"for"}
_CAPTURE = re.compile(rb"(?<!\{)(?:\{\{)*\{([A-Za-z_]\w*)(?=[:}])")

Found = tuple[tuple[str, ...], Space, int]
"""A path, the namespaces of its first segment, its offset."""


def paths(stream: Sequence[Token]) -> Iterator[Found]:
    """Yield every path that the tokens may mention, and names that format strings capture."""
    for index, token in enumerate(stream):
        if token.kind is TokenKind.IDENT:
            yield from _path(stream, index)
        elif token.kind is TokenKind.LITERAL and token.text[-1:] in (b'"', b"#"):
            for match in _CAPTURE.finditer(token.text):
                yield (match.group(1).decode(),), Space.VALUE, token.start + match.start(1)


def members(stream: Sequence[Token]) -> Iterator[tuple[str, str, Token | None, int]]:
    """Yield (name, form, the token the receiver is, offset) of every member the tokens name."""
    for index, token in enumerate(stream):
        if token.kind is not TokenKind.IDENT or index == 0:
            continue
        after = stream[index + 1].text if index + 1 < len(stream) else b""
        if _is_dot(stream, index - 1):
            form = "method" if after == b"(" or _separator(stream, index + 1) else "field"
            lone = index >= 2 and not _is_dot(stream, index - 3)
            yield token.name, form, stream[index - 2] if lone else None, token.start
        elif _separator(stream, index - 2):
            yield token.name, "path", stream[index - 3] if index >= 3 else None, token.start
        elif after == b":" and not _separator(stream, index + 1) and stream[index - 1].text in (b"{", b","):
            yield token.name, "literal", None, token.start


def code_in(literal: bytes, lex: Callable[[bytes], Sequence[Token]]) -> Sequence[Token]:
    """Return the tokens of a string that holds a path, type or expression; () for any other text."""
    text = literal.lstrip(b"br#").strip(b'#"')
    if not text or not re.fullmatch(rb"[\w:<>,+&'=()\[\] .!|*-]+", text) or re.search(rb"\w +\w+ +\w", text):
        return ()
    return lex(text)


def _path(stream: Sequence[Token], index: int) -> Iterator[Found]:
    token = stream[index]
    before = stream[index - 1].text if index else b""
    if _is_dot(stream, index - 1) or before in _DEFINES or (before == b"$" and token.text != b"crate"):
        return
    if before == b":" and index >= 3 and stream[index - 3].text == b"$":
        return  # the kind of a macro's parameter
    leading = _separator(stream, index - 2)
    if leading and not _is_root(stream, index - 3):
        return
    segments, end = _segments(stream, index)
    after = stream[end].text if end < len(stream) else b""
    if token.text not in _HEADS and token.name in KEYWORDS:
        return
    if token.text in _HEADS and len(segments) == 1:
        return
    is_macro = after == b"!" and end + 1 < len(stream) and stream[end + 1].text in _OPEN
    if len(segments) == 1 and not is_macro and _is_label(stream, index, after, end):
        return
    path = ("", *segments) if leading else segments
    yield path, Space.MACRO if is_macro and len(path) == 1 else Space.ANY, token.start


def _is_label(stream: Sequence[Token], index: int, after: bytes, end: int) -> bool:
    """Whether a lower-case name is what ``name: value`` or ``name = value`` calls its part."""
    before = stream[index - 1].text if index else b","
    doubled = end + 1 < len(stream) and stream[end + 1].text in (after, b">")
    lower = stream[index].text[:1].islower()
    return lower and after in (b":", b"=") and not doubled and before in (b",", b"(", b"{", b"ref", b"mut")


def _segments(stream: Sequence[Token], index: int) -> tuple[tuple[str, ...], int]:
    segments = [stream[index].name]
    index += 1
    while _separator(stream, index) and index + 2 < len(stream) and stream[index + 2].kind is TokenKind.IDENT:
        segments.append(stream[index + 2].name)
        index += 3
    return tuple(segments), index


def _is_root(stream: Sequence[Token], index: int) -> bool:
    """Whether a ``::`` behind the token at ``index`` begins a path rather than goes on with one."""
    if index < 0:
        return True
    token = stream[index]
    ends_path = token.kind is TokenKind.IDENT or token.text in (b">", b")", b"]")
    return not ends_path or token.text in _BEFORE_PATHS


def _separator(stream: Sequence[Token], index: int) -> bool:
    return (
        index >= 0
        and index + 1 < len(stream)
        and stream[index].text == b":"
        and stream[index + 1].text == b":"
        and stream[index].end == stream[index + 1].start
    )


def _is_dot(stream: Sequence[Token], index: int) -> bool:
    return index >= 1 and stream[index].text == b"." and stream[index - 1].text != b"."
