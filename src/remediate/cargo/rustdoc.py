"""rustdoc's JSON: a library's public items, as the compiler resolved them."""

import time
from collections.abc import Mapping
from typing import Any

import msgspec

from remediate.cargo.check import Check
from remediate.cargo.configuration import Configuration
from remediate.cargo.door import Cargo
from remediate.cargo.wrappers import rustdoc_wrapper

_JSON = ("-Z", "unstable-options", "--output-format", "json", "--cap-lints", "allow")
_PRIVATE = ("--document-private-items", "--document-hidden-items")
FORMATS = range(50, 60)
"""The format versions whose shape is the one read here (rustdoc-types); 57 is that of Rust 1.95."""


def document(
    cargo: Cargo, configuration: Configuration, spec: str, library: str, *, private: bool = False
) -> tuple[Check, Mapping[str, Any] | None]:
    """Document a library; return the run and rustdoc's JSON, None when it made none of a format known here.

    ``library`` is the lib target's name; ``private`` asks for what is private or hidden as well.

    Raises:
        ToolError: cargo is missing, or there is no shell.
        BaselineError: cargo cannot begin.
    """
    file = f"{library.replace('-', '_')}.json"
    # The file is one for all feature sets, so no earlier run may count: a new argument makes cargo start
    # anew.
    more = _PRIVATE if private else ()
    command = ("rustdoc", "--lib", "--", *_JSON, *more, "--crate-version", f"run-{time.time_ns()}")
    check = cargo.compile(command, configuration, (spec,), rustdoc_wrapper(cargo.results))
    made = [*cargo.results.glob(f"doc/{file}"), *cargo.results.glob(f"*/doc/{file}")]
    if not made or not check.success:
        return check, None
    found: Mapping[str, Any] = msgspec.json.decode(made[0].read_bytes())
    return check, found if found.get("format_version") in FORMATS else None
