"""Items that name no file and accuse the whole workspace ("TODO markers (200+ instances)")."""

import re

from remediate.audit.readers.drafts import Drafts
from remediate.audit.readers.sections import Unit, is_goal
from remediate.audit.rules.catalog import rules_named

_NOTHING_FOUND = re.compile(r"\bno\b.{0,60}\bfound\b|\bnone found\b", re.IGNORECASE)
_TESTS_FOUND = re.compile(r"\btests?\b.*\b(?:found|in (?:src|source))\b", re.IGNORECASE)


def is_item(unit: Unit) -> bool:
    """Whether a section without a path still is a finding: numbered, with nothing below it, and no goal."""
    found_tests = bool(_TESTS_FOUND.search(unit.title))
    return (bool(unit.number) or found_tests) and unit.leaf and not unit.entry and not is_goal(unit)


def says_nothing_found(result: Drafts) -> bool:
    """Whether an item reports that a search found nothing."""
    return any(_NOTHING_FOUND.search(text) for text in (*result.violation, *result.prose))


def wide_rules(result: Drafts) -> tuple[str, ...]:
    """Return the rules of an item that accuses the whole workspace, () for one that does not."""
    if result.subjects() or not is_item(result.unit) or says_nothing_found(result):
        return ()
    return rules_named(result.unit.title) or rules_named(" ".join(result.violation))
