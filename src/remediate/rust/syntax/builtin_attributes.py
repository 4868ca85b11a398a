"""Attributes the compiler and its tools understand themselves, as against attribute macros.

A macro sees, and may rewrite, all the item's tokens; it is not allowed on ``mod x;`` at all (E0658). The list
is the Rust reference's "Built-in attributes index" with the tools' namespaces, as far as modules carry them.
"""

from collections.abc import Iterable

from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import resolved

_ON_MODULES = {
    "allow", "cfg", "coverage", "deny", "deprecated", "doc", "expect", "forbid", "ignore", "macro_use",
    "no_implicit_prelude", "path", "stable", "unstable", "warn",
}  # fmt: skip
_TOOLS = ("clippy", "diagnostic", "miri", "rust_analyzer", "rustfmt")


def attribute_macros(attributes: Iterable[Attribute]) -> tuple[str, ...]:
    """Return the paths of those attributes, ``cfg_attr`` resolved, that no compiler or tool knows."""
    paths = [c.path for a in attributes for c in resolved(a)]
    return tuple(p for p in paths if p and p not in _ON_MODULES and p.split(":")[0] not in _TOOLS)
