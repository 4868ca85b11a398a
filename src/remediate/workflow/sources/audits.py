"""Audits and the tree they are held against, from the disk."""

import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from remediate.audit.anchoring.anchor import Settings, anchor, merged
from remediate.audit.anchoring.timeline import History
from remediate.audit.constraints import Constraint
from remediate.audit.document import AuditDocument
from remediate.audit.readers.read import read
from remediate.audit.scan.settings import Settings as ScanSettings
from remediate.audit.tree import Tree
from remediate.cargo.command import Cargo
from remediate.errors import BaselineError, InputError, ToolError
from remediate.git.command import Git
from remediate.git.history import SourceHistory
from remediate.model import Finding
from remediate.workflow.sources import reading
from remediate.workflow.sources.roots import manifest_folder
from remediate.workflow.sources.settings import settings_of
from remediate.workflow.sources.workspace import load


def read_audit(path: Path) -> AuditDocument:
    """Read one audit file; "-" is standard input.

    Raises:
        InputError: The file cannot be read.
    """
    try:
        text = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise InputError(f"the audit {path} cannot be read: {error.strerror}") from error
    return read(text, path.name or str(path))


def constraints_of(documents: Sequence[AuditDocument]) -> tuple[Constraint, ...]:
    """Return what audits demand of changed code, each demand once."""
    return tuple(dict.fromkeys(one for document in documents for one in document.constraints))


def tree_around(start: Path, manifest_path: Path | None = None) -> Tree:
    """Return the tree around a folder, also where cargo cannot read it; an empty one where there is none.

    Raises:
        InputError: ``manifest_path`` is no manifest.
    """
    try:
        return load(start, manifest_path).tree
    except (BaselineError, ToolError):
        found = reading.read(manifest_folder(start, manifest_path))
        return Tree(found.files, found.paths)
    except InputError:
        if manifest_path is not None:
            raise
        return Tree({})


@contextmanager
def history_around(start: Path, manifest_path: Path | None = None) -> Iterator[History | None]:
    """Lend the past of the workspace around a folder; None where it is in no repository."""
    try:
        folder = workspace_folder(start, manifest_path)
    except InputError:
        yield None
        return
    with history_of(folder) as past:
        yield past


@contextmanager
def history_of(folder: Path) -> Iterator[History | None]:
    """Lend the past of a workspace, up to what is checked out there; None where it is in no repository."""
    try:
        git = Git(folder)
    except (InputError, ToolError):
        yield None
        return
    with git:
        yield SourceHistory(git, folder)


def workspace_folder(start: Path, manifest_path: Path | None = None) -> Path:
    """Return the workspace's folder; where cargo cannot say, that of the nearest manifest.

    Raises:
        InputError: There is no manifest.
    """
    folder = manifest_folder(start, manifest_path)
    try:
        return Path(Cargo(folder).metadata().workspace_root).resolve()
    except (BaselineError, ToolError):
        return folder


def size_limit(start: Path, manifest_path: Path | None = None) -> int:
    """Return the largest file that is no finding in the workspace around a folder, or where there is none.

    Raises:
        InputError: The configuration is not usable.
    """
    try:
        folder = workspace_folder(start, manifest_path)
    except InputError:
        return ScanSettings().max_lines
    return settings_of(folder).scan().max_lines


def anchored(
    documents: Sequence[AuditDocument],
    tree: Tree,
    limit: int,
    codemod_of: Callable[[str], str | None],
    history: History | None = None,
) -> tuple[Finding, ...]:
    """Return the findings of several audits; one that several report is in it once."""
    settings = Settings(limit, codemod_of, history)
    return merged(finding for document in documents for finding in anchor(document, tree, settings))
