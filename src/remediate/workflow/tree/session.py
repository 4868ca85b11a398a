"""The environment that fixes are tried in: a workspace that may be written to, its cargo, its baselines."""

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from itertools import islice
from pathlib import Path

from remediate import __version__
from remediate.audit.constraints import Constraint
from remediate.cargo import toolchain
from remediate.cargo.check import DEFAULT, Configuration
from remediate.cargo.command import Cargo
from remediate.cargo.environment import flags
from remediate.errors import BaselineError
from remediate.facts import record
from remediate.facts.model import Origin, TargetFacts, Wanted
from remediate.facts.query import Facts
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.verify import baseline as baselines
from remediate.verify.baseline import Baseline
from remediate.verify.report import Level
from remediate.workflow.progress import Progress
from remediate.workflow.sources.workspace import Workspace
from remediate.workflow.tree.disk import replace_file
from remediate.workflow.tree.gathering import Gatherer, other_sets


@dataclass
class Session:
    """One workspace to work in.

    Attributes:
        workspace: The workspace as it stood when the run began; fixes are undone before the next one.
        cargo: cargo for it, with a target folder of its own.
        level: How far verification goes.
        tree: The id of the tree on the disk; "" when nothing identifies it, and nothing may be cached.
        cache: The folder for baselines.
        extra: Feature sets to check beside those that are checked anyway.
        git_seconds: The time git has taken so far.
        journal: Where an in-place change is written down while it is tried.
        constraints: What changed code is held to.
    """

    workspace: Workspace
    cargo: Cargo
    level: Level
    tree: str
    cache: Path
    extra: tuple[Configuration, ...] = ()
    git_seconds: Callable[[], float] = lambda: 0.0
    journal: Path = Path("in-place.json")
    constraints: tuple[Constraint, ...] = ()
    _known: dict[str, Baseline | BaselineError] = field(default_factory=dict)
    _told: set[str] = field(default_factory=set)
    _files: dict[str, Path] = field(default_factory=dict)
    _facts: dict[str, tuple[TargetFacts, ...]] = field(default_factory=dict)
    _informed: dict[str, Package] = field(default_factory=dict)
    _cost: tuple[float, int] = (0.0, 0)

    def baseline(self, package: Package) -> Baseline:
        """Return what was true of a package before any fix: remembered, from the cache, or measured now.

        Call it while the disk is untouched.

        Raises:
            BaselineError: cargo cannot read the workspace; the same error every time.
        """
        if package.name not in self._known:
            with self._counted():
                self._known[package.name] = self._cached(package)
        known = self._known[package.name]
        if isinstance(known, BaselineError):
            raise known
        return known

    def measured(self, package: Package, measure: Callable[[Baseline], Baseline]) -> Baseline:
        """Return the baseline with something more; call it while the disk is untouched."""
        baseline = self.baseline(package)
        with self._counted():
            found = measure(baseline)
        self._known[package.name] = found
        self._keep(package, found)
        return found

    def is_usable(self, package: Package) -> bool:
        """Whether cargo can begin to check a package of the untouched tree; where not, that is remembered."""
        try:
            self.cargo.check(packages=self.baseline(package).scope)
        except BaselineError as error:
            self._known[package.name] = error
            return False
        return True

    @property
    def unusable(self) -> bool:
        """Whether cargo could not begin in this run, for a package at least."""
        return bool(self._told)

    def tell_once(self, progress: Progress, unusable: BaselineError) -> None:
        """Warn that cargo cannot begin, and what to do about it; once for all fixes of a run."""
        if str(unusable) not in self._told:
            self._told.add(str(unusable))
            progress.warn(f"{unusable}. Fixes are offered unverified.", unusable.hint)

    def go_on(self, workspace: Workspace) -> None:
        """Work with the files as a fix has left them: facts are asked for again, and nothing is cached."""
        self.workspace, self.tree = workspace, ""
        self._facts.clear()
        self._informed.clear()

    def informed(self, codebase: Codebase, wanted: Sequence[Wanted]) -> Codebase:
        """Return a codebase with what the compiler knows of some of its packages. As ``knowing``."""
        for one in wanted:
            codebase = codebase.with_package(self.knowing(codebase.by_name[one.package], one))
        return codebase

    def knowing(self, package: Package, wanted: Wanted) -> Package:
        """Return a package with what the compiler knows of it: remembered, from the cache, or asked now.

        Call it while the disk is untouched.
        """
        found = self._asked(package, wanted, DEFAULT)
        # What does not compile as it is seldom does with other features: only the largest set is tried then.
        typed = any(one.origin is Origin.TYPED for one in found)
        others = islice(other_sets(self.cargo, package, wanted), None if typed else 1)
        while not _all_named(wanted, found):
            other = next(others, None)
            if other is None:
                break
            more = self._asked(package, wanted, other)
            found += more if any(one.origin is Origin.TYPED for one in more) else ()
        # Indexes of facts and of texts are kept with a package: one for all findings.
        before = self._informed.get(package.name)
        same = before is not None and before.files is package.files
        if before is None or not same or list(map(id, before.learned.targets)) != list(map(id, found)):
            before = self._informed[package.name] = replace(package, learned=Facts(found, package.files))
        return before

    def _asked(
        self, package: Package, wanted: Wanted, configuration: Configuration
    ) -> tuple[TargetFacts, ...]:
        """Return what the compiler knows of a package under one feature set."""
        key = f"{package.name} {sorted(wanted.targets)} {wanted.tests} {wanted.types} {wanted.features}"
        key += "" if configuration == DEFAULT else f" {configuration.name}"
        if key not in self._facts:
            self._file(package)  # its key, too, is that of the tree before cargo writes a Cargo.lock
            file = self._facts_file(package, key)
            found = record.decode(file.read_bytes()) if self.tree and file.is_file() else None
            if found is None:
                built = self.level is not Level.QUICK
                gatherer = Gatherer(self.cargo, package, built, configuration)
                with self._counted():
                    found = gatherer.gathered(wanted)
                if self.tree and gatherer.is_lasting:
                    for one in {file, self._facts_file(package, key)}:  # as in ``_keep``
                        replace_file(one, record.encode(found))
            self._facts[key] = found
        return self._facts[key]

    def baseline_cost(self) -> tuple[float, int]:
        """Return the seconds and the runs of cargo that went into knowing the untouched tree so far."""
        return self._cost

    @contextmanager
    def _counted(self) -> Iterator[None]:
        """Count what cargo does in the block as knowing the untouched tree."""
        seconds, runs = self.cargo.seconds, self.cargo.runs
        try:
            yield
        finally:
            spent, started = self._cost
            self._cost = (spent + self.cargo.seconds - seconds, started + self.cargo.runs - runs)

    def _cached(self, package: Package) -> Baseline | BaselineError:
        file = self._file(package)  # before cargo writes a Cargo.lock, where there is none
        found = baselines.decode(file.read_bytes()) if self.tree and file.is_file() else None
        if found is not None:
            return found
        try:
            taken = baselines.take(self.cargo, package, self.level, self.extra, ahead=False)
        except BaselineError as error:
            return error
        self._keep(package, taken)
        return taken

    def _keep(self, package: Package, baseline: Baseline) -> None:
        """Keep a baseline under the key of now too: where no Cargo.lock was, the next run finds cargo's."""
        if self.tree:
            for file in {self._file(package), self._baseline_file(package)}:
                replace_file(file, baselines.encode(baseline))

    def _file(self, package: Package) -> Path:
        if package.name not in self._files:
            self._files[package.name] = self._baseline_file(package)
        return self._files[package.name]

    def _baseline_file(self, package: Package) -> Path:
        return self.cache / f"baseline-{self._key(package)}.json"

    def _facts_file(self, package: Package, about: str) -> Path:
        name = hashlib.sha256(f"{self._key(package)} {about}".encode()).hexdigest()[:32]
        return self.cache / f"facts-{name}.msgpack"

    def _key(self, package: Package) -> str:
        """Return a digest of all that a baseline depends on; which versions are locked is part of it."""
        lock = self.workspace.root / "Cargo.lock"
        parts = (
            __version__,
            self.tree,
            # Not the package alone: two workspaces of one repository may each hold a `core/`.
            str(self.workspace.root),
            toolchain.identity(self.cargo),
            *flags(os.environ),
            *sorted(toolchain.cfgs(self.cargo)),  # configuration outside of the tree decides them too
            *self.cargo.arguments,
            *(configuration.name for configuration in self.extra),
            package.id.rpartition("/")[2],
            package.root,
            self.level,
            hashlib.sha256(lock.read_bytes() if lock.is_file() else b"").hexdigest(),
        )
        return hashlib.sha256("\0".join(parts).encode()).hexdigest()[:32]


def _all_named(wanted: Wanted, found: Sequence[TargetFacts]) -> bool:
    """Whether a call is known at each name that has to be."""
    names: dict[str, set[int]] = {}
    for file, offset in wanted.names:
        names.setdefault(file, set()).add(offset)
    for call in (c for target in found for c in target.calls if names and c.name.file in names):
        there = names[call.name.file]
        there -= {offset for offset in there if call.name.start <= offset < call.name.end}
    return not any(names.values())
