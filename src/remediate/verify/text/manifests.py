"""What a change does to Cargo.toml: only values that it declares, and no other line loses a byte.

Values are compared parsed. A line that is gone has to belong to an entry whose value changes, its comment has
to be in the result, and all other lines stand there as they were, in their order.
"""

import re
import tomllib
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import zip_longest
from typing import Any

from remediate.edits import ManifestEdit

_COMMENT = re.compile(rb"#[^\n]*")


def undeclared(path: str, before: bytes, after: bytes, edits: Collection[ManifestEdit]) -> tuple[str, ...]:
    """Return a sentence for all that differs between two texts of a manifest and is not declared."""
    try:
        old, new = (tomllib.loads(text.decode()) for text in (before, after))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        return (f"{path} is no TOML: {error}",)
    changed = list(_changed(old, new, ()))
    allowed = [edit for edit in edits if edit.path == path]
    wrong = [
        f"{path}: {'.'.join(key) or 'the file'} changes undeclared"
        for key, *both in changed
        if not _is_in(allowed, key, *both)
    ]
    return (*wrong, *(f"{path}: {why}" for why in _layout(before, after, [key for key, *_ in changed])))


Key = tuple[str, ...]


def _changed(old: Any, new: Any, key: Key) -> Iterator[tuple[Key, Any, Any]]:
    """Yield each value that differs, by its keys; tables of an array are numbered."""
    if isinstance(old, dict) and isinstance(new, dict):
        for name in sorted({*old, *new}):
            yield from _changed(old.get(name), new.get(name), (*key, name))
    elif _are_tables(old) and _are_tables(new):
        for index, (one, two) in enumerate(zip_longest(old, new)):
            yield from _changed(one, two, (*key, str(index)))
    elif old is None and _are_tables(new):
        yield from _changed([], new, key)
    elif old != new or type(old) is not type(new):
        yield key, old, new


def _are_tables(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(part, dict) for part in value)


def _is_in(edits: Collection[ManifestEdit], key: Key, old: Any, new: Any) -> bool:
    """Whether an edit declares a difference: a value set, or values appended to a list."""
    for edit in edits:
        if edit.key != tuple(part for part in key if not part.isdigit()):
            continue
        if isinstance(old, list) and isinstance(new, list) and isinstance(edit.value, tuple):
            if new[: len(old)] == old and set(new[len(old) :]) <= set(edit.value):
                return True
        elif isinstance(edit.value, Mapping):
            return new == dict(edit.value) and old in (None, edit.value.get("version"))
        elif new == edit.value:
            return True
    return False


def _layout(before: bytes, after: bytes, changed: Sequence[Key]) -> Iterator[str]:
    """Yield what is lost of the lines of entries whose value stays."""
    old, new = before.splitlines(keepends=True), after.splitlines(keepends=True)
    # A value of an inline table stands in the line of the table's own name.
    entries = {number for key in changed for name in key[-2:] for number in _entry(old, name)}
    rest = iter(new)
    for number, line in enumerate(old):
        if number not in entries and not any(line == other for other in rest):
            yield f"line {number + 1} is not as it was: {line.decode(errors='replace').strip()[:80]}"
            return
    for number in sorted(entries):
        if (found := _COMMENT.search(old[number])) and found[0].strip() not in after:
            yield f"a comment is lost: {found[0].decode(errors='replace').strip()[:80]}"


def _entry(lines: Sequence[bytes], name: str) -> Iterator[int]:
    """Yield the numbers of the lines of all entries of a name, of a value that goes over lines too."""
    begins = re.compile(rf"\s*(?:[\w.\"'-]+\.)?[\"']?{re.escape(name)}[\"']?\s*=".encode())
    depth = 0
    for number, line in enumerate(lines):
        if depth > 0 or begins.match(line):
            yield number
            code = _COMMENT.sub(b"", line)
            depth += code.count(b"[") + code.count(b"{") - code.count(b"]") - code.count(b"}")
