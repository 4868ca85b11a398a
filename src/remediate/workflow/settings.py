"""What a project has settled for its fixes, in its configuration; the command line goes before it."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any, Literal

import msgspec

from remediate.errors import InputError
from remediate.model import Options
from remediate.verify.report import Level
from remediate.workflow.configuration import configuration
from remediate.workflow.workspace import workspace_folder

_KNOWN = (
    "Known are max-lines, min-lines, layout (mod, file, auto), test-layout (tests, sibling), "
    "verify (quick, standard, full), and the table [audit]."
)

_Count = Annotated[int, msgspec.Meta(ge=1)]
_OWN = Options()


class Settings(msgspec.Struct, frozen=True, forbid_unknown_fields=True, rename="kebab"):
    """The keys of ``remediate.toml`` that are about fixes, beside the scanner's table; see ``Options``."""

    max_lines: _Count = _OWN.max_lines
    min_lines: _Count = _OWN.min_lines
    layout: Literal["mod", "file", "auto"] = "mod"
    test_layout: Literal["tests", "sibling"] = "tests"
    verify: Level = Level.STANDARD
    audit: dict[str, Any] = {}

    def options(self, **asked: Any) -> Options:
        """Return what is asked of the codemods; None is what the command line leaves open."""
        own = Options(
            max_lines=self.max_lines,
            min_lines=self.min_lines,
            layout=self.layout,
            test_layout=self.test_layout,
        )
        return replace(own, **{name: value for name, value in asked.items() if value is not None})


def settled(start: Path, manifest_path: Path | None = None) -> Settings:
    """Return the settings of the workspace around a folder, as they stand in the user's checkout.

    Raises:
        InputError: There is no workspace, or a key or value is not known.
    """
    table, name = configuration(workspace_folder(start, manifest_path))
    try:
        return msgspec.convert(table, Settings)
    except msgspec.ValidationError as error:
        words = str(error).replace("Object contains unknown field", "there is no key")
        raise InputError(f"{name}: {words.replace('`$.', '`')}", _KNOWN) from error
