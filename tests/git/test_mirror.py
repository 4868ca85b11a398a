"""What relative paths of a worktree of ours lead to: the same as from the checkout."""

from pathlib import Path

import pytest
import scratch

from remediate.git.command import Git
from remediate.git.mirror import Mirror
from remediate.git.revisions import base
from remediate.git.worktrees import home, leased


def _links(repo: Path) -> dict[str, Path]:
    """Return what is linked beside and above the worktree, and where it leads."""
    with Git(repo) as git, leased(git) as tree:
        tree.switch(base(git).commit)
        Mirror(git.top, tree.path, home(git)).link(tree.git)
        top = tree.path.parents[len(git.top.parts) - 2]
        found: dict[str, Path] = {}
        for folder in tree.path.parents:
            if folder.is_relative_to(top):
                links = (p for p in folder.iterdir() if p.is_symlink())
                found |= {p.relative_to(top).as_posix(): p.readlink() for p in links}
        return {name.removeprefix(f"{repo.parents[1].as_posix()[1:]}/"): to for name, to in found.items()}


def _repository(tmp_path: Path, files: dict[str, str]) -> Path:
    return scratch.repository(tmp_path / "group" / "repo", {**scratch.CRATE, **files})


def test_a_plain_repository_needs_nothing(tmp_path: Path) -> None:
    scratch.write(tmp_path, {"group/other/a.txt": ""})
    assert _links(_repository(tmp_path, {})) == {}


@pytest.mark.parametrize(
    ("file", "text"),
    [
        ("Cargo.toml", scratch.CRATE["Cargo.toml"] + '[dependencies]\ndep = { path = "../dep" }\n'),
        ("src/a/b.rs", 'const A: &str = include_str!("../../../dep/x.txt");\n'),
        ("build.rs", 'const A: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../dep");\n'),
        ("inner/Cargo.toml", '[package]\nname = "i"\n[dependencies]\ndep = { path = "../../dep" }\n'),
        (".cargo/config.toml", "[patch.crates-io]\ndep = { path = '../dep' }\n"),
    ],
)
def test_what_a_file_names_outside_is_linked(tmp_path: Path, file: str, text: str) -> None:
    scratch.write(tmp_path, {"group/dep/x.txt": "", "group/other/a.txt": "", "else/a.txt": ""})
    assert _links(_repository(tmp_path, {file: text})) == {"group/dep": tmp_path / "group/dep"}


def test_dependencies_of_dependencies_and_their_workspace(tmp_path: Path) -> None:
    outside = {
        "group/lib/Cargo.toml": '[workspace.dependencies]\nfar = { path = "../../far" }\n',
        "group/lib/one/Cargo.toml": '[package]\nname = "one"\n[dependencies]\ntwo = { path = "../../two" }\n',
        "group/two/Cargo.toml": '[package]\nname = "two"\n',
        "far/Cargo.toml": '[package]\nname = "far"\n',
        "near/Cargo.toml": "",
    }
    scratch.write(tmp_path, outside)
    manifest = scratch.CRATE["Cargo.toml"] + '[dependencies]\none = { path = "../lib/one" }\n'
    assert set(_links(_repository(tmp_path, {"Cargo.toml": manifest}))) == {"group/lib", "group/two", "far"}


def test_members_of_a_workspace_above_are_linked_and_its_lock_file_is_copied(tmp_path: Path) -> None:
    outside = {
        "group/Cargo.toml": '[workspace]\nmembers = ["repo", "member"]\n',
        "group/Cargo.lock": "version = 4\n",
        "group/member/Cargo.toml": '[package]\nname = "m"\n[dependencies]\nfar = { path = "../../far" }\n',
        "far/Cargo.toml": "",
    }
    scratch.write(tmp_path, outside)
    repo = _repository(tmp_path, {})
    assert set(_links(repo)) == {"group/Cargo.toml", "group/member", "far"}
    with Git(repo) as git:
        (copy,) = home(git).rglob("Cargo.lock")
    assert not copy.is_symlink()
    assert copy.read_text() == "version = 4\n"


def test_links_follow_what_the_commit_needs(tmp_path: Path) -> None:
    scratch.write(
        tmp_path, {"group/dep/x.txt": "", "group/data/y.txt": "", "group/rust-toolchain": "stable\n"}
    )
    repo = _repository(tmp_path, {"src/a.rs": 'const A: &str = include_str!("../../dep/x.txt");\n'})
    assert set(_links(repo)) == {"group/dep", "group/rust-toolchain"}
    scratch.write(repo, {"src/a.rs": 'const A: &str = include_str!("../../data/y.txt");\n'})
    scratch.git(repo, "commit", "--quiet", "--all", "--message", "Other")
    assert set(_links(repo)) == {"group/data", "group/rust-toolchain"}


def test_a_bare_way_up_needs_all_that_is_there(tmp_path: Path) -> None:
    scratch.write(tmp_path, {"group/a/x.txt": "", "group/b.txt": ""})
    repo = _repository(tmp_path, {"build.rs": 'fn main() { for _ in std::fs::read_dir("..") {} }\n'})
    assert set(_links(repo)) == {"group/a", "group/b.txt"}
