"""Relocations put together into one change."""

import posixpath
from collections.abc import Collection, Sequence
from pathlib import PurePosixPath

from remediate.codemods.extract_tests.layout import home
from remediate.codemods.extract_tests.nextest import PATH, bootstrap
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.edits import Change, Edit
from remediate.model import Skip
from remediate.rust.anchoring import spellings
from remediate.rust.package import Package
from remediate.rust.packaging import packaging


def change(
    package: Package, path: str, relocations: Sequence[Relocation], skips: Sequence[Skip]
) -> Change | Skip:
    """Return the change that makes all relocations; ``skips`` say what of ``path`` stays and why."""
    edits: dict[str, set[Edit]] = {}
    for relocation in relocations:
        for file, own in relocation.edits.items():
            edits.setdefault(file, set()).update(own)
    manifest = _manifest(package, relocations)
    if isinstance(manifest, Skip):
        return manifest
    created = bootstrap(package) if path == package.root else {}
    every = {**{file: tuple(sorted(own)) for file, own in edits.items() if own}, **manifest}
    return Change(
        summary=_summary(package, path, relocations),
        edits=dict(sorted(every.items())),
        creations={**{file: text for r in relocations for file, text in r.creations.items()}, **created},
        moves={old: new for r in relocations for old, new in r.moves.items()},
        format={new: old for r in relocations for new, old in r.format.items()},
        new_modules=frozenset(PurePosixPath(file).stem for r in relocations for file in r.includes),
        rewritten=spellings(pair for r in relocations for pair in r.rewritten),
        notes=_notes(relocations, {*manifest, *created}),
        partial="; ".join(f"{s.reason}: {s.sentence}" for s in skips),
    )


def _manifest(package: Package, relocations: Sequence[Relocation]) -> dict[str, tuple[Edit, ...]] | Skip:
    """Return the edit of Cargo.toml that keeps the moved files in the published package, if it needs one."""
    prefix = f"{package.root}/" if package.root else ""
    path = f"{prefix}Cargo.toml"
    text = package.files.get(path)
    files = sorted(f.removeprefix(prefix) for r in relocations for f in r.new_files)
    folder = posixpath.join("/", home(package).removeprefix(prefix), "**")
    new = None if text is None else packaging(text, files, [folder])
    if text is None or not isinstance(new, bytes):
        return new if isinstance(new, Skip) else {}
    return {path: (Edit(0, len(text), new),)}


def _summary(package: Package, path: str, relocations: Sequence[Relocation]) -> str:
    if path not in package.files:
        return f"Move the embedded tests of {path or package.name} to files of their own"
    target = relocations[0].file if len(relocations) == 1 else f"{len(relocations)} files"
    return f"Move the tests of {path} to {target}"


def _notes(relocations: Sequence[Relocation], configuration: Collection[str]) -> tuple[str, ...]:
    snapshots = sum(not old.endswith(".rs") for r in relocations for old in r.moves)
    notes = []
    if snapshots:
        notes.append(f"{snapshots} snapshot files moved with their tests")
    if any(path.endswith("Cargo.toml") for path in configuration):
        notes.append("Cargo.toml lists the new files, so that the packaged crate can still be tested")
    if PATH in configuration:
        notes.append(f"{PATH} is new: profiles default and ci; nothing runs with nextest until you do")
    return tuple(notes)
