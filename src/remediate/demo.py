"""The bundled workspace, made into a repository of its own for `remediate demo`."""

import shutil
from pathlib import Path

from remediate import resources
from remediate.errors import InputError
from remediate.git import creation

AUDIT = "AUDIT.md"


def prepare(folder: Path) -> Path:
    """Copy the demo workspace into ``folder``, commit it, and return its root.

    Raises:
        InputError: ``folder`` holds a ``tally`` already.
        ToolError: git is missing or refused, or the installation is incomplete.
    """
    root = folder / "tally"
    if root.exists():
        raise InputError(f"{root} is there already", "give another folder, or none")
    # Contents only: an installation may be read-only, the copy must not be.
    shutil.copytree(resources.demo_workspace(), root, copy_function=shutil.copyfile)
    creation.create(root, "Tally, as its audit found it")
    return root
