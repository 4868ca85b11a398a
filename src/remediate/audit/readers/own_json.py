"""Our own JSON (``findings``, ``audit``, ``run``) as an audit, to be held against today's tree again."""

from typing import Any

from remediate.audit.document import AuditDocument, Claim, Item, LineRange, Mention, NotUnderstood
from remediate.audit.readers.json_values import at, entries, number, our_rule, text
from remediate.model import PlannedModule

_LISTS = ("findings", "outcomes", "results")


def is_ours(value: Any) -> bool:
    """Whether a JSON value is a list of findings or outcomes of this program."""
    return any(isinstance(at(value, name), list) for name in _LISTS)


def read_ours(value: Any, name: str) -> AuditDocument:
    """Read our own output; an entry without a path and a rule is listed as not understood."""
    items: list[Item] = []
    claims: list[Claim] = []
    listed: list[NotUnderstood] = []
    found = [entry for list_ in _LISTS for entry in entries(value, list_) if isinstance(entry, dict)]
    for count, entry in enumerate(found, 1):
        claim = _claim(entry, text(entry, "id") or str(count))
        items.append(Item(claim.id, claim.title, claim.audit_line))
        if claim.path or claim.rule != "unclassified":
            claims.append(claim)
        else:
            listed.append(
                NotUnderstood(Mention("item", claim.title, claim.audit_line), "names no file and no rule")
            )
    mentions = sum(1 + len(claim.lines) for claim in claims) + len(listed)
    return AuditDocument(name, "findings", tuple(items), tuple(claims), mentions, tuple(listed))


def _claim(entry: Any, id_: str) -> Claim:
    rule = our_rule(text(entry, "rule") or "unclassified")
    sites = [site for site in entries(entry, "sites") if text(site, "path") == text(entry, "path")]
    texts = [text(site, "text") for site in sites]
    return Claim(
        id=id_,
        title=text(entry, "title") or rule,
        rule=rule,
        path=text(entry, "path") or text(entry, "claimed_path"),
        audit_line=number(entry, "audit_line") or 0,
        rules=(rule,),
        lines=_lines(entry, sites),
        size=number(entry, "claimed_size"),
        limit=number(entry, "limit"),
        quotes=tuple(dict.fromkeys(texts)),
        site_text=texts[0] if len(set(texts)) == 1 else "",
        planned=tuple(_planned(one) for one in entries(entry, "planned") if text(one, "name")),
        sketch=text(entry, "sketch"),
        related=tuple(one for one in entries(entry, "related") if isinstance(one, str)),
        fingerprint=text(entry, "fingerprint") or text(entry, "finding"),
        gone=text(entry, "status") == "fixed" and not sites,
    )


def _lines(entry: Any, sites: list[Any]) -> tuple[LineRange, ...]:
    """Return where the places were when the output was made; else the lines of the audit behind it."""
    places = [number(site, "line") for site in sites]
    moved = [number(entry, "moved_to", i) for i, _ in enumerate(entries(entry, "moved_to"))]
    said = [number(entry, "claimed_lines", i) for i, _ in enumerate(entries(entry, "claimed_lines"))]
    chosen = [line for line in (places or moved or said) if line]
    return tuple(LineRange(line, line) for line in dict.fromkeys(chosen))


def _planned(entry: Any) -> PlannedModule:
    exports = tuple(name for name in entries(entry, "exports") if isinstance(name, str))
    return PlannedModule(
        text(entry, "name"), text(entry, "description"), at(entry, "public") is True, exports
    )
