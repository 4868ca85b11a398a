"""Our own reports, read back: audit -> Markdown, SARIF, JSON -> findings. Nothing may be lost.

``python -m benchmarks.scan.round_trip``. A finding counts as kept when one with its rule and file is still
present; a place when its line is. Exit code 1 if any is lost or anything was not understood.
"""

import sys
from pathlib import Path

from benchmarks.registry_crates import fetch, pinned
from remediate.audit.anchoring.anchor import anchor
from remediate.audit.readers.read import read
from remediate.audit.write.listing import listing_json
from remediate.audit.write.markdown import markdown
from remediate.audit.write.report import Report
from remediate.audit.write.sarif import sarif
from remediate.contract import codemod_for
from remediate.model import Finding, Status
from remediate.workflow.scanning.scan import scanned
from remediate.workflow.scanning.scanned import Asked
from remediate.workflow.sources.audits import tree_around

HERE = Path(__file__).parent
_MAIN_JOB = HERE.parent / "main_job/crates.toml"


def main() -> int:
    crates = {**pinned(HERE / "crates.toml"), **pinned(_MAIN_JOB)}
    lost = 0
    print(
        "| crate | format | findings | kept | places | kept | not understood |\n|---|---|---|---|---|---|---|"
    )
    for name, folder in fetch(crates).items():
        lost += _crate(f"{name} {crates[name]}", folder.resolve())
    print(f"lost: {lost}")
    return 1 if lost else 0


def _crate(name: str, folder: Path) -> int:
    result = scanned(Asked(folder, cached=False, cargo=("--offline",)), codemod_for)
    report = Report(result.scan, result.files, name, "0", {})
    tree, lost = tree_around(folder), 0
    for suffix, text in (
        ("md", markdown(report).encode(errors="replace")),
        ("sarif", sarif(report)),
        ("json", listing_json(report)),
    ):
        document = read(text, f"audit.{suffix}")
        found = [f for f in anchor(document, tree) if f.status is Status.PRESENT]
        wanted, there = set(_findings(result.scan.findings)), set(_findings(found))
        places, still = set(_places(result.scan.findings)), set(_places(found))
        unread = len(document.not_understood)
        print(
            f"| {name} | {suffix} | {len(wanted)} | {len(wanted & there)} | {len(places)} "
            f"| {len(places & still)} | {unread} |",
            flush=True,
        )
        for one in sorted(wanted - there) + sorted(places - still):
            print(f"    lost: {one}")
        lost += len(wanted - there) + len(places - still) + unread
    return lost


def _findings(found: tuple[Finding, ...] | list[Finding]) -> list[tuple[str, str]]:
    return [(f.rule, f.path) for f in found]


def _places(found: tuple[Finding, ...] | list[Finding]) -> list[tuple[str, str, int]]:
    return [(f.rule, f.path, site.line) for f in found for site in f.sites]


if __name__ == "__main__":
    sys.exit(main())
