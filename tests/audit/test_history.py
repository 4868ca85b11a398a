"""Claims held against a real git history: when was the line last true, and where did it go from there?"""

import subprocess
from pathlib import Path

import pytest

from remediate.audit.anchor import Settings, anchor
from remediate.audit.line_diff import hunks, pairs
from remediate.audit.read import read
from remediate.audit.tree import Tree
from remediate.git.door import Git
from remediate.git.history import SourceHistory
from remediate.model import Finding, Status

HEAD = "fn first() -> u8 {\n    read().unwrap()\n}\n"
SECOND = "\nfn second(input: &str) -> u8 {\n    let parsed = input.parse();\n    parsed.unwrap()\n}\n"


class Repository:
    """A repository that a test changes step by step."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self._git("init", "-q")

    def write(self, **files: str | None) -> None:
        for name, text in files.items():
            path = self.root / "src" / f"{name}.rs"
            path.parent.mkdir(exist_ok=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)

    def commit(self, **files: str | None) -> None:
        self.write(**files)
        self._git("add", "-A")
        self._git("commit", "-q", "-m", "Step")

    def ask(self, audit: str, limit: int = 300) -> dict[str, Finding]:
        files = {p.relative_to(self.root).as_posix(): p.read_bytes() for p in self.root.glob("src/*.rs")}
        with Git(self.root) as git:
            settings = Settings(limit, history=SourceHistory(git, self.root))
            found = anchor(read(audit, "A.md"), Tree(files, packages={"": "x"}), settings)
        return {finding.id: finding for finding in found}

    def _git(self, *arguments: str) -> None:
        who = ["-c", "user.name=Ines", "-c", "user.email=ines@example.org"]
        subprocess.run(["git", *who, *arguments], cwd=self.root, check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path: Path) -> Repository:
    made = Repository(tmp_path)
    made.commit(a=HEAD + SECOND)
    return made


UNWRAP = "# A\n\n### 1. unwrap() calls\n- `src/a.rs:{}`\n"


def test_a_line_that_another_one_took(repository: Repository) -> None:
    """Line 2 still holds an unwrap today, but not the one that was meant."""
    repository.commit(a="fn new() -> u8 {\n    other().unwrap()\n}\n\n" + HEAD + SECOND)
    audit = "# A\n\n### 1. unwrap() calls\n- `src/a.rs:2,7`\n"
    (finding,) = repository.ask(audit).values()
    assert (finding.status, finding.moved_to) == (Status.MOVED, (6, 11))


def test_moved_to_another_file(repository: Repository) -> None:
    repository.commit(a=HEAD, b="// The rest.\n" + SECOND)
    (finding,) = repository.ask(UNWRAP.format(7)).values()
    assert (finding.status, finding.path, finding.moved_to) == (Status.MOVED, "src/b.rs", (5,))


def test_renamed_and_changed(repository: Repository) -> None:
    repository.commit(a=None, c=HEAD + SECOND.replace("parsed.unwrap()", "parsed.unwrap() // sure"))
    (finding,) = repository.ask(UNWRAP.format(7)).values()
    assert (finding.status, finding.path) == (Status.MOVED, "src/c.rs")


def test_fixed_says_since_when(repository: Repository) -> None:
    repository.commit(a=HEAD + SECOND.replace(".unwrap()", ".unwrap_or(0)"))
    (finding,) = repository.ask(UNWRAP.format(7)).values()
    assert finding.status is Status.FIXED
    assert "is gone since commit" in finding.reason


def test_not_committed_yet(repository: Repository) -> None:
    repository.write(a=None, d="\n\n" + HEAD + SECOND)
    (finding,) = repository.ask(UNWRAP.format(7)).values()
    assert (finding.status, finding.path, finding.moved_to) == (Status.MOVED, "src/d.rs", (9,))


def test_only_ever_a_comment(repository: Repository) -> None:
    repository.commit(b="// never unwrap here\nfn b() {}\n")
    repository.commit(b="\n// never unwrap here\nfn b() { c().unwrap() }\n")
    (finding,) = repository.ask("# A\n\n### 1. unwrap() calls\n- `src/b.rs:1`\n").values()
    assert finding.status is Status.MISTAKEN


def test_never_was(repository: Repository) -> None:
    repository.commit(b="fn b() {}\n")
    repository.commit(b="fn b() {}\n\nfn c() {}\n")
    (finding,) = repository.ask("# A\n\n### 1. unwrap() calls\n- `src/b.rs:1`\n").values()
    assert finding.status is Status.MISTAKEN
    assert "last 2 versions" in finding.reason


def test_a_large_file_that_was_cut(repository: Repository) -> None:
    repository.commit(b="fn b() {}\n" * 40)
    repository.commit(b="fn b() {}\n")
    (finding,) = repository.ask("# A\n\n### 1. Large file\n- `src/b.rs` (40 lines)\n", limit=20).values()
    assert finding.status is Status.FIXED
    assert "so since commit" in finding.reason


def test_a_large_file_that_was_renamed(repository: Repository) -> None:
    repository.commit(b="fn b() {}\n" * 40)
    repository.commit(b=None, c="fn b() {}\n" * 40)
    (finding,) = repository.ask("# A\n\n### 1. Large file\n- `src/b.rs` (40 lines)\n", limit=20).values()
    assert (finding.status, finding.path) == (Status.MOVED, "src/c.rs")


def test_a_repository_without_commits(tmp_path: Path) -> None:
    empty = Repository(tmp_path)
    empty.write(a=HEAD)
    (finding,) = empty.ask(UNWRAP.format(2)).values()
    assert finding.status is Status.PRESENT


def test_a_common_line_is_not_taken_for_another() -> None:
    old = [b"a {", b"x", b"}", b"b {", b"x", b"}"]
    new = [b"b {", b"x", b"}"]
    assert pairs(old, new) == [(3, 0), (4, 1), (5, 2)]
    assert [(h.old, h.new) for h in hunks(pairs(old, new), 6, 3)] == [((0, 3), (0, 0))]
