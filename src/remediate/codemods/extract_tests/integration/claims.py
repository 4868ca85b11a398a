"""What a change says of each test module that becomes an integration test: its own gates hold it to this."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache

import msgspec

from remediate.edits import Change, MovedTests


@dataclass(frozen=True, slots=True)
class Promotion:
    """A test module, or a part of one, that moves out of its library into an integration test.

    Attributes:
        tests: Its path in the test harness, the same before and after: ``m::tests``.
        crate: The library's name in code.
        file: Where it stands now.
        claims: Each public path it uses, with the path of the definition that it has to lead to; both are
            below the library's root.
        parts: The names of what moves where the module is divided; () where it moves as a whole.
        rest: The file with the rest of a module that is divided.
    """

    tests: str
    crate: str
    file: str
    claims: tuple[tuple[str, str], ...] = ()
    parts: tuple[str, ...] = ()
    rest: str = ""

    def holds(self, path: str) -> bool:
        """Whether a path of the library is that of something that moves."""
        return MovedTests(self.tests, parts=self.parts).holds(path)


def claims_text(promotions: Sequence[Promotion]) -> str:
    """Return promotions as ``Change.claims``."""
    return msgspec.json.encode(promotions).decode() if promotions else ""


def promotions_of(change: Change) -> tuple[Promotion, ...]:
    """Return the promotions that a change declares."""
    return _read(change.claims)


@lru_cache(maxsize=16)
def _read(text: str) -> tuple[Promotion, ...]:
    return msgspec.json.decode(text, type=tuple[Promotion, ...]) if text else ()
