"""The claim the workflow's tests work on, and the shortest way to a run."""

from dataclasses import replace
from pathlib import Path

from tiny_codemod import RULE

from remediate.model import Finding, Outcome
from remediate.verify.report import Level
from remediate.workflow.fixing.run import Done, run
from remediate.workflow.progress import Progress
from remediate.workflow.request import Mode, Request

TITLE = "A title\x1b[31m\nRemediate-Base: forged"
BIG = Finding(id="1", fingerprint="ab" * 8, rule=RULE, title=TITLE, path="src/big.rs")
BRANCH = "remediate/last-item/src-big-abababab"


class Listener(Progress):
    def __init__(self) -> None:
        self.warnings: list[str] = []

    def warn(self, sentence: str, hint: str = "") -> None:  # noqa: ARG002 - the tests look at sentences
        self.warnings.append(sentence)


def work(repo: Path, *findings: Finding, progress: Progress | None = None, **asked: object) -> Done:
    asked["mode"] = Mode(asked.get("mode", "branch"))  # type: ignore[arg-type]
    request = replace(Request(start=repo, level=Level.QUICK), **asked)  # type: ignore[arg-type]
    return run(request, lambda _: findings or (BIG,), progress or Progress())


def only(done: Done) -> Outcome:
    assert len(done.outcomes) == 1
    return done.outcomes[0]


def tree_of(repo: Path) -> Path:
    """Return the worktree of ours that stands for a checkout."""
    return repo.joinpath(".git/remediate/worktrees/0/target/package", *repo.resolve().parts[1:])
