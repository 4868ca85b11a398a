"""The gates run again on a branch, by anyone: all that is needed is in the commit and its trailers."""

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path

import msgspec

from remediate import contract
from remediate.audit.constraints import Constraint
from remediate.cargo import rustfmt
from remediate.edits import Change, Edit, ManifestEdit, MovedTests, OverlapError, RenamedTest, change_between
from remediate.errors import BaselineError, InputError
from remediate.gates import CompilerGates, failed, unverified
from remediate.git.command import Git
from remediate.git.revisions import blob, changed_paths, commit_of, trailers
from remediate.model import Timings
from remediate.proofs import Proofs
from remediate.rust.package import Package
from remediate.verify import rescan
from remediate.verify.cargo_gates import gates_ahead
from remediate.verify.check_round import NONE, AskedGates, asked_before, check_round
from remediate.verify.foreign.gates import gates
from remediate.verify.foreign.permission import Permission
from remediate.verify.ladder import Attempt, unchecked, verify
from remediate.verify.produced import prepared
from remediate.verify.report import Report
from remediate.workflow.external.codemod import proofs
from remediate.workflow.fixing.loop import known_before, own_gates
from remediate.workflow.fixing.stopwatch import Stopwatch
from remediate.workflow.progress import Progress
from remediate.workflow.request import Request
from remediate.workflow.sources.roots import in_workspace, manifest_folder
from remediate.workflow.tree.checkout import Checkout, worktree
from remediate.workflow.tree.disk import Written
from remediate.workflow.tree.session import Session


@dataclass(frozen=True, slots=True)
class Verification:
    """What the gates say of a branch, against the commit it started from.

    ``unusable`` is why cargo could not begin, "" where it could: then only gates were asked that need none.
    """

    branch: str
    commit: str
    base: str
    report: Report
    timings: Timings
    unusable: str = ""


def verify_branch(request: Request, branch: str, progress: Progress) -> Verification:
    """Check a branch's fix against the commit before it, as a run would have.

    Raises:
        InputError: The branch does not exist, or no run of this program made its commit.
    """
    with Git(manifest_folder(request.start, request.manifest_path)) as git:
        fix = _fix(git, branch)
    with worktree(replace(request, base=fix.base), progress) as place:
        watch = Stopwatch(place.session.cargo, place.session.git_seconds)
        try:
            report, unusable = _checked(place, fix, progress)
        except OverlapError as error:
            raise InputError(
                f"a trailer of the last commit of {branch} names what is not there: {error}"
            ) from None
        return Verification(branch, fix.commit, fix.base, report, watch.read(), unusable)


@dataclass(frozen=True, slots=True)
class _Fix:
    commit: str
    base: str
    rule: str
    rewrites: Mapping[str, tuple[Edit, ...]]
    manifest: tuple[ManifestEdit, ...]
    rewritten: Mapping[bytes, bytes]
    adds_tests: frozenset[str]
    moved_tests: tuple[MovedTests, ...]
    claims: str
    headings: Mapping[str, bytes]
    renamed: tuple[RenamedTest, ...]
    api: frozenset[str]
    functions: frozenset[str]
    adds: Mapping[str, Mapping[str, int]]
    generated: Mapping[str, str]
    comments: Mapping[str, tuple[bytes, ...]]
    permission: Permission | None = None
    demanded: tuple[Constraint, ...] = ()


def _fix(git: Git, branch: str) -> _Fix:
    tip = commit_of(git, branch)
    if tip is None:
        raise InputError(f"there is no branch {branch!r}", "See `remediate status`.")
    found = trailers(git, tip)
    start = commit_of(git, found.get("Remediate-Base", f"{tip}^"))
    if "Remediate-Rule" not in found or start is None:
        raise InputError(f"the last commit of {branch} is not a fix of remediate: it has no trailers")
    try:
        return _declared(tip, start, found)
    except msgspec.DecodeError as error:
        raise InputError(f"a trailer of the last commit of {branch} cannot be read: {error}") from None


def _declared(tip: str, start: str, found: Mapping[str, str]) -> _Fix:
    """Return what a commit's trailers say of its fix.

    Raises:
        msgspec.DecodeError: One of them is not what this program writes.
    """
    pairs = msgspec.json.decode(found.get("Remediate-Rewritten", "{}"), type=dict[str, str])
    rewritten = {old.encode(): new.encode() for old, new in pairs.items()}
    moved = msgspec.json.decode(found.get("Remediate-Moved-Tests", "[]"), type=tuple[MovedTests, ...])
    headings = msgspec.json.decode(found.get("Remediate-Headings", "{}"), type=dict[str, str])
    renamed = msgspec.json.decode(found.get("Remediate-Renamed-Tests", "[]"), type=tuple[RenamedTest, ...])
    spans = msgspec.json.decode(
        found.get("Remediate-Rewrites", "{}"), type=dict[str, list[tuple[int, int, str]]]
    )
    rewrites = {path: tuple(Edit(a, b, new.encode()) for a, b, new in some) for path, some in spans.items()}
    comments = msgspec.json.decode(found.get("Remediate-Comments", "{}"), type=dict[str, list[str]])
    manifest = msgspec.json.decode(found.get("Remediate-Manifest", "[]"), type=tuple[ManifestEdit, ...])
    api, functions = (
        msgspec.json.decode(found.get(f"Remediate-{name}", "[]"), type=frozenset[str])
        for name in ("Api", "Functions")
    )
    return _Fix(
        commit=tip,
        base=start,
        rule=found["Remediate-Rule"],
        rewrites=rewrites,
        manifest=manifest,
        rewritten=rewritten,
        adds_tests=_names(found),
        moved_tests=moved,
        claims=found.get("Remediate-Claims", ""),
        headings={path: text.encode() for path, text in headings.items()},
        renamed=renamed,
        api=api,
        functions=functions,
        adds=msgspec.json.decode(found.get("Remediate-Adds", "{}"), type=dict[str, dict[str, int]]),
        generated=msgspec.json.decode(found.get("Remediate-Generated", "{}"), type=dict[str, str]),
        comments={path: tuple(one.encode() for one in some) for path, some in comments.items()},
        permission=_permission(found),
        demanded=msgspec.json.decode(found.get("Remediate-Constraints", "[]"), type=tuple[Constraint, ...]),
    )


def _permission(found: Mapping[str, str]) -> Permission | None:
    """Return what a fixer's change may touch; None where a codemod made the commit."""
    said = found.get("Remediate-Permission")
    return msgspec.json.decode(said, type=Permission) if said else None


def _names(found: Mapping[str, str]) -> frozenset[str]:
    return frozenset(found.get("Remediate-Adds-Tests", "").split())


def _checked(place: Checkout, fix: _Fix, progress: Progress) -> tuple[Report, str]:
    """Return what the gates say, and why cargo could not begin, if it could not."""
    home, change = _change(place, fix.commit)
    declared = (*fix.adds_tests, *(f"{p.tests}::" for p in fix.moved_tests))
    modules = {name for test in declared for name in test.split("::")[:-1]}
    change = replace(
        change,
        rewrites=fix.rewrites,
        api=fix.api,
        functions=fix.functions,
        adds=fix.adds,
        generated=frozenset(fix.generated),
        comments=fix.comments,
        manifest=fix.manifest,
        rewritten=fix.rewritten,
        adds_tests=fix.adds_tests,
        moved_tests=fix.moved_tests,
        claims=fix.claims,
        headings=fix.headings,
        renamed_tests=fix.renamed,
        new_modules=change.new_modules | modules,
    )
    # A file of new code that is not as the fix wrote it is held to what all other files are.
    same = {path for path, digest in change.digests().items() if digest == fix.generated[path]}
    change = replace(change, generated=frozenset(same))
    name = contract.codemod_for(fix.rule)
    codemod = contract.codemods()[name] if name and fix.permission is None else None
    promised = codemod.PROOFS if codemod else Proofs()
    asked = contract.gates_of(codemod)
    if fix.permission is not None:
        promised, asked = proofs(fix.permission), gates(fix.permission, fix.demanded)
    own = own_gates(asked, place.session.workspace.codebase, home, change, place.session.constraints)
    own += Report((unverified(rescan.GATE, "the commit does not hold the finding"),))
    found, unusable = _Judging(
        place.session, home, change, promised, contract.compiler_gates_of(codemod), progress
    ).judged()
    return own + found, unusable


@dataclass(frozen=True)
class _Judging:
    """A fix that is to be judged again, in a session; the disk is left as it was."""

    session: Session
    home: Package
    change: Change
    proofs: Proofs
    gates: tuple[CompilerGates, ...]
    progress: Progress

    def judged(self) -> tuple[Report, str]:
        """Return what the ladder says, and why cargo could not begin, if it could not."""
        written = Written(self.session.workspace.root)
        try:
            return self._by_cargo(written), ""
        except BaselineError as error:
            written.restore()
            if self.session.is_usable(self.home):
                return Report((failed("check", f"cargo cannot begin with the change: {error}"),)), ""
            self.progress.warn(f"{error}. Only gates that need no cargo were asked.", error.hint)
            reports = (
                self._of(package, unchecked(self._attempt(package, part), str(error)))
                for package, part in self._parts
            )
            return sum(reports, Report()), str(error)
        finally:
            written.restore()

    @property
    def _parts(self) -> tuple[tuple[Package, Change], ...]:
        return self.session.workspace.codebase.parts(self.change, self.home)

    def _of(self, package: Package, report: Report) -> Report:
        return report if package.name == self.home.name else report.about(package.name)

    def _attempt(self, package: Package, part: Change) -> Attempt:
        return Attempt(
            package, part, self.proofs, laid_out=_laid_out(package, part, self.session.workspace.root)
        )

    def _by_cargo(self, written: Written) -> Report:
        """Write the change, and climb the ladder with it, package by package.

        Raises:
            BaselineError: cargo cannot begin.
        """
        session, report = self.session, Report()
        self.progress.step("baseline")
        for package, part in self._parts:
            session.measured(package, partial(prepared, session.cargo, package, change=part))
        asked = asked_before(session.cargo, self.home, session.baseline(self.home), self.gates, self.change)
        written.write(self.change.result(session.workspace.codebase.files))
        for package, part in self._parts:
            own = asked if package.name == self.home.name else NONE
            report += self._of(package, self._climbed(self._attempt(package, part), written, own))
        return report

    def _climbed(self, attempt: Attempt, written: Written, own: AskedGates) -> Report:
        self.progress.step("check")
        cargo, package = self.session.cargo, attempt.package
        before = known_before(self.session, package, written)
        said = check_round(cargo, package, attempt.touched, before, own)
        self.progress.step("verify")
        known = known_before(self.session, package, written)
        self.progress.gates(gates_ahead(known.baseline))
        return verify(cargo, known, attempt, said)


def _laid_out(package: Package, change: Change, root: Path) -> frozenset[str]:
    """Return the new and rewritten files that are as rustfmt would have them: it may have been the one."""
    may = {*change.creations, *(change.moves.get(path, path) for path in change.rewrites)}
    texts = ((p, t) for p, t in change.result(package.files).items() if p in may and p.endswith(".rs"))
    return frozenset(p for p, t in texts if t and rustfmt.is_formatted(t, package.edition, (root / p).parent))


def _change(place: Checkout, commit: str) -> tuple[Package, Change]:
    """Return a commit's difference from the base as a change, with the package that most of it is in."""
    if place.git is None or place.base is None:
        raise InputError("a branch can only be verified in a repository")
    names = changed_paths(place.git, place.base.commit, commit)
    after: dict[str, bytes | None] = {}
    for name in names:
        path = in_workspace(place.prefix, name)
        if path is None:
            raise InputError(f"the branch changes files outside of the workspace: {name}")
        after[path] = blob(place.git, commit, name)
    sources = [path for path in after if path.endswith(".rs")]
    owners = [place.session.workspace.package_of(path) for path in sources or after]
    counted = Counter(owner.name for owner in owners if owner)
    if not counted:
        raise InputError("the branch changes no package of the workspace")
    codebase = place.session.workspace.codebase
    home = codebase.by_name[min(counted, key=lambda name: (-counted[name], name))]
    return home, change_between(codebase.files, after)
