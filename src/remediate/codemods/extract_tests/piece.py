"""A run of text that moves: a module's body out of a file, or a whole file."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Piece:
    """The bytes ``span`` of ``file``, which go to the file ``new``; ``whole`` when they are all of it."""

    file: str
    span: tuple[int, int]
    new: str
    whole: bool
