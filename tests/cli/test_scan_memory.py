"""A scan is remembered as a whole, and never for longer than nothing has changed."""

import importlib
import json
import os
from collections.abc import Callable
from pathlib import Path

import pytest

from remediate.audit.scan.cache import Cache
from remediate.cli.app import run
from remediate.workflow.scanning import full_scan
from remediate.workflow.scanning import scan as scan_memory

LIB = "pub fn f() {\n    g().unwrap();\n}\n"


@pytest.fixture
def crate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "demo"
    (root / "src").mkdir(parents=True)
    (root / "Cargo.toml").write_text('[package]\nname = "demo"\nversion = "0.1.0"\nedition = "2021"\n')
    (root / "src/lib.rs").write_text(LIB)
    monkeypatch.chdir(root)
    monkeypatch.setenv("REMEDIATE_CACHE_DIR", str(tmp_path / "cache"))
    return root


@pytest.fixture
def settled(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take files for settled as soon as they are written: their times cannot be set back."""
    monkeypatch.setattr(scan_memory, "_SETTLED", 0)


@pytest.fixture
def scans(monkeypatch: pytest.MonkeyPatch) -> list[Path]:
    """The roots that were scanned anew."""
    roots: list[Path] = []
    real = full_scan.full_scan

    def counted(root: Path, *arguments: object) -> object:
        roots.append(root)
        return real(root, *arguments)  # type: ignore[arg-type]

    monkeypatch.setattr(full_scan, "full_scan", counted)
    return roots


def _audit(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str, form: str = "json") -> bytes:
    assert run(["audit", "--message-format", form, *arguments], "remediate") == 0
    return capsysbinary.readouterr().out


@pytest.mark.usefixtures("crate", "settled")
@pytest.mark.parametrize("form", ["json", "text", "markdown", "sarif", "html", "github"])
def test_what_is_remembered_is_what_was_found(
    scans: list[Path], form: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    first = _audit(capsysbinary, form=form)
    assert _audit(capsysbinary, form=form) == first
    assert len(scans) == 1
    assert _audit(capsysbinary, "--no-cache", form=form) == first
    assert len(scans) == 2


def _same_size_and_time(root: Path) -> None:
    path = root / "src/lib.rs"
    before = path.stat()
    path.write_text(LIB.replace("g().unwrap()", "g().unwrep()"))
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


CHANGES: dict[str, Callable[[Path], object]] = {
    "a file": lambda root: (root / "src/lib.rs").write_text(LIB + LIB),
    "a file of the same size and time": _same_size_and_time,
    "another file": lambda root: (root / "src/m.rs").write_text(LIB),
    "a file that is gone": lambda root: (root / "src/lib.rs").unlink(),
    "the manifest": lambda root: (root / "Cargo.toml").write_text(
        '[package]\nname = "x"\nversion = "0.1.0"\n'
    ),
    "the configuration": lambda root: (root / "remediate.toml").write_text(
        "[audit.severity]\nunwrap = 'off'\n"
    ),
    "a cache's mark": lambda root: (root / "src/CACHEDIR.TAG").write_text("Signature"),
    "the memory": lambda root: [p.write_bytes(b"\x96") for p in (root.parent / "cache").rglob("*.scan")],
}


@pytest.mark.usefixtures("settled")
@pytest.mark.parametrize("change", CHANGES)
def test_a_change_is_seen(
    crate: Path, scans: list[Path], change: str, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    _audit(capsysbinary)
    CHANGES[change](crate)
    found = _audit(capsysbinary)
    assert len(scans) == 2
    assert found == _audit(capsysbinary, "--no-cache")


@pytest.mark.usefixtures("crate", "settled")
def test_another_question_is_another_scan(
    scans: list[Path], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    assert json.loads(_audit(capsysbinary))["findings"]
    assert not json.loads(_audit(capsysbinary, "--only", "hack"))["findings"]
    assert len(scans) == 2


@pytest.mark.usefixtures("crate")
def test_a_file_that_is_new_may_change_unseen(
    scans: list[Path], capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    _audit(capsysbinary)
    _audit(capsysbinary)
    assert len(scans) == 2


def test_a_newer_version_of_a_codemod_is_asked_anew(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.syspath_prepend(str(tmp_path))
    module, about = tmp_path / "another_codemod.py", tmp_path / "another-1.dist-info"
    about.mkdir()
    (about / "entry_points.txt").write_text("[remediate.codemods]\nanother = another_codemod\n")
    cache = Cache(None, "")
    for version, rule in (("1.0", "new-rule"), ("1.1", "newer-rule")):
        (about / "METADATA").write_text(f"Metadata-Version: 2.1\nName: another\nVersion: {version}\n")
        module.write_text(f'RULES = ("{rule}",)\n')
        importlib.invalidate_caches()
        assert full_scan._takers(cache, lambda _: None)(rule) == "another"
