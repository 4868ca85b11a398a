"""A rewrite declares the functions and public paths it changes; level full accepts those and no others."""

from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from fixture_case import case

_EXECUTOR = (case("replace_block_on/own_executor").before / "src/executor.rs").read_text()
_FILES = {
    "Cargo.toml": '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2024"\npublish = false\n',
    "src/executor.rs": _EXECUTOR,
    "src/lib.rs": """\
pub mod executor;
mod m;
pub use m::{Store, load};

pub async fn run() -> usize {
    load("a") + Store::<u8>::new().load("b")
}

pub fn outside() -> usize {
    executor::block_on(run())
}
""",
    "src/m.rs": """\
use crate::executor::block_on;

async fn read(name: &str) -> usize {
    std::future::ready(()).await;
    name.len()
}

pub fn load(name: &str) -> usize {
    block_on(read(name))
}

pub struct Store<T>(T);

impl<T: Default> Store<T> {
    pub fn new() -> Self {
        Store(T::default())
    }

    pub fn load(&self, name: &str) -> usize {
        block_on(read(name))
    }
}
""",
    ".gitignore": "target\nCargo.lock\n",
}


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


@pytest.mark.slow
def test_level_full_accepts_what_is_declared_and_nothing_else(tmp_path: Path, remediate: Remediate) -> None:
    root = scratch.repository(tmp_path / "small", _FILES)
    outcome = remediate.data(root, "replace-block-on", "src/m.rs", "--verify", "full")
    assert outcome["outcome"] == "fixed", outcome
    branch = outcome["branch"]
    said = scratch.git(root, "log", "-1", "--format=%B", branch)
    assert 'Remediate-Functions: ["small::m::Store::load","small::m::load","small::run"]' in said
    assert 'Remediate-Api: ["small::Store::load","small::load"]' in said
    assert remediate(root, "verify", branch, "--verify", "full").code == 0
    scratch.git(root, "switch", "--quiet", branch)
    less = said.replace('"small::m::Store::load",', "", 1).replace('"small::Store::load",', "")
    scratch.git(root, "commit", "--quiet", "--amend", "--message", less)
    judged = remediate(root, "verify", branch, "--verify", "full")
    assert judged.code == 3
    assert "small::Store::load changed" in judged.out
    assert "MIR (default): " in judged.out
    assert "bodies differ" in judged.out
