"""The machine-readable listing of ``remediate audit``: as ``findings`` prints it, with a summary."""

import msgspec

from remediate.audit.write.report import Report


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
