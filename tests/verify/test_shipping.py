from pathlib import Path

import pytest
from crates import crate, manifest, package
from scratch import git

from remediate.verify.report import Verdict
from remediate.verify.shipping import selects_files, shipping

_LIBRARY = '#[cfg(test)]\n#[path = "../tests/unit/tests.rs"]\nmod tests;\n'
_NEW = "tests/unit/tests.rs"


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
    found = shipping(cargo, package(cargo), "small", cargo.check().units, ["src/lib.rs", _NEW])
    assert found.verdict is verdict, found.detail


def test_a_target_that_is_not_shipped_needs_nothing(tmp_path: Path) -> None:
    files = {"src/lib.rs": "", "tests/it/main.rs": "mod more;\n", "tests/it/more.rs": "#[test]\nfn t() {}\n"}
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more='include = ["src/**"]\n'), **files})
    found = shipping(cargo, package(cargo), "small", cargo.check().units, ["tests/it/more.rs"])
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
