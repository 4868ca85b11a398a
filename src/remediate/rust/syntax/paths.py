"""Paths relative to the module they stand in: ``super::`` and ``self::``, in code and in macro tokens."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.edits import Edit
from remediate.rust.syntax.lexer import Token


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


def one_deeper(stream: Sequence[Token]) -> Iterator[Edit]:
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
