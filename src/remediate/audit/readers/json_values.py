"""Untrusted JSON: parsed with limits, read without assuming any shape; and other tools' rule ids in ours."""

import json
import re
from collections.abc import Iterator
from typing import Any

from remediate.audit.document import LineRange

_MOST_LINES = 10_000_000
_LONGEST = 4096
_OURS = {
    "clippy::unwrap_used": "unwrap",
    "clippy::expect_used": "expect",
    "clippy::panic": "panic",
    "clippy::todo": "unimplemented",
    "clippy::unimplemented": "unimplemented",
    "clippy::print_stdout": "debug-print",
    "clippy::print_stderr": "debug-print",
    "clippy::dbg_macro": "debug-print",
    "unsafe_code": "unsafe",
}
_PLAIN = re.compile(r"[^\w:./@-]+")


def parsed(text: str) -> Any:
    """Return the JSON value of a text, None when it is none or nested beyond reason."""
    try:
        return json.loads(text)
    except (ValueError, RecursionError):
        return None


def at(value: Any, *steps: str | int) -> Any:
    """Return what is found along keys and indexes, None where the way ends."""
    for step in steps:
        if isinstance(step, str) and isinstance(value, dict):
            value = value.get(step)
        elif isinstance(step, int) and isinstance(value, list) and 0 <= step < len(value):
            value = value[step]
        else:
            return None
    return value


def text(value: Any, *steps: str | int) -> str:
    """Return the string found along the steps, "" for anything else."""
    found = at(value, *steps)
    return found[: _LONGEST * 16] if isinstance(found, str) else ""


def number(value: Any, *steps: str | int) -> int | None:
    """Return the whole number from 1 found along the steps, None for anything else."""
    found = at(value, *steps)
    plain = isinstance(found, int) and not isinstance(found, bool)
    return found if plain and 0 < found <= _MOST_LINES else None


def entries(value: Any, *steps: str | int) -> Iterator[Any]:
    """Yield the members of the list found along the steps; none for anything else."""
    found = at(value, *steps)
    yield from found if isinstance(found, list) else ()


def line_range(first: int | None, last: int | None) -> tuple[LineRange, ...]:
    """Return the lines from ``first`` to ``last`` as one range; () without a first line."""
    return (LineRange(first, max(first, last or first)),) if first else ()


def our_rule(id_: str) -> str:
    """Return our id for a tool's rule id; safe to print and short, whatever the tool said."""
    return _OURS.get(id_) or _PLAIN.sub("-", id_)[:80].strip("-") or "unclassified"
