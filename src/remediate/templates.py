"""Texts from templates: the only user of jinja2. Sandboxed; an unknown name is an error."""

from functools import cache

from jinja2 import FileSystemLoader, StrictUndefined
from jinja2.sandbox import SandboxedEnvironment

from remediate.resources import templates


def render(name: str, /, **values: object) -> str:
    """Return the template ``name`` (a file of the templates folder) filled with values.

    Raises:
        ToolError: The installation has no templates.
    """
    return _environment().get_template(name).render(**values)


@cache
def _environment() -> SandboxedEnvironment:
    # Plain text for commits and terminals; a template for HTML must escape for itself.
    return SandboxedEnvironment(
        loader=FileSystemLoader(templates()),
        undefined=StrictUndefined,
        autoescape=False,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
    )
