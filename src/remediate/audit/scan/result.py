"""What a scan found, as a value."""

from dataclasses import dataclass

from remediate.model import Finding

FILE_RULES = {"large-file", "embedded-tests"}


@dataclass(frozen=True, slots=True)
class Scan:
    """What a scan found.

    Attributes:
        findings: One for each rule, severity and file, worst first; each with all its places.
        files: How many files were looked at.
        lines: How many lines they hold.
        generated: How many of them a program wrote: they are left out.
        suppressed: Places that a suppression or the configuration speaks for.
        known: Findings left out because the baseline knows them.
    """

    findings: tuple[Finding, ...]
    files: int
    lines: int
    generated: int = 0
    suppressed: int = 0
    known: int = 0
