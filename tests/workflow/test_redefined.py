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


_TRAIT = """\
pub trait Store {
    /// How many there are.
    ///
    /// ```
    /// use small::{Fixed, Store};
    /// assert_eq!(Fixed(3).count("a", "b"), 3);
    /// ```
    fn count(&self, of_what_name: &str, in_which_store: &str) -> usize;

    fn double(&self, name: &str) -> usize {
        self.count(name, name) * 2
    }
}

pub struct Fixed(pub usize);

impl Store for Fixed {
    fn count(&self, _of_what_name: &str, _in_which_store: &str) -> usize {
        pollster::block_on(read(self.0))
    }
}

async fn read(number: usize) -> usize {
    std::future::ready(()).await;
    number
}

pub async fn line(store: &dyn Store) -> usize {
    store.double("a") + store.count("a", "b")
}

pub fn all(stores: &[Fixed]) -> usize {
    stores.iter().map(|one| one.count("a", "b")).filter(|n| *n > 0).sum()
}
"""


@pytest.mark.slow
def test_a_public_trait_is_verified_again_as_rustfmt_laid_it_out(
    tmp_path: Path, remediate: Remediate
) -> None:
    waits = case("replace_block_on/own_trait_as_dyn").before / "pollster"
    files = {
        "Cargo.toml": _FILES["Cargo.toml"]
        + '[dependencies]\npollster = { path = "pollster" }\n[workspace]\n',
        "pollster/Cargo.toml": (waits / "Cargo.toml").read_text(),
        "pollster/src/lib.rs": (waits / "src/lib.rs").read_text(),
        "src/lib.rs": "mod store;\npub use store::{Fixed, Store, all, line};\n",
        "src/store.rs": _TRAIT,
        ".gitignore": "target\nCargo.lock\n",
    }
    root = scratch.repository(tmp_path / "small", files)
    asked = ("src/store.rs", "--public-api", "--callers", "block", "--verify", "full")
    outcome = remediate.data(root, "replace-block-on", *asked)
    assert outcome["outcome"] == "fixed-partly", outcome
    told = "\n".join(outcome["notes"])
    assert "`count` becomes async" in told
    assert "async code still blocks, as before, in or through `double`" in told
    branch = outcome["branch"]
    said = scratch.git(root, "log", "-1", "--format=%B", branch)
    assert 'Remediate-Api: ["small::Fixed","small::Store"]' in said
    judged = remediate(root, "verify", branch, "--verify", "full")
    assert judged.code == 0, judged.out
    scratch.git(root, "switch", "--quiet", branch)
    lost = "\n".join(line for line in said.split("\n") if not line.startswith("Remediate-Comments"))
    for tampered, code, words in (
        (lost, 3, "lost comment"),
        (said.replace('"block_on()":', '"block_on()":-'), 3, "the change adds"),
        (said.replace("Remediate-Adds: {", "Remediate-Adds: "), 2, "cannot be read"),
        (
            said.replace("Remediate-Rewrites: {", 'Remediate-Rewrites: {"src/lib.rs":[[9999,9999,""]],'),
            2,
            "is not there",
        ),
    ):
        scratch.git(root, "commit", "--quiet", "--amend", "--message", tampered)
        judged = remediate(root, "verify", branch)
        assert (judged.code, words in judged.out + judged.err) == (code, True), judged
