"""GitHub annotations: workflow commands that a GitHub Action turns into remarks beside the lines.

GitHub shows ten of each level a step, so the worst come first and the rest is counted. The escapes are those
of its workflow-command syntax.
"""

from collections import Counter
from collections.abc import Iterator

from remediate.audit.write.report import Report, message, sites
from remediate.model import Finding, Site
from remediate.sanitize import name

_LEVELS = {"error": "error", "warning": "warning", "note": "notice"}
_SHOWN = 10


def annotations(report: Report) -> Iterator[str]:
    """Yield the commands, a line each."""
    shown: Counter[str] = Counter()
    for finding in report.scan.findings:
        for site in sites(finding):
            level = _LEVELS[finding.severity]
            shown[level] += 1
            if shown[level] <= _SHOWN:
                yield _command(level, finding, site)
    rest = sum(max(0, number - _SHOWN) for number in shown.values())
    if rest:
        yield f"::notice title=remediate audit::{rest} more places are not shown here"


def _command(level: str, finding: Finding, site: Site) -> str:
    properties = {
        "file": name(site.path),
        "line": str(site.line),
        "col": str(site.column),
        "endColumn": str(site.end_column) if site.end_column > site.column else "",
        "title": f"{finding.rule}",
    }
    given = ",".join(f"{key}={_property(value)}" for key, value in properties.items() if value)
    return f"::{level} {given}::{_data(message(finding, site))}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
