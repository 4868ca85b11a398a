"""take-default: `mem::replace(x, Default::default())` becomes `mem::take(x)`.

The example of the guide to writing a codemod: an option, a gate, a template and a rewriting proof, from a
distribution of its own.
"""

import re
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Literal

from remediate.edits import Change, Edit
from remediate.feedback import Feedback
from remediate.gates import Gate
from remediate.model import Finding, Safety, Skip
from remediate.options import Options, option
from remediate.proofs import Proof, Proofs
from remediate.rust.codebase import Codebase


class TakeOptions(Options, frozen=True):
    """How the call is written."""

    root: Annotated[Literal["std", "core"], option("The crate that `mem` is named by.")] = "std"


OPTIONS = TakeOptions
RULES = ("replaced-default",)
SAFETY = Safety.MECHANICAL
PROOFS = Proofs(code=Proof.DECLARED, functions=Proof.DECLARED)
DESCRIPTION = "Write mem::take where mem::replace leaves a default"
SETTLED = frozenset({"nothing-replaced"})
REASONS = {"nothing-replaced": "No call of mem::replace in the file leaves a default."}
TEMPLATES = str(Path(__file__).parent / "templates")

_CALL = re.compile(rb"(?:std|core)::mem::replace\(([^(),]+), Default::default\(\)\)")


def plan(codebase: Codebase, finding: Finding, options: TakeOptions) -> Change | Skip:
    """Plan the rewriting of every such call in the finding's file, or decline."""
    text = codebase.files[finding.path]
    edits = tuple(
        Edit(call.start(), call.end(), _written(codebase, call[1], options)) for call in _CALL.finditer(text)
    )
    if not edits:
        return Skip("nothing-replaced", f"{finding.path} leaves no default behind.")
    crate = codebase.home(finding.path).name.replace("-", "_")
    return Change(
        summary=f"Take instead of replace in {finding.path}",
        edits={finding.path: edits},
        rewrites={finding.path: edits},
        functions=frozenset(f"{crate}::{name.decode()}" for name in re.findall(rb"\bfn (\w+)", text)),
    )


def refine(codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:
    """Learn nothing: what rustc or a gate does not accept is rolled back."""
    return change


def _written(codebase: Codebase, place: bytes, options: TakeOptions) -> bytes:
    return codebase.render("take.rs.j2", root=options.root, place=place.decode()).strip().encode()


def _calls_left(before: Codebase, after: Codebase, change: Change) -> str:
    left = [path for path in change.edits if _CALL.search(after.files[path])]
    return f"a call is left in {', '.join(left)}" if left else ""


GATES = (Gate("no default left", _calls_left, "no call leaves a default"),)
