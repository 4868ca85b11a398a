"""Texts from templates: the only user of jinja2. Sandboxed; an unknown name is an error."""

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from remediate.errors import InputError
from remediate.resources import templates

if TYPE_CHECKING:
    from jinja2.sandbox import SandboxedEnvironment


def render(name: str, /, **values: object) -> str:
    """Return the template ``name`` (a file of the templates folder) filled with values.

    Raises:
        ToolError: The installation has no templates.
    """
    return _environment((templates(),)).get_template(name).render(**values)


class Templates:
    """The templates of a project and of a codemod's distribution before this program's own."""

    def __init__(self, folders: Sequence[Path] = ()) -> None:
        """Look into the folders first, in their order; ones that do not exist are passed over."""
        self._folders = tuple(folders)

    def __call__(self, name: str, /, **values: object) -> str:
        """Return the template ``name`` of the first folder that has it, filled with values.

        Raises:
            InputError: No folder has it, a value is missing, or it is no template.
            ToolError: The installation has no templates.
        """
        from jinja2 import TemplateError  # noqa: PLC0415 - loaded by who renders

        environment = _environment((*self._folders, templates()))
        try:
            return environment.get_template(name).render(**values)
        except TemplateError as error:
            raise InputError(f"template {name}: {error}", "Templates are Jinja2, in a sandbox.") from error


@cache
def _environment(folders: tuple[Path, ...]) -> "SandboxedEnvironment":
    from jinja2 import FileSystemLoader, StrictUndefined  # noqa: PLC0415 - loaded by who renders
    from jinja2.sandbox import SandboxedEnvironment  # noqa: PLC0415

    # Plain text for commits and terminals; a template for HTML must escape for itself.
    return SandboxedEnvironment(
        loader=FileSystemLoader(folders),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
