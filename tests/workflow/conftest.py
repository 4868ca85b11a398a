from pathlib import Path

import pytest
from tiny_codemod import TinyCodemod

from remediate import contract


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> TinyCodemod:
    """The only installed codemod."""
    codemod = TinyCodemod()
    monkeypatch.setattr(contract, "codemods", lambda: {"tiny": codemod})
    return codemod


@pytest.fixture
def cargo_log(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A file with one line per start of cargo, by anyone: a program that logs and then is cargo."""
    log, program = tmp_path / "cargo.log", tmp_path / "cargo-that-logs"
    program.write_text(f'#!/bin/sh\necho "$@" >> {log}\nexec cargo "$@"\n')
    program.chmod(0o755)
    log.touch()
    monkeypatch.setenv("CARGO", str(program))
    return log
