"""What is relative to its module, ``super::`` paths and visibilities, and the same one module deeper."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.edits import Edit
from remediate.rust.syntax.lexer import Token, TokenKind


@dataclass(frozen=True, slots=True)
class Relative:
    """A path that begins with ``super`` or ``self``.

    Attributes:
        start: Offset of its first ``super``, of its ``self`` if it has none.
        supers: How many leading ``super`` it has; 0 for ``self::x``.
        first: The first segment behind them; "" for a glob or group.
    """

    start: int
    supers: int
    first: str


def relatives(stream: Sequence[Token]) -> Iterator[Relative]:
    """Yield every path of a run of tokens that begins with ``super::`` or ``self::``.

    Visibilities (``pub(in super::a)``) are not paths in this sense. ``$crate::super`` does not exist.
    """
    for index, token in enumerate(stream):
        if token.text not in (b"super", b"self") or not _separator(stream, index + 1):
            continue
        if _separator(stream, index - 2) or (
            index and stream[index - 1].text == b"in" and _is_pub(stream, index)
        ):
            continue
        at, supers, start = index, 0, token.start
        while at < len(stream) and stream[at].text in (b"super", b"self"):
            start = start if supers else stream[at].start
            supers += stream[at].text == b"super"
            at += 3
        first = stream[at].name if at < len(stream) else ""
        yield Relative(start, supers, first if first.isidentifier() else "")


def paths_one_deeper(stream: Sequence[Token]) -> Iterator[Edit]:
    """Yield the edits that let every ``super::`` path mean the same one module deeper.

    ``self::x`` stays: the new module imports ``x``, so that its own ``x`` is the same one.
    """
    for path in relatives(stream):
        if path.supers:
            yield Edit(path.start, path.start, b"super::")


def _separator(stream: Sequence[Token], index: int) -> bool:
    return index >= 0 and [t.text for t in stream[index : index + 2]] == [b":", b":"]


def _is_pub(stream: Sequence[Token], index: int) -> bool:
    return index >= 3 and [t.text for t in stream[index - 3 : index - 1]] == [b"pub", b"("]


@dataclass(frozen=True, slots=True)
class Visibility:
    """A visibility.

    Attributes:
        kind: "private", "pub", "crate" or "in".
        path: For "in", the module it reaches up to, as segments: ("super",), ("crate", "a"), ("self",).
    """

    kind: str
    path: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """How it is written; "" for private."""
        if self.kind == "in":
            single = self.path in (("super",), ("self",))
            return f"pub({self.path[0]})" if single else f"pub(in {'::'.join(self.path)})"
        return {"private": "", "pub": "pub", "crate": "pub(crate)"}[self.kind]

    @property
    def private(self) -> bool:
        """Whether it reaches no further than its own module."""
        return self.kind == "private" or self.path == ("self",)


PRIVATE = Visibility("private")
SUPER = Visibility("in", ("super",))


def visibility(text: bytes) -> Visibility:
    """Read a visibility modifier; b"" is private."""
    words = text.decode().replace("::", " ").replace("(", " ").replace(")", " ").split()
    if not words:
        return PRIVATE
    if words == ["pub"]:
        return Visibility("pub")
    if words in (["pub", "crate"], ["crate"], ["pub", "in", "crate"]):
        return Visibility("crate")
    return Visibility("in", tuple(w for w in words[1:] if w != "in"))


def one_deeper(scope: Visibility) -> Visibility:
    """Return the visibility that means in ``M::child`` exactly what ``scope`` means in ``M``."""
    if scope.kind == "private":
        return SUPER
    if scope.kind != "in" or scope.path[0] not in ("self", "super"):
        # `pub(in crate::a)`; in the 2015 edition `pub(in a)` says the same.
        return scope
    rest = scope.path[1:] if scope.path[0] == "self" else scope.path
    return Visibility("in", ("super", *rest))


def reanchored(stream: Sequence[Token]) -> Iterator[Edit]:
    """Yield the edits that keep every ``pub(super)``, ``pub(in ..)`` and ``pub(self)`` exact."""
    for index, token in enumerate(stream):
        if token.text != b"pub" or token.kind is not TokenKind.IDENT:
            continue
        close = _close(stream, index)
        if close is not None:
            inside = b"".join(b" " + t.text for t in stream[index : close + 1] if t.kind is TokenKind.IDENT)
            old = visibility(inside)
            new = one_deeper(old)
            if new != old:
                yield Edit(token.start, stream[close].end, new.text.encode())


def _close(stream: Sequence[Token], index: int) -> int | None:
    """Return the index of the ``)`` of a ``pub(..)``; None where a tuple type follows a bare ``pub``."""
    texts = [t.text for t in stream[index + 1 : index + 4]]
    if texts[:1] != [b"("] or len(texts) < 3:
        return None
    if texts[1] in (b"super", b"self", b"crate") and texts[2] == b")":
        return index + 3
    if texts[1] != b"in":
        return None
    return next((i for i in range(index, len(stream)) if stream[i].text == b")"), None)
