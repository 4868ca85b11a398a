"""Which stream backends keep their contract in a workspace: probed once per tree and toolchain."""

import hashlib
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from remediate import contract
from remediate.cargo import toolchain
from remediate.cargo.command import Cargo
from remediate.contract import Probing
from remediate.errors import RemediateError
from remediate.model import Finding
from remediate.options import Options
from remediate.rust.codebase import Codebase
from remediate.streams import Backend
from remediate.workflow.sources.workspace import Workspace
from remediate.workflow.streams.probe import probe, probe_crate
from remediate.workflow.tree.disk import replace_file
from remediate.workflow.tree.session import Session


def probed(
    session: Session, codemod: object, codebase: Codebase, finding: Finding, options: Options
) -> Codebase:
    """Return a codebase with what is wrong with the stream backends that a codemod wants to use, if anything.

    Call it while the disk is untouched. Nothing is probed for a codemod that writes no streams.
    """
    wanted = codemod.wanted_backends(codebase, finding, options) if isinstance(codemod, Probing) else ()
    if not wanted:
        return codebase
    found = {one.name: _verdict(one, codebase, session) for one in wanted}
    return replace(codebase, verdicts={**codebase.verdicts, **found})


def of_workspace(workspace: Workspace, options: Mapping[str, Options]) -> tuple[Backend, ...]:
    """Return the workspace's own stream types as backends; paths in what they need are absolute."""
    found = [
        backend
        for name, codemod in contract.codemods().items()
        if isinstance(codemod, Probing)
        for backend in codemod.own_backends(workspace.codebase, options[name])
    ]
    return tuple(_rooted(backend, workspace.root) for backend in {one.name: one for one in found}.values())


def _rooted(backend: Backend, root: Path) -> Backend:
    needs = (replace(c, path=str(root / c.path)) if c.path else c for c in backend.needs)
    return replace(backend, needs=tuple(needs))


def _verdict(backend: Backend, codebase: Codebase, session: Session) -> str:
    cargo, folder, tree = session.cargo, session.cache / "probe", session.tree
    backend = _rooted(backend, cargo.root)
    own = any(crate.path for crate in backend.needs)
    said = repr(
        (
            sorted(probe_crate(backend, codebase.render).items()),
            toolchain.identity(cargo),
            tree if own else "",
        )
    )
    kept = folder / f"verdict-{hashlib.sha256(said.encode()).hexdigest()[:32]}.txt"
    if kept.is_file() and (tree or not own):
        return kept.read_text("utf-8")
    folder.mkdir(parents=True, exist_ok=True)
    builder = Cargo(folder, arguments=cargo.arguments, extra={"CARGO_PROFILE_DEV_DEBUG": "0"})
    try:
        found = probe(backend, folder, builder, codebase.render)
    except RemediateError as error:
        return f"it could not be probed: {error}"
    wrong = "; ".join(f"{check}: {why}" for check, why in found.broken.items())
    replace_file(kept, wrong.encode())
    return wrong
