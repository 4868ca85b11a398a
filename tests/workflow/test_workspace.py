from pathlib import Path

import pytest
import scratch

from remediate.errors import BaselineError, InputError
from remediate.workflow.sources import reading
from remediate.workflow.sources.roots import manifest_folder
from remediate.workflow.sources.workspace import load

VIRTUAL = {
    "Cargo.toml": '[workspace]\nmembers = ["a", "a/inner", "b"]\nresolver = "2"\n',
    "rustfmt.toml": "",
    ".config/nextest.toml": "",
    "a/Cargo.toml": '[package]\nname = "a"\nedition = "2021"\n[features]\nx = []\n'
    '[lib]\nharness = false\n[[test]]\nname = "plain"\nharness = false\n',
    "a/src/lib.rs": "",
    "a/tests/plain.rs": "fn main() {}",
    "a/tests/usual.rs": "",
    "a/tests/data.txt": "",
    "a/inner/Cargo.toml": '[package]\nname = "inner"\nedition = "2018"\n',
    "a/inner/src/lib.rs": "",
    "b/Cargo.toml": '[package]\nname = "b"\n',
    "b/src/main.rs": "fn main() {}",
    "target/debug/build/x/out/y.rs": "",
    "other-target/CACHEDIR.TAG": "",
    "other-target/z.rs": "",
    ".hidden/h.rs": "",
    "loose.rs": "",
}


def test_files_belong_to_the_deepest_member(tmp_path: Path) -> None:
    scratch.write(tmp_path, VIRTUAL)
    workspace = load(tmp_path / "a" / "src")
    assert workspace.root == tmp_path.resolve()
    assert [(p.name, p.root) for p in workspace.packages] == [("a", "a"), ("inner", "a/inner"), ("b", "b")]
    first, inner, _ = workspace.packages
    assert first.rust_files == ("a/src/lib.rs", "a/tests/plain.rs", "a/tests/usual.rs")
    assert first.paths == {"a/tests/data.txt"}
    assert first.features == ("x",)
    assert first.members == ("a/inner", "b")
    assert set(inner.files) == {
        "a/inner/Cargo.toml", "a/inner/src/lib.rs", "Cargo.toml", "rustfmt.toml", ".config/nextest.toml",
    }  # fmt: skip
    assert {t.name: t.harness for t in first.targets} == {"a": False, "plain": False, "usual": True}
    assert "loose.rs" in workspace.files
    assert not {p for p in workspace.files if "target" in p or "hidden" in p}
    assert workspace.package_of("a/inner/src/lib.rs") == inner
    assert workspace.package_of("a") == first
    assert workspace.package_of("loose.rs") is None


def test_what_cannot_be_read_is_reported(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(reading, "MOST_BYTES", 2000)
    scratch.write(tmp_path / "w", scratch.CRATE)
    scratch.write(tmp_path, {"outside.rs": "secret", "outside/mod.rs": "secret"})
    source = tmp_path / "w/src"
    (source / "latin.rs").write_bytes(b"// \xe4")
    (source / "huge.rs").write_text(" " * 2001)
    (source / "out.rs").symlink_to(tmp_path / "outside.rs")
    (source / "outside").symlink_to(tmp_path / "outside")
    (source / "loop.rs").symlink_to(source / "loop.rs")
    (source / "folder.rs").mkdir()
    workspace = load(tmp_path / "w")
    assert [(p.path, p.reason) for p in workspace.problems] == [
        ("src/huge.rs", "too-large"),
        ("src/latin.rs", "not-utf8"),
        ("src/loop.rs", "symlink"),
        ("src/out.rs", "symlink"),
    ]
    assert set(workspace.files) == {"Cargo.toml", "src/lib.rs", "src/big.rs"}
    assert {"src/out.rs", "src/outside", "src/latin.rs"} <= workspace.paths
    problem = workspace.problem_with("src/latin.rs")
    assert problem
    assert "UTF-8" in problem.sentence


def test_no_manifest(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"no Cargo\.toml"):
        load(tmp_path)
    with pytest.raises(InputError, match=r"is no Cargo\.toml"):
        manifest_folder(tmp_path, tmp_path / "nope" / "Cargo.toml")


def test_a_broken_manifest(tmp_path: Path) -> None:
    scratch.write(tmp_path, {"Cargo.toml": "[package"})
    with pytest.raises(BaselineError) as error:
        load(tmp_path)
    assert error.value.exit_code == 4


def test_the_manifest_asked_for_wins(tmp_path: Path) -> None:
    scratch.write(tmp_path, VIRTUAL)
    assert load(Path("/"), tmp_path / "b/Cargo.toml").root == tmp_path.resolve()
