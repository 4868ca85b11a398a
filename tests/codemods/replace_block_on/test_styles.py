"""`--style stream` with real crates: the type is probed before it is used, and its crates may be added."""

import tomllib
from pathlib import Path

import pytest
import scratch
from command_line import Remediate

_FILES = {
    "Cargo.toml": """\
[package]
name = "small"
version = "0.1.0"
edition = "2024"
publish = false

[dependencies]
tokio = { version = "1", features = ["macros", "rt-multi-thread", "sync"] } # the runtime
""",
    "src/lib.rs": """\
pub mod streams;

use tokio::runtime::Handle;
use tokio::task::block_in_place;

async fn read(name: &str) -> Result<usize, String> {
    tokio::task::yield_now().await;
    if name.is_empty() { Err("no name".into()) } else { Ok(name.len()) }
}

/// Measures a name.
pub fn length(name: &str) -> Result<usize, String> {
    block_in_place(|| Handle::current().block_on(read(name)))
}

pub async fn total() -> usize {
    let mut total = 0;
    for name in ["a", "", "abc"] {
        total += length(name).unwrap_or(10);
    }
    total
}
""",
    "src/streams.rs": """\
use tokio::sync::mpsc;

pub struct Good<T> {
    receiver: mpsc::Receiver<T>,
}

impl<T> Good<T> {
    pub fn channel(capacity: usize) -> (mpsc::Sender<T>, Self) {
        let (sender, receiver) = mpsc::channel(capacity);
        (sender, Self { receiver })
    }

    pub async fn next(&mut self) -> Option<T> {
        self.receiver.recv().await
    }
}

pub struct Unbounded<T> {
    receiver: mpsc::UnboundedReceiver<T>,
}

pub fn unbounded_channel<T>() -> (mpsc::UnboundedSender<T>, Unbounded<T>) {
    let (sender, receiver) = mpsc::unbounded_channel();
    (sender, Unbounded { receiver })
}

impl<T> Unbounded<T> {
    pub async fn next(&mut self) -> Option<T> {
        self.receiver.recv().await
    }
}
""",
    "tests/it.rs": """\
#[tokio::test(flavor = "multi_thread")]
async fn the_total_is_right() {
    assert_eq!(small::total().await, 14);
}
""",
    ".gitignore": "target\nCargo.lock\n",
}
_COMMAND = ("replace-block-on", "src/lib.rs", "--style", "stream", "--verify", "standard")


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


@pytest.mark.slow
def test_the_type_is_probed_and_its_crates_are_added(tmp_path: Path, remediate: Remediate) -> None:
    root = scratch.repository(tmp_path / "small", _FILES)
    good = remediate.data(root, *_COMMAND, "--stream-type", "Good")
    assert (good["outcome"], good["reason"]) == ("fixed", "verified"), good["detail"]
    text = scratch.git(root, "show", f"{good['branch']}:src/lib.rs")
    assert "pub fn length(name: &str) -> crate::streams::Good<Result<usize, String>> {" in text
    assert "crate::streams::Good::channel(1)" in text
    scratch.git(root, "branch", "-D", good["branch"])
    bad = remediate.data(root, *_COMMAND, "--stream-type", "Unbounded")
    assert (bad["outcome"], bad["reason"]) == ("skipped", "no-stream"), bad["detail"]
    assert "small::streams::Unbounded breaks its contract (bounded: " in bad["detail"]
    assert "(--add-deps)" in bad["detail"]
    shipped = remediate.data(root, *_COMMAND, "--stream-type", "None", "--add-deps")
    assert (shipped["outcome"], shipped["reason"]) == ("fixed", "verified"), shipped["detail"]
    manifest = scratch.git(root, "show", f"{shipped['branch']}:Cargo.toml")
    assert "# the runtime" in manifest
    needed = tomllib.loads(manifest)["dependencies"]
    assert {"tokio-stream", "futures-core", "futures"} <= set(needed)
    assert needed["tokio"]["features"] == ["macros", "rt-multi-thread", "sync"]
    assert remediate(root, "verify", shipped["branch"]).code == 0
