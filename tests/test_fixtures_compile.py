"""The slow runner over the fixtures: real rustc, real tests, the whole loop.

For every changing case: ``before/`` is planned, refined by what rustc really says, verified on the ladder of
level ``standard`` (or what the case asks for), and the outcome must be ``after/``. ``--update-fixtures``
writes ``after/``, ``skip.txt`` and ``messages.json`` from what happened instead.
"""

import shutil
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import msgspec
import pytest
import scratch
from fixture_case import Case, cases, tree

from remediate.cargo.command import Cargo
from remediate.contract import Adding, Asking, Codemod, Explaining, codemods, compiler_gates_of, gates_of
from remediate.edits import Change
from remediate.feedback import Feedback
from remediate.model import Finding, Skip
from remediate.options import Options
from remediate.rust.codebase import Codebase
from remediate.verify.report import Level
from remediate.workflow.fixing import loop
from remediate.workflow.fixing.stopwatch import Stopwatch
from remediate.workflow.progress import Progress
from remediate.workflow.sources.workspace import load
from remediate.workflow.tree.disk import Written
from remediate.workflow.tree.session import Session


@dataclass
class Recording:
    """A codemod that keeps what rustc and the gates said to it."""

    codemod: Codemod
    rounds: list[tuple[Feedback, ...]] = field(default_factory=list)
    last: Change | None = None

    def __post_init__(self) -> None:
        self.OPTIONS = self.codemod.OPTIONS
        self.RULES = self.codemod.RULES
        self.SAFETY = self.codemod.SAFETY
        self.PROOFS = self.codemod.PROOFS
        self.SETTLED = self.codemod.SETTLED
        self.DESCRIPTION = self.codemod.DESCRIPTION
        self.GATES = (*gates_of(self.codemod), *compiler_gates_of(self.codemod))
        if isinstance(self.codemod, Explaining):
            self.explain = self.codemod.explain
        if isinstance(self.codemod, Adding):
            self.added = self.codemod.added

    def plan(self, codebase: Codebase, finding: Finding, options: Options) -> Change | Skip:
        return self.codemod.plan(codebase, finding, options)

    def refine(self, codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:
        # Asked again about the same change, for a test alone: the last answer is the one that is kept.
        if change == self.last:
            self.rounds.pop()
        self.last = change
        self.rounds.append(tuple(feedback))
        return self.codemod.refine(codebase, change, feedback)


class AskingRecording(Recording):
    """The same for a codemod that asks the compiler before it plans."""

    def wanted_facts(self, codebase: Codebase, finding: Finding, options: Options) -> Any:
        assert isinstance(self.codemod, Asking)
        return self.codemod.wanted_facts(codebase, finding, options)


@pytest.mark.slow
@pytest.mark.parametrize("case", cases(), ids=lambda c: f"{c.codemod}/{c.name}")
def test_case_under_a_compiler(case: Case, tmp_path: Path, pytestconfig: pytest.Config) -> None:
    root = tmp_path / "work"
    shutil.copytree(case.before, root, ignore=shutil.ignore_patterns("target"))
    # What cargo packages depends on git, and fixes are made in git's work trees.
    scratch.git(root, "init", "-q")
    scratch.git(root, "add", "-A")
    recorded = case.messages() or case.asks
    if case.declines and not recorded and not pytestconfig.getoption("--update-fixtures"):
        _assert_compiles(case, root)
        return
    codemod = (AskingRecording if case.asks else Recording)(codemods()[case.codemod])
    update = pytestconfig.getoption("--update-fixtures")
    result = _carried_out(case, root, codemod, update=update)
    if update:
        _update(case, root, codemod, result)
    if case.declines:
        assert isinstance(result, loop.RolledBack | Skip)
        assert case.reason == f"{result.reason}: {result.sentence}"
        return
    assert isinstance(result, loop.Verified | Skip), result
    if isinstance(result, loop.Verified):
        assert _text(tree(root)) == _text(case.expected())
        assert [list(r) for r in codemod.rounds] == [list(r) for r in case.messages()]
        assert not result.report.failed


def _assert_compiles(case: Case, root: Path) -> None:
    """A declining case is an honest example only if the code is fine, unless it is about code that is not."""
    if case.spec.get("compiles", True):
        assert Cargo(root, arguments=("--offline",)).check().success


def _carried_out(case: Case, root: Path, codemod: Codemod, *, update: bool) -> object:
    workspace = load(root)
    package = workspace.codebase.home(case.finding().path)
    # With one job cargo gives up before it has asked as many units as the recorded messages count.
    cargo = Cargo(root, arguments=("--offline",), extra={"CARGO_BUILD_JOBS": "2"})
    level = Level(case.spec.get("level", "standard"))
    session = Session(workspace, cargo, level, tree="", cache=root.with_name("cache"))
    codebase = case.probed(workspace.codebase)
    task = loop.Task(case.finding(), codebase, package, codemod, case.options())
    trial = loop.Trial(task, session, Written(root), Stopwatch(cargo, lambda: 0.0), Progress())
    planned = trial.plan()
    if update:
        case.remember(trial.task.codebase)
    return trial.carry_out(planned) if isinstance(planned, Change) else planned


def _update(case: Case, root: Path, codemod: Recording, result: object) -> None:
    reason = None
    if isinstance(result, Skip | loop.RolledBack):
        reason = f"{result.reason}: {result.sentence}\n".encode()
    data = msgspec.json.format(msgspec.json.encode(codemod.rounds), indent=1) + b"\n"
    after = tree(root) if isinstance(result, loop.Verified) else None
    case.update(after, {"skip.txt": reason, "messages.json": data if codemod.rounds else None})


def _text(files: dict[str, bytes]) -> dict[str, str]:
    return {path: text.decode(errors="surrogateescape") for path, text in files.items()}
