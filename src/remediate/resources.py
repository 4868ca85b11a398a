"""Where the files that are not code lie: the templates and the demo workspace.

A wheel carries them in ``data/`` beside this module. An editable install has no such folder: there they are
found where the repository keeps them, two levels above the package.
"""

from pathlib import Path

from remediate.errors import ToolError

_PACKAGE = Path(__file__).resolve().parent
_REPOSITORY = _PACKAGE.parent.parent


def templates() -> Path:
    """Return the folder of the commit message and report templates.

    Raises:
        ToolError: The installation is incomplete.
    """
    return _found("templates", "templates")


def demo_workspace() -> Path:
    """Return the bundled demo workspace: a cargo workspace with its AUDIT.md, to be copied before use.

    Raises:
        ToolError: The installation is incomplete.
    """
    return _found("demo", "fixtures/demo")


def _found(packaged: str, checked_out: str) -> Path:
    places = (_PACKAGE / "data" / packaged, _REPOSITORY / checked_out)
    for place in places:
        if place.is_dir():
            return place
    raise ToolError(f"{packaged} is missing from this installation of remediate", "Reinstall remediate.")
