"""A test ends otherwise after a change: the new modules at fault are rolled back, the rest stays.

A test that has moved itself is taken to be at fault. Else what it printed is asked, for that often names the
new module. Else the module is looked for: some are rolled back, and the test alone is run. What the other
tests do, the next round tells.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from remediate.edits import Change, module_in
from remediate.feedback import TEST_RESULTS, Evidence, GateFailure
from remediate.gates import OddTest

_MOST_RUNS = 8
"""Runs of single tests for one change."""
_MOST_ANSWERS = 3
"""Rounds for one change."""


@dataclass
class Bisection:
    """Answers tests that end otherwise with a smaller change, a bounded number of times.

    Attributes:
        smaller: Asks the codemod for a change that rolls back files of the evidence; None if there is none.
        ends_as_before: Whether a test does, with another change.
    """

    smaller: Callable[[Change, Sequence[GateFailure]], Change | None]
    ends_as_before: Callable[[Change, OddTest], bool]
    _runs: int = _MOST_RUNS
    _answers: int = _MOST_ANSWERS

    def answer(self, change: Change, tests: Sequence[OddTest]) -> Change | None:
        """Return a change without the modules at fault, None if none is found."""
        parts = tuple(sorted(change.test_files)) or _new_modules(change)
        self._answers -= 1
        if self._answers < 0 or not parts:
            return None
        if own := _holding(change.test_files, tests):
            return self._without(change, own)
        named = {part: test for part in parts for test in tests if _names(test.said, part)}
        if 0 < 2 * len(named) <= len(parts):
            return self._without(change, named)
        return self._without(change, dict.fromkeys(self._search(change, parts, tests[0]), tests[0]))

    def _search(self, change: Change, parts: Sequence[str], test: OddTest) -> Sequence[str]:
        """Return a module without which a test would end as before, if others are rolled back as well.

        Where it takes others, the next round tells, and they are looked for with this one rolled back. Where
        there are no runs left, all modules are returned that were seen to be enough.
        """
        few, enough = 0, len(parts)
        while enough - few > 1:
            if not self._runs:
                return parts[:enough]
            middle = (few + enough) // 2
            smaller = self._without(change, dict.fromkeys(parts[:middle], test))
            self._runs -= 1
            if smaller is not None and self.ends_as_before(smaller, test):
                enough = middle
            else:
                few = middle
        return parts[enough - 1 : enough]

    def _without(self, change: Change, parts: Mapping[str, OddTest]) -> Change | None:
        said = (GateFailure(TEST_RESULTS, t.sentence, (Evidence(p),)) for p, t in parts.items())
        return self.smaller(change, tuple(said))


def _holding(files: Mapping[str, str], tests: Sequence[OddTest]) -> dict[str, OddTest]:
    """Return the new files whose modules hold one of the tests, each with that test."""
    within = ((file, f"{module}::") for file, module in sorted(files.items()) if module)
    return {file: test for file, prefix in within for test in tests if test.name.startswith(prefix)}


def _new_modules(change: Change) -> tuple[str, ...]:
    return tuple(path for path in sorted(change.creations) if module_in(path) in change.new_modules)


def _names(said: str, path: str) -> bool:
    """Whether a test's output has a file's name, or the path of a module that is called so.

    A backtrace names whatever was on the way.
    """
    own = said.partition("\nstack backtrace:")[0]
    return path in own or re.search(rf"::{re.escape(module_in(path))}\b", own) is not None
