"""Move test modules out of ``src/`` without changing a single test.

``#[cfg(test)] mod tests { .. }`` becomes ``#[cfg(test)] #[path = "../tests/unit/.."] mod tests;`` and a file.
The module stays where it was in the module tree, so every test keeps its name, its binary, its cfg and its
access to private items; only the text lives elsewhere. That is why it is mechanical.

On request a module that uses public items only becomes part of an integration test (``integration/``): names
and results are still the same, its binary and its imports are not.

Reason codes: ``REASONS`` in ``reasons.py``.
"""

from collections.abc import Sequence
from dataclasses import replace

from remediate.codemods.extract_tests.adoption import adopted
from remediate.codemods.extract_tests.feedback import Memo, learnt, located, primary_paths, rolled_back
from remediate.codemods.extract_tests.gates import PROMOTED
from remediate.codemods.extract_tests.nextest import repaired
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.codemods.extract_tests.planning import planned
from remediate.codemods.extract_tests.reasons import SETTLED as SETTLED
from remediate.edits import Change
from remediate.feedback import LOCATION, Feedback, GateFailure
from remediate.model import Finding, Safety, Skip
from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.codebase import Codebase

OPTIONS = ExtractOptions
ADOPTION = "dead-tests"
REPAIR = "nextest-configuration"
RULES = ("embedded-tests", ADOPTION, REPAIR)
SAFETY = Safety.MECHANICAL
PROOFS = Proofs(Moves(modules=True, layout=True, targets=True), tests=Proof.DECLARED, manifest=Proof.DECLARED)
GATES = (PROMOTED,)
DESCRIPTION = "Move test modules under tests/, keeping every test's name, privacy and result"


def plan(codebase: Codebase, finding: Finding, options: ExtractOptions) -> Change | Skip:
    """Plan the move of all test modules of the finding's file, or of every file below its folder.

    For a file whose tests never run: its adoption, where the options ask for that. For nextest's
    configuration: its repair, or the first one.
    """
    package = codebase.home(finding.path)
    if finding.rule == ADOPTION:
        return adopted(package, finding, options)
    if finding.rule == REPAIR:
        return repaired(package, finding, options)
    return planned(package, finding.path, options)


def refine(codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:
    """Plan again without the modules that feedback points into, and with what is said of promoted tests."""
    if not isinstance(change.memo, Memo):
        return change
    memo, package = change.memo, codebase.home(change.memo.path)
    # A moved module is the same module: what says where it stands says so of another file, and that is told.
    heard = (one for one in feedback if not (isinstance(one, GateFailure) and one.gate == LOCATION))
    said = [located(change, one, package.files) if isinstance(one, GateFailure) else one for one in heard]
    staying = rolled_back(change, said)
    about_others = [one for one in said if staying.keys().isdisjoint(primary_paths(one))]
    revision = replace(memo.revision, staying={**memo.revision.staying, **staying})
    if about_others and change.moved_tests:
        parts = memo.options.split_tests
        revision = learnt(change, revision, about_others, package.files, parts=parts)
    return change if revision == memo.revision else planned(package, memo.path, memo.options, revision)
