"""Text that no Rust parser can read: what rustc refuses, and what our own parser cannot make out."""

import re
from collections.abc import Iterator

from remediate.audit.scan.found import Found
from remediate.rust.syntax.outline import Outline
from remediate.rust.syntax.source import Source

_CONFLICT = re.compile(rb"^(?:<{7} |>{7} |={7}\r?$)", re.MULTILINE)
_SHOWN = 3


def health(outline: Outline, *, parse: bool) -> Iterator[Found]:
    """Yield what is broken; the syntax tree is asked only if ``parse``, or if delimiters do not match."""
    if b"\n<<<<<<<" in outline.text or b"\n=======" in outline.text:
        for match in _CONFLICT.finditer(outline.code):
            yield Found(
                "parse-health", "conflict", match.start(), match.end(), "error", "a merge conflict marker"
            )
    if parse or not outline.balanced:
        source = Source("", outline.text)
        kind = "macro" if source.confined else "syntax"
        note = (
            "our parser cannot read this; codemods leave the file alone"
            if kind == "syntax"
            else "in a macro body only"
        )
        for start, end in source.errors[:_SHOWN]:
            yield Found(
                "parse-health", kind, start, max(end, start + 1), "note" if kind == "macro" else "", note
            )
