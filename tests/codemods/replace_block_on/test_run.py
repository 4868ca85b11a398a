"""The codemod as a user meets it: an audit worked off, a checkout changed in place, a check."""

import shutil
from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from fixture_case import case, tree

_AUDIT = """\
# Audit

### 1. Loading
**File:** `src/store.rs`
**Line:** 20
**Violation:** Uses `block_on` which blocks the async runtime
**Technical Solution:** Replace all `block_on` calls with proper AsyncStream patterns:
```rust
pub fn operation(value: u32) -> AsyncStream<u32> {
    let (sender, stream) = async_stream_channel();
    spawn_stream(move |_| {
        let result = number(value).await?;
        let _ = sender.send(result);
        Ok(())
    });
    stream
}
```

### 2. Reading
**File:** `src/size.rs`
**Line:** 4
**Violation:** Uses `spawn_blocking`, which violates the architecture

### 3. The beginning
**File:** `src/main.rs`
**Line:** 13
**Violation:** Uses `block_on` which blocks the async runtime
"""
_SIZE = """\
use tokio::task::spawn_blocking;

pub async fn size() -> usize {
    spawn_blocking(|| std::fs::read("Cargo.toml").map_or(0, |text| text.len())).await
}
"""


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


@pytest.fixture
def repo(tmp_path: Path) -> Path:
    root = tmp_path / "small"
    shutil.copytree(case("replace_block_on/block_on_in_main").before, root)
    main = root / "src/main.rs"
    text = main.read_text().replace("mod store;", "mod size;\nmod store;")
    text = text.replace("store::load(2)\n", "store::load(2) + size::size().await as u32\n")
    main.write_text(text)
    (root / "src/size.rs").write_text(_SIZE)
    (root / "AUDIT.md").write_text(_AUDIT)
    files = {path: text.decode() for path, text in tree(root).items()}
    shutil.rmtree(root)
    return scratch.repository(root, {**files, ".gitignore": "target\nCargo.lock\n"})


@pytest.mark.slow
def test_an_audit_is_worked_off(repo: Path, remediate: Remediate) -> None:
    done = remediate.data(repo, "run", "AUDIT.md", "--verify", "quick")
    fixed, mistaken, boundary = done["outcomes"]
    assert (fixed["outcome"], fixed["path"]) == ("fixed", "src/store.rs")
    assert "async fn load" in scratch.git(repo, "show", f"{fixed['branch']}:src/store.rs")
    (said,) = [note for note in fixed["notes"] if "does not compile" in note]
    assert "E0728 `await` is only allowed inside `async` functions and blocks" in said
    assert said.endswith("Used instead: Make load async instead of blocking")
    assert (mistaken["outcome"], mistaken["reason"]) == ("mistaken", "correct-as-it-is")
    assert "spawn_blocking keeps blocking work off the async workers" in mistaken["detail"]
    assert (boundary["outcome"], boundary["reason"]) == ("skipped", "main")
    again = remediate.data(repo, "run", "AUDIT.md", "--verify", "quick")
    assert all(outcome["reused"] for outcome in again["outcomes"])


@pytest.mark.slow
def test_in_place_and_check(repo: Path, remediate: Remediate) -> None:
    assert remediate(repo, "replace-block-on", "src/store.rs", "--check").code == 1
    assert remediate(repo, "replace-block-on", "src/main.rs", "--check").code == 0
    assert remediate(repo, "replace-block-on", "src/main.rs").code == 1
    assert scratch.git(repo, "status", "--porcelain") == ""
    changed = remediate(repo, "replace-block-on", "src/store.rs", "--in-place", "--verify", "quick")
    assert changed.code == 0, changed.err
    assert scratch.git(repo, "status", "--porcelain").split() == ["M", "src/main.rs", "M", "src/store.rs"]
    assert "store::load(1).await + store::load(2).await" in (repo / "src/main.rs").read_text()
