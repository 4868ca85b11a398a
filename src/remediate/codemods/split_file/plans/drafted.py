"""A split that is only planned, as ``contract.PlanFile``; a changed plan as a finding that asks for it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

from msgspec.structs import asdict

from remediate.codemods.split_file.options import SplitOptions
from remediate.codemods.split_file.plans.arrangement import Arrangement
from remediate.codemods.split_file.plans.picture import mermaid, svg
from remediate.codemods.split_file.plans.plan import SplitPlan
from remediate.codemods.split_file.plans.plan_text import written
from remediate.model import Finding
from remediate.rust.codebase import Renderer


@dataclass(frozen=True)
class PlannedSplit:
    """How a file would be cut, and the bytes it has today."""

    arrangement: Arrangement
    content: bytes
    options: SplitOptions
    render: Renderer

    def text(self, name: str) -> str:
        """Return the plan as TOML, to be saved under a name."""
        return written(self.arrangement, self.content, asdict(self.options), name)

    @property
    def pictures(self) -> Mapping[str, Callable[[], str]]:
        """What draws which module uses which, by form.

        Raises:
            ToolError: The library that lays an SVG out is not installed.
        """
        return {
            "svg": lambda: svg(self.arrangement, self.render),
            "mermaid": lambda: mermaid(self.arrangement),
        }


def asked_for(finding: Finding, plan: SplitPlan, planned: PlannedSplit, today: bytes) -> Finding:
    """Return the finding that a file is too large, with a plan as what to make of it.

    ``today`` is the file in the user's checkout, which may hold more than the commit.

    Raises:
        InputError: The plan does not fit the file; every mistake with its line.
    """
    plan.require_current(finding.path, planned.content, today)
    plan.require_fit(planned.arrangement)
    return replace(finding, arrangement=plan.modules)
