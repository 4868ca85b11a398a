"""External fixers of every kind on one repository: only what is right lands, and nothing else is touched."""

import json
import re
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fake_fixer
import pytest
import scratch
from command_line import Remediate
from fake_fixer import RIGHT

from remediate.cargo.foreign import can_contain

FAKE = Path(fake_fixer.__file__)
LIB = f"""//! Taxes.
mod store;

pub use store::rate;

/// Adds tax.
pub fn with_tax(cents: i64) -> i64 {{
    cents + tax(cents)
}}

{RIGHT[0]}

#[cfg(test)]
mod tests {{
    #[test]
    fn adds() {{
        assert_eq!(super::with_tax(100), 107);
    }}

    #[test]
    fn adds_nothing() {{
        assert_eq!(super::with_tax(0), 0);
    }}
}}
"""
AUDIT = """# Audit

## 1. Rounding

- `src/lib.rs:11`: TODO marker, the tax is not rounded

## CONSTRAINTS

- **Error Handling:** no unwrap/expect in src/
"""
KINDS = re.findall(r'kind == "([a-z-]+)"', FAKE.read_text())


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """One repository for all: what is true before a fix is measured once."""
    repo = tmp_path_factory.mktemp("external") / "shop"
    fixers = "".join(_fixer(kind, repo, "auto") + _fixer(kind, repo, "off") for kind in KINDS)
    command = json.dumps([sys.executable, str(FAKE), "writes-outside", str(repo)])
    fixers += f"[fixers.careful]\ncommand = {command}\n\n"
    files = {
        **scratch.CRATE,
        "src/lib.rs": LIB,
        "src/store.rs": "pub fn rate() -> i64 {\n    1\n}\n",
        "AUDIT.md": AUDIT,
        "remediate.toml": fixers,
        ".gitignore": "/target\nCargo.lock\n",
    }
    del files["src/big.rs"]
    return scratch.repository(repo, files)


def _fixer(kind: str, repo: Path, sandbox: str) -> str:
    command = json.dumps([sys.executable, str(FAKE), kind, str(repo)])
    limit = 2 if kind == "hangs" else 60
    return (
        f"[fixers.{kind}-{sandbox}]\ncommand = {command}\ntimeout = {limit}\n"
        f'sandbox = "{sandbox}"\nenv = {{ GIVEN = "yes" }}\n\n'
    )


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    monkeypatch.setenv("SECRET", "not for fixers")
    return Remediate(capfdbinary, monkeypatch)


@pytest.fixture(autouse=True)
def untouched(shop: Path) -> Iterator[None]:
    """After every fixer the checkout, the index, references, configuration and hooks are what they were."""
    before, hooks = scratch.state(shop), sorted(f.name for f in (shop / ".git" / "hooks").iterdir())
    yield
    after = scratch.state(shop)
    restored = {"index", "config"}  # restored by their bytes
    changed = {name for name in {*before, *after} if _content(before, name) != _content(after, name)}
    assert not changed - restored
    assert {name: after[name] for name in restored} == {name: before[name] for name in restored}
    assert sorted(f.name for f in (shop / ".git" / "hooks").iterdir()) == hooks
    scratch.git(shop, "config", "--get", "user.name")


def _content(state: dict[str, str], name: str) -> str:
    """A file's digest and mode; a restored file has other times."""
    return " ".join(state.get(name, "").split()[:2]) if name.startswith("/") else state.get(name, "")


def _run(remediate: Remediate, shop: Path, kind: str, sandbox: str = "auto") -> dict[str, Any]:
    data = remediate.data(shop, "run", "AUDIT.md", "--fixer", f"{kind}-{sandbox}", "--redo")
    (outcome,) = data["outcomes"]
    assert outcome["fixer"] == f"{kind}-{sandbox}"
    return dict(outcome)


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["right", "commits", "loud", "own-repository", "leaves-children"])
def test_what_is_right_lands(remediate: Remediate, shop: Path, kind: str) -> None:
    outcome = _run(remediate, shop, kind)
    assert (outcome["outcome"], outcome["reason"]) == ("fixed", "verified"), outcome["detail"]
    text = scratch.git(shop, "show", f"{outcome['branch']}:src/lib.rs")
    assert RIGHT[1] in text
    message = scratch.git(shop, "log", "-1", "--format=%B", outcome["branch"])
    assert f"Remediate-Fixer: {kind}-auto" in message
    assert "no codemod: it needs a reader" in " ".join(message.split())
    assert scratch.git(shop, "diff", "--name-only", "main", outcome["branch"]) == "src/lib.rs"
    scratch.git(shop, "branch", "-D", outcome["branch"])
    if kind == "leaves-children":
        time.sleep(3.5)
        assert not (shop / "late.txt").exists()


@pytest.mark.slow
def test_a_branch_can_be_verified_by_anyone(remediate: Remediate, shop: Path) -> None:
    outcome = _run(remediate, shop, "right")
    verified = remediate.data(shop, "verify", outcome["branch"])
    assert not verified["failed"]
    names = {gate["name"] for gate in verified["verified"]}
    assert {"tests kept", "interface", "visibility", "related files", "project constraints"} <= names
    scratch.git(shop, "branch", "-D", outcome["branch"])


@pytest.mark.slow
@pytest.mark.parametrize(
    ("kind", "reason"),
    [("wrong", "test-results-failed"), ("broken", "check-failed"), ("reworded", "rescan-failed")],
)
def test_what_cargo_refuses(remediate: Remediate, shop: Path, kind: str, reason: str) -> None:
    outcome = _run(remediate, shop, kind)
    assert (outcome["outcome"], outcome["reason"], outcome["branch"]) == ("rolled-back", reason, None)


@pytest.mark.parametrize(
    ("kind", "reason", "said"),
    [
        ("other-file", "related-files-failed", "src/store.rs"),
        ("new-program", "related-files-failed", "src/bin/tool.rs"),
        ("deletes-test", "tests-kept-failed", "test adds is gone"),
        ("weakens-test", "tests-kept-failed", "test adds is gone"),
        ("widens", "visibility-failed", "tax (private -> pub(crate))"),
        ("adds-unwrap", "constraints-failed", ".unwrap()"),
        ("adds-dependency", "related-files-failed", "Cargo.toml"),
        ("link", "fixer-not-text", "src/link.rs is a symbolic link"),
        ("program", "fixer-not-text", "becomes a program"),
    ],
)
def test_what_the_text_gates_refuse(
    remediate: Remediate, shop: Path, kind: str, reason: str, said: str
) -> None:
    outcome = _run(remediate, shop, kind)
    assert (outcome["outcome"], outcome["reason"], outcome["branch"]) == ("rolled-back", reason, None)
    assert said in outcome["detail"]
    assert outcome["work_order"]


@pytest.mark.parametrize(
    ("kind", "reason", "said"),
    [
        ("hangs", "fixer-failed", "stopped after 2 s"),
        ("fails", "fixer-failed", "no-route (stage ask connect): the service is away"),
        ("crashes", "fixer-failed", "exit-code-3: ValueError: bad order"),
        ("no-json", "fixer-failed", "no JSON"),
        ("drops-repository", "fixer-failed", "no-repository"),
        ("idle", "fixer-nothing-to-do", "already fine"),
        ("no-change", "fixer-nothing-to-do", "made no change"),
    ],
)
def test_what_was_not_handed_in(remediate: Remediate, shop: Path, kind: str, reason: str, said: str) -> None:
    outcome = _run(remediate, shop, kind)
    assert (outcome["outcome"], outcome["reason"]) == ("skipped", reason)
    assert said in outcome["detail"]
    if kind == "hangs":
        time.sleep(4.5)
        assert not (shop / "late.txt").exists()


def test_writes_outside_are_found_and_put_back(remediate: Remediate, shop: Path) -> None:
    outcome = _run(remediate, shop, "writes-outside", "off")
    assert (outcome["outcome"], outcome["reason"]) == ("rolled-back", "fixer-wrote-outside")
    kept = shop / ".git" / "remediate" / "kept"
    assert "// overwritten\n" in {f.read_text() for f in kept.rglob("lib.rs")}
    assert (shop / "src" / "lib.rs").read_text() == LIB
    assert not (shop / "new.txt").exists()
    assert scratch.git(shop, "branch", "--list", "stolen") == ""


@pytest.mark.slow
@pytest.mark.skipif(not can_contain(), reason="this kernel has no Landlock 3: no sandbox to test")
def test_the_kernel_refuses_writes_outside(remediate: Remediate, shop: Path) -> None:
    outcome = _run(remediate, shop, "writes-outside")
    assert (outcome["outcome"], outcome["reason"]) == ("fixed", "verified"), outcome["detail"]
    scratch.git(shop, "branch", "-D", outcome["branch"])


def test_without_a_sandbox_a_fixer_is_not_started(
    remediate: Remediate, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remediate.workflow.external.running.can_contain", lambda: False)
    ended = remediate(shop, "run", "AUDIT.md", "--fixer", "careful", "--redo")
    assert (ended.code, "the fixer careful was not started" in ended.err) == (2, True), ended.err
    assert 'sandbox = "auto"' in ended.err
    assert not (shop / "new.txt").exists()


@pytest.mark.slow
def test_where_auto_finds_no_sandbox_the_repository_is_watched(
    remediate: Remediate, shop: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("remediate.workflow.external.running.can_contain", lambda: False)
    outcome = _run(remediate, shop, "writes-outside")
    assert (outcome["outcome"], outcome["reason"]) == ("rolled-back", "fixer-wrote-outside")
    assert (shop / "src" / "lib.rs").read_text() == LIB


def test_every_kind_is_tested() -> None:
    tested = set(re.findall(r'"([a-z-]+)"', Path(__file__).read_text()))
    assert set(KINDS) <= tested


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("--fixer", "nobody"), "no fixer 'nobody'"),
        (("--fixer", "right-auto", "--in-place"), "--fixer works in worktrees"),
        (("--fixer", "right-auto", "--verify", "quick"), "needs tests"),
        (("--fixer", "right-auto", "--finding", "7.7"), "no finding '7.7'"),
    ],
)
def test_mistakes(remediate: Remediate, shop: Path, arguments: tuple[str, ...], said: str) -> None:
    ended = remediate(shop, "run", "AUDIT.md", *arguments)
    assert ended.code == 2
    assert said in ended.err
