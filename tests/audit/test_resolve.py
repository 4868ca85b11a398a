"""From a path as an audit wrote it to today's path."""

import pytest

from remediate.audit.anchoring.resolve import Kind, resolve
from remediate.audit.tree import Tree

FILES = (
    "packages/a/src/lib.rs",
    "packages/a/src/chat/search.rs",
    "packages/a/src/chat/rooms/mod.rs",
    "packages/a/src/chat/rooms/list.rs",
    "packages/b/src/lib.rs",
    "packages/b/src/other.rs",
)
TREE = Tree(dict.fromkeys(FILES, b""), frozenset({"Cargo.toml"}), {"packages/a": "a", "packages/b": "b"})
ALONE = Tree({"src/lib.rs": b"", "src/x.rs": b""}, packages={"": "tally"})


@pytest.mark.parametrize(
    ("written", "kind", "paths"),
    [
        ("packages/a/src/lib.rs", Kind.FILE, ("packages/a/src/lib.rs",)),
        ("/packages/a/src/lib.rs", Kind.FILE, ("packages/a/src/lib.rs",)),
        ("/Volumes/x/project/packages/a/src/lib.rs", Kind.FILE, ("packages/a/src/lib.rs",)),
        ("C:\\work\\packages\\a\\src\\lib.rs", Kind.FILE, ("packages/a/src/lib.rs",)),
        ("/crates/a/src/lib.rs", Kind.FILE, ("packages/a/src/lib.rs",)),
        ("chat/search.rs", Kind.FILE, ("packages/a/src/chat/search.rs",)),
        ("src/lib.rs", Kind.AMBIGUOUS, ("packages/a/src/lib.rs", "packages/b/src/lib.rs")),
        ("packages/c/src/chat/search.rs", Kind.NONE, ()),
        ("packages/a/src/gone.rs", Kind.NONE, ()),
        (
            "packages/a/src/chat/rooms.rs",
            Kind.MODULE,
            ("packages/a/src/chat/rooms/mod.rs", "packages/a/src/chat/rooms/list.rs"),
        ),
        ("packages/b/src/other/mod.rs", Kind.MODULE, ("packages/b/src/other.rs",)),
        ("/packages/a/src/chat/", Kind.FOLDER, ("packages/a/src/chat",)),
        ("packages/*/src/lib.rs", Kind.FILES, ("packages/a/src/lib.rs", "packages/b/src/lib.rs")),
        ("x/packages/b/src/{lib,other}.rs", Kind.FILES, ("packages/b/src/lib.rs", "packages/b/src/other.rs")),
        ("../../etc/passwd", Kind.OUTSIDE, ()),
        ("packages/a/../../../etc/passwd", Kind.OUTSIDE, ()),
        ("/root/.cargo/registry/src/index/dep-1.0.0/src/lib.rs", Kind.OUTSIDE, ()),
        ("a/" * 5000 + "lib.rs", Kind.NONE, ()),
    ],
)
def test_resolve(written: str, kind: Kind, paths: tuple[str, ...]) -> None:
    found = resolve(TREE, written)
    assert (found.kind, found.paths) == (kind, paths)


def test_a_foreign_root_may_be_a_package_alone() -> None:
    assert resolve(ALONE, "/home/ines/tally/src/x.rs").paths == ("src/x.rs",)


def test_a_member_that_is_not_here_is_not_the_root() -> None:
    assert resolve(ALONE, "/home/ines/work/packages/other/src/x.rs").kind is Kind.NONE


def test_nothing_is_found_in_nothing() -> None:
    assert resolve(Tree({}), "").kind is Kind.NONE
