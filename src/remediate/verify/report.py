"""What the gates say: values only, serialisable with msgspec."""

import re
from dataclasses import dataclass, replace
from enum import StrEnum

from remediate.gates import GateResult, Verdict


class Level(StrEnum):
    """How far the ladder is climbed; each level includes the ones before it."""

    QUICK = "quick"
    STANDARD = "standard"
    FULL = "full"


GATES: dict[str, str] = {
    "parse": "every file reads as well as before, and no edit touches what the parser cannot read",
    "conservation": "every token, comment and literal is there once, but for what the codemod declares",
    "names": "what could be reached through a file's module still can, under any cfg",
    "constraints": "no more `unsafe`, `unwrap`, panic, placeholder, blocking call or lock",
    "project constraints": "what the audit and the configuration demand of new code is kept",
    "related files": "only files that the finding is about change, or new ones of its package",
    "dependencies": "no manifest says anything else",
    "no evasion": "no lint is silenced, and no production code asks whether it is tested",
    "tests kept": "every test, what it needs and every example is there, token for token",
    "visibility": "no item is visible further than before",
    "interface": "the same public items with the same signatures, by their text",
    "production code": "a change to tests leaves every other token as it was",
    "rustfmt": "what rustfmt had nothing to change in is so still",
    "check": "no new error, and every target that compiled compiles",
    "check warnings": "no new warning",
    "freshness": "rustc read the bytes that were written, in this run",
    "cfg coverage": "each cfg of the moved code held in some compilation",
    "rescan": "a second run has nothing to do in the file, wherever it is now, and in each new one",
    "package": "`cargo package` ships what its targets need",
    "archive": "the archive changes as the tree does, or its tests are run",
    "nextest configuration": "nextest reads the file and knows every key",
    "expansion": "the same literals and definitions once macros are expanded",
    "location": "no function says where it stands, by whatever macro",
    "build scripts": "the same OUT_DIR, cfgs, variables and libraries",
    "clippy": "as check, under clippy",
    "clippy warnings": "no new lint",
    "rustdoc": "as check, under rustdoc",
    "rustdoc warnings": "no new warning of the documentation",
    "public API": "the same public paths to the same definitions",
    "MIR": "each function does the same",
    "tests": "the tests run as a whole",
    "test inventory": "the same tests in each target",
    "test results": "each test ends as it did before",
    "same reads": "tests read the data files that they read before",
    "doctest names": "doctests are called as before",
    "added tests": "exactly the declared tests are new, and none fails",
    "renamed tests": "exactly the declared tests have another name",
    "moved tests": "exactly the declared tests change their target",
    "tests of other packages": "no test of the workspace was left out",
}
"""Every gate by the first words of its name, with what it shows where it passes; codemods bring more."""


def kind(name: str) -> str:
    """Return the gate that a name is about: "check" for "check (all-features): lib"."""
    return re.split(r": | \(", name)[0]


@dataclass(frozen=True, slots=True)
class Report:
    """The gates of one change, in the order of the ladder."""

    gates: tuple[GateResult, ...] = ()

    @property
    def verified(self) -> tuple[GateResult, ...]:
        """The gates that ran and passed."""
        return self._of(Verdict.PASSED)

    @property
    def failed(self) -> tuple[GateResult, ...]:
        """The gates that found a difference; one is enough to roll the change back."""
        return self._of(Verdict.FAILED)

    @property
    def unverified(self) -> tuple[GateResult, ...]:
        """The gates that could not judge, each with why."""
        return self._of(Verdict.UNVERIFIED)

    def gate(self, name: str) -> GateResult | None:
        """Return a gate's result, None when it is not part of this report."""
        return next((gate for gate in self.gates if gate.name == name), None)

    def about(self, package: str) -> "Report":
        """Return the report with each gate named after the package it is about: "freshness (package x)"."""
        return Report(tuple(replace(gate, name=f"{gate.name} (package {package})") for gate in self.gates))

    def __add__(self, other: "Report") -> "Report":
        return Report(self.gates + other.gates)

    def _of(self, verdict: Verdict) -> tuple[GateResult, ...]:
        return tuple(gate for gate in self.gates if gate.verdict is verdict)
