"""Documentation that no compiler reads: where its links lead, and whether the changelog mentions the work."""

import posixpath
import re
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from urllib.parse import unquote

from remediate.git.command import Git, literal
from remediate.quantities import quantity
from remediate.workflow.completion.evidence import Evidence
from remediate.workflow.sources.workspace import Workspace

_LINK = re.compile(r"\[[^\]\n]*\]\(\s*<?(?P<target>[^)\s>]+)>?(?:\s+\"[^\"\n]*\")?\s*\)")
_FENCE = re.compile(r"\s*(?:```|~~~)")
_ELSEWHERE = re.compile(r"[a-z][a-z0-9+.-]*:|//|#|/", re.IGNORECASE)
_CHANGELOG = re.compile(r"(?:.*/)?(?:changelog|changes|history|news)(?:\.\w+)?\Z", re.IGNORECASE)
_DOCUMENTS = (".md", ".markdown")


@dataclass(frozen=True, slots=True)
class Links:
    """The links of a tree's Markdown documents that lead to files.

    Attributes:
        all: Each as "path:line: target".
        lost: Those that lead nowhere.
    """

    all: tuple[str, ...] = ()
    lost: tuple[str, ...] = ()


def links(workspace: Workspace) -> Links:
    """Return the links of the checked-out workspace."""
    known = {*workspace.files, *workspace.paths}
    folders = {parent for path in known for parent in _above(path)}
    documents = sorted(path for path in known if path.endswith(_DOCUMENTS))
    found = [
        (f"{path}:{line}: {target}", posixpath.normpath(posixpath.join(posixpath.dirname(path), target)))
        for path in documents
        for line, target in _targets(_text(workspace, path))
    ]
    inside = [(told, aim) for told, aim in found if not aim.startswith("..")]
    lost = (told for told, aim in inside if aim not in known and aim not in folders and aim != ".")
    return Links(tuple(told for told, _ in inside), tuple(lost))


def _text(workspace: Workspace, path: str) -> bytes:
    """Return a document's text; a link to one, or one that is gone, holds nothing."""
    file = workspace.root / path
    return file.read_bytes() if file.is_file() and not file.is_symlink() else b""


def _above(path: str) -> Iterator[str]:
    while path := posixpath.dirname(path):
        yield path


def _targets(text: bytes) -> Iterator[tuple[int, str]]:
    fenced = False
    for number, line in enumerate(text.decode("utf-8", "replace").splitlines(), 1):
        if _FENCE.match(line):
            fenced = not fenced
        elif not fenced:
            for match in _LINK.finditer(re.sub(r"`[^`]*`", "", line)):
                target = match.group("target")
                if not _ELSEWHERE.match(target):
                    yield number, unquote(target.partition("#")[0])


def links_evidence(now: Links, before: Links | None, leave_out: Collection[str], names: str) -> Evidence:
    """Return whether a link leads nowhere that led somewhere before; without a before, whether any does.

    ``names`` are the audits, and what else the command needs; it has none where there is no link that could.
    """
    mine = [told for told in now.all if told.partition(":")[0] not in leave_out]
    if not mine:
        return Evidence("links", "", "no document links to a file", None)
    lost = [told for told in now.lost if told in mine]
    old = {_target(told) for told in before.lost} if before else set()
    new = tuple(told for told in lost if _target(told) not in old)
    verb = "leads" if len(new) == 1 else "lead"
    figure = f"{len(new)} of {quantity(len(mine), 'link')} to files {verb} nowhere"
    if len(new) < len(lost):
        figure += f", besides {len(lost) - len(new)} that did before"
    return Evidence("links", f"remediate score --no-cargo --verbose {names}", figure, not new, new)


def _target(told: str) -> str:
    path, _, rest = told.partition(":")
    return f"{path}: {rest.partition(': ')[2]}"


def changelog_evidence(
    git: Git | None, now: Workspace, prefix: str, commits: tuple[str, str] | None
) -> Evidence:
    """Return whether a changelog has gained lines between two commits; no command where there is none."""
    logs = sorted(path for path in {*now.files, *now.paths} if _CHANGELOG.match(path))
    if not logs:
        return Evidence("changelog", "", "there is no changelog", None)
    paths = [prefix + path for path in logs]
    if git is None or commits is None:
        seen = f"git log --oneline -- {' '.join(paths)}"
        return Evidence("changelog", seen, "no earlier commit to compare with: name one with --before", None)
    before, after = commits
    command = f"git diff --numstat {before[:10]} {after[:10]} -- {' '.join(paths)}"
    told = git.run(
        "diff", "--numstat", "--no-renames", before, after, "--", *map(literal, paths)
    ).text.splitlines()
    added = sum(int(line.split("\t")[0]) for line in told if line.split("\t")[0].isdigit())
    figure = f"{quantity(added, 'line')} added to {', '.join(logs)}"
    return Evidence("changelog", command, figure, added > 0)
