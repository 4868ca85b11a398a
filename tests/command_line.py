"""The program as a user meets it: a command line in a folder, in this process."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from remediate.cli.app import run


@dataclass(frozen=True)
class Ended:
    code: int
    out: str
    err: str


@dataclass
class Remediate:
    """Runs command lines; ``data`` returns what one printed as JSON."""

    captured: pytest.CaptureFixture[bytes]
    patch: pytest.MonkeyPatch

    def __call__(self, folder: Path, *arguments: str) -> Ended:
        self.patch.chdir(folder)
        code = run(arguments, "remediate")
        out, err = self.captured.readouterr()
        return Ended(code, out.decode(), err.decode())

    def data(self, folder: Path, *arguments: str) -> Any:
        return json.loads(self(folder, *arguments, "--message-format", "json").out)
