"""Licence headers: the comment at the top of a file that says whose it is and how it may be used."""

import re
from collections import Counter
from collections.abc import Mapping

from remediate.model import Files
from remediate.rust.syntax.lexer import TokenKind, is_doc, tokens

_LEGAL = re.compile(rb"\bcopyright\b|\blicen[cs]ed?\b|\bSPDX-", re.IGNORECASE)
_HEAD = 8192


def licence_header(text: bytes) -> bytes:
    """Return the comment lines at the very top of a file, with the blank lines behind them, or b"".

    A heuristic: they are a licence header if they are no documentation, stand together, and use one of the
    words that such texts use. What is longer than 8 KiB is none.
    """
    end = 0
    for token in tokens(text[:_HEAD]):
        together = text[end : token.start].strip(b" \t\r") == (b"\n" if end else b"")
        if token.kind is not TokenKind.COMMENT or is_doc(token.text) or not together:
            break
        end = token.end
    if not _LEGAL.search(text[:end]):
        return b""
    behind = re.match(rb"[ \t]*(?:\r?\n)+", text[end:])
    return text[: end + len(behind.group())] if behind else b""


def licensed(creations: Mapping[str, bytes], origins: Mapping[str, str], files: Files) -> dict[str, bytes]:
    """Return new files with the licence header of the files that their code comes from.

    Args:
        creations: The new files by path.
        origins: New paths with the path of the file that the code comes from.
        files: What is there before, by path.
    """
    made = {}
    for path, text in creations.items():
        header = licence_header(files.get(origins.get(path, ""), b""))
        made[path] = text if licence_header(text) else _set_apart(header + text)
    return made


def without_copied_headers(
    before: Mapping[str, bytes | None], after: Mapping[str, bytes | None]
) -> tuple[dict[str, bytes | None], dict[str, bytes | None]]:
    """Return the files before and after, without the licence headers that new files copy from old ones.

    As many of each header stay as there were before, parted from what follows as a comment of their own.
    """
    old = {path: _set_apart(text) if text else text for path, text in before.items()}
    left = {path: _set_apart(text) if text else text for path, text in after.items()}
    wanted = Counter(licence_header(text).rstrip() for text in old.values() if text)
    for header, count in wanted.items():
        have = [p for p, text in sorted(left.items()) if text and licence_header(text).rstrip() == header]
        new = [path for path in have if before.get(path) is None]
        for path in new[: max(0, len(have) - count)] if header else ():
            left[path] = (left[path] or b"")[len(header) :]
    return old, left


def _set_apart(text: bytes) -> bytes:
    """Return a file with a blank line behind its licence header, where it has one."""
    header = licence_header(text)
    line = b"\r\n" if header.endswith(b"\r\n") else b"\n"
    apart = b"" if not header or header.endswith(2 * line) else line
    return header + apart + text[len(header) :]
