"""Indentation of a run of Rust: only the blanks between tokens change, so no literal and no comment does.

``textwrap.dedent`` on Rust changes multi-line strings silently; here the lexer says what is inside a token.
"""

from collections.abc import Iterator

from remediate.rust.syntax.lexer import TokenKind, tokens


def dedented(text: bytes, start: int, end: int) -> bytes:
    """Return ``text[start:end]``, a body between braces, as a file: not indented, one line end last.

    Lines that are indented less than the body as a whole lose what they have. Blank lines at both ends go;
    line ends stay as they are, and what is added has the kind that ``text`` uses.
    """
    pieces = list(_pieces(text, start, end))
    if not pieces:
        return b""
    indent = _indent(pieces)
    (blank, first, _), *others = pieces
    lead = blank[blank.rfind(b"\n") + 1 :] if b"\n" in blank else b""
    rest = b"".join(_unindented(blank, indent) + token for blank, token, _ in others)
    return lead[_shared(lead, indent) :] + first + rest + line_end(text)


def line_end(text: bytes) -> bytes:
    """Return the line end a file uses: that of its first line."""
    first = text.find(b"\n")
    return b"\r\n" if first > 0 and text[first - 1 : first] == b"\r" else b"\n"


def indentation_at(text: bytes, offset: int) -> bytes:
    """Return the blanks that the line of ``offset`` begins with."""
    line = text[text.rfind(b"\n", 0, offset) + 1 : offset]
    return line[: len(line) - len(line.lstrip(b" \t"))]


def _pieces(text: bytes, start: int, end: int) -> Iterator[tuple[bytes, bytes, int]]:
    """Yield each token with the blanks before it and the depth of brackets it stands in."""
    done, depth = start, 0
    for token in tokens(text, start, end):
        depth -= token.text in (b")", b"]", b"}")
        outer = depth if token.kind != TokenKind.COMMENT else depth + 1
        yield text[done : token.start], token.text, outer
        depth += token.text in (b"(", b"[", b"{")
        done = token.end


def _indent(pieces: list[tuple[bytes, bytes, int]]) -> bytes:
    """Return what all lines that begin an item share; comments decide only where there is no item."""
    lines = [blank[blank.rfind(b"\n") + 1 :] for blank, _, depth in pieces if b"\n" in blank and depth <= 0]
    if not lines:
        lines = [blank[blank.rfind(b"\n") + 1 :] for blank, _, _ in pieces if b"\n" in blank]
    shortest = min(lines, key=len, default=b"")
    same = next((i for i in range(len(shortest)) if any(x[i] != shortest[i] for x in lines)), len(shortest))
    return shortest[:same]


def _unindented(blank: bytes, indent: bytes) -> bytes:
    first, *lines = blank.split(b"\n")
    return b"\n".join([first, *(line[_shared(line, indent) :] for line in lines)])


def _shared(line: bytes, indent: bytes) -> int:
    limit = min(len(line), len(indent))
    return next((i for i in range(limit) if line[i] != indent[i]), limit)
