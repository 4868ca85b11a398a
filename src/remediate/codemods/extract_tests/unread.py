"""Which moved tests may have read a file that no test reads any more: a heuristic by names and macros.

Nothing tells which of the tests it was. Saved seeds and snapshots are named after the source (``inner.txt``
of ``inner.rs``), or lie beside it, and it takes a macro to know one's source: of several the tests that call
one are meant that is not the standard library's. Where none is so, all moved tests are meant.
"""

import posixpath
import re
from collections.abc import Iterator
from dataclasses import replace

from remediate.edits import Change
from remediate.feedback import SAME_READS, Evidence, GateFailure
from remediate.model import Files
from remediate.rust.syntax.lexer import TokenKind, tokens

_STANDARD_MACROS = frozenset(
    b"assert assert_eq assert_ne debug_assert debug_assert_eq debug_assert_ne matches panic todo unreachable"
    b" unimplemented vec format format_args print println eprint eprintln write writeln dbg cfg concat"
    b" stringify env option_env include include_str include_bytes thread_local compile_error".split()
)


def located(change: Change, failure: GateFailure, files: Files) -> GateFailure:
    """Return a failure about unread files as one about the new files of the tests that may have read them.

    ``files`` are the originals.
    """
    if failure.gate != SAME_READS:
        return failure
    readers = (file for path in sorted(failure.paths) for file in _readers(change, path, files))
    return replace(failure, evidence=tuple(map(Evidence, dict.fromkeys(readers))))


def _readers(change: Change, data: str, files: Files) -> list[str]:
    sources = dict(_sources(change))
    named = [new for new, old in sources.items() if _is_named_after(data, old)]
    beside = [new for new, old in sources.items() if data.startswith(posixpath.dirname(old) + "/")]
    found = sorted(named or beside or change.test_files)
    after = change.result(files)
    return [file for file in found if _calls_a_macro(after.get(file) or b"")] or found


def _sources(change: Change) -> Iterator[tuple[str, str]]:
    """Yield each new file of tests with the file in which they stood."""
    moved = {new: old for old, new in change.moves.items()}
    for new in change.test_files:
        old = change.format.get(new) or moved.get(new)
        if old is not None:
            yield new, old


def _is_named_after(data: str, source: str) -> bool:
    folder, base = posixpath.split(source.removesuffix(".rs"))
    stem = posixpath.basename(folder) if base == "mod" else base
    return re.search(rf"(?<![A-Za-z0-9]){re.escape(stem)}(?![A-Za-z0-9])", data) is not None


def _calls_a_macro(text: bytes) -> bool:
    """Whether a macro is called that is not the standard library's."""
    code = [t for t in tokens(text) if t.kind is not TokenKind.COMMENT]
    return any(
        name.kind is TokenKind.IDENT and name.text not in _STANDARD_MACROS
        for name, mark, opening in zip(code, code[1:], code[2:], strict=False)
        if mark.text == b"!" and opening.text in (b"(", b"[", b"{")
    )
