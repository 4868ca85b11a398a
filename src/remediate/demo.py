"""The bundled workspace, made into a repository of its own for `remediate demo`."""

import shutil
from pathlib import Path

from remediate import resources
from remediate.errors import InputError
from remediate.git import repositories

AUDIT = "AUDIT.md"
_FIXED = "packages/tally/src/rates.rs"
_EARLIER_TESTS = """
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn francs_are_known() {
        assert!(Rates::builtin().convert(Money::from_cents(100), "CHF").is_some());
    }
}
"""


def prepare(folder: Path) -> Path:
    """Copy the demo workspace into ``folder``, commit it, and return its root.

    What the audit says of one file has been true of the first commit and is fixed in the second.

    Raises:
        InputError: ``folder`` holds a ``tally`` already.
        ToolError: git is missing or refused, or the installation is incomplete.
    """
    root = folder / "tally"
    if root.exists():
        raise InputError(f"{root} is there already", "Give another folder, or none.")
    # Contents only: an installation may be read-only, the copy must not be.
    shutil.copytree(resources.demo_workspace(), root, copy_function=shutil.copyfile)
    rates = root / _FIXED
    today = rates.read_text("utf-8")
    rates.write_text(today + _EARLIER_TESTS, "utf-8")
    repositories.create(root, "Tally, as its audit found it")
    rates.write_text(today, "utf-8")
    repositories.commit(root, "Drop the test of the built-in rates")
    return root
