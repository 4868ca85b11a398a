"""Relocations put together into one change."""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import PurePosixPath

from remediate.codemods.extract_tests.destination import home
from remediate.codemods.extract_tests.integration.claims import claims_text
from remediate.codemods.extract_tests.integration.preconditions import NAME, TARGET, main_of
from remediate.codemods.extract_tests.integration.target import target
from remediate.codemods.extract_tests.nextest import NOTE, PATH
from remediate.codemods.extract_tests.relocation import Relocation
from remediate.edits import Change, Edit, ManifestEdit, MovedTests
from remediate.model import Skip
from remediate.quantities import quantity
from remediate.rust.modules.manifest import packaging
from remediate.rust.modules.relative_paths import spellings
from remediate.rust.package import Package


@dataclass(frozen=True)
class Context:
    """What a change says or brings beside its relocations.

    Attributes:
        skips: What of the path stays, and why.
        demoted: What stays a unit test, and why.
        unused_crates: ``extern crate`` declarations that the test target does not need.
        configuration: New files that go with the change.
    """

    skips: Sequence[Skip] = ()
    demoted: Sequence[Skip] = ()
    unused_crates: Collection[str] = ()
    configuration: Mapping[str, bytes] = field(default_factory=dict)


def change(package: Package, path: str, relocations: Sequence[Relocation], context: Context) -> Change | Skip:
    """Return the change that makes all relocations."""
    edits: dict[str, set[Edit]] = {}
    configuration = context.configuration
    promotions = [r.promoted.promotion for r in relocations if r.promoted]
    for relocation in relocations:
        for file, own in relocation.edits.items():
            edits.setdefault(file, set()).update(own)
    test_target = target(package, [r.promoted for r in relocations if r.promoted], context.unused_crates)
    manifest = _manifest(package, relocations, test_target.manifest)
    if isinstance(manifest, Skip):
        return manifest
    every = {
        **{file: tuple(sorted(own)) for file, own in edits.items() if own},
        **test_target.edits,
        **manifest,
    }
    return Change(
        summary=_summary(package, path, relocations),
        edits=dict(sorted(every.items())),
        creations={
            **{file: text for r in relocations for file, text in r.creations.items()},
            **configuration,
            **test_target.creations,
        },
        moves={old: new for r in relocations for old, new in r.moves.items()},
        format={**{new: old for r in relocations for new, old in r.format.items()}, **test_target.format},
        new_modules=frozenset(PurePosixPath(file).stem for r in relocations for file in r.includes)
        | test_target.modules,
        rewritten=spellings(pair for r in relocations for pair in r.rewritten),
        apart=frozenset(configuration),
        test_files={r.file: r.module for r in relocations if r.file in r.new_files},
        manifest=_declared(package),
        headings=test_target.headings,
        moved_tests=tuple(
            MovedTests(p.tests, TARGET, main_of(package), p.crate, p.parts) for p in promotions
        ),
        claims=claims_text(promotions),
        notes=(*_notes(relocations, {*manifest, *configuration}), *_tiers(relocations, context.demoted)),
        partial="; ".join(f"{s.reason}: {s.sentence}" for s in context.skips),
    )


def _manifest(
    package: Package, relocations: Sequence[Relocation], text: bytes | None
) -> dict[str, tuple[Edit, ...]] | Skip:
    """Return the edit of Cargo.toml that keeps the moved files in the published package, if it needs one.

    ``text`` is the manifest with the test target declared, None where it is as it was.
    """
    prefix = f"{package.root}/" if package.root else ""
    path = f"{prefix}Cargo.toml"
    old = package.files.get(path)
    if old is None:
        return {}
    new = text
    for promoted, folder in ((False, home(package)), (True, posixpath.dirname(main_of(package)))):
        mine = [r for r in relocations if (r.promoted is not None) is promoted]
        files = sorted(f.removeprefix(prefix) for r in mine for f in r.new_files)
        if files:
            pattern = posixpath.join("/", folder.removeprefix(prefix), "**")
            listed = packaging(new or old, files, [pattern])
            if isinstance(listed, Skip):
                return listed
            new = listed or new
    return {} if new is None else {path: (Edit(0, len(old), new),)}


def _declared(package: Package) -> tuple[ManifestEdit, ...]:
    """Return what ``_manifest`` and the test target may do: lists with the moved tests, and the target."""
    prefix = f"{package.root}/" if package.root else ""
    path = f"{prefix}Cargo.toml"
    folders = (home(package), posixpath.dirname(main_of(package)))
    patterns = tuple(posixpath.join("/", folder.removeprefix(prefix), "**") for folder in folders)
    return (
        ManifestEdit(path, ("package", "include"), patterns),
        ManifestEdit(path, ("package", "exclude"), tuple(f"!{pattern}" for pattern in patterns)),
        ManifestEdit(path, ("test",), {"name": NAME, "path": f"tests/{NAME}/main.rs"}),
    )


def _summary(package: Package, path: str, relocations: Sequence[Relocation]) -> str:
    if path not in package.files:
        return f"Move the embedded tests of {path or package.name} to files of their own"
    target = relocations[0].file if len(relocations) == 1 else f"{len(relocations)} files"
    return f"Move the tests of {path} to {target}"


def _tiers(relocations: Sequence[Relocation], demoted: Sequence[Skip]) -> Iterator[str]:
    """Yield what went to the integration tier, and why other modules did not."""
    promoted = sum(r.promoted is not None for r in relocations)
    parts = sum(bool(r.promoted and r.promoted.promotion.parts) for r in relocations)
    if promoted:
        whole = quantity(promoted, "test module") + (f", {parts} of them in part" if parts else "")
        yield f"integration tests now, for they use public items only: {whole} (tests/it)"
    for reason, count in sorted(Counter(s.reason for s in demoted).items()):
        sentence, *_ = (s.sentence for s in demoted if s.reason == reason)
        yield f"{quantity(count, 'module')} of unit tests as before, {reason}: {sentence}"


def _notes(relocations: Sequence[Relocation], configuration: Collection[str]) -> tuple[str, ...]:
    snapshots = sum(not old.endswith(".rs") for r in relocations for old in r.moves)
    notes = []
    if snapshots:
        notes.append(f"{quantity(snapshots, 'snapshot file')} moved with the tests")
    if any(path.endswith("Cargo.toml") for path in configuration):
        notes.append("Cargo.toml lists the new files, so that the packaged crate can still be tested")
    if PATH in configuration:
        notes.append(f"{PATH} is new, a commit of its own on a branch; {NOTE}")
    return tuple(notes)
