"""The commit's text: what, why, how it was verified, what was not; and the trailers that machines read."""

import textwrap
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import msgspec

from remediate import __version__
from remediate.contract import Codemod
from remediate.edits import Change
from remediate.gates import GateResult
from remediate.model import Files, Reference, Safety
from remediate.proofs import Proof
from remediate.quantities import quantity
from remediate.sanitize import one_line
from remediate.templates import render
from remediate.verify.report import Report
from remediate.workflow.fixing.loop import Task, Verified

if TYPE_CHECKING:
    from remediate.workflow.external.codemod import ExternalCodemod

_WIDTH = 72
_MOST_REFERENCES = 20


@dataclass(frozen=True, slots=True)
class Provenance:
    """What the trailers say beside the gates: where the fix stands, and what it was tried with.

    ``second`` is whether a commit that only renames goes before it.
    """

    base: str
    tree: str
    toolchain: str
    second: bool = False


def commit_message(task: Task, verified: Verified, provenance: Provenance) -> str:
    """Return the whole text of a fix's commit."""
    finding, change, report = task.finding, verified.change, verified.report
    return render(
        "commit.txt.j2",
        summary=one_line(change.summary, _WIDTH),
        what=_wrapped(one_line(change.summary, 400)) if len(change.summary) > _WIDTH else "",
        why=_wrapped(_why(task, change)),
        files=_wrapped(_moved(task.codebase.files, change.result(task.codebase.files))),
        verified=[_bullet(gate) for gate in report.verified],
        unverified=[_bullet(gate) for gate in report.unverified],
        notes=[_indented(note) for note in (*change.remarks, *([change.partial] if change.partial else []))],
        references=[_indented(line) for line in _named(verified.references)],
        trailers=[
            ("Remediate-Finding", finding.fingerprint),
            ("Remediate-Rule", one_line(finding.rule)),
            ("Remediate-Base", provenance.base),
            ("Remediate-Verified", _verified(report, provenance)),
            *(("Remediate-Unverified", one_line(f"{g.name}: {g.detail}", 400)) for g in report.unverified),
            *_rewritten(change),
            *_rewrites(change),
            *_redefined(change),
            *_manifest(change),
            *_moved_tests(change),
            *_headings(change),
            *_renamed(change),
            *_foreign(task),
            *([("Remediate-Step", "2/2")] if provenance.second else []),
            *([("Remediate-Adds-Tests", " ".join(sorted(change.adds_tests)))] if change.adds_tests else []),
            ("Remediate-Tool", f"remediate {__version__}"),
        ],
    )


def rename_message(task: Task, first: Change, gates: Sequence[GateResult], base: str) -> str:
    """Return the text of the commit that only renames, before the fix's own."""
    return render(
        "rename.txt.j2",
        summary=one_line(first.summary, _WIDTH),
        verified=[_bullet(gate) for gate in gates],
        trailers=_of_first_step(task, base),
    )


def configuration_message(task: Task, paths: Sequence[str], report: Report, base: str) -> str:
    """Return the text of the commit that adds configuration, before the fix's own."""
    return render(
        "configuration.txt.j2",
        summary=one_line(f"Add {', '.join(paths)}", _WIDTH),
        verified=[_bullet(gate) for gate in report.verified if "configuration" in gate.name],
        trailers=_of_first_step(task, base),
    )


def _of_first_step(task: Task, base: str) -> list[tuple[str, str]]:
    return [
        ("Remediate-Finding", task.finding.fingerprint),
        ("Remediate-Rule", one_line(task.finding.rule)),
        ("Remediate-Base", base),
        ("Remediate-Step", "1/2"),
        ("Remediate-Tool", f"remediate {__version__}"),
    ]


def _why(task: Task, change: Change) -> str:
    source = "audit" if task.finding.audit_line else "command line"
    asked = f"From the {source}: {one_line(task.finding.title)} ({task.finding.path or 'the whole package'})."
    if change.adds_tests and not (change.rewrites or change.generated):
        return f"{asked} No code was changed: tests that never ran are run."
    fixer = _fixer(task.codemod)
    if fixer is not None:
        return f"{asked} The fixer {fixer.name} wrote this change, and no codemod: it needs a reader."
    if task.codemod.SAFETY is Safety.MECHANICAL:
        return f"{asked} This is a mechanical change: code was moved, not rewritten."
    return f"{asked} This change needs a reader: it may behave differently, in time or order too."


def _fixer(codemod: Codemod) -> "ExternalCodemod | None":
    if codemod.PROOFS.code is not Proof.NONE:
        return None
    from remediate.workflow.external.codemod import ExternalCodemod  # noqa: PLC0415 - one is at work

    return codemod if isinstance(codemod, ExternalCodemod) else None


def _moved(before: Files, after: Mapping[str, bytes | None]) -> str:
    """Return the size of the change, and how much of what it writes stood in the old files already."""
    old = Counter(line.strip() for path in after for line in before.get(path, b"").splitlines())
    new = Counter(line.strip() for text in after.values() for line in (text or b"").splitlines())
    del old[b""], new[b""]
    kept = sum((old & new).values())
    total = sum(new.values())
    share = f", {100 * kept / total:.1f} % of them moved or unchanged" if total else ""
    files, lines = quantity(len(after), "file"), quantity(total, "line")
    return f"{files} touched, with {lines} that {'is' if total == 1 else 'are'} not blank{share}."


def _named(references: Sequence[Reference]) -> list[str]:
    """Return what names the file elsewhere, the first few in full."""
    shown = [f"{r.path}:{r.line}: {r.text}" for r in references[:_MOST_REFERENCES]]
    more = len(references) - len(shown)
    return [*shown, f"and {more} more"] if more else shown


def _verified(report: Report, provenance: Provenance) -> str:
    gates = ", ".join(gate.name for gate in report.verified) or "nothing"
    return one_line(f"{gates}; tree {provenance.tree}; {provenance.toolchain}", 1000)


def _rewritten(change: Change) -> list[tuple[str, str]]:
    """Return the literals that were re-anchored as a trailer: ``remediate verify`` has to know them."""
    pairs = {old.decode(): new.decode() for old, new in sorted(change.rewritten.items())}
    return [("Remediate-Rewritten", msgspec.json.encode(pairs).decode())] if pairs else []


def _manifest(change: Change) -> list[tuple[str, str]]:
    """Return what is declared of the manifests that the change edits, as a trailer."""
    declared = [edit for edit in change.manifest if edit.path in change.edits]
    return [("Remediate-Manifest", msgspec.json.encode(declared).decode())] if declared else []


def _rewrites(change: Change) -> list[tuple[str, str]]:
    """Return the declared rewrites as a trailer: what conservation expects is nowhere else to be seen."""
    spans = {p: [(e.start, e.end, e.new.decode()) for e in es] for p, es in sorted(change.rewrites.items())}
    return [("Remediate-Rewrites", msgspec.json.encode(spans).decode())] if spans else []


def _redefined(change: Change) -> list[tuple[str, str]]:
    """Return as trailers which functions and public paths differ, and the digests of the files of new code.

    And which comments go, and what there is more of on purpose, of all that the gate "constraints" counts.
    """
    said = (
        ("Remediate-Functions", change.functions),
        ("Remediate-Api", change.api),
    )
    found = [(name, msgspec.json.encode(sorted(paths)).decode()) for name, paths in said if paths]
    adds = {path: dict(sorted(some.items())) for path, some in sorted(change.adds.items())}
    comments = {path: [one.decode() for one in some] for path, some in sorted(change.comments.items())}
    held = (
        ("Remediate-Generated", change.digests()),
        ("Remediate-Comments", comments),
        ("Remediate-Adds", adds),
    )
    return found + [(name, msgspec.json.encode(some).decode()) for name, some in held if some]


def _foreign(task: Task) -> list[tuple[str, str]]:
    """Return who wrote a change that no codemod made, and what it was held to, for ``remediate verify``."""
    codemod = _fixer(task.codemod)
    if codemod is None:
        return []
    permission = msgspec.to_builtins(codemod.permission) | {"files": sorted(codemod.permission.files)}
    permission |= {"allowed": sorted(codemod.permission.allowed)}
    return [
        ("Remediate-Fixer", codemod.name),
        ("Remediate-Permission", msgspec.json.encode(permission).decode()),
        ("Remediate-Constraints", msgspec.json.encode(list(codemod.demanded)).decode()),
    ]


def _moved_tests(change: Change) -> list[tuple[str, str]]:
    """Return which tests have another target, and what the codemod's own gates have to know."""
    moved = msgspec.json.encode(change.moved_tests).decode() if change.moved_tests else ""
    said = (("Remediate-Moved-Tests", moved), ("Remediate-Claims", change.claims))
    return [(name, text) for name, text in said if text]


def _headings(change: Change) -> list[tuple[str, str]]:
    """Return the module documentation that is new, by file, for ``remediate verify``."""
    said = {path: text.decode() for path, text in sorted(change.headings.items())}
    return [("Remediate-Headings", msgspec.json.encode(said).decode())] if said else []


def _renamed(change: Change) -> list[tuple[str, str]]:
    """Return which tests have new names as a trailer, for ``remediate verify`` and for other tools."""
    renamed = msgspec.json.encode(change.renamed_tests).decode()
    return [("Remediate-Renamed-Tests", renamed)] if change.renamed_tests else []


def _bullet(gate: GateResult) -> str:
    return _indented(f"{gate.name}: {gate.detail}" if gate.detail else gate.name)


def _indented(text: str) -> str:
    said = one_line(text, 600)
    return textwrap.fill(said, _WIDTH, subsequent_indent="  ", break_long_words=False, break_on_hyphens=False)


def _wrapped(text: str) -> str:
    return textwrap.fill(text, _WIDTH, break_long_words=False, break_on_hyphens=False)
