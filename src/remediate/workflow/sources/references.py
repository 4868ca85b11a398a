"""Where a moved or cut file is still named: filters of CI, owners, documents, scripts. Only told."""

import posixpath
import re
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from pathspec import GitIgnoreSpec

from remediate.edits import Change
from remediate.git.command import Git
from remediate.git.search import files_named, files_with
from remediate.model import Reference
from remediate.rust.codebase import Codebase
from remediate.rust.modules.module import normalised, relative
from remediate.rust.package import Package
from remediate.sanitize import one_line
from remediate.workflow.sources.roots import in_repository, in_workspace

_WORD = re.compile(r"[\w.@+*?/$-]+")
_LABEL = re.compile(r"//([\w./-]*):([\w./+-]+)")
_HOSTED = re.compile(r"/(?:blob|blame|tree|raw|edit)/[^/]+/(.+)")
_VARIABLE = re.compile(r"\$\w+/")
_LOGGED = re.compile(r":\d+:\d+\b")
"""Behind a path: a line and a column, as compilers and panics print them."""
_LOG = re.compile(r"\.log(?:\.\w+)?\Z")
_MOST_BYTES = 1_000_000
# Files whose patterns choose other files: one that matches the old path may miss a new one.
_CHOOSERS = (
    "**/CODEOWNERS", "**/.gitattributes", ".github/**/*.yml", ".github/**/*.yaml", ".gitlab-ci.yml",
    ".circleci/*.yml", "**/codecov.yml", "**/.codecov.yml", "**/tarpaulin.toml", "**/mutants.toml",
)  # fmt: skip


@dataclass(frozen=True)
class Surroundings:
    """The repository around a workspace.

    Attributes:
        git: git in the checkout that holds the workspace.
        prefix: Where the workspace lies in the repository, see ``sources.roots``.
        audits: Paths in the repository of the audits that are worked off: that they name a file is no news.
    """

    git: Git
    prefix: str
    audits: frozenset[str] = frozenset()

    def references(self, codebase: Codebase, package: Package, change: Change) -> tuple[Reference, ...]:
        """Return the lines that name a file of which the contents lie elsewhere after the change, in order.

        The files the change itself touches count as it leaves them; its Rust files are not "elsewhere".
        """
        after = {self._named(path): text for path, text in change.result(codebase.files).items()}
        old = sorted(self._named(p) for p in {*change.scattered, *change.moves, *change.deletions})
        new = [path for path, text in after.items() if text is not None]
        if not old:
            return ()
        inside = "" if self.prefix.startswith("../") else self.prefix.rstrip("/")
        roots = sorted({"", inside, self._named(f"{package.root}/").rstrip("/") if package.root else inside})
        named = files_with(self.git, {posixpath.basename(path) for path in old})
        choosers = files_named(self.git, _CHOOSERS)
        found: list[Reference] = []
        for path in sorted({*named, *choosers} - _rust(after) - self.audits):
            if _LOG.search(path):
                continue
            text = after[path] if path in after else _read(self.git.top / path)
            found += _lines(_Meaning(path, old, new, roots, path in choosers), text or b"")
        return tuple(sorted({self._told(r) for r in found}, key=lambda r: (r.path, r.line)))

    def _named(self, path: str) -> str:
        return in_repository(self.prefix, path)

    def _told(self, reference: Reference) -> Reference:
        path = in_workspace(self.prefix, reference.path) or relative(reference.path, self.prefix.rstrip("/"))
        return Reference(path, reference.line, reference.text)


def _rust(after: Mapping[str, bytes | None]) -> set[str]:
    return {path for path in after if path.endswith(".rs")}


def _read(file: Path) -> bytes:
    """Return a file's bytes; nothing of what is no plain file, gone or huge."""
    if file.is_symlink() or not file.is_file() or file.stat().st_size > _MOST_BYTES:
        return b""
    return file.read_bytes()


@dataclass(frozen=True)
class _Meaning:
    """What the words of one file can mean: paths are from the repository's top."""

    path: str
    old: Collection[str]
    new: Collection[str]
    roots: Collection[str]
    chooses: bool

    def concerns(self, line: str) -> bool:
        """Whether a line names one of the old paths, or chooses it by a pattern that misses a new one.

        A path with a line and a column is what a compiler printed: nobody follows it.
        """
        found = (w for w in _WORD.finditer(line) if not _LOGGED.match(line, w.end()))
        words = [w.group().rstrip(".") for w in found]
        words += [posixpath.join(m[1], m[2]) for m in _LABEL.finditer(line)]
        return any(self._names(word) for word in words) or (
            self.chooses and any(self._parts(word) for word in words)
        )

    def _names(self, word: str) -> bool:
        hosted = _HOSTED.search(word)
        plain = _VARIABLE.sub("", word, count=1) if word.startswith("$") else word
        candidates = {plain.lstrip("/"), *([hosted[1]] if hosted else [])}
        folder = posixpath.dirname(self.path)
        around = [folder, *(r for r in self.roots if not r or self.path.startswith(f"{r}/"))]
        candidates |= {posixpath.join(root, plain.lstrip("/")) for root in around}
        return any(normalised(c) in self.old for c in candidates if c)

    def _parts(self, word: str) -> bool:
        """Whether a pattern takes an old path, and leaves out what came from it."""
        if "*" not in word:
            return False
        spec = GitIgnoreSpec.from_lines([word])
        return any(map(spec.match_file, self.old)) and not all(map(spec.match_file, self.new))


def _lines(meaning: _Meaning, text: bytes) -> Iterator[Reference]:
    for number, line in enumerate(text.decode(errors="replace").splitlines(), 1):
        if meaning.concerns(line):
            yield Reference(meaning.path, number, one_line(line))
