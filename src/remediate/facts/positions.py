"""rustc's lines and columns as bytes of the files they are in."""

from collections.abc import Mapping
from functools import cached_property

from remediate.facts.model import Span

_BOM = b"\xef\xbb\xbf"


class Positions:
    """Turns lines and columns into bytes, for the files of one package.

    Columns count characters from 1; rustc does not count a byte order mark.
    """

    def __init__(self, files: Mapping[str, bytes]) -> None:
        self._files = files
        self._lines: dict[str, _Lines] = {}

    def span(self, file: str, start: tuple[int, int], end: tuple[int, int]) -> Span | None:
        """Return the bytes between two places; None in a file that is not the package's.

        Raises:
            ValueError: The file has no such place: it is not the text that rustc read.
        """
        if file not in self._files:
            return None
        lines = self._lines.get(file)
        if lines is None:
            lines = self._lines[file] = _Lines(self._files[file])
        return Span(file, lines.offset(*start), lines.offset(*end))

    def text(self, span: Span) -> str:
        """Return what stands in a place."""
        return self._files[span.file][span.start : span.end].decode(errors="replace")


class _Lines:
    def __init__(self, text: bytes) -> None:
        self._text = text

    @cached_property
    def _starts(self) -> list[int]:
        starts = [len(_BOM) if self._text.startswith(_BOM) else 0]
        at = self._text.find(b"\n")
        while at >= 0:
            starts.append(at + 1)
            at = self._text.find(b"\n", at + 1)
        return [*starts, len(self._text) + 1]

    def offset(self, line: int, column: int) -> int:
        if not 0 < line < len(self._starts):
            raise ValueError(f"there is no line {line}")
        start, end = self._starts[line - 1], self._starts[line] - 1
        at = start + column - 1
        before = self._text[start : min(at, end)]
        if not before.isascii():
            at = start + len(self._text[start:end].decode(errors="replace")[: column - 1].encode())
        if at > end:
            raise ValueError(f"line {line} has no column {column}")
        return at
