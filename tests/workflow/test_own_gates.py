"""Gates that a codemod brings and that ask the compiler: part of each round, and of `remediate verify`."""

from collections.abc import Iterator
from pathlib import Path

import pytest
import scratch
from tiny_codemod import TinyCodemod
from workflow_case import only, work

from remediate.edits import Change
from remediate.feedback import Feedback, GateFailure
from remediate.gates import Compiler, CompilerGates, GateResult, Verdict, failed, passed
from remediate.model import Result, Skip
from remediate.rust.codebase import Codebase
from remediate.rust.mir import bodies
from remediate.verify.report import Level
from remediate.workflow.fixing.verification import verify_branch
from remediate.workflow.progress import Progress
from remediate.workflow.request import Request


def _functions(compiler: Compiler) -> int:
    return len(bodies(compiler.mir("default")["lib"], compiler.files))


def _gates(most: int) -> CompilerGates:
    """Return a gate that fails where a library has more functions than it had, or than ``most``."""

    def judge(change: Change, measured: object, compiler: Compiler) -> Iterator[GateResult]:
        if compiler.news:
            return
        now, documented = _functions(compiler), compiler.documentation("default")
        assert change.creations
        assert documented
        if now == measured and now <= most:
            yield passed("function count", f"{now} functions, as before")
        else:
            words = f"{now} functions, {measured} before, and at most {most} are allowed"
            yield failed("function count", words, (GateFailure("function count", words),))

    def unproven(change: Change) -> tuple[Feedback, ...]:
        assert change.creations
        return (GateFailure("function count", "nobody can count them"),)

    return CompilerGates(
        {"function count": "no function more"}, lambda _, compiler: _functions(compiler), judge, unproven
    )


class _Counting(TinyCodemod):
    """Has such a gate, and declines where that fails."""

    def __init__(self, most: int) -> None:
        super().__init__()
        self.GATES = (_gates(most),)
        self.heard: list[Feedback] = []

    def refine(self, codebase: Codebase, change: Change, feedback: tuple[Feedback, ...]) -> Change | Skip:  # type: ignore[override]
        self.heard += feedback
        said = [one for one in feedback if isinstance(one, GateFailure)]
        return Skip("too-many", said[0].sentence) if said else super().refine(codebase, change, feedback)


@pytest.mark.slow
def test_a_gate_that_asks_the_compiler_is_part_of_the_proof(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codemod = _Counting(most=3)
    monkeypatch.setattr("remediate.contract.codemods", lambda: {"tiny": codemod})
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.FIXED, "compiled")
    assert "function count" in outcome.verified
    assert not any(isinstance(one, GateFailure) for one in codemod.heard)
    again = verify_branch(Request(start=repo, level=Level.QUICK), str(outcome.branch), Progress())
    gate = again.report.gate("function count")
    assert gate is not None
    assert gate.verdict is Verdict.PASSED


@pytest.mark.slow
def test_what_it_objects_to_reaches_refine_and_is_not_kept(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    codemod = _Counting(most=2)
    monkeypatch.setattr("remediate.contract.codemods", lambda: {"tiny": codemod})
    before = scratch.state(repo)
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.ROLLED_BACK, "too-many")
    assert outcome.detail == "3 functions, 3 before, and at most 2 are allowed"
    assert scratch.state(repo) == before


def test_where_cargo_cannot_begin_nothing_is_kept_that_needs_it(
    repo: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    manifest = scratch.CRATE["Cargo.toml"] + '[dependencies]\ngone = { path = "../gone" }\n'
    scratch.write(repo, {"Cargo.toml": manifest})
    scratch.git(repo, "commit", "--quiet", "--all", "--message", "Break it")
    monkeypatch.setattr("remediate.contract.codemods", lambda: {"tiny": _Counting(most=3)})
    outcome = only(work(repo))
    assert (outcome.outcome, outcome.reason) == (Result.SKIPPED, "too-many")
    assert outcome.detail == "nobody can count them"
