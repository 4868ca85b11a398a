"""Tests outside of test modules: a test's name holds its module's path, so it moves only where that is asked.

What then gets which name is known before anything runs: ``m::works`` in a new module is ``m::new::works``.
Attributes that make several tests of one function (``rstest``, ``test_case``) name them as they like: those
stay. So do tests of a module that is also compiled without tests: their new module would be empty there.
"""

from collections.abc import Iterator

from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import Draft
from remediate.edits import RenamedTest
from remediate.rust.syntax.cfg import requires_test, resolved

_MAKES_ONE = {"test", "bench", "wasm_bindgen_test"}
_MAKES_TESTS = {*_MAKES_ONE, "rstest", "test_case", "quickcheck"}


def is_test(attribute: str) -> bool:
    """Whether an attribute of this path makes tests: ``test``, ``tokio::test``, ``rstest``."""
    return attribute.rsplit("::", maxsplit=1)[-1] in _MAKES_TESTS


def is_free_test(ground: Ground, unit: Unit) -> bool:
    """Whether a unit is one test whose new name is known, of a module that is there for tests only."""
    made = [c.path.split("::")[-1] for a in unit.own.attributes for c in resolved(a) if is_test(c.path)]
    tested = all("test" in t.kinds for t in ground.module.targets) or requires_test(ground.module.cfg)
    return tested and bool(made) and set(made) <= _MAKES_ONE


def renamed_tests(draft: Draft) -> Iterator[RenamedTest]:
    """Yield each test that moves, once for each target that has it."""
    ground = draft.survey.ground
    inside = ground.module.path[1:]
    for group in draft.alive:
        for unit in (draft.survey.units[i] for i in group.units):
            name = unit.own.name or ""
            if any(is_test(c.path) for a in unit.own.attributes for c in resolved(a)):
                old, new = "::".join((*inside, name)), "::".join((*inside, group.name, name))
                yield from (RenamedTest(target.label, old, new) for target in ground.module.targets)
