"""A fixture case: the folder that is a codemod's example, documentation and test at once."""

import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from remediate.contract import codemods
from remediate.model import Diagnostic, Files, Finding, PlannedModule
from remediate.options import Options, replaced

FIXTURES = Path(__file__).parent.parent / "fixtures"


@dataclass(frozen=True)
class Case:
    """One folder ``fixtures/<module>/<case>``."""

    folder: Path

    @property
    def codemod(self) -> str:
        return self.folder.parent.name.replace("_", "-")

    @property
    def before(self) -> Path:
        return self.folder / "before"

    @property
    def declines(self) -> bool:
        return (self.folder / "skip.txt").exists()

    @property
    def spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = json.loads((self.folder / "finding.json").read_text())
        return spec

    def finding(self) -> Finding:
        planned = tuple(msgspec.convert(p, PlannedModule) for p in self.spec.get("planned", ()))
        path = self.spec["path"]
        settled = self.spec.get("arrangement")
        arrangement = None if settled is None else tuple(msgspec.convert(p, PlannedModule) for p in settled)
        blank = Finding(id="1", fingerprint="0" * 16, rule=self.spec["rule"], title="", path=path)
        related = tuple(self.spec.get("related", ()))
        known = replace(blank, planned=planned, arrangement=arrangement, related=related)
        return replace(known, title=self.spec.get("title", ""))

    def options(self) -> Options:
        return replaced(codemods()[self.codemod].OPTIONS(), self.spec.get("options", {}))

    def messages(self) -> list[tuple[Diagnostic, ...]]:
        """Return what rustc said in each round, as the slow runner recorded it."""
        file = self.folder / "messages.json"
        return (
            msgspec.json.decode(file.read_bytes(), type=list[tuple[Diagnostic, ...]]) if file.exists() else []
        )

    def expected(self) -> dict[str, bytes]:
        return tree(self.folder / "after")


def cases(codemod: str = "*") -> list[Case]:
    return [Case(p.parent) for p in sorted(FIXTURES.glob(f"{codemod}/*/finding.json"))]


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below ``root`` but what cargo leaves behind."""
    return {
        p.relative_to(root).as_posix(): p.read_bytes()
        for p in sorted(root.rglob("*"))
        if p.is_file() and not {"target", ".git"} & set(p.relative_to(root).parts) and p.name != "Cargo.lock"
    }


def write(root: Path, texts: Files) -> None:
    for path, text in texts.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_bytes(text)
