"""The normal form of a run of tokens: what is left when everything a change may alter is taken out."""

from collections.abc import Mapping, Sequence

from remediate.proofs import Moves
from remediate.rust.syntax.lexer import Token, TokenKind

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
