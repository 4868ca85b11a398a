"""Claims held against today's tree: what is still true, what moved, what is gone, what never was.

By path, pattern and neighbourhood, never by a raw line number: a claimed line counts only where something on
it proves the claim's rule.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from remediate.audit.anchoring.hindsight import Hindsight
from remediate.audit.anchoring.judgment import Coincidence, Judgment, file_judged, placeless, site_judged
from remediate.audit.anchoring.resolve import Kind, Resolution, resolve
from remediate.audit.anchoring.timeline import History, Timeline
from remediate.audit.document import AuditDocument, Claim
from remediate.audit.readers.plans import merged as merged_plans
from remediate.audit.rules.catalog import Evidence, rule
from remediate.audit.tree import Tree
from remediate.model import Finding, Status

DEFAULT_LIMIT = 300
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Settings:
    """What the anchoring needs to know from above.

    Attributes:
        limit: Lines a file may have where the audit names no limit.
        codemod_of: The name of the codemod that takes a rule.
        history: The past of the tree, where there is one.
    """

    limit: int = DEFAULT_LIMIT
    codemod_of: Callable[[str], str | None] = lambda _: None
    history: History | None = None


def anchor(document: AuditDocument, tree: Tree, settings: Settings | None = None) -> tuple[Finding, ...]:
    """Return the document's claims as findings of today's tree, in its order, each fingerprint once.

    A claim whose lines fared differently becomes one finding per status; one about a whole package and a rule
    of files becomes one finding per file.
    """
    return merged(each(document, tree, settings))


def each(document: AuditDocument, tree: Tree, settings: Settings | None = None) -> Iterator[Finding]:
    """Yield the findings of each claim by itself, those that turn out to be the same one after the other."""
    known = settings or Settings()
    past: Hindsight | Coincidence = (
        Hindsight(Timeline(tree, known.history), document.claims)
        if known.history
        else Coincidence(tree, document.claims)
    )
    for claim in document.claims:
        for number, judgment in enumerate(_judged(tree, claim, known, past), 1):
            yield _finding(claim, judgment, number, known)


def _judged(
    tree: Tree, claim: Claim, settings: Settings, past: Hindsight | Coincidence
) -> Iterator[Judgment]:
    found = resolve(tree, claim.path)
    if isinstance(past, Coincidence) or claim.new:
        yield from _today(tree, claim, found, settings, past if isinstance(past, Coincidence) else None)
        return
    known = past.judged(claim, found)
    renamed = past.resolved(claim) if not known and found.kind is Kind.NONE else None
    if known:
        yield from known
    elif renamed and renamed[0].kind is Kind.NONE:
        yield placeless(claim, Status.FIXED, renamed[1])
    else:
        found, said = renamed or (found, "")
        for judgment in _today(tree, claim, found, settings):
            explained = past.explained(claim, judgment, claim.limit or settings.limit)
            yield _renamed(explained, said)


def _renamed(judgment: Judgment, said: str) -> Judgment:
    """Return the judgment on a file under its new name: what is there has moved."""
    status = Status.MOVED if said and judgment.status is Status.PRESENT else judgment.status
    return replace(judgment, status=status, reason=f"{said}; {judgment.reason}") if said else judgment


def _today(
    tree: Tree, claim: Claim, found: Resolution, settings: Settings, chance: Coincidence | None = None
) -> Iterator[Judgment]:
    if claim.new:
        yield _new_file(claim, found)
    elif found.kind is Kind.OUTSIDE:
        yield placeless(claim, Status.UNRESOLVABLE, "the path leads out of the workspace")
    elif found.kind is Kind.NONE:
        yield placeless(claim, Status.UNRESOLVABLE, "no path in the workspace ends like this one")
    elif found.kind is Kind.AMBIGUOUS:
        yield placeless(claim, Status.AMBIGUOUS, f"may be {_listed(found.paths)}")
    elif rule(claim.rule).evidence is Evidence.FILE:
        yield from file_judged(tree, claim, found, claim.limit or settings.limit)
    else:
        yield from site_judged(tree, claim, found, chance)


def _new_file(claim: Claim, found: Resolution) -> Judgment:
    if found.kind in (Kind.FILE, Kind.MODULE, Kind.FOLDER):
        return placeless(claim, Status.FIXED, "it exists today", found.paths[0])
    return placeless(claim, Status.UNRESOLVABLE, "the audit asks for it; it does not exist yet")


def _listed(paths: Sequence[str]) -> str:
    rest = f" or {len(paths) - _SHOWN} others" if len(paths) > _SHOWN else ""
    return ", ".join(paths[:_SHOWN]) + rest


def _print(claim: Claim, judgment: Judgment, number: int) -> str:
    """Return the fingerprint; of a claim that is gone the one a machine gave it, if one did."""
    return (
        claim.fingerprint
        if claim.fingerprint and not judgment.sites and number == 1
        else judgment.fingerprint
    )


def _finding(claim: Claim, judgment: Judgment, number: int, settings: Settings) -> Finding:
    lines = claim.lines if judgment.lines is None else judgment.lines
    return Finding(
        id=claim.id if number == 1 else f"{claim.id}.{number}",
        fingerprint=_print(claim, judgment, number),
        rule=claim.rule,
        title=claim.title,
        path=judgment.path,
        status=judgment.status,
        claimed_path=claim.path,
        claimed_lines=tuple(dict.fromkeys(n for line in lines for n in (line.first, line.last))),
        claimed_size=claim.size,
        moved_to=judgment.moved,
        sites=judgment.sites,
        codemod=settings.codemod_of(claim.rule),
        reason=judgment.reason + ("; the audit marks it as done" if claim.done else ""),
        audit_line=claim.audit_line,
        planned=claim.planned,
        sketch=claim.sketch,
        related=claim.related,
        limit=(claim.limit or settings.limit) if claim.rule == "large-file" else None,
    )


def merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Join findings with equal fingerprints; the first gives id, title and place in the order."""
    found: dict[str, Finding] = {}
    for finding in findings:
        known = found.get(finding.fingerprint)
        found[finding.fingerprint] = _joined(known, finding) if known else finding
    return tuple(found.values())


def _joined(first: Finding, second: Finding) -> Finding:
    still = (Status.PRESENT, Status.MOVED)
    best = min(
        (f for f in (first, second) if f.status in still), key=lambda f: still.index(f.status), default=first
    )
    return replace(
        first,
        status=best.status,
        reason=best.reason,
        path=best.path,
        sites=tuple(dict.fromkeys([*best.sites, *(second.sites if second.status is best.status else ())])),
        claimed_lines=tuple(dict.fromkeys([*first.claimed_lines, *second.claimed_lines])),
        claimed_size=first.claimed_size if first.claimed_size is not None else second.claimed_size,
        moved_to=tuple(sorted({*first.moved_to, *second.moved_to})),
        planned=merged_plans([*first.planned, *second.planned]),
        sketch=first.sketch or second.sketch,
        related=tuple(dict.fromkeys([*first.related, *second.related])),
    )
