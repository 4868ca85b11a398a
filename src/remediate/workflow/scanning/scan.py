"""``remediate audit``: the last scan if nothing has changed since, or else a new one."""

import time
from collections.abc import Callable
from pathlib import Path

from remediate.workflow.scanning.memory import ScanMemory
from remediate.workflow.scanning.scanned import Asked, Scanned
from remediate.workflow.sources.roots import manifest_folder, outermost


def scanned(asked: Asked, codemod_of: Callable[[str], str | None]) -> Scanned:
    """Scan the workspace around a folder.

    Raises:
        InputError: There is no Cargo.toml, or the configuration is not usable.
    """
    started = time.time_ns()
    folder = manifest_folder(asked.start, asked.manifest_path)
    root = outermost(folder)
    memory = ScanMemory(folder, root, asked) if asked.cached else None
    known = memory.recalled() if memory else None
    if known is not None:
        return known
    from remediate.workflow.scanning.full_scan import full_scan  # noqa: PLC0415 - all rules, and cargo

    result = full_scan(root, folder, asked, codemod_of)
    if isinstance(result, Path):
        result = full_scan(result, folder, asked, codemod_of)
    assert isinstance(result, Scanned)  # noqa: S101 - cargo has named this root itself
    if memory:
        memory.keep(result, started)
    return result
