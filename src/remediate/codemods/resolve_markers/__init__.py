"""Resolve markers of unfinished code where that is mechanical, and say of the others what a person would do.

Safety: what is done unasked changes nothing at run time, and rustc and the tests say so. What somebody asks
for with ``--scaffold`` makes a stub refuse, which its callers see, adds ignored tests that wait for what is
to be written, and the skeleton of a type that the audit sketches.
"""

from collections.abc import Sequence

from remediate.codemods.resolve_markers.explaining import explanation
from remediate.codemods.resolve_markers.options import MarkerOptions
from remediate.codemods.resolve_markers.planning import Memo, judged, planned, waiting
from remediate.codemods.resolve_markers.refinement import refined
from remediate.edits import Change
from remediate.feedback import Feedback
from remediate.model import Explained, Finding, Safety, Skip, WaitingTest
from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.codebase import Codebase

OPTIONS = MarkerOptions
RULES = ("todo-marker", "placeholder", "temporary-code", "unimplemented", "hack", "shim", "legacy")
SAFETY = Safety.NEEDS_REVIEW
PROOFS = Proofs(
    Moves(layout=True),
    code=Proof.DECLARED,
    comments=Proof.DECLARED,
    api=Proof.DECLARED,
    functions=Proof.DECLARED,
    tests=Proof.DECLARED,
)
SETTLED = frozenset(
    {"no-marker", "honest-error", "named-constant", "not-a-marker", "test-code", "scaffolded"}
)
WAITING = "scaffolded"
DESCRIPTION = "Resolve markers of unfinished code where that is mechanical"


def plan(codebase: Codebase, finding: Finding, options: MarkerOptions) -> Change | Skip:
    """Plan what can be done about the markers that a finding names, all of its file's where it names none."""
    return planned(codebase, finding, options)


def refine(codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:
    """Answer the compiler: let it check an attribute that allows dead code, or decline."""
    assert isinstance(change.memo, Memo)  # noqa: S101 - only changes planned here come back
    return refined(codebase, change, change.memo, feedback)


def waiting_tests(codebase: Codebase, finding: Finding) -> tuple[WaitingTest, ...]:
    """Return the tests that wait for what a finding is about, as a scaffold wrote them."""
    return waiting(codebase, finding)


def explain(codebase: Codebase, finding: Finding, options: MarkerOptions) -> tuple[Explained, ...]:
    """Return the judgment of each marker that ``plan`` would look at."""
    if finding.path not in codebase.files or not finding.path.endswith(".rs"):
        return ()
    return tuple(explanation(one) for one in judged(codebase, finding, options))
