"""What the scanner sees of a tree, rule by rule: also what a suppression or the configuration speaks for."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec

from remediate.audit.rules.catalog import RULES
from remediate.audit.scan.assembly import assembled
from remediate.audit.scan.cache import Cache
from remediate.audit.scan.engine import facts_of
from remediate.audit.scan.facts import Depth, Facts
from remediate.audit.scan.settings import FORBIDDEN, Settings
from remediate.audit.tree import is_test_path
from remediate.model import Finding
from remediate.quantities import quantity
from remediate.workflow.completion.evidence import Evidence
from remediate.workflow.sources.workspace import Workspace

_EVERYWHERE = {"locking": ("**",), "allocation": ("**",)}
_NAMES = {rule: name for name, rule in FORBIDDEN.items()}
_FILES = "large-file"
_PRINTS = "debug-print"
_VENDORED = ".cargo-checksum.json"
# `main`, a thread of its own and a test may block: the scanner calls these notes.
_MAY_BE_NOTES = {"block-on"}


@dataclass(frozen=True)
class Sources:
    """One tree as the scanner sees it.

    Attributes:
        shown: The findings by rule, as the project has them reported.
        silenced: How many places of each rule a suppression or the configuration speaks for.
        lines: The length of every file that a person wrote.
        left_out: Those of them that the configuration leaves out.
        tests: How many test functions there are.
        limit: The largest file that is no finding.
        unread: The Rust files that could not be read.
    """

    shown: Mapping[str, tuple[Finding, ...]]
    silenced: Mapping[str, int]
    lines: Mapping[str, int]
    tests: int
    limit: int
    left_out: frozenset[str] = frozenset()
    unread: tuple[str, ...] = ()

    def places(self, rule: str) -> list[tuple[str, str]]:
        """Return the places of a rule outside of tests, sorted: "path:line" and the class of each."""
        found = (
            (f"{site.path}:{site.line}", site.kind)
            for finding in self.shown.get(rule, ())
            for site in finding.sites
            if site.kind != "test" and not _is_note(finding)
        )
        return sorted(found, key=lambda place: _by_line(place[0]))

    def notes(self, rules: Collection[str]) -> int:
        """Return how many places of some rules may stay: calls that block where blocking holds up nobody."""
        return sum(len(f.sites) for rule in rules for f in self.shown.get(rule, ()) if _is_note(f))

    def count(self, rules: Collection[str]) -> int:
        """Return how many places of some rules there are."""
        return sum(len(self.places(rule)) for rule in rules)

    def evidence(self, rules: Collection[str]) -> Evidence:
        """Return what is left of some rules; their absence is no more than the scanner can see."""
        places = [place for rule in rules for place, _ in self.places(rule)]
        silenced = sum(self.silenced.get(rule, 0) for rule in rules)
        forbidden = (f" --forbid {_NAMES[rule]}" for rule in rules if rule in _NAMES)
        figure = f"{quantity(len(places), 'place')} in {quantity(len(self.lines), 'file')}"
        if notes := self.notes(rules):
            figure += f"; {notes} in tests, `main` or on a thread of its own are not counted"
        if silenced:
            figure += f", and {silenced} that a suppression or the configuration speaks for"
        command = f"remediate audit --only {','.join(rules)}{''.join(forbidden)}"
        return self._seen("source", command, figure, places, hidden=bool(silenced))

    def sizes(self, limit: int | None = None) -> Evidence:
        """Return which files are longer than a limit, that of the project without one."""
        most = limit or self.limit
        over = sorted((-count, path) for path, count in self.lines.items() if count > most)
        long = [f"{path}: {-count} lines" for count, path in over if path not in self.left_out]
        longest = max((count for path, count in self.lines.items() if path not in self.left_out), default=0)
        figure = (
            f"{quantity(len(long), 'file')} of {len(self.lines) - len(self.left_out)} over {most} lines; "
            f"the longest has {longest}"
        )
        if len(long) < len(over):
            figure += f"; {len(over) - len(long)} that the configuration leaves out are longer"
        command = f"remediate audit --only {_FILES} --max-lines {most}"
        return self._seen("file size", command, figure, long, hidden=len(long) < len(over))

    def _seen(
        self, about: str, command: str, figure: str, places: Sequence[str], *, hidden: bool
    ) -> Evidence:
        """Return what places come to: that there are none is shown only where all was looked at."""
        if self.unread:
            figure += (
                f"; {quantity(len(self.unread), 'file')} could not be read: {', '.join(self.unread[:3])}"
            )
        holds = False if places else None if hidden or self.unread else True
        return Evidence(about, command, figure, holds, tuple(places))


def sources(workspace: Workspace, settings: Settings) -> Sources:
    """Scan a workspace with a project's own settings, but for the severities."""
    mine = replace(settings, severities={}, forbid=_EVERYWHERE, only=frozenset())
    vendored = tuple(p.removesuffix(_VENDORED) for p in workspace.paths if p.endswith(f"/{_VENDORED}"))
    texts = {p: t for p, t in workspace.files.items() if p.endswith(".rs") and not p.startswith(vendored)}
    depths = {path: Depth(is_test_path(path), constrained=True, parse=False) for path in texts}
    facts = facts_of({path: (text, depths[path]) for path, text in texts.items()}, Cache(None, ""))
    looked_at = {path: known for path, known in facts.items() if mine.looks_at(path)}
    shown = _by_rule(looked_at, texts, workspace, mine)
    bare = {path: msgspec.structs.replace(known, suppressions=()) for path, known in facts.items()}
    everything = _by_rule(bare, texts, workspace, replace(mine, allow={}, exclude=()))
    silenced = {rule: _size(everything[rule]) - _size(shown.get(rule, ())) for rule in everything}
    silenced[_PRINTS] = _prints(facts) - _size(shown.get(_PRINTS, ()))
    written = {path: known.lines for path, known in facts.items() if not known.generated}
    problems = (p.path for p in workspace.problems if p.path.endswith(".rs") and p.reason != "symlink")
    return Sources(
        shown,
        silenced,
        written,
        sum(known.tests for known in looked_at.values()),
        mine.max_lines,
        frozenset(written) - set(looked_at),
        tuple(problems),
    )


def _by_rule(
    facts: Mapping[str, Facts], texts: Mapping[str, bytes], workspace: Workspace, settings: Settings
) -> dict[str, tuple[Finding, ...]]:
    found = assembled(facts, texts, workspace.packages, settings, lambda _: None).findings
    return {rule: mine for rule in _known() if (mine := tuple(f for f in found if f.rule == rule))}


def _prints(facts: Mapping[str, Facts]) -> int:
    """Return how often production code prints, programs included: printing is their work, and no finding."""
    places = (place for path, known in facts.items() if not is_test_path(path) for place in known.places)
    return sum(place.rule == _PRINTS and not place.test for place in places)


def _is_note(finding: Finding) -> bool:
    return finding.rule in _MAY_BE_NOTES and finding.severity == "note"


def _known() -> Iterator[str]:
    return (rule.id for rule in RULES)


def _size(findings: Collection[Finding]) -> int:
    return sum(len(finding.sites) or 1 for finding in findings)


def _by_line(place: str) -> tuple[str, int]:
    path, _, line = place.rpartition(":")
    return path, int(line)
