"""What manifests say without cargo, held against what cargo says of the same workspace."""

from pathlib import Path

import pytest
import scratch

from remediate.cargo.command import Cargo
from remediate.cargo.metadata import described, missing_targets
from remediate.errors import BaselineError

FILES = {
    "Cargo.toml": '[workspace]\nmembers = ["crates/*"]\nexclude = ["crates/out"]\nresolver = "2"\n'
    '[workspace.package]\nversion = "1.2.3"\nedition = "2021"\n',
    "crates/a/Cargo.toml": '[package]\nname = "a-b"\nversion.workspace = true\nedition.workspace = true\n'
    '[features]\nx = []\n[dependencies]\nc = { path = "../c" }\n[[bin]]\nname = "tool"\npath = "src/t.rs"\n',
    "crates/a/build.rs": "fn main() {}\n",
    "crates/a/src/lib.rs": "",
    "crates/a/src/t.rs": "fn main() {}\n",
    "crates/a/src/bin/more.rs": "fn main() {}\n",
    "crates/a/tests/t.rs": "",
    "crates/a/tests/u/main.rs": "",
    "crates/a/examples/e.rs": "fn main() {}\n",
    "crates/c/Cargo.toml": '[package]\nname = "c"\n[lib]\nproc-macro = true\n',
    "crates/c/src/lib.rs": "",
    "crates/out/Cargo.toml": '[package]\nname = "out"\n',
}
REFUSED = BaselineError("no")


def test_a_workspace_is_described_as_cargo_would(tmp_path: Path) -> None:
    scratch.write(tmp_path, FILES)
    said = Cargo(tmp_path).metadata()
    ours = described(tmp_path.resolve() / "crates/a", REFUSED)
    assert ours.workspace_root == said.workspace_root
    assert [(p.name, p.version, p.edition, p.folder) for p in ours.packages] == [
        (p.name, p.version, p.edition, p.folder) for p in said.packages
    ]
    for one, other in zip(ours.packages, said.packages, strict=True):
        assert sorted((t.name, t.kind, t.src_path, t.test) for t in one.targets) == sorted(
            (t.name, t.kind, t.src_path, t.test) for t in other.targets
        )


def test_manifests_that_cannot_be_read_stay_refused(tmp_path: Path) -> None:
    scratch.write(tmp_path, {"Cargo.toml": "[package"})
    with pytest.raises(BaselineError, match="no"):
        described(tmp_path, REFUSED)


def test_declared_targets_without_a_file(tmp_path: Path) -> None:
    more = '[[example]]\nname = "e"\n[[bench]]\nname = "b"\npath = "benches/b.rs"\n[[test]]\nname = "t"\n'
    scratch.write(tmp_path, {**scratch.CRATE, "Cargo.toml": scratch.CRATE["Cargo.toml"] + more})
    scratch.write(tmp_path, {"tests/t.rs": ""})
    found = missing_targets(described(tmp_path, REFUSED))
    assert [(t.kind, t.name, Path(t.path).name) for t in found] == [
        ("example", "e", "e.rs"), ("bench", "b", "b.rs"),
    ]  # fmt: skip
