"""Where the path of a file that a fix cuts up is still named: found by meaning, not by its letters."""

from pathlib import Path

import pytest
import scratch

from remediate.edits import Change, Edit
from remediate.git.command import Git
from remediate.model import Reference
from remediate.rust.codebase import Codebase
from remediate.workflow.sources.references import Surroundings
from remediate.workflow.sources.workspace import load

MEANT = {
    ".github/workflows/ci.yml": "on:\n  push:\n    paths:\n      - 'crates/a/src/big.rs'\n",
    ".github/CODEOWNERS": "# owners\n/crates/a/src/big.rs @team\n",
    "crates/a/README.md": "See [the code](src/big.rs#L10), or `src/big.rs:3`.\n",
    "docs/guide.md": "- [big](../crates/a/src/big.rs)\n",
    "docs/hosted.md": "<https://example.org/o/r/blob/main/crates/a/src/big.rs#L1-L2>\n",
    "scripts/check.sh": 'grep -c fn "$ROOT/crates/a/src/big.rs"\n',
    "crates/a/src/BUILD.bazel": 'srcs = ["lib.rs", "big.rs"],\n',
    "BUILD.bazel": 'srcs = ["//crates/a:src/big.rs"],\n',
    "codecov.yml": "ignore:\n  - crates/a/src/big.rs\n",
    "crates/a/tests/text.rs": '// reads "src/big.rs"\n',
}
NOT_MEANT = {
    "build.txt": "error: not found\n  --> crates/a/src/big.rs:12:5\nat crates/a/src/big.rs:3:1\n",
    "ci.log": "read crates/a/src/big.rs\n",
    "docs/other.md": "Not `src/big.rs`, here in docs/; nor big.rs, nor crates/b/src/big.rs.\n",
    "crates/b/README.md": "See src/big.rs.\n",
    "scripts/more.sh": "cat crates/a/src/bigger.rs crates/a/src/big.rs.orig not_big.rs\n",
    ".gitattributes": "*.rs text\n",
}


@pytest.fixture
def root(tmp_path: Path) -> Path:
    crate = {f"crates/a/{path}": text for path, text in scratch.CRATE.items()}
    workspace = {"Cargo.toml": '[workspace]\nmembers = ["crates/a"]\nresolver = "2"\n'}
    return scratch.repository(tmp_path / "root", {**workspace, **crate, **MEANT, **NOT_MEANT})


def found(root: Path, change: Change, *audits: str) -> tuple[Reference, ...]:
    package = load(root).packages[0]
    with Git(root) as git:
        return Surroundings(git, "", frozenset(audits)).references(Codebase.of(package), package, change)


def test_every_way_to_name_the_file_is_found_and_nothing_else(root: Path) -> None:
    old = "crates/a/src/big.rs"
    lines = found(root, Change("", moves={old: "crates/a/src/big/mod.rs"}))
    assert {reference.path for reference in lines} == set(MEANT)
    assert Reference(".github/workflows/ci.yml", 4, "- 'crates/a/src/big.rs'") in lines
    assert list(lines) == sorted(lines, key=lambda r: (r.path, r.line))


def test_a_file_that_stays_in_place_is_named_no_less(root: Path) -> None:
    old = "crates/a/src/big.rs"
    made = Change("", creations={"crates/a/src/big/new.rs": b""}, scattered=frozenset({old}))
    assert {reference.path for reference in found(root, made)} == set(MEANT)


def test_a_pattern_that_chose_the_file_and_misses_a_new_one(root: Path) -> None:
    scratch.write(root, {".github/CODEOWNERS": "/crates/a/src/*.rs @team\n/crates/a/ @all\n*.md @x\n"})
    change = Change("", moves={"crates/a/src/big.rs": "crates/a/src/big/mod.rs"})
    owners = [r for r in found(root, change) if r.path == ".github/CODEOWNERS"]
    assert owners == [Reference(".github/CODEOWNERS", 1, "/crates/a/src/*.rs @team")]


def test_a_file_the_change_edits_counts_as_it_leaves_it(root: Path) -> None:
    manifest = 'path = "src/big.rs"\n'
    scratch.write(root, {"crates/a/Cargo.toml": scratch.CRATE["Cargo.toml"] + "\n# " + manifest})
    change = Change("", moves={"crates/a/src/big.rs": "crates/a/src/big/mod.rs"})
    assert "crates/a/Cargo.toml" in {r.path for r in found(root, change)}
    text = (root / "crates/a/Cargo.toml").read_bytes()
    at = text.index(b"src/big.rs")
    edit = Edit(at, at + len(b"src/big.rs"), b"src/big/mod.rs")
    edited = Change("", {"crates/a/Cargo.toml": (edit,)}, moves=change.moves)
    assert "crates/a/Cargo.toml" not in {r.path for r in found(root, edited)}


def test_a_change_that_moves_nothing_is_named_nowhere(root: Path) -> None:
    assert found(root, Change("", edits={"crates/a/src/big.rs": (Edit(0, 0, b"\n"),)})) == ()


def test_the_audit_that_is_worked_off_is_no_news(root: Path) -> None:
    change = Change("", moves={"crates/a/src/big.rs": "crates/a/src/big/mod.rs"})
    assert "docs/guide.md" in MEANT
    assert {r.path for r in found(root, change, "docs/guide.md")} == set(MEANT) - {"docs/guide.md"}
