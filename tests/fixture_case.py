"""A fixture case: the folder that is a codemod's example, documentation and test at once."""

import gzip
import json
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec

from remediate.contract import codemods
from remediate.facts import record
from remediate.facts.query import Facts
from remediate.feedback import Feedback, GateFailure
from remediate.model import Diagnostic, Files, Finding, PlannedModule, Site
from remediate.options import Options, replaced
from remediate.rust.codebase import Codebase

_FACTS = "facts.gz"
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
        sites = tuple(Site(path, s["line"], 1, s["text"]) for s in self.spec.get("sites", ()))
        blank = replace(blank, sites=sites)
        known = replace(blank, planned=planned, arrangement=arrangement, related=related)
        return replace(known, title=self.spec.get("title", ""))

    def options(self) -> Options:
        return replaced(codemods()[self.codemod].OPTIONS(), self.spec.get("options", {}))

    def messages(self) -> list[tuple[Feedback, ...]]:
        """Return what rustc and the gates said in each round, as the slow runner recorded it."""
        file = self.folder / "messages.json"
        rounds = msgspec.json.decode(file.read_bytes()) if file.exists() else []
        return [tuple(map(_feedback, said)) for said in rounds]

    def informed(self, codebase: Codebase) -> Codebase:
        """Return the codebase with what rustc knew of it, as the slow runner recorded that."""
        file = self.folder / _FACTS
        known: dict[str, bytes] = (
            msgspec.msgpack.decode(gzip.decompress(file.read_bytes())) if file.exists() else {}
        )
        for name, data in known.items():
            package = codebase.by_name[name]
            learned = Facts(record.decode(data) or (), package.files)
            codebase = codebase.with_package(replace(package, learned=learned))
        return codebase

    def remember(self, codebase: Codebase) -> None:
        """Write down what rustc knows of the packages, if anything was asked."""
        known = {p.name: record.encode(p.learned.targets) for p in codebase.packages if p.learned.targets}
        (self.folder / _FACTS).unlink(missing_ok=True)
        if known and self.asks:
            data = gzip.compress(msgspec.msgpack.encode(known), mtime=0)
            (self.folder / _FACTS).write_bytes(data)

    @property
    def asks(self) -> bool:
        """Whether the case is about what a codemod makes of facts."""
        return self.codemod == "replace-block-on"

    def expected(self) -> dict[str, bytes]:
        return tree(self.folder / "after")


def _feedback(said: dict[str, Any]) -> Feedback:
    if "gate" in said:
        return msgspec.convert(said, GateFailure)
    return msgspec.convert(said, Diagnostic)


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
