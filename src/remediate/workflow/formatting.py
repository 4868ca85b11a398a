"""New files laid out by rustfmt, where the file they come from was."""

from functools import lru_cache
from pathlib import Path

from remediate.cargo import rustfmt
from remediate.edits import Change
from remediate.rust.package import Package
from remediate.verify.formatting import same_but_formatting


def formatted(change: Change, package: Package, root: Path) -> Change:
    """Return the change with every file of ``change.format`` formatted.

    A file stays as planned if its original was not formatted itself, if rustfmt cannot read it, or if rustfmt
    would do more than format. ``root`` is the workspace's absolute folder, where rustfmt.toml is looked up.

    Raises:
        ToolError: rustfmt is missing.
    """
    after = change.result(package.files)
    texts: dict[str, bytes] = {}
    for path, original in sorted(change.format.items()):
        planned = after.get(path)
        if planned is None or not _is_clean(
            package.files[original], package.edition, (root / original).parent
        ):
            continue
        text = rustfmt.formatted(planned, package.edition, (root / path).parent)
        if text is not None and text != planned and same_but_formatting(planned, text):
            texts[path] = text
    return change.revised(package.files, texts) if texts else change


@lru_cache(maxsize=64)
def _is_clean(text: bytes, edition: str, folder: Path) -> bool:
    """Whether rustfmt would leave an original as it is; asked once per file, not once per round."""
    return rustfmt.is_formatted(text, edition, folder)
