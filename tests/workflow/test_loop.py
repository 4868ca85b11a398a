"""A gate that fails with messages is answered as rustc is: part of a change may go back, the rest stays."""

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any, cast

import pytest
from tiny_codemod import TinyCodemod

from remediate.edits import Change, Edit, ManifestEdit, MovedTests, RenamedTest
from remediate.gates import GateResult, failed, passed, unverified
from remediate.model import Diagnostic, Finding, Skip
from remediate.options import Options
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.verify.report import Report
from remediate.workflow.fixing import loop
from remediate.workflow.fixing.stopwatch import Stopwatch
from remediate.workflow.progress import Progress
from remediate.workflow.tree.disk import Written

FINDING = Finding(id="1", fingerprint="0" * 16, rule="last-item", title="", path="src/lib.rs")
LINT = Diagnostic("warning", "clippy::some_lint", "this is new")
_NOTHING = SimpleNamespace(clippy=(), docs=(), apis=(), mirs=(), suites=())


class Answering(TinyCodemod):
    """Answers a lint with a change that is smaller."""

    def refine(self, codebase: Codebase, change: Change, feedback: Any) -> Change:  # noqa: ARG002
        return replace(change, summary="smaller") if self.answers and LINT in feedback else change


def ended(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path, codemod: TinyCodemod, gate: GateResult
) -> loop.Verified | loop.RolledBack | loop.Faulty | Skip:
    """Carry a change out whose first attempt fails at this gate, and whose second passes."""
    reports = iter([Report((gate,)), Report((passed("clippy"),))])
    said = SimpleNamespace(feedback=())
    monkeypatch.setattr(loop, "check_round", lambda *_: said)
    monkeypatch.setattr(loop, "verify", lambda *_: next(reports))
    package = Package("x", "", "", "2021", (), {"src/lib.rs": b"fn a() {}\n\nfn b() {}\n"})
    workspace = SimpleNamespace(root=tmp_path)
    shop: Any = SimpleNamespace(
        workspace=workspace, cargo=None, baseline=lambda _: _NOTHING, informed=lambda codebase, _: codebase
    )
    shop.measured, shop.constraints = lambda *_: None, ()
    cargo: Any = SimpleNamespace(seconds=0, runs=0)
    task = loop.Task(FINDING, Codebase.of(package), package, cast("Any", codemod), Options())
    trial = loop.Trial(task, shop, Written(tmp_path), Stopwatch(cargo, lambda: 0.0), Progress())
    planned = trial.plan()
    assert isinstance(planned, Change)
    return trial.carry_out(planned)


def test_a_new_lint_is_answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = ended(monkeypatch, tmp_path, Answering(), failed("clippy (default)", "1 new", (LINT,)))
    assert isinstance(result, loop.Verified)
    assert result.change.summary == "smaller"


def test_what_a_gate_could_not_judge_may_be_answered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = ended(monkeypatch, tmp_path, Answering(), unverified("location", "1 depends on it", (LINT,)))
    assert isinstance(result, loop.Verified)
    assert result.change.summary == "smaller"
    result = ended(monkeypatch, tmp_path, TinyCodemod(), unverified("location", "1 depends on it", (LINT,)))
    assert isinstance(result, loop.Verified)
    assert [gate.name for gate in result.report.unverified] == ["location"]


def test_a_lint_nobody_answers_rolls_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    gate = failed("clippy (default)", "1 new", (LINT,))
    result = ended(monkeypatch, tmp_path, Answering(answers=False), gate)
    assert isinstance(result, loop.RolledBack)
    assert result.reason == "clippy-failed"


def test_a_gate_without_messages_rolls_back(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    result = ended(monkeypatch, tmp_path, Answering(), failed("test results: libtest (default)", "1 differs"))
    assert isinstance(result, loop.RolledBack)
    assert result.reason == "test-results-failed"


class Drafting(TinyCodemod):
    """Keeps a draft, so that a change of its own is one made anew; lints teach it nothing."""

    def plan(self, codebase: Codebase, finding: Finding, options: Options) -> Change | Skip:
        change = super().plan(codebase, finding, options)
        return change if isinstance(change, Skip) else replace(change, memo="a draft")


def rebroken(change: Change) -> Change:
    """Return a change with other lines, as rustfmt would."""
    return replace(change, creations={p: t.replace(b"{", b"{\n") for p, t in change.creations.items()})


def test_a_change_that_is_not_refined_is_not_held_against_the_original_as_rustfmt_left_it(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    monkeypatch.setattr(loop, "formatted", lambda change, *_: rebroken(change))
    gate = failed("clippy (default)", "1 new", (LINT,))
    result = ended(monkeypatch, tmp_path, Drafting(), gate)
    assert isinstance(result, loop.RolledBack)
    assert result.reason == "clippy-failed"


@pytest.mark.parametrize(
    ("claim", "proof"),
    [
        ({"api": frozenset({"x::b"})}, "api"),
        ({"functions": frozenset({"b"})}, "functions"),
        ({"rewrites": {"src/lib.rs": (Edit(0, 2, b"fn"),)}}, "code"),
        ({"adds_tests": frozenset({"t"})}, "tests"),
        ({"renamed_tests": (RenamedTest("lib", "t", "u"),)}, "tests"),
        ({"moved_tests": (MovedTests("m::tests"),)}, "tests"),
        ({"manifest": (ManifestEdit("Cargo.toml", ("package", "name"), "y"),)}, "manifest"),
    ],
)
def test_a_claim_that_the_codemod_never_promised_is_refused(
    tmp_path: Path, claim: dict[str, object], proof: str
) -> None:
    class Claiming(TinyCodemod):
        def plan(self, codebase: Codebase, finding: Finding, options: Options) -> Change | Skip:
            change = super().plan(codebase, finding, options)
            assert isinstance(change, Change)
            return replace(change, **claim)  # type: ignore[arg-type]

    package = Package("x", "", "", "2021", (), {"src/lib.rs": b"fn a() {}\n\nfn b() {}\n"})
    task = loop.Task(FINDING, Codebase.of(package), package, cast("Any", Claiming()), Options())
    shop: Any = SimpleNamespace(workspace=SimpleNamespace(root=tmp_path), informed=lambda code, _: code)
    cargo: Any = SimpleNamespace(seconds=0, runs=0)
    planned = loop.Trial(task, shop, Written(tmp_path), Stopwatch(cargo, lambda: 0.0), Progress()).plan()
    assert isinstance(planned, loop.Faulty)
    assert planned.reason == "undeclared-change"
    assert planned.sentence == f"the codemod declares no changes of {proof}"
