"""What a scan finds, as values: in one text, which is what the cache keeps, and in a workspace.

The structs are arrays on the disk: a changed field order needs a new ``cache.FORMAT``.
"""

from dataclasses import dataclass
from typing import NamedTuple

import msgspec

from remediate.model import Finding

FILE_RULES = {"large-file", "embedded-tests"}


@dataclass(frozen=True, slots=True)
class Depth:
    """What of a file is looked at.

    Attributes:
        test: Whether its path makes it a test, an example or a benchmark: no rules about production code.
        constrained: Whether locks and allocation are looked for.
        parse: Whether the syntax tree is asked for parse errors even if the delimiters match up.
    """

    test: bool = False
    constrained: bool = False
    parse: bool = False

    @property
    def salt(self) -> bytes:
        """What tells the facts of one text at different depths apart."""
        return bytes((self.test, self.constrained, self.parse))


class Place(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """One place a rule points at.

    Attributes:
        rule: The rule's id.
        kind: Its class within the rule ("certain-panic", "stub", ..); stable, kebab-case.
        line: From 1.
        column: In bytes, from 1.
        end_column: Behind the last byte of the place on its line.
        text: The line, trimmed.
        item: The path of the item around it ("Engine::run").
        words: The normalised tokens that tell it from others of its rule in that item.
        severity: Other than the rule's own, or "".
        note: One sentence of evidence for a person, or "".
        test: Whether it is in code that only a test build holds.
    """

    rule: str
    kind: str
    line: int
    column: int
    end_column: int
    text: str
    item: str
    words: str
    severity: str = ""
    note: str = ""
    test: bool = False


class Declaration(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A ``mod name;``.

    Attributes:
        inside: The inline modules around it, each with its own ``#[path]`` or None.
        paths: What ``#[path]`` and ``cfg_attr(.., path)`` name, in order.
        plain: Whether the plain files are looked for too (no unconditional ``#[path]``).
        test: Whether it is compiled in test builds only.
    """

    name: str
    inside: tuple[tuple[str, str | None], ...]
    paths: tuple[str, ...]
    plain: bool
    test: bool


class Suppression(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A ``// remediate: allow(rule, reason = "..")``: it speaks for lines ``first`` to ``last``."""

    rules: tuple[str, ...]
    line: int
    first: int
    last: int
    fault: str = ""


class Wrapper(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A function whose only effect is to block on its parameter."""

    name: str
    method: bool


class Facts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """All of it.

    Attributes:
        lines: As ``wc -l`` counts.
        generated: The words that say a program wrote the file, or "".
        test_only: Whether the file says ``#![cfg(test)]``.
        tests: How many test functions it holds.
        first_test: The first of them, as a place of ``dead-tests``: it may turn out to be one.
        places: What the rules found, in order.
        declarations: Its ``mod x;``.
        included: What its ``include!`` name, relative to the file.
        macro_names: Identifiers in macro calls at item level: they may declare modules.
        wrappers: Its blocking wrappers.
        suppressions: Its suppressions.
    """

    lines: int
    generated: str = ""
    test_only: bool = False
    tests: int = 0
    first_test: Place | None = None
    places: tuple[Place, ...] = ()
    declarations: tuple[Declaration, ...] = ()
    included: tuple[str, ...] = ()
    macro_names: tuple[str, ...] = ()
    wrappers: tuple[Wrapper, ...] = ()
    suppressions: tuple[Suppression, ...] = ()


class Found(NamedTuple):
    """One place.

    Attributes:
        rule: The rule's id.
        kind: Its class within the rule; stable, kebab-case.
        start: Byte offset.
        end: Byte offset behind it.
        severity: Other than the rule's own, or "".
        note: One sentence of evidence, or "".
        test: Whether only a test build holds it.
    """

    rule: str
    kind: str
    start: int
    end: int
    severity: str = ""
    note: str = ""
    test: bool = False


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
