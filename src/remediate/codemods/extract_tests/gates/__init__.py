"""The gates of promoted tests: each uses the library it tested, from outside, and does what it did.

rustc and rustdoc are asked, before the change and after it; see ``gates.CompilerGates``.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import cast

from remediate.codemods.extract_tests.gates import same_code
from remediate.codemods.extract_tests.gates.definitions import compared, unproven
from remediate.codemods.extract_tests.gates.same_code import TestBodies
from remediate.codemods.extract_tests.integration.target import TARGET, Promotion, promotions_of
from remediate.edits import Change
from remediate.gates import Compiler, CompilerGates, GateResult, Verdict
from remediate.model import Files


def _measure(change: Change, compiler: Compiler) -> tuple[TestBodies, ...]:
    """Return what the tests to be promoted do, under each feature set."""
    promotions = promotions_of(change)
    sets = compiler.configurations if promotions else ()
    return tuple(
        same_code.before(name, compiler.mir(name).get("lib test", ""), compiler.files, promotions)
        for name in sets
    )


def _judge(change: Change, measured: object, compiler: Compiler) -> Iterator[GateResult]:
    """Yield the gates; that of definitions even where rustc has news, so that both are answered at once.

    Where no test is promoted any more, nothing links the library from outside that did not before.
    """
    promotions, before = promotions_of(change), cast("tuple[TestBodies, ...]", measured)
    if not promotions:
        return
    definitions = compared(compiler, promotions).gate()
    yield definitions
    if definitions.verdict is not Verdict.FAILED and not compiler.news:
        yield from _same_code(promotions, before, compiler)


def _same_code(
    promotions: Sequence[Promotion], before: Sequence[TestBodies], compiler: Compiler
) -> Iterator[GateResult]:
    """Yield what is the same under each feature set, up to the first where something is not."""
    if (unseen := same_code.unseen(before, promotions)) is not None:
        yield unseen
        return
    for old in before:
        if not old.made:
            yield same_code.unjudged(old.configuration)
            continue
        for gate in _compared(compiler.mir(old.configuration), compiler.files, old, promotions):
            yield gate
            if gate.verdict is Verdict.FAILED:
                return


def _compared(
    mir: Mapping[str, str], files: Files, old: TestBodies, promotions: Sequence[Promotion]
) -> Iterator[GateResult]:
    """Yield the library's two builds compared, then the tests with what they were."""
    yield same_code.compare_library(old.configuration, mir.get("lib", ""), mir.get("lib test", ""))
    new = same_code.after(old.configuration, mir.get(TARGET, ""), files, promotions, mir.get("lib test", ""))
    yield same_code.compare_tests(old, new, promotions)


PROMOTED = CompilerGates(
    covers={
        "same definitions": "each public path of a promoted test leads to what it meant",
        "same library": "a library does without `cfg(test)` what it does with it",
        "same tests": "a promoted test does what it did",
    },
    measure=_measure,
    judge=_judge,
    unproven=lambda change: unproven(promotions_of(change)),
)
