"""One branch for what stands or falls together: calls are put together by the functions that they change."""

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
mod executor;
mod first;
mod second;

use executor::block_on;

pub async fn number(value: u32) -> u32 {
    let mut waited = false;
    std::future::poll_fn(|context| {
        context.waker().wake_by_ref();
        if std::mem::replace(&mut waited, true) {
            std::task::Poll::Ready(())
        } else {
            std::task::Poll::Pending
        }
    })
    .await;
    value
}

pub async fn total() -> u32 {
    first::sum(1) + second::alone(1) + block_on(number(2))
}

pub async fn again() -> u32 {
    block_on(number(1))
}

pub fn outside() -> u32 {
    block_on(total()) + block_on(again())
}
""",
    "src/first.rs": """\
use crate::executor::block_on;
use crate::number;

pub fn sum(value: u32) -> u32 {
    block_on(number(value)) + crate::second::part(value)
}
""",
    "src/second.rs": """\
use crate::executor::block_on;
use crate::number;

pub fn part(value: u32) -> u32 {
    block_on(number(value))
}

pub fn alone(value: u32) -> u32 {
    block_on(number(value))
}
""",
    ".gitignore": "target\nCargo.lock\n",
}


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


@pytest.mark.slow
def test_one_branch_for_each_component(tmp_path: Path, remediate: Remediate) -> None:
    root = scratch.repository(tmp_path / "small", _FILES)
    done = remediate.data(root, "replace-block-on", "--verify", "quick")
    fixed = {tuple(o["files"]): o for o in done["outcomes"] if o["branch"]}
    assert set(fixed) == {
        ("src/first.rs", "src/lib.rs", "src/second.rs"),
        ("src/lib.rs",),
        ("src/lib.rs", "src/second.rs"),
    }
    together = fixed["src/first.rs", "src/lib.rs", "src/second.rs"]["branch"]
    text = scratch.git(root, "show", f"{together}:src/second.rs")
    assert "pub async fn part" in text
    assert "pub fn alone" in text
    inner = scratch.git(root, "show", f"{fixed[('src/lib.rs',)]['branch']}:src/lib.rs")
    assert inner.count("block_on(") == 2
    listed = remediate(root, "replace-block-on", "--list").out
    assert "called by sum (src/first.rs:5)" in listed
    assert listed.splitlines()[-1] == "7 blocking calls: 5 would be changed, 2 stay"
