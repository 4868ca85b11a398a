"""What every writer is given: the scan, its workspace's name, and words for people."""

import os.path
import shlex
from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remediate.audit.rules.catalog import rule
from remediate.audit.scan.facts import Scan
from remediate.audit.scan.settings import LEVELS
from remediate.model import Files, Finding, Site
from remediate.sanitize import one_line


@dataclass(frozen=True, slots=True)
class Report:
    """A scan to be written.

    Attributes:
        scan: What was found.
        files: The texts that were scanned, for snippets.
        name: The workspace's name.
        version: The program's version.
        commands: Codemod name to the command that applies it ("split-file").
        remark: Why a part of the scan did not happen, or "".
        root: The workspace's absolute folder, and
        start: the absolute folder in which printed commands are to work; "" for the workspace's.
        options: What printed commands need besides (`--manifest-path ..`).
    """

    scan: Scan
    files: Files
    name: str
    version: str
    commands: Mapping[str, str]
    remark: str = ""
    root: str = ""
    start: str = ""
    options: tuple[str, ...] = ()

    def places(self) -> int:
        """How many places the findings have; one without any counts as one."""
        return sum(max(1, len(finding.sites)) for finding in self.scan.findings)

    def counts(self) -> list[tuple[str, str, int, int]]:
        """Return (severity, rule, findings, places), worst and most first."""
        findings, places = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
        for finding in self.scan.findings:
            key = (finding.severity, finding.rule)
            findings[key] += 1
            places[key] += max(1, len(finding.sites))
        rows = [(level, id_, number, places[level, id_]) for (level, id_), number in findings.items()]
        return sorted(rows, key=lambda row: (LEVELS.index(row[0]), -row[3], row[1]))

    def command(self, finding: Finding) -> str:
        """Return the command that would fix a finding, or ""."""
        name = self.commands.get(finding.codemod or "", "")
        if not name:
            return ""
        path = finding.path
        if self.start != self.root:
            path = os.path.relpath(f"{self.root}/{path}", self.start)
        return shlex.join(["remediate", name, path, *self.options])


def sites(finding: Finding) -> Iterator[Site]:
    """Yield a finding's places; one about a file as a whole has its first line."""
    if finding.sites:
        yield from finding.sites
    else:
        yield Site(finding.path, 1, 1, "", note=finding.reason, fingerprint=finding.fingerprint)


def message(finding: Finding, site: Site) -> str:
    """Return one sentence about a place."""
    said = one_line(site.note or (finding.reason if not finding.sites else ""), 1000)
    title = rule(finding.rule).title
    return f"{title}: {said}" if said else title


def line_of(text: bytes, number: int) -> bytes:
    """Return a line of a text, without its line end; nothing where there is none of the number."""
    lines = text.split(b"\n", number)
    return lines[number - 1].rstrip(b"\r") if number <= len(lines) else b""
