"""What became of every finding, kept in git references: a second run reads it instead of working again."""

import hashlib
import os
from dataclasses import dataclass
from typing import Any

import msgspec

from remediate import __version__
from remediate.cargo.environment import flags
from remediate.git import records
from remediate.git.door import Git
from remediate.git.refs import ANY, Update, update
from remediate.git.revisions import Base
from remediate.model import Finding, Outcome
from remediate.workflow.request import Request

_FORMAT = 1


class Entry(msgspec.Struct, frozen=True):
    """One outcome.

    Attributes:
        tree: The tree it was reached on.
        prefix: Where the workspace lies in the repository, see ``repository_paths``.
        lasting: Whether it answers the same question later; else only its commit is to be known as ours.
        made: The commits, each behind its branch, of this outcome and of earlier ones that it replaces.
    """

    format: int
    tree: str
    outcome: Outcome
    prefix: str = ""
    lasting: bool = True
    made: tuple[tuple[str, str], ...] = ()

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

    def find(self, key: str) -> Outcome | None:
        """Return the outcome an earlier run reached for the same question."""
        entry = self.entries.get(key)
        return entry.outcome if entry and entry.lasting else None

    def store(self, key: str, tree: str, outcome: Outcome, prefix: str = "", *, lasting: bool = True) -> None:
        """Keep an outcome, replacing an earlier one of the same key; commits of that stay known as ours."""
        earlier = self.entries.get(key)
        made = tuple(sorted(earlier.commits)) if earlier else ()
        entry = Entry(_FORMAT, tree, outcome, prefix, lasting, made)
        text = msgspec.json.encode(entry)
        update(self.git, [Update(records.PREFIX + key, records.store(self.git, text), ANY)])
        self.entries[key] = entry

    def commits_on(self, branch: str, fingerprint: str = "") -> frozenset[str]:
        """Return the commits that runs of this program put on a branch for a finding, or for any."""
        entries = (e for e in self.entries.values() if fingerprint in {"", e.outcome.finding})
        return frozenset(commit for e in entries for on, commit in e.commits if on == branch)


def read(git: Git) -> Ledger:
    """Read all entries; those another format wrote count as absent."""
    found = {key: _decoded(text) for key, text in records.read(git).items()}
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
