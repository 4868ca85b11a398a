"""New files laid out by rustfmt, where the file they come from was."""

import os
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from remediate.cargo import rustfmt
from remediate.edits import Change
from remediate.rust.codebase import Codebase
from remediate.verify.text.formatting import same_but_formatting


def formatted(change: Change, codebase: Codebase, root: Path) -> Change:
    """Return the change with every file of ``change.format`` formatted.

    A file stays as planned if its original was not formatted itself, if rustfmt cannot read it, or if rustfmt
    would do more than format. ``root`` is the workspace's absolute folder, where rustfmt.toml is looked up.

    Raises:
        ToolError: rustfmt is missing.
    """
    after = change.result(codebase.files)
    wanted = [
        (path, planned, edition)
        for path, original in sorted(change.format.items())
        if (planned := after.get(path)) is not None
        and (edition := codebase.home(original).edition)
        and rustfmt.is_formatted(codebase.files[original], edition, (root / original).parent)
    ]
    with ThreadPoolExecutor(os.cpu_count()) as pool:
        laid_out = pool.map(lambda w: _laid_out(w[1], w[2], (root / w[0]).parent), wanted)
        texts = {w[0]: text for w, text in zip(wanted, laid_out, strict=True) if text is not None}
    return change.revised(codebase.files, texts) if texts else change


def _laid_out(planned: bytes, edition: str, folder: Path) -> bytes | None:
    """Return what rustfmt makes of a text, None where that is nothing else, or more than formatting."""
    text = rustfmt.formatted(planned, edition, folder)
    return text if text not in {None, planned} and same_but_formatting(planned, text) else None
