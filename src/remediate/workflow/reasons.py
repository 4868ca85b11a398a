"""What every reason code of an outcome means: the workflow's own, and those of the codemods."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module

from remediate import contract
from remediate.contract import Codemod


@dataclass(frozen=True, slots=True)
class Reason:
    """A reason code: whose it is, the outcomes that carry it, what it means."""

    code: str
    owner: str
    outcome: str
    meaning: str


_PASSED = (
    "rustc compiled the edit, tests ended as before, and every gate that ran passed; the outcome lists what "
    "no check covered"
)
_BUG = "a bug of remediate; nothing was changed"
_UNSAFE = "the file cannot be edited safely"
_GATE = (
    "that gate failed (`test-results-failed`, `public-api-failed`, ..); if it did before anything was "
    "written it is `failed`, a bug of remediate"
)

# Code: outcomes, meaning. In the order of the outcomes.
_WORKFLOW: dict[str, tuple[str, str]] = {
    "verified": ("fixed", _PASSED),
    "compiled": (
        "fixed",
        "as `verified`, but no test was compared: there is none, none could run, or the level is `quick`",
    ),
    "partial": (
        "fixed-partly",
        "as `verified`, but the change does less than the finding asks; it says what is left and why",
    ),
    "unverified": (
        "fixed, fixed-partly",
        "no gate failed, but none proved that rustc compiled the edit; the outcome says why",
    ),
    "would-change": ("planned", "a run that was asked to change nothing has a change"),
    "already-fixed": (
        "already-fixed",
        "what the audit says was there is gone; the outcome names the commit in which it was",
    ),
    "mistaken": (
        "mistaken",
        "there is only a comment, a string or another word, or no commit ever held what the audit says",
    ),
    "ambiguous": ("skipped", "more than one location could be meant, or nothing could be looked for"),
    "unresolvable-path": (
        "skipped",
        "no file of the workspace is meant; a path that leads out of it never is",
    ),
    "no-codemod": ("skipped", "no codemod takes findings of this rule"),
    "no-package": ("skipped", "the file belongs to no package of the workspace"),
    "not-selected": ("skipped", "its package was not asked for with `-p`"),
    "same-fix": ("skipped", "another finding of the run, or a branch of an earlier one, has the same change"),
    "verified-further": (
        "skipped",
        "the finding's branch holds another fix that was verified further; ask for its level, or `--redo`",
    ),
    "branch-taken": ("skipped", "a person has committed to the finding's branch, or has it checked out"),
    "baseline-unusable": ("skipped", "cargo cannot judge the workspace as it stands"),
    "symlink": ("skipped", f"{_UNSAFE}: it is a symbolic link"),
    "not-a-file": ("skipped", f"{_UNSAFE}: it is no regular file"),
    "too-large": ("skipped", f"{_UNSAFE}: it is too large"),
    "not-utf8": ("skipped", f"{_UNSAFE}: it is not UTF-8"),
    "unreadable": ("skipped", f"{_UNSAFE}: it cannot be read"),
    "fixer-nothing-to-do": ("skipped", "the external fixer made no change"),
    "fixer-failed": (
        "skipped",
        "the external fixer ended with an error, was stopped at its time limit, or left no readable result",
    ),
    "fixer-wrote-outside": (
        "rolled-back",
        "the external fixer wrote to the checkout, the git directory or personal settings; that was restored",
    ),
    "fixer-not-text": (
        "rolled-back",
        "the external fixer handed in links, programs, repositories, or files that are not read as source",
    ),
    "not-proven": ("rolled-back", "rustc has not seen all of the code that an external fixer wrote"),
    "check-failed": (
        "rolled-back",
        "rustc reports errors or warnings that the base does not have; they are kept in the outcome",
    ),
    "<gate>-failed": ("rolled-back", _GATE),
    "hook-refused": ("rolled-back", "a git hook refused the commit"),
    "hook-changed-commit": ("rolled-back", "a git hook changed what was verified"),
    "empty-change": ("failed", _BUG),
    "overlapping-edits": ("failed", _BUG),
    "undeclared-change": ("failed", _BUG),
    "internal-error": ("failed", _BUG),
}


def workflow_reasons() -> tuple[Reason, ...]:
    """Return the reason codes of the workflow."""
    return tuple(Reason(code, "the workflow", *told) for code, told in _WORKFLOW.items())


def reasons_of(codemod: Codemod) -> Mapping[str, str]:
    """Return the reason codes that a codemod declines with; none if it does not explain them."""
    name = f"{codemod.__name__}.reasons"  # type: ignore[attr-defined]
    try:
        found: Mapping[str, str] = import_module(name).REASONS
    except ModuleNotFoundError as error:
        if error.name != name:
            raise
        return {}
    return found


def reasons() -> Iterator[Reason]:
    """Yield every reason code there is, the workflow's first."""
    yield from workflow_reasons()
    for owner, codemod in contract.codemods().items():
        for code, meaning in sorted(reasons_of(codemod).items()):
            yield Reason(code, owner, "skipped", meaning)


def explained(code: str) -> tuple[Reason, ...]:
    """Return what a code means, once for each of its owners; () for one that nobody has."""
    found = tuple(reason for reason in reasons() if reason.code == code)
    if not found and code.endswith("-failed"):
        return (Reason(code, "the workflow", *_WORKFLOW["<gate>-failed"]),)
    return found
