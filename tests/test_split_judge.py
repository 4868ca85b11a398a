"""The judge of the splits, where a feature set did not compile before: what is new, and what is repeated."""

from pathlib import Path

import pytest

from benchmarks.split import judge

_MANIFEST = '[package]\nname = "x"\nedition = "2021"\n[features]\na = []\n[workspace]\n'
_ROOT = 'pub mod m;\npub mod k;\n#[cfg(feature = "a")]\npub fn g() { nope() }\n'
_USE = '#[cfg(feature = "a")]\nuse missing::vec;\n#[cfg(feature = "a")]\nuse absent::{deep::x, y};\n'
_WITH = '#[cfg(feature = "a")]\n'


def said(root: Path, rest: str) -> judge.Facts:
    """Return what cargo says of a module with imports that never resolve, and of another one."""
    files = {"Cargo.toml": _MANIFEST, "src/lib.rs": _ROOT, "src/m.rs": _USE, "src/k.rs": rest}
    for path, text in files.items():
        (root / path).parent.mkdir(exist_ok=True)
        (root / path).write_text(text)
    return judge.compiled(root)


@pytest.mark.slow
def test_only_an_import_that_never_resolved_may_be_repeated(tmp_path: Path) -> None:
    before = said(tmp_path, "")
    assert judge.broken(before, said(tmp_path, _USE)) == []
    for new in ("use crate::vec;", "pub fn h() { nope() }", "pub fn h() { missing::vec::of() }"):
        assert judge.broken(before, said(tmp_path, _WITH + new)) == ["check all-features"]
