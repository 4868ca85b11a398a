"""SARIF 2.1.0, as GitHub code scanning and editors read it.

One result for each place. Columns count UTF-16 units, as SARIF has it by default and GitHub expects. Of more
results than GitHub keeps, the worst are written and the log says so.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

import msgspec

from remediate.audit.readers.sarif import FINGERPRINT
from remediate.audit.rules.catalog import rule
from remediate.audit.rules.documentation import DOCUMENTATION
from remediate.audit.write.report import Report, line_of, message, sites
from remediate.edits import Change
from remediate.model import Files, Finding, Site

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
# GitHub takes 25,000 results in a run and shows the 5,000 most severe.
MOST_RESULTS = 5000


def sarif(
    report: Report, fix_of: Callable[[Finding], Change | None] = lambda _: None, files: Files | None = None
) -> bytes:
    """Return the report as a SARIF log.

    ``fix_of`` gives the change a codemod plans for a finding, against the texts in ``files``.
    """
    ids = sorted({finding.rule for finding in report.scan.findings})
    numbers = {id_: number for number, id_ in enumerate(ids)}
    results = list(_results(report, numbers, lambda finding: _fixes(fix_of(finding), files or report.files)))
    driver = {
        "name": "remediate",
        "semanticVersion": report.version,
        "rules": [_rule(id_) for id_ in ids],
    }
    run = {
        "tool": {"driver": driver},
        "columnKind": "utf16CodeUnits",
        "originalUriBaseIds": {"SRCROOT": {"description": {"text": "The workspace's root folder."}}},
        "invocations": [_invocation(report, len(results))],
        "results": results[:MOST_RESULTS],
    }
    return msgspec.json.encode({"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}) + b"\n"


def _rule(id_: str) -> dict[str, Any]:
    about, documented = rule(id_), DOCUMENTATION[id_]
    return {
        "id": id_,
        "name": "".join(word.capitalize() for word in id_.split("-")),
        "shortDescription": {"text": about.title},
        "fullDescription": {"text": f"{documented.what} {documented.why}"},
        "help": {"text": documented.text(), "markdown": documented.markdown()},
        "defaultConfiguration": {"level": about.severity.value},
        "properties": {"tags": ["rust", documented.family], "precision": documented.precision},
    }


def _invocation(report: Report, number: int) -> dict[str, Any]:
    said = [report.remark] if report.remark else []
    if number > MOST_RESULTS:
        said.append(f"{number - MOST_RESULTS} results of lower severity are left out")
    notes = [{"level": "warning", "message": {"text": text}} for text in said]
    return {"executionSuccessful": True, "toolExecutionNotifications": notes}


def _results(
    report: Report, numbers: Mapping[str, int], fixes_of: Callable[[Finding], list[dict[str, Any]]]
) -> Iterator[dict[str, Any]]:
    for finding in report.scan.findings:
        for number, site in enumerate(sites(finding)):
            # One change mends all places of a finding: repeated at each, a log would grow by megabytes.
            fixes = [] if number else fixes_of(finding)
            yield {
                "ruleId": finding.rule,
                "ruleIndex": numbers[finding.rule],
                "level": finding.severity,
                "message": {"text": message(finding, site)},
                "locations": [{"physicalLocation": _location(site, report.files.get(site.path, b""))}],
                "partialFingerprints": {FINGERPRINT: site.fingerprint or finding.fingerprint},
                "properties": _properties(finding, site),
                **({"fixes": fixes} if fixes else {}),
            }


def _properties(finding: Finding, site: Site) -> dict[str, Any]:
    found: dict[str, Any] = {"finding": finding.fingerprint}
    if site.kind:
        found["kind"] = site.kind
    if finding.claimed_size is not None:
        found["size"] = finding.claimed_size
    if finding.limit is not None:
        found["limit"] = finding.limit
    return found


def _location(site: Site, text: bytes) -> dict[str, Any]:
    region: dict[str, Any] = {"startLine": site.line}
    if site.end_column > site.column:
        line = b"" if text.isascii() else line_of(text, site.line)
        wider = [len(part) - _utf16(part) for part in (line[: site.column - 1], line[: site.end_column - 1])]
        region["startColumn"] = site.column - wider[0]
        region["endColumn"] = site.end_column - wider[1]
    if site.text:
        region["snippet"] = {"text": site.text}
    return {"artifactLocation": _artifact(site.path), "region": region}


def _artifact(path: str) -> dict[str, str]:
    return {"uri": quote(path), "uriBaseId": "SRCROOT"}


def _fixes(change: Change | None, files: Files) -> list[dict[str, Any]]:
    """Return a change as a fix; none where files are renamed or go, for SARIF can only edit and add."""
    expressible = change is not None and not change.moves and not change.deletions
    return [_fix(change, files)] if change is not None and expressible else []


def _fix(change: Change, files: Files) -> dict[str, Any]:
    edited = [(path, _replacements(files[path], edits)) for path, edits in sorted(change.edits.items())]
    nothing = {"startLine": 1, "startColumn": 1, "endLine": 1, "endColumn": 1}
    made = [
        (path, [{"deletedRegion": nothing, "insertedContent": {"text": text.decode(errors="replace")}}])
        for path, text in sorted(change.creations.items())
    ]
    return {
        "description": {"text": change.summary},
        "artifactChanges": [
            {"artifactLocation": _artifact(path), "replacements": replacements}
            for path, replacements in (*edited, *made)
        ],
    }


def _replacements(text: bytes, edits: Iterable[Any]) -> list[dict[str, Any]]:
    return [
        {
            "deletedRegion": _region(text, edit.start, edit.end),
            "insertedContent": {"text": edit.new.decode(errors="replace")},
        }
        for edit in edits
    ]


def _region(text: bytes, start: int, end: int) -> dict[str, int]:
    first, last = text.count(b"\n", 0, start), text.count(b"\n", 0, end)
    begin, finish = text.rfind(b"\n", 0, start) + 1, text.rfind(b"\n", 0, end) + 1
    return {
        "startLine": first + 1,
        "startColumn": _utf16(text[begin:start]) + 1,
        "endLine": last + 1,
        "endColumn": _utf16(text[finish:end]) + 1,
    }


def _utf16(text: bytes) -> int:
    return len(text.decode(errors="replace").encode("utf-16-le")) // 2
