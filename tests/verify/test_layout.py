"""The gate "rustfmt", and the seeded faults that make it say no."""

from pathlib import Path

import pytest
from made_package import package, target

from remediate.edits import Change
from remediate.gates import Verdict
from remediate.verify.text.formatting import layout

CLEAN = "pub use b::B;\n\npub fn f() -> u8 {\n    1\n}\n"


def _verdict(root: Path, before: str, after: str) -> Verdict | None:
    found = package("", (target("", "src/lib.rs", "lib"),), src__lib_rs=before)
    change = Change("", format={"src/new.rs": "src/lib.rs"}, creations={"src/new.rs": after.encode()})
    gate = layout(found, change, {"src/new.rs": after.encode()}, root)
    return None if gate is None else gate.verdict


@pytest.mark.seeded("rustfmt", "failed", "a file that was formatted is so no more")
@pytest.mark.parametrize(
    ("after", "verdict"),
    [
        ("use b::A;\npub use b::B;\n", Verdict.PASSED),
        ("pub use b::B;\nuse b::A;\n", Verdict.FAILED),
        ("pub fn f() -> u8 { 1 }\n", Verdict.FAILED),
        ("pub fn f( {\n", Verdict.UNVERIFIED),
    ],
)
def test_what_was_formatted_has_to_be(tmp_path: Path, after: str, verdict: Verdict) -> None:
    assert _verdict(tmp_path, CLEAN, after) is verdict


def test_what_was_not_formatted_stays_as_it_was(tmp_path: Path) -> None:
    assert _verdict(tmp_path, "pub fn f() -> u8 { 1 }\n", "pub fn  g() {}\n") is None


def test_the_rustfmt_toml_of_the_file_decides(tmp_path: Path) -> None:
    (tmp_path / "rustfmt.toml").write_text("tab_spaces = 2\n")
    assert _verdict(tmp_path, "pub fn f() -> u8 {\n  1\n}\n", CLEAN) is Verdict.FAILED
    assert _verdict(tmp_path, CLEAN, "pub fn  g() {}\n") is None
