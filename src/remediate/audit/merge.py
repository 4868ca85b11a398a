"""Findings with the same fingerprint are one finding, from whichever audit or part of it they come."""

from collections.abc import Iterable
from dataclasses import replace

from remediate.audit.readers.plans import merged as merged_plans
from remediate.model import Finding, Status


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
