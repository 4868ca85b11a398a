"""What becomes of callers that stay synchronous: what is said of them, and what a second run does."""

from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from fixture_case import case, tree

from remediate.codemods import replace_block_on
from remediate.codemods.replace_block_on.options import BlockingOptions
from remediate.codemods.replace_block_on.rewriting import Wrap, nested
from remediate.edits import Change, Edit, apply
from remediate.workflow.sources.workspace import load


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


def test_callers_that_async_code_reaches_through_a_trait_are_named() -> None:
    asked = case("replace_block_on/callers_that_block_behind_dyn")
    options = asked.options()
    assert isinstance(options, BlockingOptions)
    change = replace_block_on.plan(asked.informed(load(asked.before).codebase), asked.finding(), options)
    assert isinstance(change, Change)
    assert "async code still blocks, as before, in or through `next`, `size`" in change.notes


def test_calls_that_begin_at_one_place_are_wrapped_each() -> None:
    text, opened = b"open(1).get()", Edit(0, 0, b"block_on(")
    inner, outer = (Wrap("a.rs", (opened, Edit(end, end, b")"))) for end in (len(b"open(1)"), len(text)))
    assert apply(text, nested({inner, outer, inner})) == b"block_on(block_on(open(1)).get())"


@pytest.mark.slow
def test_a_second_run_leaves_the_callers_that_block(tmp_path: Path, remediate: Remediate) -> None:
    before = {
        path: text.decode() for path, text in tree(case("replace_block_on/callers_that_block").before).items()
    }
    root = scratch.repository(tmp_path / "small", {**before, ".gitignore": "target\nCargo.lock\n"})
    asked = ("replace-block-on", "--public-api", "--callers", "block")
    assert remediate(root, *asked, "--check").code == 1
    assert remediate(root, *asked, "src/lib.rs", "--in-place", "--verify", "quick").code == 0
    scratch.git(root, "commit", "-q", "-a", "-m", "Block elsewhere")
    assert remediate(root, *asked, "--check").code == 0
    sites = remediate.data(root, *asked, "--list")["sites"]
    reasons = [site["reason"] for site in sites if site["path"] == "src/lib.rs"]
    assert reasons == ["sync-closure", "sync-closure", "correct-as-it-is", "trait-method"]
    assert {site["reason"] for site in sites if site["path"] == "tests/it.rs"} == {"test"}


@pytest.mark.slow
def test_a_fix_that_stays_is_not_read_with_the_facts_of_before(tmp_path: Path, remediate: Remediate) -> None:
    """Both fixes edit one test: the second one's offsets are those that the first has left."""
    before = {
        path: text.decode()
        for path, text in tree(case("replace_block_on/public_function_that_only_users_call").before).items()
    }
    number, _, load = before["src/lib.rs"].partition("pub fn load")
    lib = f"pub mod second;\n\n{number.replace('async fn', 'pub async fn')}pub fn load{load}"
    body = "block_on(crate::number(value))"
    second = f"use pollster::block_on;\n\npub fn other(value: u32) -> u32 {{\n    {body}\n}}\n"
    test = (
        "#[test]\nfn both() {\n    assert_eq!((small::load(1), small::second::other(2)), (1, 2));\n}\n"
        "#[test]\nfn other() {\n    assert_eq!(small::second::other(3), 3);\n}\n"
    )
    files = {**before, "src/lib.rs": lib, "src/second.rs": second, "tests/it.rs": test}
    root = scratch.repository(tmp_path / "small", {**files, ".gitignore": "target\nCargo.lock\n"})
    done = remediate(root, "replace-block-on", "--public-api", "--dry-run", "--diff")
    scratch.write(tmp_path, {"all.patch": done.out})
    scratch.git(root, "apply", str(tmp_path / "all.patch"))
    text = (root / "tests/it.rs").read_text()
    assert text.count("pollster::block_on(small::load(1))") == 1
    assert text.count("pollster::block_on(small::second::other(") == 2
