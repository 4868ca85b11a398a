"""The last gate for a fixer's change: what the finding is about is gone from its places, and nowhere new."""

from collections.abc import Collection

from remediate.audit.anchoring.hits import Hit, hits
from remediate.audit.identity import of_sites
from remediate.audit.rules.catalog import Evidence
from remediate.audit.rules.catalog import rule as rule_of
from remediate.audit.tree import Tree
from remediate.edits import Change
from remediate.gates import GateResult, failed, passed, unverified
from remediate.model import Finding
from remediate.rust.codebase import Codebase
from remediate.verify.rescan import GATE


def still_present(finding: Finding, before: Codebase, after: Codebase, change: Change) -> GateResult:
    """Return whether the finding's places are gone, and no other place in the touched files proves its rule.

    A finding of a rule that nothing in the source proves cannot be judged.
    """
    rule = rule_of(finding.rule)
    if rule.evidence not in {Evidence.CODE, Evidence.COMMENT} or not finding.sites:
        return unverified(GATE, f"nothing in the source proves the rule {rule.id}: a person has to look")
    touched = {
        *change.originals(),
        *change.creations,
        *change.moves.values(),
        *(s.path for s in finding.sites),
    }
    old, new = (_prints(side, finding.rule, touched) for side in (before, after))
    lines = {(site.path, site.line) for site in finding.sites}
    meant = {print_ for (path, hit), print_ in old.items() if (path, hit.line) in lines}
    left = sorted(f"{path}:{hit.line}" for (path, hit), print_ in new.items() if print_ in meant)
    if left:
        return failed(GATE, f"the finding is still there: {', '.join(left[:4])}")
    if len(new) > max(0, len(old) - 1):
        more = sorted(f"{path}:{hit.line}" for path, hit in new)
        return failed(GATE, f"as many places as before prove the rule {rule.id}: {', '.join(more[:4])}")
    return passed(GATE, f"what the finding is about is gone; {len(new)} of {len(old)} places are left")


def _prints(codebase: Codebase, rule: str, paths: Collection[str]) -> dict[tuple[str, Hit], str]:
    tree = Tree(codebase.files, codebase.paths, {p.root: p.name for p in codebase.packages})
    found: dict[tuple[str, Hit], str] = {}
    for path in sorted(p for p in paths if p.endswith(".rs") and p in codebase.files):
        proofs = [hit for hit in hits(tree.source(path), rule_of(rule)) if hit.proof]
        found |= {(path, hit): print_ for hit, print_ in of_sites(tree, rule, path, proofs).items()}
    return found
