"""Claims held against a real git history: when was the line last true, and where did it go from there?"""

import subprocess
from pathlib import Path

import pytest

from remediate.audit.anchoring.anchor import Settings, anchor
from remediate.audit.anchoring.tracking import hunks, pairs
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree
from remediate.git.command import Git
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
            path.parent.mkdir(exist_ok=True, parents=True)
            if text is None:
                path.unlink()
            else:
                path.write_text(text)

    def commit(self, **files: str | None) -> None:
        self.write(**files)
        self._git("add", "-A")
        self._git("commit", "-q", "-m", "Step")

    def ask(self, audit: str, limit: int = 300) -> dict[str, Finding]:
        files = {p.relative_to(self.root).as_posix(): p.read_bytes() for p in self.root.glob("src/**/*.rs")}
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
    assert "no longer since commit" in finding.reason


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


def test_what_cannot_be_looked_for_is_open_though_others_date_the_audit(repository: Repository) -> None:
    """The `unwrap()` claim dates the audit; that says nothing about a claim without anything to look for."""
    repository.commit(b="fn b() {}\n")
    audit = (
        "# A\n\n1. unwrap() in `src/a.rs:2`\n2. Docs of `src/a.rs:1` are poor\n3. `second` in `src/a.rs:5`\n"
    )
    found = repository.ask(audit + "4. a hard-coded port in `src/a.rs:6`\n")
    statuses = [finding.status for finding in found.values()]
    assert statuses == [Status.PRESENT, Status.AMBIGUOUS, Status.PRESENT, Status.AMBIGUOUS]


def test_an_identifier_in_backticks_is_looked_for_in_the_past(repository: Repository) -> None:
    audit = "# A\n\n1. Rename `second` in `src/a.rs:5`\n2. Use `thiserror` in `src/a.rs`\n"
    repository.commit(a=HEAD)
    gone, proposed = repository.ask(audit).values()
    assert gone.status is Status.FIXED
    assert "`fn second(input: &str) -> u8 {` in commit" in gone.reason
    assert proposed.status is Status.AMBIGUOUS


def test_shown_source_is_looked_for(repository: Repository) -> None:
    audit = "## Parsing\n\n**File:** `src/a.rs`\n**Lines:** 6\n\n```rust\nlet parsed = input.parse();\n```\n"
    repository.commit(a=HEAD)
    (finding,) = repository.ask(audit).values()
    assert finding.status is Status.FIXED


@pytest.mark.parametrize("path", ["src/c.rs:2", "src/c.rs"])
def test_fixed_needs_the_commit_in_which_it_was(repository: Repository, path: str) -> None:
    """A word like it, `unwrap_or`, is no `unwrap`, and one version is history enough."""
    repository.commit(c="fn c() -> u8 {\n    read().unwrap_or(0)\n}\n")
    (finding,) = repository.ask(f"# A\n\n### 1. unwrap() calls\n- `{path}`\n").values()
    assert finding.status is Status.MISTAKEN
    repository.commit(c="fn c() -> u8 {\n    0\n}\n")
    (finding,) = repository.ask(f"# A\n\n### 1. unwrap() calls\n- `{path}`\n").values()
    assert finding.status is Status.MISTAKEN


def test_fixed_names_the_commit_in_which_it_was(repository: Repository) -> None:
    repository.commit(a="fn a() {}\n")
    for path in ("src/a.rs", "src"):
        (finding,) = repository.ask(
            f"# A\n\n### 1. unwrap() calls\n- `{path}/`\n".replace("rs/", "rs")
        ).values()
        assert finding.status is Status.FIXED
        assert "no longer since commit" in finding.reason


def test_a_folder_that_never_held_it(repository: Repository) -> None:
    (finding,) = repository.ask("# A\n\n### 1. panic! calls\n- `src/`\n- all of `src/a.rs`\n").values()
    assert finding.status is Status.MISTAKEN


def test_a_shallow_clone_does_not_know_what_was(repository: Repository, tmp_path: Path) -> None:
    repository.commit(a="fn a() {}\n")
    shallow = tmp_path / "shallow"
    repository._git("clone", "-q", "--depth=1", f"file://{tmp_path}", str(shallow))
    with Git(shallow) as git:
        settings = Settings(300, history=SourceHistory(git, shallow))
        tree = Tree({"src/a.rs": b"fn a() {}\n"}, packages={"": "x"})
        (finding,) = anchor(read("# A\n\n### 1. unwrap() calls\n- `src/a.rs`\n", "A.md"), tree, settings)
    assert finding.status is Status.AMBIGUOUS
    assert "not complete" in finding.reason


def test_a_large_file_that_never_was(repository: Repository) -> None:
    audit = "# A\n\n### 1. Large files\n- `src/a.rs` (2,000 lines)\n"
    assert [f.status for f in repository.ask(audit).values()] == [Status.MISTAKEN]
    assert [f.status for f in repository.ask(audit.replace("2,000", "9")).values()] == [Status.AMBIGUOUS]


def test_a_hidden_folder_is_no_uncommitted_change(repository: Repository) -> None:
    """Its files are tracked, but nobody reads them: that does not make them gone."""
    hidden = repository.root / ".tools" / "gen.rs"
    hidden.parent.mkdir()
    hidden.write_text("fn gen() {}\n")
    repository.commit(b="fn b() {}\n")
    (finding,) = repository.ask(UNWRAP.format(7)).values()
    assert "uncommitted" not in finding.reason
    assert "as in commit" in finding.reason


LARGE = "".join(f"fn f{n}() {{\n    g{n}();\n}}\n" for n in range(14))
SPLIT = "# A\n\n### 1. Large file\n- `src/a.rs` (42 lines)\n"


@pytest.mark.parametrize("merge", [["--ff-only"], ["--no-ff", "-m", "Merge"], ["--squash"]])
@pytest.mark.parametrize("parts", [2, 1])
def test_a_large_file_that_became_a_module(repository: Repository, merge: list[str], parts: int) -> None:
    """With one part git takes the part for the renamed file, with two nothing."""
    lines = LARGE.splitlines(keepends=True)
    repository.commit(a=LARGE)
    repository._git("switch", "-q", "-c", "split")
    cut = {f"a/p{n}": "".join(lines[n * 42 // parts : (n + 1) * 42 // parts]) for n in range(parts)}
    repository.commit(a=None, **{"a/mod": "mod p0;\n", **cut})
    repository._git("switch", "-q", "-")
    repository._git("merge", "-q", *merge, "split")
    if merge == ["--squash"]:
        repository._git("commit", "-q", "-m", "Split a")
    (finding,) = repository.ask(SPLIT, limit=41).values()
    if parts == 2:
        assert (finding.status, finding.path) == (Status.FIXED, "src/a/mod.rs")
        assert "within the limit of 41; last true in commit" in finding.reason
    else:
        assert (finding.status, finding.path) == (Status.MOVED, "src/a/p0.rs")


def test_a_large_file_that_was_renamed_and_became_a_module(repository: Repository) -> None:
    repository.commit(a=LARGE)
    repository.commit(a=None, b=LARGE)
    repository.commit(b=None, **{"b/mod": "mod p;\n", "b/p": LARGE})
    (still,) = repository.ask(SPLIT, limit=41).values()
    assert (still.status, still.path) == (Status.MOVED, "src/b/p.rs")
    repository.commit(**{"b/p": LARGE[:100]})
    (gone,) = repository.ask(SPLIT, limit=41).values()
    assert (gone.status, gone.path) == (Status.FIXED, "src/b/mod.rs")


def test_a_line_of_a_file_that_became_a_module(repository: Repository) -> None:
    repository.commit(a=None, **{"a/mod": "mod second;\n" + HEAD, "a/second": SECOND})
    (finding,) = repository.ask(UNWRAP.format(7)).values()
    assert (finding.status, finding.path, finding.moved_to) == (Status.MOVED, "src/a/second.rs", (4,))


def test_a_module_that_is_not_committed_yet(repository: Repository) -> None:
    repository.commit(a=LARGE)
    repository.write(a=None, **{"a/mod": "mod p;\n", "a/p": LARGE[: len(LARGE) // 2]})
    (finding,) = repository.ask(SPLIT, limit=41).values()
    assert (finding.status, finding.path) == (Status.FIXED, "src/a/mod.rs")
    assert "no longer since the uncommitted changes" in finding.reason
