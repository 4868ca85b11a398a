"""What is not to be reported: suppressions in the source, kinds that are never reported, tests."""

from collections.abc import Mapping

from remediate.audit.scan.facts import Facts, Place, Suppression
from remediate.audit.scan.settings import Settings

# Reported in tests too: they say something about the tests themselves, or about code that cannot be right.
_IN_TESTS = {
    "block-on",
    "spawn-blocking",
    "large-file",
    "embedded-tests",
    "dead-tests",
    "parse-health",
    "suppression",
}


class Silence:
    """Decides for each place; counts what a suppression or the configuration speaks for."""

    def __init__(self, facts: Mapping[str, Facts], settings: Settings) -> None:
        """``facts`` hold the suppressions."""
        self._facts = facts
        self._settings = settings
        self.count = 0

    def covers(self, path: str, place: Place) -> bool:
        """Whether a place is not reported."""
        if place.test and place.rule not in _IN_TESTS:
            return True
        if place.kind == "noun":
            return True
        if place.rule == "debug-print" and _prints_by_trade(path):
            return True
        if any(_speaks(s, place) for s in self._facts[path].suppressions):
            self.count += 1
            return True
        if not self._settings.reports(place.rule, path):
            self.count += not self._settings.only
            return True
        return False


def _speaks(suppression: Suppression, place: Place) -> bool:
    if suppression.fault or not suppression.first <= place.line <= suppression.last:
        return place.rule in _WHOLE and suppression.first == 1 and _names(suppression, place)
    return _names(suppression, place)


_WHOLE = {"large-file"}


def _names(suppression: Suppression, place: Place) -> bool:
    return not suppression.fault and (place.rule in suppression.rules or "all" in suppression.rules)


def _prints_by_trade(path: str) -> bool:
    """Whether a file is a program's: printing is its work."""
    return path.endswith(("main.rs", "build.rs")) or "/bin/" in path or path.startswith("bin/")
