"""A fixer's work on one finding in the shape of a codemod, which the loop carries out and judges.

Nothing is promised of its text, and so it is held to gates that need no promise (``verify.foreign``).
"""

import posixpath
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace

from remediate.audit.constraints import Constraint
from remediate.edits import Change, change_between
from remediate.feedback import Feedback
from remediate.gates import Gate, GateResult
from remediate.model import Finding, Safety, Skip
from remediate.options import Options
from remediate.proofs import Proof, Proofs
from remediate.rust.codebase import Codebase, changed_codebase, is_below
from remediate.rust.package import Package, Target
from remediate.verify.foreign.gates import gates
from remediate.verify.foreign.permission import Allowed, Permission
from remediate.verify.foreign.rewritten import rewritten_functions
from remediate.verify.foreign.tests_kept import names_of_tests, test_names
from remediate.workflow.external.protocol import RefusedError
from remediate.workflow.external.running import HandedIn, Runner
from remediate.workflow.external.still_present import still_present
from remediate.workflow.orders.order import WorkOrder
from remediate.workflow.sources.roots import in_workspace

_SHOWN = 4
_TITLE = 72


@dataclass
class ExternalCodemod:
    """One fixer, one finding.

    Attributes:
        permission: What its change may touch.
        demanded: The constraints that new code is held to.
    """

    runner: Runner
    order: WorkOrder
    permission: Permission
    demanded: Sequence[Constraint] = ()
    OPTIONS: type[Options] = Options
    RULES: tuple[str, ...] = ()
    SAFETY: Safety = Safety.NEEDS_REVIEW
    SETTLED: frozenset[str] = frozenset()
    DESCRIPTION: str = ""
    PROOFS: Proofs = field(init=False)
    GATES: tuple[Gate, ...] = field(init=False)

    def __post_init__(self) -> None:
        self.PROOFS = proofs(self.permission)
        self.GATES = gates(self.permission, self.demanded)

    @property
    def name(self) -> str:
        """The fixer's name."""
        return self.runner.name

    def plan(self, codebase: Codebase, finding: Finding, options: Options) -> Change | Skip:  # noqa: ARG002
        """Run the fixer, and return what it handed in as a change.

        Raises:
            RefusedError: It wrote what it may not, or handed in more than text.
        """
        handed = self.runner.run(finding, self.order)
        if handed.violations:
            raise RefusedError("fixer-wrote-outside", _outside(self.name, handed))
        if handed.answer.failed:
            return Skip("fixer-failed", f"{self.name}: {handed.answer.sentence}")
        if handed.answer.idle or not handed.entries:
            told = f": {handed.answer.description}" if handed.answer.description else ""
            return Skip("fixer-nothing-to-do", f"{self.name} made no change{told}")
        return self._change(codebase, finding, handed)

    def refine(self, codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:  # noqa: ARG002
        """Return the change as it is: a fixer is not asked again."""
        return change

    def rescan(self, before: Codebase, after: Codebase, change: Change, finding: Finding) -> GateResult:
        """Return whether the finding is gone."""
        return still_present(finding, before, after, change)

    def _change(self, codebase: Codebase, finding: Finding, handed: HandedIn) -> Change:
        after: dict[str, bytes | None] = {}
        odd = [entry.odd for entry in handed.entries if entry.odd]
        for entry in handed.entries:
            path = in_workspace(self.runner.prefix, entry.path)
            unread = path is not None and path not in codebase.files and path in codebase.paths
            if path is None or unread:
                odd.append(f"{entry.path} is no source that this program reads")
            elif not entry.odd:
                after[path] = (handed.texts or {})[entry.path]
        if odd:
            raise RefusedError("fixer-not-text", f"{self.name}: {'; '.join(odd[:_SHOWN])}")
        change = change_between(codebase.files, after)
        home = codebase.home(finding.path)
        new = changed_codebase(codebase, change, home)
        was, now = home, _with_new_targets(new.by_name[home.name], change)
        enabled = names_of_tests(was, ignored=True) & names_of_tests(now, ignored=False)
        kept = "in the kernel's sandbox" if handed.contained else "without a sandbox"
        return replace(
            change,
            summary=_summary(self.name, handed, finding),
            functions=rewritten_functions(was, now, change),
            adds_tests=(test_names(now) - test_names(was)) | enabled,
            notes=(
                f"written by the fixer {self.name}, which ran {kept}: read it like a stranger's patch",
                *([f"it says: {handed.answer.description}"] if handed.answer.description else []),
                *self._untested(),
                *(f"it wrote the body of the test {name}, which waited for this" for name in sorted(enabled)),
            ),
        )

    def _untested(self) -> Iterator[str]:
        """Yield which symbols of the finding no test is known to reach: there the tests prove little."""
        names = [symbol.name for symbol in self.order.symbols if not symbol.tests]
        if names:
            yield f"no test is known to reach {', '.join(names[:_SHOWN])}: what it does is hardly checked"


def proofs(permission: Permission) -> Proofs:
    """Return what is held true of a change although nothing is promised of its text."""
    api = Proof.NONE if Allowed.API in permission.allowed else Proof.SAME
    manifest = Proof.NONE if Allowed.DEPENDENCIES in permission.allowed else Proof.SAME
    return Proofs(code=Proof.NONE, api=api, functions=Proof.DECLARED, tests=Proof.DECLARED, manifest=manifest)


def _with_new_targets(package: Package, change: Change) -> Package:
    """Return a package with the test targets that cargo finds in its new files."""
    folder = posixpath.join(package.root, "tests")
    found = []
    for path in sorted(change.creations):
        name = posixpath.relpath(path, folder).removesuffix(".rs").removesuffix("/main")
        if path.endswith(".rs") and is_below(path, folder) and "/" not in name:
            found.append(Target(name, ("test",), path, package.edition))
    return replace(package, targets=(*package.targets, *found))


def _summary(name: str, handed: HandedIn, finding: Finding) -> str:
    """Return the title that the fixer gives, or what it says where that is short enough for one."""
    said = handed.answer.title or handed.answer.description
    usual = f"Fix {finding.rule} in {finding.path or 'the workspace'} with {name}"
    return said if said and len(said) <= _TITLE else usual


def _outside(name: str, handed: HandedIn) -> str:
    kept = f"; what it wrote is kept in {handed.kept}" if handed.kept else ""
    return f"{name} wrote where it may not, and that was restored: {'; '.join(handed.violations)}{kept}"
