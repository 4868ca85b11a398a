"""What became of every finding, kept in git references: a second run reads it instead of working again.

A planned change is held against the fixes of earlier runs: the same fix, or one that was verified further.
"""

import hashlib
import os
from collections.abc import Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

import msgspec

from remediate import __version__
from remediate.cargo.environment import flags
from remediate.edits import Change
from remediate.git.command import Git
from remediate.git.refs import ANY, OUTCOMES, Update, store, stored, update
from remediate.git.revisions import Base
from remediate.model import Files, Finding, Outcome, Skip
from remediate.verify.report import Level
from remediate.workflow.request import Request

_FORMAT = 1
_LEVELS = tuple(Level)


class Attempt(msgspec.Struct, frozen=True):
    """A change as it was planned, and what it was, or is to be, verified against.

    Attributes:
        plan: By the path of each file that it touches, a digest of the text that it gets.
        demands: What is asked for beside the level: constraints, feature sets, two commits.
        setting: A digest of what else the answers of cargo depend on: flags, packages outside, this program.
        same_as: The commit of an earlier run that makes the same change for another finding; "" for none.
    """

    plan: dict[str, str]
    level: Level
    demands: frozenset[str] = frozenset()
    setting: str = ""
    same_as: str = ""

    def covers(self, other: "Attempt") -> bool:
        """Whether it is verified as far as another one, and in the same setting."""
        if self.setting != other.setting:
            return False
        return _LEVELS.index(self.level) >= _LEVELS.index(other.level) and self.demands >= other.demands

    def is_weaker(self, other: "Attempt") -> bool:
        """Whether it is verified less far than another one, and in nothing further."""
        return other.covers(self) and not self.covers(other)


def attempt(change: Change, files: Files, request: Request, outside: str = "") -> Attempt:
    """Return a planned change as what it is compared with the change of an earlier run by.

    ``outside`` is a digest of the packages outside of the repository.
    """
    setting = msgspec.json.encode((__version__, flags(os.environ), sorted(request.cargo), outside))
    after = change.result(files)
    texts = {path: b"\0" if text is None else b"\1" + text for path, text in after.items()}
    return Attempt(
        {path: hashlib.sha256(text).hexdigest()[:16] for path, text in sorted(texts.items())},
        request.level,
        frozenset(
            (
                *(str(one) for one in request.constraints if one.name),
                *(configuration.name for configuration in request.extra),
                *(["keep-blame"] if request.keep_blame else []),
            )
        ),
        hashlib.sha256(setting).hexdigest()[:16],
    )


class Entry(msgspec.Struct, frozen=True):
    """One outcome.

    Attributes:
        tree: The tree it was reached on.
        prefix: Where the workspace lies in the repository, see ``sources.roots``.
        lasting: Whether it answers the same question later; else only its commit is to be known as ours.
        made: The commits, each behind its branch, of this outcome and of earlier ones that it replaces.
        attempt: What was tried; None where nothing was planned.
    """

    format: int
    tree: str
    outcome: Outcome
    prefix: str = ""
    lasting: bool = True
    made: tuple[tuple[str, str], ...] = ()
    attempt: Attempt | None = None

    @property
    def commits(self) -> frozenset[tuple[str, str]]:
        """All commits that runs of this program made for the finding, each behind its branch."""
        branch, commit = self.outcome.branch, self.outcome.commit
        return frozenset({*self.made, *([(branch, commit)] if branch and commit else [])})


@dataclass
class Ledger:
    """All entries by key, as read at the start; what is added is written through.

    A key is a digest of everything the outcome depends on: the finding, the tree, this program's version, and
    what was asked of it.
    """

    git: Git
    entries: dict[str, Entry]

    def find(self, key: str) -> Entry | None:
        """Return the outcome an earlier run reached for the same question."""
        entry = self.entries.get(key)
        return entry if entry and entry.lasting else None

    def store(  # noqa: PLR0913 - an entry's fields
        self,
        key: str,
        tree: str,
        outcome: Outcome,
        prefix: str = "",
        attempt: Attempt | None = None,
        *,
        lasting: bool = True,
    ) -> None:
        """Keep an outcome, replacing an earlier one of the same key; commits of that stay known as ours."""
        earlier = self.entries.get(key)
        made = tuple(sorted(earlier.commits)) if earlier else ()
        entry = Entry(_FORMAT, tree, outcome, prefix, lasting, made, attempt)
        text = msgspec.json.encode(entry, order="sorted")
        update(self.git, [Update(OUTCOMES + key, store(self.git, text), ANY)])
        self.entries[key] = entry

    def standing(self, tips: Mapping[str, str], prefix: str) -> Iterator[tuple[Outcome, Attempt]]:
        """Yield the fixes of a workspace that branches are at, each once, as far as it was verified."""
        found: dict[str, tuple[Outcome, Attempt]] = {}
        for _, entry in sorted(self.entries.items()):
            outcome = entry.outcome
            at_tip = outcome.commit and tips.get(outcome.branch or "") == outcome.commit
            if at_tip and entry.attempt and entry.lasting and entry.prefix == prefix:
                found.setdefault(outcome.commit or "", (outcome, entry.attempt))
        yield from found.values()

    def commits_on(self, branch: str, fingerprint: str = "") -> frozenset[str]:
        """Return the commits that runs of this program put on a branch for a finding, or for any."""
        entries = (e for e in self.entries.values() if fingerprint in {"", e.outcome.finding})
        return frozenset(commit for e in entries for on, commit in e.commits if on == branch)


def read(git: Git) -> Ledger:
    """Read all entries; those another format wrote count as absent."""
    found = {key: _decoded(text) for key, text in stored(git).items()}
    return Ledger(git, {key: entry for key, entry in found.items() if entry is not None})


def key(finding: Finding, base: Base, request: Request, prefix: str = "", outside: str = "") -> str:
    """Return the key of a question: 32 hex digits."""
    asked: tuple[Any, ...] = (
        _FORMAT,
        __version__,
        finding.fingerprint,
        finding.status,
        finding.planned,
        finding.limit,
        finding.arrangement,
        base.tree,
        prefix,
        request.options,
        [(file.name, file.read_bytes()) for file in request.template_files()],
        request.level,
        request.keep_blame,
        sorted(request.cargo),
        flags(os.environ),
        [configuration.name for configuration in request.extra],
        *(["one branch"] if request.one_branch else []),
        *([outside] if outside else []),
        *([request.constraints] if request.constraints else []),
        *([request.fixer] if request.fixer else []),
    )
    return hashlib.sha256(msgspec.json.encode(asked, order="sorted")).hexdigest()[:32]


def _decoded(text: bytes) -> Entry | None:
    try:
        entry = msgspec.json.decode(text, type=Entry)
    except msgspec.MsgspecError:
        return None
    return entry if entry.format == _FORMAT else None


@dataclass(frozen=True, slots=True)
class Comparison:
    """What follows for a planned change.

    Attributes:
        attempt: What is to be kept of it in the ledger.
        answer: What there is instead: the same fix as it was kept, or why no other is made; None where it is
            to be carried out.
        notes: What a person should know of it then.
    """

    attempt: Attempt
    answer: Outcome | Skip | None = None
    notes: tuple[str, ...] = ()


def compared(
    finding: Finding,
    attempt: Attempt,
    standing: Iterable[tuple[Outcome, Attempt]],
    base: str | None,
    edited: Collection[str] = (),
) -> Comparison:
    """Compare the change of a finding with the fixes that branches are at.

    ``edited`` are the existing files that it edits.
    ``base`` is the commit that it would be made on; None where earlier fixes do not count, so that the
    finding's own is replaced whatever it is.
    """
    notes: list[str] = []
    for outcome, made in standing:
        today = base is not None and outcome.base == base
        if outcome.finding == finding.fingerprint:
            if today and made.plan == attempt.plan and made.covers(attempt):
                return Comparison(made, replace(outcome, reused=True))
            if today and attempt.is_weaker(made):
                return Comparison(attempt, Skip("verified-further", _further(outcome, made)))
            notes.append(f"it replaces {str(outcome.commit)[:10]}, verified at level {made.level}")
        elif today and attempt.plan.items() <= made.plan.items() and made.covers(attempt):
            same = Skip("same-fix", f"{outcome.branch} of an earlier run holds the same change")
            return Comparison(msgspec.structs.replace(attempt, same_as=outcome.commit or ""), same)
        elif today and (shared := [p for p in edited if attempt.plan.get(p) == made.plan.get(p)]):
            notes.append(f"{outcome.branch} changes {', '.join(shared)} in the same way: merge only one")
    return Comparison(attempt, notes=tuple(notes))


def _further(outcome: Outcome, made: Attempt) -> str:
    return (
        f"{outcome.branch} holds another fix, which was verified further (level {made.level}) than this one "
        f"would be: ask for --verify {made.level}, or replace it with --redo"
    )
