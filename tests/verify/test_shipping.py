from dataclasses import replace
from pathlib import Path

import pytest
from crates import crate, manifest, package
from scratch import git, write

from remediate.cargo.packaged import packed
from remediate.gates import Verdict
from remediate.verify.compiler.shipping import Archive, same_archive, selects_files, shipping

_LIBRARY = '#[cfg(test)]\n#[path = "../tests/unit/tests.rs"]\nmod tests;\n'
_NEW = "tests/unit/tests.rs"
_BOTH = 'include = ["src", "tests"]\n'


@pytest.mark.seeded("package", "failed", "`include` leaves a new file out of the archive")
@pytest.mark.parametrize(
    ("chosen", "verdict"),
    [
        ('include = ["src/**"]\n', Verdict.FAILED),
        ('include = ["src/**", "tests/**"]\n', Verdict.PASSED),
        ('exclude = ["tests/unit"]\n', Verdict.FAILED),
        ('exclude = ["docs"]\n', Verdict.PASSED),
    ],
)
def test_new_test_files_must_be_shipped(tmp_path: Path, chosen: str, verdict: Verdict) -> None:
    cargo = crate(
        tmp_path, {"Cargo.toml": manifest(more=chosen), "src/lib.rs": _LIBRARY, _NEW: "#[test]\nfn t() {}\n"}
    )
    git(tmp_path, "init", "--quiet")
    found = shipping(Archive(cargo, "small"), package(cargo), cargo.check().units, ["src/lib.rs", _NEW])
    assert found.verdict is verdict, found.detail


def test_a_target_that_is_not_shipped_needs_nothing(tmp_path: Path) -> None:
    files = {"src/lib.rs": "", "tests/it/main.rs": "mod more;\n", "tests/it/more.rs": "#[test]\nfn t() {}\n"}
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more='include = ["src/**"]\n'), **files})
    found = shipping(Archive(cargo, "small"), package(cargo), cargo.check().units, ["tests/it/more.rs"])
    assert found.verdict is Verdict.PASSED


def test_only_a_published_choice_of_files_is_looked_at(tmp_path: Path) -> None:
    for more, looked in (
        ("", False),
        ('include = ["src"]\n', True),
        ('publish = false\nexclude = ["x"]\n', False),
    ):
        assert (
            selects_files(package(crate(tmp_path, {"Cargo.toml": manifest(more=more), "src/lib.rs": ""})))
            is looked
        )


@pytest.mark.parametrize(
    ("selected", "written", "same"),
    [
        (_BOTH, {_NEW: ""}, True),
        (_BOTH, {_NEW: "", ".config/nextest.toml": ""}, True),
        ('include = ["src"]\n', {_NEW: ""}, False),
        ('exclude = ["*.snap"]\n', {_NEW: "", "tests/unit/a.snap": ""}, False),
        (
            'include = ["src"]\n',
            {_NEW: "", "Cargo.toml": manifest(more='include = ["src", "tests"]\n')},
            True,
        ),
        ('include = ["src"]\n', {_NEW: "", "Cargo.toml": manifest()}, False),
    ],
)
def test_the_tests_of_an_archive_are_those_of_the_tree_where_it_changes_as_the_tree_does(
    tmp_path: Path, selected: str, written: dict[str, str], *, same: bool
) -> None:
    files = {"src/lib.rs": "", "src/a.rs": "", "notes.txt": ""}
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more=selected), **files})
    git(tmp_path, "init", "--quiet")
    before, shipped = package(cargo), packed(cargo, "small")
    write(tmp_path, written)
    (tmp_path / "src/a.rs").unlink()
    after = {**{path: text.encode() for path, text in written.items()}, "src/a.rs": None}
    found = same_archive(Archive(cargo, "small"), before, shipped, after)
    assert (found is not None) is same
    assert same_archive(Archive(cargo, "small"), before, (), after) is None


@pytest.mark.seeded("archive", "unverified", "another file gets into the archive: its tests are run there")
def test_a_file_that_gets_into_the_archive_by_the_way_is_seen(tmp_path: Path) -> None:
    files = {"src/lib.rs": "", "src/late.txt": ""}
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more='include = ["src"]\n'), **files})
    before, shipped = package(cargo), packed(cargo, "small") - {"src/late.txt"}
    assert same_archive(Archive(cargo, "small"), before, shipped, {"src/lib.rs": b"\n"}) is None


def test_an_edited_file_that_was_not_shipped_before_gets_in_by_the_way_too(tmp_path: Path) -> None:
    files = {"src/lib.rs": "", "src/late.txt": ""}
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more='include = ["src"]\n'), **files})
    before, shipped = package(cargo), packed(cargo, "small")
    archive = Archive(cargo, "small")
    before = replace(before, files={**before.files, "src/late.txt": b""})
    edited = {"src/late.txt": b"x"}
    assert same_archive(archive, before, shipped, edited) is not None
    assert same_archive(archive, before, shipped - {"src/late.txt"}, edited) is None


def test_an_archive_that_cannot_be_made_proves_nothing(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": ""})
    unknown = Archive(cargo, "unknown")
    assert shipping(unknown, package(cargo), (), ["src/lib.rs"]).verdict is Verdict.UNVERIFIED
    assert same_archive(unknown, package(cargo), ("Cargo.toml",), {}) is None
