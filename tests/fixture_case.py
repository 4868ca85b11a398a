"""A fixture case: a codemod's example, documentation and test at once, as one file or as a folder."""

import gzip
import json
import shutil
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import msgspec
from fixture_file import SUFFIX, parts, result, text, unpacked, write

from remediate.contract import codemods
from remediate.facts import record
from remediate.facts.query import Facts
from remediate.feedback import Feedback, GateFailure
from remediate.model import Diagnostic, Finding, PlannedModule, Site
from remediate.options import Options, replaced
from remediate.rust.codebase import Codebase

FIXTURES = Path(__file__).parent.parent / "fixtures"
_FACTS = "facts.gz"


@dataclass(frozen=True)
class Case:
    """One case, ``fixtures/<module>/<case>``: a folder, or a file with that name and the suffix of one.

    Its parts are ``finding.json``, ``before/`` and ``after/`` or ``skip.txt``, and what the slow runner
    records: ``messages.json`` and ``facts.gz``, which lies beside a file as ``<case>.facts.gz``. The crates
    that ``stand_ins`` names in ``finding.json`` are those of the codemod's folder of this name, as packages
    below ``before/``.
    """

    at: Path

    @property
    def name(self) -> str:
        return self.at.name.removesuffix(SUFFIX)

    @property
    def codemod(self) -> str:
        return self.at.parent.name.replace("_", "-")

    @property
    def before(self) -> Path:
        before = (unpacked(self.at) if self.is_file else self.at) / "before"
        for name in self._stand_ins:
            if not (before / name).exists():
                shutil.copytree(self.at.parent / "stand_ins" / name, before / name)
        return before

    @property
    def is_file(self) -> bool:
        return self.at.suffix == SUFFIX

    @property
    def _stand_ins(self) -> tuple[str, ...]:
        return tuple(self.spec.get("stand_ins", ()))

    @property
    def _facts(self) -> Path:
        return self.at.with_name(f"{self.name}.{_FACTS}") if self.is_file else self.at / _FACTS

    @property
    def declines(self) -> bool:
        return self.part("skip.txt") is not None

    @property
    def reason(self) -> str:
        """The code and the sentence that it declines with."""
        return (self.part("skip.txt") or b"").decode().strip()

    def part(self, name: str) -> bytes | None:
        if self.is_file:
            return parts(self.at).get(name)
        return (self.at / name).read_bytes() if (self.at / name).exists() else None

    def expected(self) -> dict[str, bytes]:
        """Return every file below ``after/``, those that stay as they are included."""
        if not self.is_file:
            return tree(self.at / "after")
        found = parts(self.at)
        changed = any(name.startswith("after/") for name in found)
        return result(found, tree(self.before)) if changed else {}

    def update(self, after: Mapping[str, bytes] | None, written: Mapping[str, bytes | None]) -> None:
        """Write the result of the case, and other parts of it: None removes one."""
        folder = self.before.parent
        shutil.rmtree(folder / "after", ignore_errors=True)
        for name in written:
            (folder / name).unlink(missing_ok=True)
        write(folder, {name: data for name, data in written.items() if data is not None})
        write(folder / "after", after or {})
        if self.is_file:
            lent = tuple(f"{part}/{name}/" for part in ("before", "after") for name in self._stand_ins)
            names = {p.relative_to(folder).as_posix(): p for p in files_in(folder)}
            whole = {name: p.read_bytes() for name, p in names.items() if not name.startswith(lent)}
            packed = text(whole)
            parts.cache_clear()
            if packed is not None:
                self.at.write_bytes(packed)
            else:
                write(self.at.with_name(self.name), whole)
                self.at.unlink()

    @property
    def spec(self) -> dict[str, Any]:
        spec: dict[str, Any] = json.loads(self.part("finding.json") or b"")
        return spec

    def finding(self) -> Finding:
        planned = tuple(msgspec.convert(p, PlannedModule) for p in self.spec.get("planned", ()))
        path = self.spec["path"]
        settled = self.spec.get("arrangement")
        arrangement = None if settled is None else tuple(msgspec.convert(p, PlannedModule) for p in settled)
        blank = Finding(id="1", fingerprint="0" * 16, rule=self.spec["rule"], title="", path=path)
        related = tuple(self.spec.get("related", ()))
        sites = tuple(Site(path, s["line"], 1, s["text"]) for s in self.spec.get("sites", ()))
        blank = replace(blank, sites=sites, sketch=self.spec.get("sketch", ""))
        known = replace(blank, planned=planned, arrangement=arrangement, related=related)
        return replace(known, title=self.spec.get("title", ""))

    def options(self) -> Options:
        return replaced(codemods()[self.codemod].OPTIONS(), self.spec.get("options", {}))

    def messages(self) -> list[tuple[Feedback, ...]]:
        """Return what rustc and the gates said in each round, as the slow runner recorded it."""
        rounds = msgspec.json.decode(self.part("messages.json") or b"[]")
        return [tuple(map(_feedback, said)) for said in rounds]

    def informed(self, codebase: Codebase) -> Codebase:
        """Return the codebase with what rustc knew of it, as the slow runner recorded that."""
        known: dict[str, bytes] = {}
        if self._facts.exists():
            known = msgspec.msgpack.decode(gzip.decompress(self._facts.read_bytes()))
        for name, data in known.items():
            package = codebase.by_name[name]
            learned = Facts(record.decode(data) or (), package.files)
            codebase = codebase.with_package(replace(package, learned=learned))
        return codebase

    def probed(self, codebase: Codebase) -> Codebase:
        """Return the codebase with the verdicts on stream backends that the case is about."""
        return replace(codebase, verdicts=self.spec.get("verdicts", {}))

    def remember(self, codebase: Codebase) -> None:
        """Write down what rustc knows of the packages, if anything was asked."""
        known = {p.name: record.encode(p.learned.targets) for p in codebase.packages if p.learned.targets}
        self._facts.unlink(missing_ok=True)
        if known and self.asks:
            self._facts.write_bytes(gzip.compress(msgspec.msgpack.encode(known), mtime=0))

    @property
    def asks(self) -> bool:
        """Whether the case is about what a codemod makes of facts."""
        return self.codemod == "replace-block-on" or bool(self.spec.get("facts"))


def _feedback(said: dict[str, Any]) -> Feedback:
    if "gate" in said:
        return msgspec.convert(said, GateFailure)
    return msgspec.convert(said, Diagnostic)


def case(name: str) -> Case:
    """Return the case ``codemod/name``, in whichever form it stands there."""
    folder = FIXTURES / name
    return Case(folder if folder.is_dir() else folder.with_name(folder.name + SUFFIX))


def cases(codemod: str = "*") -> list[Case]:
    found = [p.parent for p in FIXTURES.glob(f"{codemod}/*/finding.json")]
    return sorted(
        map(Case, (*found, *FIXTURES.glob(f"{codemod}/*{SUFFIX}"))), key=lambda c: (c.codemod, c.name)
    )


def call_otherwise(root: Path) -> str:
    """Rename ``src/store.rs``, as a file called after its type keeps it; return the new path."""
    path = "src/shelf.rs"
    (root / "src/store.rs").rename(root / path)
    library = root / "src/lib.rs"
    library.write_text(library.read_text().replace("store", "shelf"))
    return path


def tree(root: Path) -> dict[str, bytes]:
    """Return every file below ``root`` but what cargo leaves behind."""
    return {p.relative_to(root).as_posix(): p.read_bytes() for p in files_in(root) if p.name != "Cargo.lock"}


def files_in(root: Path) -> list[Path]:
    inside = (p for p in sorted(root.rglob("*")) if p.is_file())
    return [p for p in inside if not {"target", ".git"} & set(p.relative_to(root).parts)]
