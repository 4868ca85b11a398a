"""From a finding to a change: which files, which modules, what stays and why; and all moves put together."""

import posixpath
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from pathlib import PurePosixPath

from pathspec import GitIgnoreSpec

from remediate.codemods.extract_tests.destination import folder_taken, included_tests
from remediate.codemods.extract_tests.discovery import Embedded, embedded, is_test_only, test_module_of
from remediate.codemods.extract_tests.feedback import Memo, Revision
from remediate.codemods.extract_tests.integration.division import Division, divided, rest
from remediate.codemods.extract_tests.integration.promotion import promoted
from remediate.codemods.extract_tests.integration.target import NAME, TARGET, claims_text, main_of, target
from remediate.codemods.extract_tests.nextest import NOTE, PATH, bootstrap
from remediate.codemods.extract_tests.obstacles import (
    counts_lines,
    holds_tests,
    refusal,
    strays,
)
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.codemods.extract_tests.relocation import (
    Relocation,
    included,
    loose_tests,
    relocated,
    relocated_include,
)
from remediate.edits import Change, Edit, ManifestEdit, MovedTests
from remediate.model import Skip
from remediate.quantities import quantity
from remediate.rust.modules.manifest import manifest_path, packaging
from remediate.rust.modules.relative_paths import spellings
from remediate.rust.package import Package
from remediate.rust.syntax.licence import licensed

_NOTHING_LEARNT = Revision()
# What of a package ships tests that are moved, by whether they are promoted.
_SHIPPED = {False: "/tests/unit/**", True: f"/tests/{NAME}/**"}


def planned(
    package: Package, path: str, options: ExtractOptions, revision: Revision = _NOTHING_LEARNT
) -> Change | Skip:
    """Plan the move of the tests of a file, or of all files below a folder."""
    if options.test_layout == "tests" and (skip := folder_taken(package)) is not None:
        return skip
    plan = _Plan(package, options, revision)
    for file in [path] if path.endswith(".rs") else _files_below(package, path):
        plan.add_file(file)
    if plan.relocations:
        nextest = path == package.root and not options.no_nextest
        made = _change(package, path, plan, bootstrap(package) if nextest else {})
        return replace(made, memo=Memo(path, options, revision)) if isinstance(made, Change) else made
    nothing = Skip("no-embedded-tests", f"{path or package.name} embeds no test module")
    return next(iter([*plan.stays, *plan.skips]), nothing)


def _files_below(package: Package, folder: str) -> Iterator[str]:
    """Yield the files of a folder that hold tests, but those that are in no other build anyway."""
    tests = posixpath.join(package.root, "tests/")
    for path in package.rust_files:
        below = (not folder or path.startswith(f"{folder.rstrip('/')}/")) and not path.startswith(tests)
        if below and b"test" in package.files[path] and not is_test_only(package, path):
            skip = refusal(package, path)
            if skip is None or (skip.reason != "test-target" and holds_tests(package.source(path))):
                yield path


@dataclass
class _Plan:
    """What is to move, and what stays; built up file by file."""

    package: Package
    options: ExtractOptions
    revision: Revision
    relocations: list[Relocation] = field(default_factory=list)
    skips: list[Skip] = field(default_factory=list)
    demoted: list[Skip] = field(default_factory=list)
    taken: set[str] = field(default_factory=set)

    @property
    def stays(self) -> list[Skip]:
        """What stays although it could have moved."""
        return [s for s in self.skips if s.reason != "already-extracted"]

    def add_file(self, path: str) -> None:
        """Plan the moves out of one file."""
        if (skip := refusal(self.package, path)) is not None:
            self.skips.append(skip)
            return
        own = test_module_of(self.package, path)
        modules = embedded(self.package, path) if own is None else (own,)
        self._add_modules(modules)
        if own is None:
            self._add_functions(path, modules)

    def _add_modules(self, modules: Sequence[Embedded]) -> None:
        last = _last_line_counted(self.package, modules)
        staying = [m for m in modules if m.item.start < last or not self._promote(m)]
        moving = [m for m in staying if not self._is_extracted(m) and self._tier(m) != "integration"]
        for module in moving:
            if module.inline and module.item.start < last:
                self.skips.append(_shifting(module.name))
            else:
                self._add(relocated(self.package, module, self.options.test_layout))
        if staying and all(map(self._is_extracted, modules)):
            sentence = f"the test modules of {modules[0].declared_in} have files of their own"
            self.skips.append(Skip("already-extracted", sentence))

    def _add_functions(self, path: str, modules: Sequence[Embedded]) -> None:
        """Plan the moves of test functions beside the code, and say of all other tests why they stay."""
        known = [m.item for m in modules]
        last = _last_line_counted(self.package, modules)
        for loose in loose_tests(self.package, path):
            known += loose.items
            if not self.options.include_loose:
                why = "in a module they would have other names, and `cargo fmt` reads no `include!`"
                sentence = f"tests stand beside the code of {path}: {why}; see --include-loose"
                self.skips.append(Skip("loose-tests", sentence))
                continue
            if loose.items[0].start < last:
                self.skips.append(_shifting(f"the tests beside the code of {path}"))
                continue
            relocation, skips = included(self.package, loose, self.options.test_layout)
            self.skips += skips
            if relocation is not None:
                self._add(relocation)
        for call, piece in included_tests(self.package, path, self.options.test_layout):
            if call.start >= last:
                self._add(relocated_include(self.package, call, piece))
        self.skips += strays(self.package.source(path), known)

    def _tier(self, module: Embedded) -> str:
        for pattern, tier in self.options.tiers.items():
            if GitIgnoreSpec.from_lines([pattern]).match_file(module.declared_in):
                return tier
        return self.options.tier

    def _promote(self, module: Embedded) -> bool:
        """Plan a module's move into the test target; whether there is one."""
        tier = self._tier(module)
        # What is in the unit tier already was found to belong there, by rustc perhaps; nobody asks twice.
        if tier == "unit" or (tier == "auto" and self._is_extracted(module)):
            return False
        relocation = promoted(self.package, module, self.revision)
        if not isinstance(relocation, Skip):
            return self._add(relocation)
        why, done = relocation, False
        if self.options.split_tests:
            found = divided(self.package, module, self.revision, relocation)
            halves = found if isinstance(found, Skip) else self._halves(module, found)
            if isinstance(halves, Skip):
                why = halves
            else:
                done = self._add(*halves)
        (self.demoted if tier == "auto" else self.skips).append(why)
        return done

    def _halves(self, module: Embedded, division: Division) -> tuple[Relocation, Relocation] | Skip:
        """Return the moves of a divided module: what is promoted, and the rest, which may stay there."""

        def gone(file: str) -> tuple[Edit, ...] | Skip:
            return rest(self.package, module, division, self.revision, file)

        moved = None
        if self._tier(module) == "auto" and not self._is_extracted(module):
            moved = relocated(self.package, module, self.options.test_layout, gone)
        if isinstance(moved, Relocation):
            return division.with_rest_in(moved.file), moved
        cuts = gone(module.module.file)
        if isinstance(cuts, Skip):
            return cuts
        self.skips += [moved] if moved else []
        file = module.module.file
        return division.with_rest_in(file), Relocation(file, {file: cuts})

    def _is_extracted(self, module: Embedded) -> bool:
        if module.inline:
            return False
        tests = posixpath.join(self.package.root, "tests/")
        return self.options.test_layout == "sibling" or module.module.file.startswith(tests)

    def _add(self, *relocations: Relocation | Skip) -> bool:
        """Plan moves that belong together: all, or none."""
        made = [r for r in relocations if isinstance(r, Relocation)]
        self.skips += [r for r in relocations if isinstance(r, Skip)]
        learnt = [self.revision.staying[r.file] for r in made if r.file in self.revision.staying]
        if learnt:
            self.skips += learnt
            return False
        files = [file for relocation in made for file in relocation.new_files]
        # In use also where file systems ignore case.
        used = self.taken | self.package.derived(_folded)
        occupied = next((f for f in files if f.casefold() in used or self._leads_through_a_file(f)), None)
        if occupied is not None:
            self.skips.append(Skip("destination-exists", f"{occupied} exists already"))
        if occupied is not None or len(made) < len(relocations):
            return False
        self.taken.update(f.casefold() for f in files)
        self.relocations += made
        return True

    def _leads_through_a_file(self, file: str) -> bool:
        while file := posixpath.dirname(file):
            if self.package.exists(file):
                return True
        return False


def _last_line_counted(package: Package, modules: Sequence[Embedded]) -> int:
    """Return where the last module begins whose tests know their lines; -1 if there is none."""
    return max((m.item.start for m in modules if counts_lines(package, m)), default=-1)


def _shifting(name: str) -> Skip:
    return Skip("position-dependent", f"without {name} the lines that a test below it asks for would shift")


def _folded(package: Package) -> set[str]:
    return {path.casefold() for path in (*package.files, *package.paths)}


def _change(package: Package, path: str, plan: _Plan, configuration: Mapping[str, bytes]) -> Change | Skip:
    """Return the change that makes all relocations of a plan, with new files of a configuration."""
    edits: dict[str, set[Edit]] = {}
    relocations = plan.relocations
    promotions = [r.promoted.promotion for r in relocations if r.promoted]
    for relocation in relocations:
        for file, own in relocation.edits.items():
            edits.setdefault(file, set()).update(own)
    placed = [r.promoted for r in relocations if r.promoted]
    test_target, declaring = target(package, placed, plan.revision.unused_crates)
    manifest = _manifest(package, relocations, declaring)
    if isinstance(manifest, Skip):
        return manifest
    every = {
        **{file: tuple(sorted(own)) for file, own in edits.items() if own},
        **test_target.edits,
        **manifest,
    }
    moved = {file: text for r in relocations for file, text in r.creations.items()}
    origins = {new: old for r in relocations for new, old in r.format.items()}
    return Change(
        summary=_summary(package, path, relocations),
        edits=dict(sorted(every.items())),
        creations={
            **licensed(moved, dict.fromkeys(moved, path) | origins, package.files),
            **configuration,
            **licensed(test_target.creations, test_target.format, package.files),
        },
        moves={old: new for r in relocations for old, new in r.moves.items()},
        format={**origins, **test_target.format},
        new_modules=frozenset(PurePosixPath(file).stem for r in relocations for file in r.includes)
        | test_target.new_modules,
        rewritten=spellings(pair for r in relocations for pair in r.rewritten),
        apart=frozenset(configuration),
        test_files={r.file: r.module for r in relocations if r.file in r.new_files},
        manifest=_declared(package),
        headings=test_target.headings,
        moved_tests=tuple(
            MovedTests(p.tests, TARGET, main_of(package), p.crate, p.parts) for p in promotions
        ),
        claims=claims_text(promotions),
        notes=(*_notes(relocations, {*manifest, *configuration}), *_tiers(relocations, plan.demoted)),
        partial="; ".join(f"{s.reason}: {s.sentence}" for s in plan.stays),
    )


def _manifest(
    package: Package, relocations: Sequence[Relocation], text: bytes | None
) -> dict[str, tuple[Edit, ...]] | Skip:
    """Return the edit of Cargo.toml that keeps the moved files in the published package, if it needs one.

    ``text`` is the manifest with the test target declared, None where it is as it was.
    """
    path, inside = manifest_path(package), posixpath.join(package.root, "")
    old = package.files.get(path)
    if old is None:
        return {}
    new = text or old
    for goes_out, pattern in _SHIPPED.items():
        mine = [r for r in relocations if (r.promoted is not None) is goes_out]
        if files := sorted(f.removeprefix(inside) for r in mine for f in r.new_files):
            listed = packaging(new, files, [pattern])
            if isinstance(listed, Skip):
                return listed
            new = listed or new
    return {} if text is None and new == old else {path: (Edit(0, len(old), new),)}


def _declared(package: Package) -> tuple[ManifestEdit, ...]:
    """Return what ``_manifest`` and the test target may do: lists with the moved tests, and the target."""
    path, patterns = manifest_path(package), tuple(_SHIPPED.values())
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
