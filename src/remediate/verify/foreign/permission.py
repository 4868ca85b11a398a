"""What a change may touch that a foreign program made: the strictest, but for what is allowed."""

from dataclasses import dataclass
from enum import StrEnum

from remediate.model import WaitingTest


class Allowed(StrEnum):
    """What a configuration may allow a fixer.

    Attributes:
        API: Public items may come, go or have another signature.
        VISIBILITY: Items may become visible further.
        DEPENDENCIES: The tables of dependencies in Cargo.toml may change.
        TESTS: Tests that exist may change; none may go, be ignored or end otherwise all the same.
        LINTS: Lints may be allowed or expected.
    """

    API = "api"
    VISIBILITY = "visibility"
    DEPENDENCIES = "dependencies"
    TESTS = "tests"
    LINTS = "lints"


@dataclass(frozen=True, slots=True)
class Permission:
    """What one change may touch.

    Attributes:
        files: Files that the finding is about.
        globs: Further files that the configuration names.
        package: The root of the finding's package, below which files may be added.
        allowed: What else the configuration allows.
        waiting: Ignored tests that may be enabled: their ``#[ignore]`` dropped, their bodies written.
    """

    files: frozenset[str]
    package: str = ""
    globs: tuple[str, ...] = ()
    allowed: frozenset[Allowed] = frozenset()
    waiting: tuple[WaitingTest, ...] = ()
