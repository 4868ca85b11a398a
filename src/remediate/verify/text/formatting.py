"""Whether rustfmt only formatted: the same tokens up to what rustfmt is known to add, drop or sort."""

import os
from collections import Counter
from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from functools import lru_cache
from pathlib import Path

from remediate.cargo import rustfmt
from remediate.edits import Change
from remediate.gates import GateResult, failed, passed, unverified
from remediate.quantities import quantity
from remediate.rust.package import Package
from remediate.rust.syntax.lexer import Token, TokenKind, closing, tokens

# rustfmt adds and drops these: trailing commas and semicolons, braces of closures and match arms,
# needless parentheses, leading `|` of patterns.
OPTIONAL = {b",", b";", b"{", b"}", b"(", b")", b"|"}
_RESTRICTED = [[b"(", b"crate"], [b"(", b"super"], [b"(", b"self"], [b"(", b"in"]]


@lru_cache(maxsize=128)
def same_but_formatting(before: bytes, after: bytes) -> bool:
    """Whether ``after`` is ``before`` formatted: same tokens in the same order.

    Declarations that rustfmt sorts (``use``, ``mod x;``) are compared as a multiset, each with its attributes
    and visibility, everything else in order; literals byte for byte, comments line by line without their
    indentation.
    """
    old, new = _parts(before), _parts(after)
    return old[0] == new[0] and old[1] == new[1]


def _parts(text: bytes) -> tuple[list[bytes], Counter[tuple[bytes, ...]]]:
    """Return the tokens outside of sorted declarations in order, and those declarations, counted."""
    ordered: list[bytes] = []
    counted: Counter[tuple[bytes, ...]] = Counter()
    stream = list(tokens(text))
    index = 0
    while index < len(stream):
        head = _head_end(stream, index)
        end = _declaration_end(stream, head)
        if end is None:
            end = max(head, index + 1)
            ordered += [w for t in stream[index:end] if t.text not in OPTIONAL for w in _words(t)]
        else:
            # A comment goes along with what it stands over, unless an empty line parts them.
            own = [t for t in stream[index:end] if t.kind is not TokenKind.COMMENT]
            counted.update((w,) for t in stream[index:end] if t.kind is TokenKind.COMMENT for w in _words(t))
            counted[tuple(sorted(t.text for t in own if t.text not in OPTIONAL))] += 1
        index = end
    # `extern "C"` is written out by rustfmt where the source says `extern`.
    return [w for w in ordered if w != b'"C"'], counted


def _head_end(stream: list[Token], index: int) -> int:
    """Return where the comments, attributes and visibility end that may stand before a declaration."""
    while index < len(stream):
        if stream[index].kind is TokenKind.COMMENT:
            index += 1
        elif [t.text for t in stream[index : index + 2]] == [b"#", b"["]:
            index = closing(stream, index + 1) + 1
        elif stream[index].text == b"pub":
            index += 1
            restricted = [t.text for t in stream[index : index + 2]] in _RESTRICTED
            return closing(stream, index) + 1 if restricted else index
        else:
            break
    return index


def _declaration_end(stream: list[Token], index: int) -> int | None:
    """Return the index behind the ``;`` of a declaration that rustfmt sorts; None where none begins."""
    texts = [t.text for t in stream[index : index + 3]]
    if texts[:1] == [b"use"]:
        return next((i + 1 for i in range(index, len(stream)) if stream[i].text == b";"), None)
    if texts[:1] == [b"mod"]:
        return index + 3 if texts[2:] == [b";"] else None
    if texts[:2] == [b"extern", b"crate"]:
        return next((i + 1 for i in range(index, len(stream)) if stream[i].text == b";"), None)
    return None


def _words(token: Token) -> list[bytes]:
    if token.kind is TokenKind.COMMENT:
        return [line.strip() for line in token.text.split(b"\n") if line.strip()]
    return [token.text]


_GATE = "rustfmt"


def layout(
    package: Package, change: Change, after: Mapping[str, bytes | None], root: Path
) -> GateResult | None:
    """Return whether each file of ``change.format`` is formatted if its original was; None where none was.

    A file that rustfmt cannot read, or in which it would do more than format, is unverified: it was left as
    planned. ``root`` is the workspace's absolute folder: the rustfmt.toml of each file's folder decides.

    Raises:
        ToolError: rustfmt is missing.
    """
    clean = {
        path: text
        for path, original in sorted(change.format.items())
        if (text := after.get(path)) is not None
        and original in package.files
        and rustfmt.is_formatted(package.files[original], package.edition, (root / original).parent)
    }
    if not clean:
        return None
    other: list[str] = []
    wrong: list[str] = []
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        folders = [(root / path).parent for path in clean]
        laid_out = pool.map(rustfmt.formatted, clean.values(), [package.edition] * len(clean), folders)
        found = list(zip(clean.items(), laid_out, strict=True))
    for (path, text), wanted in found:
        if wanted is None or (wanted != text and not same_but_formatting(text, wanted)):
            other.append(path)
        elif wanted != text:
            wrong.append(path)
    if wrong:
        return failed(_GATE, f"no longer formatted: {', '.join(wrong[:5])}")
    if other:
        return unverified(_GATE, f"rustfmt would do more than format: {', '.join(other[:5])}")
    return passed(_GATE, f"{quantity(len(clean), 'file')} formatted, as before")
