"""The gates of changes of which nothing is promised, as one list. None of them starts cargo."""

from collections.abc import Sequence

from remediate.audit.constraints import Constraint
from remediate.gates import Gate
from remediate.verify.foreign.evasion import evasions
from remediate.verify.foreign.files import dependencies, unrelated
from remediate.verify.foreign.interface import changed_interface, widened
from remediate.verify.foreign.permission import Allowed, Permission
from remediate.verify.foreign.tests_kept import lost_tests
from remediate.verify.text import constraints


def gates(permission: Permission, demanded: Sequence[Constraint]) -> tuple[Gate, ...]:
    """Return the gates that a change made for one finding has to pass.

    Constraints are held item by item, as nothing of such a change is a move.
    """
    allowed = permission.allowed
    found = [
        Gate(
            "related files",
            lambda _before, _after, change: unrelated(change, permission),
            "only files that the finding is about, or new ones of its package",
        ),
        Gate(
            "dependencies",
            lambda before, after, change: dependencies(before, after, change, permission),
            "no manifest says anything else"
            if Allowed.DEPENDENCIES not in allowed
            else "no manifest says anything else but of dependencies",
        ),
        Gate(
            "no evasion",
            lambda before, after, change: evasions(before, after, change, permission),
            "no lint is silenced, and nothing asks whether it is tested",
        ),
    ]
    if Allowed.TESTS not in allowed:
        found.append(
            Gate(
                "tests kept",
                lambda before, after, change: lost_tests(before, after, change, permission.waiting),
                "every test and example is there, token for token"
                if not permission.waiting
                else "every test and example is there, token for token, but for those that waited",
            )
        )
    if Allowed.VISIBILITY not in allowed:
        found.append(Gate("visibility", widened, "nothing is visible further than before"))
    if Allowed.API not in allowed:
        found.append(Gate("interface", changed_interface, "the same public items with the same signatures"))
    if demanded:
        found.append(constraints.gate(demanded, by_item=True))
    return tuple(found)
