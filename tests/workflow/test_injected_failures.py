"""Whatever fails at whatever step of moving real tests: the files are as they were, byte for byte."""

import itertools
from pathlib import Path

import pytest
import scratch
from workflow_case import work

from remediate.model import Finding, Result
from remediate.workflow.progress import Progress
from remediate.workflow.request import Mode
from remediate.workflow.tree import disk

_EMBEDDED = Finding(id="1", fingerprint="ef" * 8, rule="embedded-tests", title="", path="")
_TESTS = "\n#[cfg(test)]\nmod tests {{\n    #[test]\n    fn t() {{\n        {}\n    }}\n}}\n"
_FILES = {
    "Cargo.toml": '[package]\nname = "crate-a"\nversion = "0.1.0"\nedition = "2021"\ninclude = ["src"]\n',
    "src/lib.rs": "mod a;\nmod b;\n" + _TESTS.format("let _ = 1;"),
    "src/a.rs": _TESTS.format('let _ = include_str!("data.txt");'),
    "src/b/mod.rs": "#[cfg(test)]\nmod tests;\n",
    "src/b/tests.rs": "mod deeper;\n\n#[test]\nfn t() {}\n",
    "src/b/tests/deeper.rs": "#[test]\nfn t() {}\n",
    "src/data.txt": "text\n",
    ".gitignore": "/target\nCargo.lock\n",
}


class _InjectedError(Exception):
    pass


class _Failing(Progress):
    def __init__(self, at: str) -> None:
        self.at = at

    def step(self, words: str) -> None:
        if words == self.at:
            raise _InjectedError(words)


@pytest.fixture
def repository(tmp_path: Path) -> Path:
    return scratch.repository(tmp_path / "crate", _FILES)


def _all(folder: Path) -> dict[str, tuple[bytes, int]]:
    found = (p for p in sorted(folder.rglob("*")) if ".git" not in p.relative_to(folder).parts)
    return {
        str(p.relative_to(folder)): (p.read_bytes() if p.is_file() else b"", p.stat().st_mode)
        for p in found
        if p.name != "Cargo.lock"
    }


@pytest.mark.slow
@pytest.mark.parametrize("mode", [Mode.IN_PLACE, Mode.BRANCH])
@pytest.mark.parametrize("step", ["plan", "baseline", "check, round 1", "verify", "keep"])
def test_a_failure_at_a_step(repository: Path, step: str, mode: Mode) -> None:
    (repository / "src/a.rs").chmod(0o600)
    before = _all(repository)
    with pytest.raises(_InjectedError, match=step):
        work(repository, _EMBEDDED, progress=_Failing(step), mode=mode)
    assert _all(repository) == before
    assert not list((repository / ".git/remediate").glob("in-place*"))


@pytest.mark.slow
def test_a_failure_at_every_single_write(repository: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    before, replace, failed = _all(repository), disk._replace, 0
    for last in itertools.count(1):
        writes = itertools.count(1)

        def limited(place: Path, text: bytes, mode: int, last: int = last, n: object = writes) -> None:
            if ".git" not in place.parts and next(n) == last:  # type: ignore[call-overload]
                raise OSError(28, "No space left on device")
            replace(place, text, mode)

        monkeypatch.setattr(disk, "_replace", limited)
        try:
            outcome = work(repository, _EMBEDDED, mode=Mode.IN_PLACE).outcomes[0]
        except OSError:
            failed += 1
            assert _all(repository) == before
            continue
        break
    assert outcome.outcome is Result.FIXED
    assert failed >= 8
    assert _all(repository) != before
