"""The request of a user, whatever the command."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from pathlib import Path

from remediate.audit.constraints import Constraint
from remediate.cargo.check import Configuration
from remediate.options import Options
from remediate.verify.report import Level
from remediate.workflow.sources.settings import FixerSettings


class Mode(StrEnum):
    """What is made of a fix.

    BRANCH commits it on a branch of its own; IN_PLACE leaves it in the user's checkout; DIFF verifies it and
    shows it; PLAN plans it only, without starting cargo on it.
    """

    BRANCH = "branch"
    IN_PLACE = "in-place"
    DIFF = "diff"
    PLAN = "plan"


@dataclass(frozen=True, slots=True)
class Request:
    """One run.

    Attributes:
        start: The folder the user stands in.
        manifest_path: The manifest asked for, None for the nearest.
        base: The revision that fixes are made on.
        packages: Names of the packages to keep to; none means all.
        options: What is asked of each codemod, by its name.
        templates: Folders of the project whose templates go before all others.
        level: How far verification goes.
        run_hooks: Whether commits run the user's hooks.
        keep_blame: Whether a rename is committed before the fix where that lets git follow the history.
        allow_dirty: Whether uncommitted changes stop an in-place run, or are worth a warning in others.
        redo: Whether outcomes of earlier runs are ignored.
        cargo: Arguments for every cargo run (``--offline``, ``--locked``).
        inputs: Absolute paths of audits and settings: read as they stand, they are no uncommitted work.
        patches: Whether a run that only plans is to show patches.
        constraints: What audits and the configuration demand of changed code.
        fixer: The external fixer that is asked about findings without a codemod, with its name.
        audits: The files of the audits.
        one_branch: Whether all fixes go to one branch, each made on the one before.
        divide: Whether codemods may put the findings together anew, by what belongs to one change.
        extra: Feature sets to check beside those that are checked anyway.
    """

    start: Path
    manifest_path: Path | None = None
    base: str = "HEAD"
    packages: tuple[str, ...] = ()
    options: Mapping[str, Options] = field(default_factory=dict)
    templates: tuple[Path, ...] = ()
    level: Level = Level.STANDARD
    mode: Mode = Mode.BRANCH
    run_hooks: bool = True
    keep_blame: bool = False
    allow_dirty: bool = False
    redo: bool = False
    cargo: tuple[str, ...] = ()
    inputs: tuple[Path, ...] = ()
    extra: tuple[Configuration, ...] = ()
    one_branch: bool = False
    patches: bool = False
    constraints: tuple[Constraint, ...] = ()
    fixer: tuple[str, FixerSettings] | None = None
    audits: tuple[Path, ...] = ()
    divide: bool = False

    def template_files(self) -> list[Path]:
        """Return the project's own templates, sorted: what they say is part of what is asked."""
        return sorted(file for folder in self.templates for file in folder.rglob("*") if file.is_file())
