"""The values that the HTML page is filled with: all of them plain text, escaped by the template."""

from collections.abc import Iterator
from typing import Any

from remediate.audit.rules.catalog import rule
from remediate.audit.rules.documentation import DOCUMENTATION
from remediate.audit.write.report import Report, message, sites
from remediate.audit.write.rows import snippet
from remediate.sanitize import name, one_line

_MOST_ROWS = 20_000


def page(report: Report) -> dict[str, Any]:
    """Return the values of ``audit.html.j2``."""
    rows = list(_rows(report))
    return {
        "workspace": name(report.name),
        "version": report.version,
        "remark": one_line(report.remark, 1000),
        "files": report.scan.files,
        "lines": report.scan.lines,
        "generated": report.scan.generated,
        "suppressed": report.scan.suppressed,
        "findings": len(report.scan.findings),
        "counts": [
            {"severity": level, "rule": id_, "title": rule(id_).title, "findings": findings, "places": places}
            for level, id_, findings, places in report.counts()
        ],
        "rules": [
            {"id": id_, "title": rule(id_).title, "about": DOCUMENTATION[id_]}
            for id_ in sorted({f.rule for f in report.scan.findings})
        ],
        "rows": rows[:_MOST_ROWS],
        "left_out": max(0, len(rows) - _MOST_ROWS),
    }


def _rows(report: Report) -> Iterator[dict[str, Any]]:
    for finding in report.scan.findings:
        for site in sites(finding):
            line, start, length = snippet(report.files.get(site.path, b""), site) if site.text else ("", 0, 0)
            yield {
                "severity": finding.severity,
                "rule": finding.rule,
                "kind": site.kind,
                "path": name(site.path),
                "line": site.line,
                "before": line[:start],
                "marked": line[start : start + length],
                "after": line[start + length :],
                "message": message(finding, site),
                "command": name(report.command(finding)),
            }
