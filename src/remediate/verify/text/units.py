"""A file cut into units: what a move has to keep whole, read by the lexer alone.

A unit is an item with everything attached to it (attributes, docs, comments without a blank line in
between), or a free-standing comment, or an inner attribute. ``mod x { .. }`` and ``impl .. { .. }`` are
containers: their header is one unit, each member another. The parser is not asked, so its mistakes cannot
hide here.
"""

from collections.abc import Generator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from remediate.proofs import Moves
from remediate.rust.syntax.lexer import Token, TokenKind, is_outer_doc, tokens

_OPEN, _CLOSE = {b"(", b"[", b"{"}, {b")", b"]", b"}"}
_ENDS_IN_SEMICOLON = {b"use", b"static", b"type"}
_QUALIFIERS = {b"pub", b"unsafe", b"async", b"default", b"safe", b"auto"}


class UnitKind(StrEnum):
    """What a unit is."""

    COMMENT = "comment"
    INNER_ATTRIBUTE = "inner attribute"
    USE = "use"
    MODULE = "module"
    IMPL = "impl"
    ITEM = "item"


@dataclass(frozen=True, slots=True)
class Unit:
    """One unit: the tokens with the blanks before each, and the impl header it stands under, if any."""

    kind: UnitKind
    tokens: tuple[tuple[bytes, Token], ...]
    header: tuple[tuple[bytes, Token], ...] = ()

    @property
    def start(self) -> int:
        """Byte offset of the first token."""
        return self.tokens[0][1].start


def units(text: bytes) -> Iterator[Unit]:
    """Yield the units of a file in order."""
    stream, end = [], 0
    for token in tokens(text):
        stream.append((text[end : token.start], token))
        end = token.end
    yield from _Reader(stream).body(0, len(stream), ())


Pairs = Sequence[tuple[bytes, Token]]


class _Reader:
    def __init__(self, stream: Pairs) -> None:
        self.stream = stream
        self.partner = _partners(stream)

    def text(self, index: int) -> bytes:
        return self.stream[index][1].text if index < len(self.stream) else b""

    def body(self, start: int, end: int, header: tuple[tuple[bytes, Token], ...]) -> Iterator[Unit]:
        while start < end:
            first = self._skip_free_comments(start, end)
            for index in range(start, first):
                yield Unit(UnitKind.COMMENT, (self.stream[index],), header)
            start = first
            if start < end and self._is_inner_attribute(start):
                stop = self.partner.get(start + 2, end - 1) + 1
                yield Unit(UnitKind.INNER_ATTRIBUTE, tuple(self.stream[start:stop]), header)
            elif start < end:
                stop = yield from self._item(start, end, header)
            else:
                return
            start = stop

    def _skip_free_comments(self, start: int, end: int) -> int:
        """Return the index of the first token that belongs to the next item."""
        free = start
        for index in range(start, end):
            if self.stream[index][1].kind is not TokenKind.COMMENT:
                return index if self._is_inner_attribute(index) else free
            if is_outer_doc(self.text(index)):
                return free
            apart = self.stream[index + 1][0].count(b"\n") > 1 if index + 1 < end else True
            if apart or self.text(index).startswith((b"//!", b"/*!")):
                free = index + 1
        return free

    def _is_inner_attribute(self, index: int) -> bool:
        return self.text(index) == b"#" and self.text(index + 1) == b"!" and self.text(index + 2) == b"["

    def _item(
        self, start: int, end: int, header: tuple[tuple[bytes, Token], ...]
    ) -> Generator[Unit, None, int]:
        """Yield the item at ``start`` and return where the next begins."""
        proper = self._after_attributes(start, end)
        keyword = self._keyword(proper, end)
        stop, body = self._extent(proper, end, self.text(keyword))
        complete = body is not None or self.text(stop - 1) == b";"
        stop = self._with_trailing_comment(stop, end)
        if self.text(keyword) == b"mod" and complete and not header:
            yield from self._container(UnitKind.MODULE, start, stop, body, ())
        elif self.text(keyword) == b"impl" and body is not None and not header:
            bare = tuple(p for p in self.stream[start:body] if p[1].kind is not TokenKind.COMMENT)
            yield from self._container(UnitKind.IMPL, start, stop, body, bare)
        else:
            kind = UnitKind.USE if self.text(keyword) == b"use" else UnitKind.ITEM
            yield Unit(kind, tuple(self.stream[start:stop]), header)
        return stop

    def _container(
        self, kind: UnitKind, start: int, stop: int, body: int | None, header: tuple[tuple[bytes, Token], ...]
    ) -> Iterator[Unit]:
        """Yield the header, its comments as units of their own, and the members."""
        head_end = stop if body is None else body
        own = [p for p in self.stream[start:head_end] if p[1].text != b";"]
        yield Unit(kind, tuple(p for p in own if p[1].kind is not TokenKind.COMMENT))
        close = stop if body is None else self.partner[body]
        for pair in [*own, *self.stream[close:stop]]:
            if pair[1].kind is TokenKind.COMMENT:
                yield Unit(UnitKind.COMMENT, (pair,))
        if body is not None:
            yield from self.body(body + 1, close, header)

    def _after_attributes(self, index: int, end: int) -> int:
        while index < end:
            if self.stream[index][1].kind is TokenKind.COMMENT:
                index += 1
            elif self.text(index) == b"#" and index + 1 in self.partner:
                index = self.partner[index + 1] + 1
            else:
                break
        return min(index, end)

    def _keyword(self, index: int, end: int) -> int:
        """Return the index of the token that says what the item is."""
        while index < end and (self.text(index) in _QUALIFIERS or self.text(index) == b"("):
            index = self.partner.get(index, index) + 1
        return min(index, end)

    def _extent(self, index: int, end: int, keyword: bytes) -> tuple[int, int | None]:
        """Return where the item ends, and the index of its body's opening brace."""
        semicolon_only = keyword in _ENDS_IN_SEMICOLON or (
            keyword == b"const" and not self._is_const_fn(index, end)
        )
        angle = 0
        while index < end:
            text = self.text(index)
            if text == b";":
                return index + 1, None
            if text == b"{" and angle <= 0 and not semicolon_only:
                return self.partner.get(index, end - 1) + 1, index if index in self.partner else None
            angle += self._angle(index)
            index = self.partner.get(index, index) + 1 if text in _OPEN else index + 1
        return end, None

    def _is_const_fn(self, index: int, end: int) -> bool:
        following = [self.text(i) for i in range(index, min(index + 12, end))]
        after = following[following.index(b"const") + 1 :] if b"const" in following else []
        return bool(after) and after[0] in (b"fn", b"unsafe", b"async", b"extern", b"safe")

    def _angle(self, index: int) -> int:
        if self.text(index) == b"<":
            return 1
        return -1 if self.text(index) == b">" and self.text(index - 1) not in (b"-", b"=") else 0

    def _with_trailing_comment(self, index: int, end: int) -> int:
        while (
            index < end
            and self.stream[index][1].kind is TokenKind.COMMENT
            and b"\n" not in self.stream[index][0]
            and not is_outer_doc(self.text(index))
        ):
            index += 1
        return index


def _partners(stream: Pairs) -> dict[int, int]:
    """Return for each opening delimiter the index of its closing one; unbalanced ones are left out."""
    stack, found = [], {}
    for index, (_, token) in enumerate(stream):
        if token.kind is TokenKind.PUNCT and token.text in _OPEN:
            stack.append(index)
        elif token.kind is TokenKind.PUNCT and token.text in _CLOSE and stack:
            found[stack.pop()] = index
    return found


Pair = tuple[bytes, Token]
"""A token and the blanks before it."""

Normal = tuple[str, ...]
_PREFIXES = {b"super", b"self", b"crate"}
_RELATIVE = {b"super", b"self"}


def normal(pairs: Sequence[Pair], may: Moves, rewritten: Mapping[bytes, bytes]) -> Normal:
    """Return tokens and the line breaks between them as text, without what ``may`` exempts.

    Relative visibilities go when visibility may change; ``pub`` and ``pub(crate)`` never do.
    """
    form: list[str] = []
    index, carried = 0, None
    while index < len(pairs):
        gap, token = pairs[index]
        gap = gap if carried is None else carried
        length = _exempt(pairs, index, may)
        if length:
            index, carried = index + length, gap
            continue
        form += [_gap(gap, may) if form else "", _text(token, may, rewritten)]
        index, carried = index + 1, None
    return tuple(t for t in form if t)


def without_attribute(pairs: tuple[Pair, ...], name: bytes) -> tuple[Pair, ...]:
    """Return the tokens without any outer attribute of that name."""
    kept: list[Pair] = []
    index = 0
    while index < len(pairs):
        texts = [p[1].text for p in pairs[index : index + 3]]
        if texts == [b"#", b"[", name]:
            while pairs[index][1].text != b"]":
                index += 1
        else:
            kept.append(pairs[index])
        index += 1
    return tuple(kept)


def without_imports(pairs: tuple[Pair, ...], crates: frozenset[str]) -> tuple[Pair, ...]:
    """Return the tokens without imports in bodies, and without the names of ``crates`` before a path.

    The blanks before what is left out are those of what follows it.
    """
    kept: list[Pair] = []
    index, carried = 0, None
    names = {name.encode() for name in crates}
    while index < len(pairs):
        gap, token = pairs[index]
        gap = gap if carried is None else carried
        length = _import(pairs, index) or _crate(pairs, index, names)
        if length:
            index, carried = index + length, gap
        else:
            kept.append((gap, token))
            index, carried = index + 1, None
    return tuple(kept)


def _import(pairs: Sequence[Pair], index: int) -> int:
    """Return the length of an import in a body that begins at ``index``, 0 where none does."""
    before = pairs[index - 1][1].text if index else b""
    if pairs[index][1].text != b"use" or before not in (b"{", b"}", b";", b"]"):
        return 0
    end = next((i for i in range(index, len(pairs)) if pairs[i][1].text == b";"), None)
    return 0 if end is None else end + 1 - index


def _crate(pairs: Sequence[Pair], index: int, names: set[bytes]) -> int:
    """Return the length of ``library::`` or ``::library::`` at ``index``, 0 where no path begins so."""
    texts = [p[1].text for p in pairs[index : index + 5]]
    colons = [b":", b":"]
    if texts[:2] == colons and texts[2:3] and texts[2] in names and texts[3:5] == colons:
        return 5
    in_path = index > 1 and [p[1].text for p in pairs[index - 2 : index]] == colons
    return 3 if texts[:1] and texts[0] in names and texts[1:3] == colons and not in_path else 0


def _exempt(pairs: Sequence[Pair], index: int, may: Moves) -> int:
    """Return how many tokens from ``index`` on are exempt."""
    first = pairs[index][1].text
    if first != b"pub" and first not in _PREFIXES:
        return 0  # nearly all, and this is asked of every token
    texts = [p[1].text for p in pairs[index : index + 3]]
    if may.visibility and texts[:2] == [b"pub", b"("]:
        return _relative_visibility(pairs, index)
    if may.path_prefixes and texts[1:3] == [b":", b":"] and texts[0] in _PREFIXES:
        macro_crate = index > 0 and pairs[index - 1][1].text == b"$"
        return 0 if macro_crate else 3
    return 0


def _relative_visibility(pairs: Sequence[Pair], index: int) -> int:
    close = next((i for i in range(index, len(pairs)) if pairs[i][1].text == b")"), None)
    if close is None:
        return 0
    inside = [p[1].text for p in pairs[index + 2 : close]]
    relative = inside[:1] == [b"in"] or (len(inside) == 1 and inside[0] in _RELATIVE)
    return close - index + 1 if relative else 0


def _gap(gap: bytes, may: Moves) -> str:
    return "\n" * gap.count(b"\n") if may.layout or not gap.strip(b" ") else gap.decode("latin-1")


def _text(token: Token, may: Moves, rewritten: Mapping[bytes, bytes]) -> str:
    named = token.kind in {TokenKind.LITERAL, TokenKind.COMMENT}
    text = rewritten.get(token.text, token.text) if named else token.text
    if token.kind is TokenKind.COMMENT and may.layout:
        text = b"\n".join(line.strip() for line in text.split(b"\n"))
    return text.decode("latin-1")
