"""`remediate templates`: what ships, the project's own stream type, and its own templates before both."""

from pathlib import Path

import pytest
import scratch
from command_line import Remediate

_FILES = {
    "Cargo.toml": '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": """\
use std::future::Future;
use std::pin::Pin;

pub struct AsyncStream<T>(Option<Pin<Box<dyn Future<Output = T>>>>);

impl<T> AsyncStream<T> {
    pub fn once(future: impl Future<Output = T> + 'static) -> Self {
        AsyncStream(Some(Box::pin(future)))
    }

    pub async fn next(&mut self) -> Option<T> {
        Some(self.0.take()?.await)
    }
}
""",
    "remediate.toml": 'templates = "house"\n',
    "house/async/futures.rs.j2": "// Ours.\nfn {{ name }}() {}\n",
    "house/async/plain.rs.j2": "{{ nothing }}",
}


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


def test_a_projects_own_come_first(tmp_path: Path, remediate: Remediate) -> None:
    root = scratch.repository(tmp_path, _FILES)
    listed = remediate(root, "templates", "--no-probe")
    assert listed.code == 0
    assert "project:small::AsyncStream::once" in listed.out
    assert f"from {root / 'house/async/futures.rs.j2'}" in listed.out
    assert (
        "    // Ours.\n    fn numbers() {}\n"
        in remediate(root, "templates", "--no-probe", "--show", "futures").out
    )
    wrong = remediate(root, "templates", "--no-probe", "--show", "plain")
    assert (wrong.code, "'nothing' is undefined" in wrong.err) == (2, True)
    assert remediate(root, "templates", "--no-probe", "no-such").code == 2


def test_outside_of_a_workspace_what_ships_is_listed(tmp_path: Path, remediate: Remediate) -> None:
    listed = remediate(tmp_path, "templates", "--no-probe", "std", "--message-format", "json")
    assert (listed.code, "async/std.rs.j2" in listed.out) == (0, True)
