"""Replace blocking calls in async code by `.await`, where facts show that nothing else changes.

Safety: a value arrives as before, but what becomes async may be cancelled where it waits, and other tasks run
meanwhile. Edited is only what the compiler knows: an unknown callee or caller declines.
"""

from collections.abc import Sequence
from dataclasses import replace

from remediate.codemods.replace_block_on import components
from remediate.codemods.replace_block_on.explaining import explanation
from remediate.codemods.replace_block_on.features import gated
from remediate.codemods.replace_block_on.known import executors_of, known, users_of
from remediate.codemods.replace_block_on.options import BlockingOptions
from remediate.codemods.replace_block_on.planning import Memo, backends, judged, planned
from remediate.codemods.replace_block_on.refinement import refined
from remediate.codemods.replace_block_on.stream_types import all_types
from remediate.edits import Change
from remediate.facts.model import Wanted
from remediate.feedback import Feedback
from remediate.model import Explained, Finding, Safety, Skip
from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.streams import Backend

OPTIONS = BlockingOptions
RULES = ("block-on", "spawn-blocking")
SAFETY = Safety.NEEDS_REVIEW
PROOFS = Proofs(
    Moves(uses=True, layout=True),
    code=Proof.DECLARED,
    comments=Proof.DECLARED,
    api=Proof.DECLARED,
    functions=Proof.DECLARED,
    manifest=Proof.DECLARED,
)
SKETCHES = True
SETTLED = frozenset({"no-such-site"})
DESCRIPTION = "Replace blocking calls in async code by `.await`"


def wanted_facts(
    codebase: Codebase,
    finding: Finding,
    options: BlockingOptions,  # noqa: ARG001 - the contract's
) -> tuple[Wanted, ...] | None:
    """Return what has to be known: the file's package, who may call it, and the executors it may call."""
    package = codebase.package_of(finding.path)
    if package is None or not finding.path.endswith(".rs"):
        return None
    own, *users = users_of(codebase, package)
    others = {one.name: one for one in (*users, *executors_of(codebase, package))}.values()
    places = gated(codebase, finding.path)
    return (replace(_all_of(own), names=places[0], gates=places[1]), *map(_all_of, others))


def wanted_backends(codebase: Codebase, finding: Finding, options: BlockingOptions) -> tuple[Backend, ...]:
    """Return the stream backends whose contract is to be probed, where the style asks for streams."""
    return backends(known(codebase, options), finding)


def own_backends(codebase: Codebase, options: BlockingOptions) -> tuple[Backend, ...]:
    """Return the stream types that the workspace's packages define."""
    return all_types(known(codebase, options))


def plan(codebase: Codebase, finding: Finding, options: BlockingOptions) -> Change | Skip:
    """Plan the rewrite of the blocking calls that a finding names, all of its file's where it names none."""
    return planned(known(codebase, options), finding)


def refine(codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:
    """Answer the compiler: drop unused imports, leave synchronous what it refuses, or decline by its word."""
    assert isinstance(change.memo, Memo)  # noqa: S101 - only changes planned here come back
    return refined(codebase, change, change.memo, feedback)


def divided(codebase: Codebase, findings: Sequence[Finding], options: BlockingOptions) -> tuple[Finding, ...]:
    """Return one finding for each group of calls whose rewrites stand or fall together."""
    return components.divided(known(codebase, options), findings)


def explain(codebase: Codebase, finding: Finding, options: BlockingOptions) -> tuple[Explained, ...]:
    """Return the judgment of each blocking call that ``plan`` would look at."""
    ground = known(codebase, options)
    return tuple(explanation(ground, judgment) for judgment in judged(ground, finding))


def added(change: Change, path: str) -> int:
    """Return how many blocking calls a change adds on purpose to a file, for callers that stay so."""
    return sum(n for name, n in change.adds.get(path, {}).items() if name.removeprefix(".") == "block_on()")


def _all_of(package: Package) -> Wanted:
    targets = tuple(target.label for target in package.targets if "custom-build" not in target.kinds)
    return Wanted(package.name, targets, tests=True, types=True)
