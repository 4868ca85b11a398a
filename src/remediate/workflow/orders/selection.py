"""Which findings need a work order, and why: those that no codemod takes, and those that it could not fix."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from remediate.audit.document import AuditDocument
from remediate.audit.rules.documentation import advice
from remediate.errors import InputError, did_you_mean
from remediate.git.command import Git
from remediate.model import Finding, Outcome, Result, Status
from remediate.quantities import quantity
from remediate.sanitize import one_line
from remediate.workflow.orders.order import order_name
from remediate.workflow.record.finding_status import statuses

_TRUE = (Status.PRESENT, Status.MOVED)
_MOST = 8
_UNFIXED = (Result.SKIPPED, Result.ROLLED_BACK, Result.FIXED_PARTLY)
_FOR_A_PERSON = frozenset({"stub", "simulation", "remark"})  # classes of markers of unfinished code
_NO_WORK = frozenset(
    {
        *("same-fix", "verified-further", "branch-taken"),
        *("not-selected", "baseline-unusable", "unresolvable-path"),
    }
)


def no_codemod(finding: Finding) -> str:
    """Return the sentence with which a finding ends that no codemod takes."""
    return f"no codemod takes findings of the rule {finding.rule}; a person would: {advice(finding.rule)}"


def order_for(finding: Finding, result: Result, reason: str) -> str:
    """Return the name of the work order that an outcome leads to; "" where there is no work to hand over."""
    wanted = result in _UNFIXED and finding.status in _TRUE and reason not in _NO_WORK
    return order_name(finding) if wanted else ""


def outcomes(git: Git) -> dict[str, Outcome]:
    """Return the last outcome of each finding that was settled on the tree that HEAD has."""
    return {s.outcome.finding: s.outcome for s in statuses(git) if s.current}


def selected(
    findings: Sequence[Finding], known: Mapping[str, Outcome], chosen: Sequence[str] = ()
) -> Iterator[tuple[Finding, str]]:
    """Yield the findings that want a work order, each with the reason why no codemod fixed it.

    Args:
        findings: All of an audit.
        known: What runs have made of them, by fingerprint.
        chosen: Names as ``called`` takes them; then just these, if they are true.

    Raises:
        InputError: What is chosen is no finding of the audit, or is not true today.
    """
    for finding in (called(findings, name) for name in dict.fromkeys(chosen)):
        if finding.status not in _TRUE:
            raise InputError(f"finding {finding.id} is not true today ({finding.status}): {finding.reason}")
        reason = _reason(finding, known.get(finding.fingerprint))
        yield finding, reason or "it was asked for by name; no run has tried it on this commit"
    for finding in () if chosen else findings:
        reason = _reason(finding, known.get(finding.fingerprint))
        if reason and finding.status in _TRUE:
            yield finding, reason


def called(findings: Sequence[Finding], name: str) -> Finding:
    """Return the finding with an id, or the only one whose id or fingerprint begins so.

    Raises:
        InputError: There is none, or more than one.
    """
    said = name.removeprefix("#")
    exact = [f for f in findings if said in {f.id, f.fingerprint}]
    below = [f for f in findings if f.id.startswith(f"{said}.")]
    found = exact or below or [f for f in findings if said and f.fingerprint.startswith(said.lower())]
    if len(found) == 1:
        return found[0]
    if not found:
        near = did_you_mean(said, [f.id for f in findings])
        raise InputError(f"the audit has no finding {name!r}", f"{near}`remediate findings` lists them.")
    listed = "; ".join(
        f"{f.id} or {f.fingerprint} ({f.rule} {f.path or f.claimed_path})" for f in found[:_MOST]
    )
    more = f"; and {len(found) - _MOST} more" if len(found) > _MOST else ""
    raise InputError(
        f"more than one finding is called {name!r}", f"Name one: {one_line(listed, 1000)}{more}."
    )


def audit_of(finding: Finding, documents: Sequence[AuditDocument]) -> str:
    """Return the name of the audit that a finding is from."""
    for document in documents:
        if any(c.audit_line == finding.audit_line and c.title == finding.title for c in document.claims):
            return document.name
    return ""


def _reason(finding: Finding, outcome: Outcome | None) -> str:
    if finding.codemod is None:
        return f"no codemod takes findings of the rule {finding.rule}"
    open_kinds = Counter(site.kind for site in finding.sites if site.kind in _FOR_A_PERSON)
    if outcome is None and open_kinds:
        marked = ", ".join(quantity(number, kind) for kind, number in sorted(open_kinds.items()))
        return f"{finding.codemod} writes no behaviour, and what is marked is a person's to judge: {marked}"
    if outcome is not None and outcome.outcome is Result.FIXED_PARTLY:
        return f"{finding.codemod} fixed a part of it: {outcome.detail}"
    if outcome is not None and outcome.outcome in _UNFIXED:
        return f"{finding.codemod} {outcome.outcome.value} ({outcome.reason}): {outcome.detail}"
    return ""
