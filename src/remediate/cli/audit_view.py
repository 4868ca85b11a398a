"""A scan on a terminal: findings with snippets, and a table of what there is of each rule."""

from collections.abc import Iterable, Sequence
from dataclasses import replace
from typing import Any

from rich.markup import escape
from rich.table import Table
from rich.text import Text

from remediate.audit.write.report import Report
from remediate.audit.write.rows import STYLES, Piece, rows, summary
from remediate.cli.console import Terminal, console
from remediate.model import Finding
from remediate.quantities import quantity as counted
from remediate.sanitize import one_line
from remediate.workflow.sources.reading import Problem

_PLACES, _FINDINGS = 3, 3


def show(report: Report, problems: Sequence[Problem], asked: dict[str, Any]) -> None:
    """Print a scan on standard output."""
    _print(console(errors=False, color=asked["color"]), report, problems, asked)


def plain(report: Report, problems: Sequence[Problem], asked: dict[str, Any]) -> str:
    """Return the same as text without colour."""
    out = Terminal(no_color=True, width=110, highlight=False, soft_wrap=True)
    with out.capture() as captured:
        _print(out, report, problems, asked)
    return captured.get()


def _print(out: Terminal, report: Report, problems: Sequence[Problem], asked: dict[str, Any]) -> None:
    findings = report.scan.findings
    if not asked["quiet"]:
        whole = asked["verbose"] or asked["all"] or asked["output"] is not None
        most = None if asked["verbose"] else _PLACES
        shown = report if whole else _worst(report)
        for row in rows(shown, most):
            out.print(_text(row))
        left = len(findings) - len(shown.scan.findings)
        if left:
            out.say(f"and {counted(left, 'finding')} more of these rules: see them with --all\n")
    if findings:
        out.print(_table(report))
    for problem in problems:
        out.say(f"[bold yellow]not read[/]: {escape(one_line(problem.sentence, 400))}")
    if report.remark:
        out.say(f"[bold yellow]warning[/]: {escape(one_line(report.remark, 1000))}")
    out.print(_sum(report))


def _worst(report: Report) -> Report:
    """Return the report with the findings of each rule that have the most places: no rule hides another."""
    by_rule: dict[tuple[str, str], list[Finding]] = {}
    for finding in report.scan.findings:
        by_rule.setdefault((finding.severity, finding.rule), []).append(finding)
    kept = [f for found in by_rule.values() for f in sorted(found, key=_badness)[:_FINDINGS]]
    return replace(report, scan=replace(report.scan, findings=tuple(kept)))


def _badness(finding: Finding) -> tuple[int, int]:
    """Order findings of one rule: what is certain to fail first, then by places, or by size."""
    certain = any(site.kind == "certain-panic" for site in finding.sites)
    return (not certain, -(finding.claimed_size or len(finding.sites)))


def _text(pieces: Iterable[Piece]) -> Text:
    return Text.assemble(*((piece.text, piece.style) for piece in pieces))


def _table(report: Report) -> Table:
    found = Table(box=None, padding=(0, 2, 0, 0), header_style="bold")
    for name in ("severity", "rule", "what"):
        found.add_column(name)
    for name in ("findings", "places"):
        found.add_column(name, justify="right")
    for level, id_, title, findings, places in summary(report):
        found.add_row(f"[{STYLES[level]}]{level}[/]", id_, escape(title), findings, places)
    return found


def _sum(report: Report) -> str:
    scan = report.scan
    said = [f"{counted(len(scan.findings), 'finding')}, {counted(report.places(), 'place')}"]
    said.append(f"{counted(scan.files, 'file')}, {counted(scan.lines, 'line')}")
    for number, words in (
        (scan.generated, "generated left out"),
        (scan.suppressed, "suppressed"),
        (scan.known, "known to the baseline"),
    ):
        said += [f"{number} {words}"] if number else []
    return "; ".join(said)
