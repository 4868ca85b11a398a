"""Markdown as people write audits: numbered headings, ``**File:**``, ``**Lines:**``, a list of places.

Made to be edited, ticked off and read back: our own reader finds every one of its findings again. What comes
from the workspace (paths, source lines) is text of strangers and stands in code spans.
"""

import re
from collections.abc import Iterator
from itertools import groupby, pairwise

from remediate.audit.readers.mentions import mentions
from remediate.audit.rules.catalog import rule
from remediate.audit.rules.documentation import DOCUMENTATION
from remediate.audit.write.report import Report
from remediate.model import Finding, Site
from remediate.sanitize import name, printable

_UNREADABLE = r"[^\w./~@+-]"  # in a path: what our reader would take for its end, or for a pattern
_LONGEST = 160


def markdown(report: Report) -> str:
    """Return the report as Markdown, line ends LF."""
    return "\n".join(_lines(report)) + "\n"


def _lines(report: Report) -> Iterator[str]:
    scan = report.scan
    yield f"# Audit of {_code(report.name)}"
    yield ""
    yield f"Scanned by remediate {report.version}. Findings: {len(scan.findings)}, places: {report.places()}."
    if report.remark:
        yield ""
        yield f"> {_plain(report.remark)}"
    for (level, id_), findings in groupby(scan.findings, lambda f: (f.severity, f.rule)):
        yield ""
        yield f"## {rule(id_).title} ({level})"
        yield ""
        yield DOCUMENTATION[id_].why
        for finding in findings:
            yield ""
            yield from _finding(report, finding)


def _finding(report: Report, finding: Finding) -> Iterator[str]:
    yield f"### {finding.id}. {finding.title}"
    limit = f", limit {finding.limit}" if finding.limit is not None else ""
    size = f" ({finding.claimed_size} lines{limit})" if finding.claimed_size is not None else ""
    yield f"**File:** {_code(name(finding.path, _UNREADABLE))}{size}"
    if finding.claimed_lines:
        word = "Line" if len(finding.claimed_lines) == 1 else "Lines"
        yield f"**{word}:** {', '.join(map(str, finding.claimed_lines))}"
    yield f"**Violation:** {rule(finding.rule).title}"
    for site in finding.sites:
        yield from _site(site)
    command = report.command(finding)
    yield f"**Rule:** {_code(finding.rule)}, **fingerprint:** {_code(finding.fingerprint)}"
    if command:
        yield f"**Remediation:** {_code(name(command))}"


def _site(site: Site) -> Iterator[str]:
    note = f" {_accusing_nothing(site.note)}" if site.note else ""
    text = _unmentioning(site.text[:_LONGEST])
    words = f" {_code(text)}{note}" if text else note
    yield f"- line {site.line}{':' * bool(words)}{words}"


def _unmentioning(text: str) -> str:
    """Return the longest piece of a line that names no file, line or size: our reader would accuse those."""
    found = mentions(text)
    ends = [(0, 0), *((m.start, m.end) for m in found), (len(text), len(text))]
    pieces = [text[before[1] : after[0]].strip() for before, after in pairwise(ends)]
    return max((piece for piece in pieces if not mentions(piece)), key=len, default="")


def _code(text: str) -> str:
    """Return a code span that shows the text whatever backticks it holds."""
    text = printable(text).strip()
    fence = "`" * (1 + max((len(run) for run in re.findall(r"`+", text)), default=0))
    return f"{fence}{text}{fence}" if "`" not in text else f"{fence} {text} {fence}"


def _plain(text: str) -> str:
    """Return text that Markdown and HTML leave alone."""
    return re.sub(r"([\\`*_{}\[\]<>#|&])", r"\\\1", printable(text))


def _accusing_nothing(text: str) -> str:
    """Return an explanation in which our reader finds no path, line or size, though people do."""
    parts, done = [], 0
    for found in (m for m in mentions(text) if m.kind in ("path", "line", "size", "extent")):
        written = re.sub(r"[^\w]|^\d", lambda m: f"&#{ord(m.group())};", text[found.start : found.end])
        parts += [_plain(text[done : found.start]), written]
        done = found.end
    return "".join([*parts, _plain(text[done:])])
