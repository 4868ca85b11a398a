"""What an audit demands of all code that is written for it: each demand as a value, and what can be checked.

``verify.text.constraints`` holds changed code against them. What no check is known for is a demand all the
same, and is named as not checked.
"""

from dataclasses import dataclass

CHECKED: dict[str, str] = {
    "no-unsafe": "no `unsafe` is added",
    "no-unwrap": "no `unwrap` or `expect` is added outside of tests",
    "no-panic": "no `panic!`, `unreachable!`, `todo!` or `unimplemented!` is added outside of tests",
    "no-blocking": "no blocking call is added outside of tests",
    "lock-free": "no lock is added outside of tests",
    "no-allocation": "no allocating call is added in the marked modules",
    "no-placeholders": "no comment, text or name that calls code provisional is added",
    "tests-in-tests": "no test is added outside of `tests/`",
    "file-size": "no file grows over the limit",
    "error-handling": "no `Result` is dropped: no `let _ =` of a call and no `.ok();` is added",
}
"""Every constraint that is checked, with what the check shows; the order is that of reports."""


@dataclass(frozen=True, slots=True)
class Constraint:
    """One demand.

    Attributes:
        name: One of ``CHECKED``; "" for a demand that no check is known for.
        text: As the audit or the configuration writes it.
        source_line: The line of the document it stands on; 0 for one of the configuration.
        limit: The number it names: the most lines of a file.
    """

    name: str
    text: str = ""
    source_line: int = 0
    limit: int | None = None
