"""What each rule is about, for people: `remediate audit --explain RULE`, SARIF, the HTML page."""

from dataclasses import dataclass

from remediate.audit.scan.documented_async import ASYNC
from remediate.audit.scan.documented_code import CODE
from remediate.audit.scan.documented_files import FILES
from remediate.audit.scan.documented_markers import MARKERS


@dataclass(frozen=True, slots=True)
class Documentation:
    """One rule's documentation.

    Attributes:
        family: What the rule is one of.
        what: What is reported, one or two sentences.
        why: Why that is bad.
        example: Code that is reported.
        fixed: How it is fixed, by whom.
        not_meant: When the rule is wrong, and what to do then.
        precision: SARIF's word for how often it is right.
    """

    family: str
    what: str
    why: str
    example: str
    fixed: str
    not_meant: str
    precision: str

    def text(self) -> str:
        """Return all of it as plain text."""
        return f"{self.what} {self.why} Fix: {self.fixed} Not meant: {self.not_meant}"

    def markdown(self) -> str:
        """Return all of it as Markdown."""
        return (
            f"{self.what}\n\n**Why:** {self.why}\n\n```rust\n{self.example}\n```\n\n"
            f"**Fixed by:** {self.fixed}\n\n**Not meant:** {self.not_meant}\n"
        )


DOCUMENTATION = {
    id_: Documentation(family, *texts)
    for family, table in (("async", ASYNC), ("tests", FILES), ("code", CODE), ("markers", MARKERS))
    for id_, texts in table.items()
}
