"""SARIF 2.1.0 logs into claims: one per result and file."""

from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import unquote, urlsplit

from remediate.audit.document import AuditDocument, Claim, Item, Mention, NotUnderstood
from remediate.audit.readers.json_values import at, entries, line_range, number, our_rule, text
from remediate.audit.rules.phrases import identifiers

_ACCUSING = {"", "fail", "open", "review", "informational"}
FINGERPRINT = "remediate/v1"


def is_sarif(value: Any) -> bool:
    """Whether a JSON value is a SARIF log."""
    return isinstance(at(value, "runs"), list) and (
        bool(text(value, "version")) or "sarif" in text(value, "$schema")
    )


def read_sarif(value: Any, name: str) -> AuditDocument:
    """Read a SARIF log; results without a file are listed as not understood."""
    reading = _Reading()
    for run_number, run in enumerate(entries(value, "runs"), 1):
        for number_, result in enumerate(entries(run, "results"), 1):
            reading.take(run, result, f"{run_number}.{number_}")
    return AuditDocument(
        name, "sarif", tuple(reading.items), tuple(reading.claims), reading.mentions, tuple(reading.listed)
    )


@dataclass
class _Reading:
    items: list[Item] = field(default_factory=list)
    claims: list[Claim] = field(default_factory=list)
    listed: list[NotUnderstood] = field(default_factory=list)
    mentions: int = 0

    def take(self, run: Any, result: Any, id_: str) -> None:
        title = _message(run, result)
        self.items.append(Item(id_, title, 0))
        places = [_place(run, location) for location in entries(result, "locations")]
        accusing = text(result, "kind") in _ACCUSING
        reason = "it accuses nothing" if not accusing else "it names no file"
        named = [(path, region) for path, region in places if path and accusing]
        if not named:
            self.mentions += 1
            self.listed.append(NotUnderstood(Mention("item", title, 0), reason))
        for count, (path, region) in enumerate(named, 1):
            claim = _claim(run, result, f"{id_}.{count}", path, region)
            self.mentions += 1 + len(claim.lines)
            self.claims.append(claim)


def _claim(run: Any, result: Any, id_: str, path: str, region: Any) -> Claim:
    rule = our_rule(_rule_id(run, result))
    title = _message(run, result)
    snippet = text(region, "snippet", "text").split("\n")[0].strip()
    return Claim(
        id=id_,
        title=title,
        rule=rule,
        path=path,
        audit_line=0,
        rules=(rule,),
        lines=line_range(number(region, "startLine"), number(region, "endLine")),
        size=number(result, "properties", "size"),
        limit=number(result, "properties", "limit"),
        names=tuple(identifiers(title)),
        site_text=snippet,
        fingerprint=_fingerprint(result),
        related=tuple(dict.fromkeys(_related(run, result))),
        done=text(result, "baselineState") == "absent" or any(entries(result, "suppressions")),
    )


def _fingerprint(result: Any) -> str:
    own = text(result, "partialFingerprints", FINGERPRINT)
    return own if len(own) == 16 and all(c in "0123456789abcdef" for c in own) else ""


def _rule_id(run: Any, result: Any) -> str:
    own = text(result, "ruleId") or text(result, "rule", "id")
    index = at(result, "ruleIndex") if at(result, "ruleIndex") is not None else at(result, "rule", "index")
    listed = at(run, "tool", "driver", "rules", index) if isinstance(index, int) else None
    return own or text(listed, "id")


def _message(run: Any, result: Any) -> str:
    own = text(result, "message", "text") or text(result, "message", "markdown")
    if own or not text(result, "message", "id"):
        return own.strip() or _rule_id(run, result) or "result without a message"
    wanted = _rule_id(run, result)
    rules = (r for r in entries(run, "tool", "driver", "rules") if text(r, "id") == wanted)
    pattern = text(next(rules, None), "messageStrings", text(result, "message", "id"), "text")
    for index, argument in enumerate(entries(result, "message", "arguments")):
        pattern = pattern.replace(f"{{{index}}}", str(argument))
    return pattern or text(result, "message", "id")


def _place(run: Any, location: Any) -> tuple[str, Any]:
    physical = at(location, "physicalLocation")
    artifact = at(physical, "artifactLocation")
    uri = text(artifact, "uri")
    index = at(artifact, "index")
    if not uri and isinstance(index, int):
        uri = text(run, "artifacts", index, "location", "uri")
    return _path(uri), at(physical, "region")


def _path(uri: str) -> str:
    """Return the path of a URI: percent-decoded, without scheme and host."""
    try:
        split = urlsplit(uri)
    except ValueError:
        return unquote(uri)
    is_url = split.scheme and len(split.scheme) > 1
    return unquote(split.path) if is_url else unquote(uri)


def _related(run: Any, result: Any) -> Iterator[str]:
    for location in entries(result, "relatedLocations"):
        path, region = _place(run, location)
        line = number(region, "startLine")
        if path:
            yield f"{path}:{line}" if line else path
