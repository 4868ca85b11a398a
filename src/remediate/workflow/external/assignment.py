"""Which findings a fixer is asked about, and what it is given and allowed for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from remediate import contract
from remediate.audit.document import AuditDocument
from remediate.model import Finding, Outcome, Result
from remediate.rust.package import Package
from remediate.verify.foreign.permission import Permission
from remediate.workflow.external.codemod import ExternalCodemod
from remediate.workflow.external.running import Runner
from remediate.workflow.orders.order import WorkOrder
from remediate.workflow.orders.selection import audit_of, order_for
from remediate.workflow.orders.writing import Drafter


@dataclass(frozen=True)
class Assignment:
    """A fixer at work in a run.

    Attributes:
        runner: Runs it.
        drafter: Draws up its work orders.
        documents: The audits of the run.
    """

    runner: Runner
    drafter: Drafter
    documents: Sequence[AuditDocument] = ()

    @property
    def name(self) -> str:
        """The fixer's name."""
        return self.runner.name

    def asks(self, finding: Finding) -> bool:
        """Whether it may be asked about findings of a rule: of those it names, or of all."""
        rules = self.runner.settings.rules
        return not rules or finding.rule in rules

    def follows(self, finding: Finding, outcome: Outcome) -> bool:
        """Whether it is asked after an outcome: there is no codemod, or the codemod could not fix it."""
        codemod = contract.codemods().get(outcome.codemod or "")
        settled = codemod is not None and outcome.reason in codemod.SETTLED
        scaffolds: object = codemod
        if isinstance(scaffolds, contract.Scaffolding) and outcome.reason == scaffolds.WAITING:
            settled = False  # the codemod has done its part, and a test waits for the rest
        left = outcome.outcome is not Result.FIXED_PARTLY and not settled
        return left and self.asks(finding) and bool(order_for(finding, outcome.outcome, outcome.reason))

    def codemod(self, finding: Finding, package: Package) -> ExternalCodemod:
        """Return its work on a finding, in the shape of a codemod; nothing is run yet."""
        codemod = contract.codemod_for(finding.rule)
        reason = f"the codemod {codemod} could not fix it"
        if codemod is None:
            reason = f"no codemod takes findings of the rule {finding.rule}"
        order = self.drafter.order(finding, reason, audit_of(finding, self.documents))
        return ExternalCodemod(self.runner, order, self._permission(order, package), self.drafter.constraints)

    def _permission(self, order: WorkOrder, package: Package) -> Permission:
        settings, finding = self.runner.settings, order.finding
        named = {finding.path, *(site.path for site in finding.sites)}
        return Permission(
            files=frozenset(path for path in named if path.endswith(".rs")),
            package=package.root,
            globs=settings.files,
            allowed=frozenset(settings.allow),
            waiting=order.waiting,
        )

    @cached_property
    def digest(self) -> Mapping[str, object]:
        """What an outcome depends on beside the finding and the tree."""
        return {"name": self.name, "settings": self.runner.settings}
