"""The JSON messages of ``cargo check`` and ``cargo clippy`` (or rustc) into claims, one per diagnostic."""

from collections.abc import Iterator
from typing import Any

from remediate.audit.document import AuditDocument, Claim, Item, Mention, NotUnderstood
from remediate.audit.readers.json_values import at, entries, line_range, number, our_rule, parsed, text


def is_cargo(first: Any) -> bool:
    """Whether the first line of a stream is one of cargo's or rustc's messages."""
    return bool(text(first, "reason")) or text(first, "$message_type") == "diagnostic"


def read_cargo(stream: str, name: str) -> AuditDocument:
    """Read a stream of messages; a line that is no JSON is program output and not looked at."""
    items: list[Item] = []
    claims: dict[tuple[object, ...], Claim] = {}
    listed: list[NotUnderstood] = []
    mentions = 0
    for line, message in _diagnostics(stream):
        span = _primary(message)
        title = text(message, "message").strip()
        if (
            span is None
            and text(message, "level") in ("error", "warning")
            and at(message, "code") is not None
        ):
            mentions += 1
            listed.append(NotUnderstood(Mention("item", title, line), "it names no file"))
        if span is None:
            continue
        claim = _claim(message, span, line, str(len(claims) + 1))
        key = (claim.rule, claim.path, claim.lines, title)
        mentions += 2 if key not in claims else 0
        if key not in claims:
            claims[key] = claim
            items.append(Item(claim.id, title, line))
    return AuditDocument(name, "cargo", tuple(items), tuple(claims.values()), mentions, tuple(listed))


def _diagnostics(stream: str) -> Iterator[tuple[int, Any]]:
    for number_, line in enumerate(stream.split("\n"), 1):
        value = parsed(line) if line.startswith("{") else None
        if text(value, "reason") == "compiler-message":
            yield number_, at(value, "message")
        elif text(value, "$message_type") == "diagnostic":
            yield number_, value


def _primary(message: Any) -> Any:
    spans = [span for span in entries(message, "spans") if text(span, "file_name")]
    primary = [span for span in spans if at(span, "is_primary") is True]
    return _outermost((primary or spans or [None])[0])


def _outermost(span: Any) -> Any:
    """Return where a macro was called, for a span inside its expansion."""
    for _ in range(64):
        outer = at(span, "expansion", "span")
        if not text(outer, "file_name"):
            return span
        span = outer
    return span


def _claim(message: Any, span: Any, line: int, id_: str) -> Claim:
    rule = our_rule(text(message, "code", "code") or "unclassified")
    title = text(message, "message").strip()
    return Claim(
        id=id_,
        title=title,
        rule=rule,
        path=text(span, "file_name"),
        audit_line=line,
        rules=(rule,),
        lines=line_range(number(span, "line_start"), number(span, "line_end")),
        site_text=text(span, "text", 0, "text").strip(),
    )
