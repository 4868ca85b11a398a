"""Findings as plain data: the machine-readable contract of ``findings`` and ``audit``."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any

import msgspec

from remediate.audit.document import AuditDocument
from remediate.audit.write.report import Report
from remediate.model import Finding


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return one finding as JSON's types."""
    data = asdict(finding)
    data["status"] = finding.status.value
    return data


def document_data(document: AuditDocument) -> dict[str, Any]:
    """Return what one audit held: how much was read, and every mention that was not understood."""
    return {
        "name": document.name,
        "format": document.format,
        "items": len(document.items),
        "references": document.references,
        "sized_files": document.sized_files,
        "mentions": document.mentions,
        "understood": document.understood,
        "not_understood": [
            {**asdict(entry.mention), "reason": entry.reason} for entry in document.not_understood
        ],
        "goals": [asdict(goal) for goal in document.goals],
    }


def listing(findings: Iterable[Finding], documents: Iterable[AuditDocument]) -> dict[str, Any]:
    """Return all findings and what became of the audits they came from."""
    return {
        "findings": [finding_data(finding) for finding in findings],
        "audits": [document_data(document) for document in documents],
    }


def listing_json(report: Report) -> bytes:
    """Return the report as JSON, one finding a line."""
    head = msgspec.json.encode({"summary": _summary(report), "audits": []})
    findings = b",\n".join(map(msgspec.json.encode, report.scan.findings))
    return head[:-1] + b',"findings":[\n' + findings + b"\n]}\n"


def _summary(report: Report) -> dict[str, object]:
    scan = report.scan
    return {
        "files": scan.files,
        "lines": scan.lines,
        "generated": scan.generated,
        "suppressed": scan.suppressed,
        "known": scan.known,
        "remark": report.remark,
        "counts": [
            {"severity": level, "rule": id_, "findings": findings, "places": places}
            for level, id_, findings, places in report.counts()
        ],
    }
