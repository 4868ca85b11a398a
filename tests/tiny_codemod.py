"""A real codemod, small enough to follow: the last item of ``x.rs`` goes to ``x/last.rs``.

A finding with the id "2" has it moved to ``x/last2.rs``.

What rustc then misses (``E0432``, ``E0425``) it answers with a re-export, unless it is told to be stubborn.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from remediate.edits import Change, Edit
from remediate.feedback import Feedback, messages
from remediate.model import Finding, Safety, Skip
from remediate.options import Options
from remediate.proofs import Moves, Proofs
from remediate.rust.codebase import Codebase
from remediate.rust.syntax.items import items

RULE = "last-item"


@dataclass
class TinyCodemod:
    """Attributes:
    answers: Whether ``refine`` answers rustc; else it has nothing to add.
    loses: Whether it loses the item it should move.
    raises: What ``plan`` raises, if anything.
    """

    answers: bool = True
    loses: bool = False
    raises: Exception | None = None
    planned: int = 0

    OPTIONS = Options
    RULES = (RULE,)
    SAFETY = Safety.MECHANICAL
    PROOFS = Proofs(Moves(uses=True, modules=True))
    SETTLED = frozenset({"nothing-to-move"})
    DESCRIPTION = "Move the last item out"

    def plan(self, codebase: Codebase, finding: Finding, options: Options) -> Change | Skip:  # noqa: ARG002 - the contract's
        package = codebase.home(finding.path)
        self.planned += 1
        if self.raises:
            raise self.raises
        source, folder = package.source(finding.path), finding.path.removesuffix(".rs")
        found = items(source)
        module = "last2" if finding.id == "2" else "last"
        if package.exists(f"{folder}/{module}.rs") or len(found) < 2:
            return Skip("nothing-to-move", f"{finding.path} has no last item to move")
        last = found[-1]
        text = b"" if self.loses else source.text[last.lead : last.tail].strip() + b"\n"
        return Change(
            summary=f"Move the last item of {finding.path} out",
            edits={finding.path: (Edit(0, 0, f"mod {module};\n".encode()), Edit(last.gap, last.tail, b"\n"))},
            creations={f"{folder}/{module}.rs": text},
            format={f"{folder}/{module}.rs": finding.path},
            new_modules=frozenset({module}),
            notes=("a tiny change",),
        )

    def refine(self, codebase: Codebase, change: Change, feedback: Sequence[Feedback]) -> Change | Skip:
        wanted = {message.code for message in messages(feedback)} & {"E0432", "E0425", "E0603"}
        path = next(iter(change.edits))
        after = change.result(codebase.files)
        text = after[path]
        (module,) = change.new_modules
        export = f"pub use {module}::*;\n".encode()
        if not (self.answers and wanted and text) or export in text:
            return change
        return change.revised(codebase.files, {path: export + text})
