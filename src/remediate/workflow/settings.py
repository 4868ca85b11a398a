"""What a project has settled for its fixes, in its configuration; the command line goes before it."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from remediate.audit.scan.settings import from_table
from remediate.errors import InputError
from remediate.model import Finding, Options
from remediate.verify.report import Level
from remediate.workflow.configuration import NAME, configuration
from remediate.workflow.workspace import workspace_folder

_KNOWN = (
    "Known are max-lines, min-lines, layout (mod, file, auto), test-layout (tests, sibling), "
    "tier (unit, integration, auto), split-tests (true, false), rename-tests (true, false), "
    "verify (quick, standard, full), and the tables [tiers] and [audit]."
)

Tier = Literal["unit", "integration", "auto"]
_Count = Annotated[int, msgspec.Meta(ge=1)]
_OWN = Options()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The keys of ``remediate.toml`` that are about fixes, beside the scanner's table; see ``Options``."""

    max_lines: _Count = _OWN.max_lines
    min_lines: _Count = _OWN.min_lines
    layout: Literal["mod", "file", "auto"] = "mod"
    test_layout: Literal["tests", "sibling"] = "tests"
    tier: Tier = "unit"
    tiers: dict[str, Tier] = {}
    split_tests: bool = False
    rename_tests: bool = False
    verify: Level = Level.STANDARD
    audit: dict[str, Any] = {}

    def options(self, **asked: Any) -> Options:
        """Return what is asked of the codemods; None is what the command line leaves open."""
        given = {name: value for name, value in asked.items() if value is not None}
        # Asked for on the command line, a tier holds for every file.
        tiers = () if "tier" in given else tuple(self.tiers.items())
        own = Options(
            max_lines=self.max_lines,
            min_lines=self.min_lines,
            layout=self.layout,
            test_layout=self.test_layout,
            tier=self.tier,
            tiers=tiers,
            split_tests=self.split_tests,
            rename_tests=self.rename_tests,
            size_limit=given.get("max_lines", self.size_limit),
        )
        return replace(own, **given)

    @property
    def size_limit(self) -> int:
        """The largest file that is no finding: the scanner's table says so, or else ``max-lines``."""
        return from_table({"max-lines": self.max_lines, **self.audit}, NAME).max_lines


def for_finding(options: Options, finding: Finding) -> Options:
    """Return the options for one finding: a file that was judged by a smaller size is split to that size."""
    limit = min(options.max_lines, finding.limit or options.max_lines)
    return replace(options, max_lines=limit)


def settled(start: Path, manifest_path: Path | None = None) -> Settings:
    """Return the settings of the workspace around a folder, as they stand in the user's checkout.

    Raises:
        InputError: There is no workspace, or a key or value is not known.
    """
    return settings_of(workspace_folder(start, manifest_path))


def settings_of(folder: Path) -> Settings:
    """Return the settings of the workspace whose absolute folder is known.

    Raises:
        InputError: A key or value is not known.
    """
    table, name = configuration(folder)
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        words = str(error).replace("Object contains unknown field", "there is no key")
        raise InputError(f"{name}: {words.replace('`$.', '`')}", _KNOWN) from error
