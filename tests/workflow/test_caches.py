"""What is remembered between runs, and when it no longer counts."""

from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from workflow_case import BIG, only, work

from remediate.cargo import toolchain
from remediate.errors import InputError
from remediate.model import Result
from remediate.workflow.request import Mode

pytestmark = pytest.mark.usefixtures("tiny")


def test_a_torn_cache_is_no_cache(repo: Path) -> None:
    work(repo)
    caches = list((repo / ".git/remediate/cache").iterdir())
    assert {path.name.partition("-")[0] for path in caches} == {"baseline", "metadata"}
    for path in caches:
        path.write_bytes(path.read_bytes()[:20])
    assert only(work(repo, redo=True)).outcome is Result.FIXED


def test_a_torn_journal_is_shown_to_a_person(repo: Path) -> None:
    scratch.write(repo, {".git/remediate/in-place.json": "{"})
    with pytest.raises(InputError, match=r"journal .* cannot be read"):
        work(repo, mode=Mode.IN_PLACE)


def test_other_flags_are_another_question(
    repo: Path, cargo_log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    work(repo)
    monkeypatch.setenv("RUSTFLAGS", "--cfg x")
    assert not only(work(repo)).reused
    cargo_log.write_text("")
    assert only(work(repo)).reused
    assert cargo_log.read_text() == ""


def test_a_baseline_is_of_what_cargo_was_configured_to_build(repo: Path) -> None:
    def baselines() -> set[str]:
        return {path.name for path in (repo / ".git/remediate/cache").glob("baseline-*")}

    work(repo)
    before = baselines()
    assert only(work(repo, redo=True)).outcome is Result.FIXED
    assert baselines() == before
    scratch.write(repo.parent, {".cargo/config.toml": '[build]\nrustflags = ["--cfg", "x"]\n'})
    toolchain._cfgs.cache_clear()  # as in a process of its own
    assert only(work(repo, redo=True)).outcome is Result.FIXED
    assert baselines() > before


def test_workspaces_in_one_repository_have_baselines_of_their_own(tmp_path: Path) -> None:
    files = {f"{folder}/core/{path}": text for folder in "ab" for path, text in scratch.USES_LAST.items()}
    roots = {f"{folder}/Cargo.toml": "[workspace]\nmembers = ['core']\n" for folder in "ab"}
    repo = scratch.repository(tmp_path, {**files, **roots})
    for folder in "ab":
        outcome = only(work(repo / folder, replace(BIG, path="core/src/big.rs")))
        assert outcome.outcome is Result.FIXED
    # Each for the tree as it was, and as it is with the Cargo.lock that cargo has written.
    assert len([*(repo / ".git/remediate/cache").glob("baseline-*")]) == 4
