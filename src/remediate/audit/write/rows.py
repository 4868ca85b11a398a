"""The report as lines for a terminal, without knowing how one colours: words with the style they want."""

from collections.abc import Iterator
from typing import NamedTuple

from remediate import sanitize
from remediate.audit.rules.catalog import rule
from remediate.audit.write.report import Report, line_of, sites
from remediate.model import Finding, Site

STYLES = {"error": "bold red", "warning": "bold yellow", "note": "bold cyan"}
_TAB = "    "
_LONGEST = 1000


class Piece(NamedTuple):
    """Some words and their style ("" for plain)."""

    text: str
    style: str = ""


def rows(report: Report, most: int | None) -> Iterator[list[Piece]]:
    """Yield the lines: each finding with its first ``most`` places as snippets with a caret."""
    for finding in report.scan.findings:
        yield from _finding(report, finding, most)


def _finding(report: Report, finding: Finding, most: int | None) -> Iterator[list[Piece]]:
    style = STYLES[finding.severity]
    yield [Piece(f"{finding.severity}[{finding.rule}]", style), Piece(f": {finding.title}", "bold")]
    places = list(sites(finding))
    width = len(str(max(site.line for site in places[:most])))
    for site in places[:most]:
        yield from _site(report, finding, site, width)
    if most is not None and len(places) > most:
        yield [Piece(" " * width + " = ", "blue"), Piece(f"and {_places(places[most:])}")]
    if command := report.command(finding):
        yield [Piece(" " * width + " = ", "blue"), Piece("fix", "bold"), Piece(f": {sanitize.name(command)}")]
    yield []


def _places(rest: list[Site]) -> str:
    lines = ", ".join(dict.fromkeys(str(site.line) for site in rest[:12]))
    return f"{len(rest)} more in this file: lines {lines}{', ..' if len(rest) > 12 else ''}"


def _site(report: Report, finding: Finding, site: Site, width: int) -> Iterator[list[Piece]]:
    margin = " " * width
    yield [Piece(f"{margin}--> ", "blue"), Piece(f"{sanitize.name(site.path)}:{site.line}:{site.column}")]
    said = sanitize.one_line(site.note or (finding.reason if not finding.sites else ""), _LONGEST)
    if not site.text:
        if said:
            yield [Piece(f"{margin} = ", "blue"), Piece(said)]
        return
    line, start, length = snippet(report.files.get(site.path, b""), site)
    yield [Piece(f"{margin} |", "blue")]
    yield [Piece(f"{site.line:>{width}} | ", "blue"), Piece(line)]
    carets = Piece("^" * length, STYLES[finding.severity])
    yield [Piece(f"{margin} | ", "blue"), Piece(" " * start), carets, Piece(f" {said}" if said else "")]


def snippet(text: bytes, site: Site) -> tuple[str, int, int]:
    """Return a place's line as a terminal may show it, where the carets begin in it and how many."""
    whole = line_of(text, site.line)
    before = _shown(whole[: site.column - 1])
    end = max(site.end_column, site.column + 1)
    marked = _shown(whole[site.column - 1 : end - 1])
    after = _shown(whole[end - 1 :])
    line = f"{before}{marked}{after}".rstrip()
    indent = len(line) - len(line.lstrip())
    cut = min(indent, len(before))
    return line[cut:][:240], len(before) - cut, max(1, len(marked))


def _shown(text: bytes) -> str:
    """Return bytes as text that moves no cursor: tabs as blanks, control characters as ?."""
    return sanitize.printable(text.decode(errors="replace").replace("\t", _TAB))


def summary(report: Report) -> list[tuple[str, str, str, str, str]]:
    """Return the table at the end: severity, rule, title, findings, places."""
    return [
        (level, id_, rule(id_).title, str(findings), str(places))
        for level, id_, findings, places in report.counts()
    ]
