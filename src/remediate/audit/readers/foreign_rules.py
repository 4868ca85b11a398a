"""Other tools' rule ids in terms of ours; an id nobody knows stays as it is."""

import re

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


def our_rule(id_: str) -> str:
    """Return our id for a tool's rule id; safe to print and short, whatever the tool said."""
    return _OURS.get(id_) or _PLAIN.sub("-", id_)[:80].strip("-") or "unclassified"
