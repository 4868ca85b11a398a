"""Claims about places in source files: calls, markers, quoted text."""

from collections.abc import Iterator, Sequence
from dataclasses import replace

from remediate.audit.anchoring.coincidence import Coincidence
from remediate.audit.anchoring.evidence import Found, can_be_looked_for, evidence
from remediate.audit.anchoring.judgment import Judgment, of_places, of_words, placeless, sites
from remediate.audit.anchoring.lines import Verdict, verdicts
from remediate.audit.anchoring.resolve import Kind, Resolution
from remediate.audit.document import Claim
from remediate.audit.fingerprint import joined
from remediate.audit.rules.catalog import Evidence, rule
from remediate.audit.tree import Tree
from remediate.model import Status


def judged(
    tree: Tree, claim: Claim, found: Resolution, chance: Coincidence | None = None
) -> Iterator[Judgment]:
    """Judge a claim, one judgment per status of its lines; ``chance`` where nothing of the past is known."""
    paths = tree.below(found.paths[0]) if found.kind is Kind.FOLDER else found.paths
    texts = [path for path in paths if path in tree.files and path.endswith(".rs")]
    if claim.gone:
        # Of the numbers that were judged together only this one is left: alone it could be taken for another.
        yield placeless(claim, Status.FIXED, "it was gone when that output was made", found.paths[0])
    elif not can_be_looked_for(claim):
        said = "nothing in the claim can be looked for in source: no known rule, no quote, no identifier"
        yield placeless(claim, Status.AMBIGUOUS, said, found.paths[0])
    elif not texts:
        yield placeless(claim, Status.AMBIGUOUS, "it is no Rust source that could be read", found.paths[0])
    elif found.kind is Kind.FILE:
        yield from _by_status(tree, claim, texts[0], chance)
    else:
        yield _pooled(tree, claim, texts, found)


def _by_status(tree: Tree, claim: Claim, path: str, chance: Coincidence | None) -> Iterator[Judgment]:
    known = evidence(tree.source(path), claim)
    each = verdicts(known, claim.lines)
    if chance is not None:
        each = [_doubted(chance, claim, path, known, verdict) for verdict in each]
    for status in dict.fromkeys(verdict.status for verdict in each):
        yield _of_verdicts(tree, claim, path, [verdict for verdict in each if verdict.status is status])


def _doubted(chance: Coincidence, claim: Claim, path: str, known: Found, verdict: Verdict) -> Verdict:
    """Revise what only history could show: that this is the place, or that what is gone ever was there."""
    unknown = rule(claim.rule).evidence is Evidence.NONE and not claim.site_text
    if verdict.status is Status.FIXED and unknown:
        return replace(verdict, status=Status.AMBIGUOUS, reason=f"{verdict.reason}, if it ever was")
    if verdict.status is not Status.PRESENT or not verdict.lines:
        return verdict
    (lines,) = verdict.lines
    if not chance.possible(claim, path, known, lines, verdict.places):
        return verdict
    said = "others stand so close that it may be one of them, and no history is there to ask"
    return replace(verdict, status=Status.AMBIGUOUS, reason=f"{verdict.reason}, but {said}")


def _of_verdicts(tree: Tree, claim: Claim, path: str, alike: Sequence[Verdict]) -> Judgment:
    status = alike[0].status
    places = sorted({hit for verdict in alike for hit in verdict.places}, key=lambda hit: hit.start)
    prints = of_places(tree, claim, path, places)
    return Judgment(
        status,
        "; ".join(dict.fromkeys(verdict.reason for verdict in alike)),
        joined(prints) if places else of_words(claim, path),
        path,
        tuple(line for verdict in alike for line in verdict.lines),
        tuple(sorted({hit.line for hit in places})) if status is Status.MOVED else (),
        sites(tree, path, (hit.start for hit in places), claim.rule),
    )


def _pooled(tree: Tree, claim: Claim, paths: Sequence[str], found: Resolution) -> Judgment:
    """Judge a claim about several files, or about one that has become several, as a whole."""
    each = {path: evidence(tree.source(path), claim) for path in paths}
    places = {path: e.proofs or e.others for path, e in each.items() if e.proofs or e.others}
    where = found.paths[0] if found.kind is not Kind.FILES else ""
    became = f"the file is {where} today; " if found.kind is Kind.MODULE else ""
    if not places:
        looks = any(e.lookalikes for e in each.values())
        said = "only other words or comments are there" if looks else "nothing of the kind is there today"
        return placeless(claim, Status.MISTAKEN if looks else Status.FIXED, became + said, where)
    return Judgment(
        Status.MOVED if found.kind is Kind.MODULE else Status.PRESENT,
        f"{became}places today: {sum(map(len, places.values()))}, files: {len(places)}",
        joined(p for path, some in places.items() for p in of_places(tree, claim, path, some)),
        where,
        sites=tuple(
            s for path, some in places.items() for s in sites(tree, path, (h.start for h in some), claim.rule)
        ),
    )
