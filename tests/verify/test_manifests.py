"""Cargo.toml may change as it is declared, and in no other value, line or comment."""

import pytest

from remediate.edits import Change, ManifestEdit, difference
from remediate.gates import Verdict
from remediate.proofs import Proof, Proofs
from remediate.rust.package import Package
from remediate.verify.ladder import Attempt, examine
from remediate.verify.text.manifests import undeclared

_OLD = b"""\
# The package.
[package]
name = "small"
include = [
    "src/**",  # code
]

[[test]]
name = "a"
path = "tests/a.rs"  # the first

[dependencies]
serde   = { version = "1" }
"""
_EDITS = (
    ManifestEdit("Cargo.toml", ("package", "include"), ("/tests/**",)),
    ManifestEdit("Cargo.toml", ("test",), {"name": "it", "path": "tests/it/main.rs"}),
    ManifestEdit("Cargo.toml", ("test", "path"), "tests/a/main.rs"),
)
_LISTED = (b'"src/**",  # code\n', b'"src/**",  # code\n    "/tests/**",\n')
_ADDED = b'[[test]]\nname = "it"\npath = "tests/it/main.rs"\n\n'


@pytest.mark.parametrize(
    ("old", "new"),
    [
        _LISTED,
        (b'"tests/a.rs"  #', b'"tests/a/main.rs"  #'),
        (b"[dependencies]", _ADDED + b"[dependencies]"),
    ],
)
def test_what_is_declared_may_change(old: bytes, new: bytes) -> None:
    assert undeclared("Cargo.toml", _OLD, _OLD.replace(old, new), _EDITS) == ()


@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b'name = "small"', b'name = "other"', "package.name changes undeclared"),
        (b'"1"', b'"2"', "dependencies.serde.version changes undeclared"),
        (b'"tests/a.rs"  #', b'"tests/b.rs"  #', "test.0.path changes undeclared"),
        (b'"src/**",', b'"/tests/**",', "package.include changes undeclared"),
        (b'"src/**",', b'"src/**", "/other/**",', "package.include changes undeclared"),
        (
            b'[[test]]\nname = "a"',
            b'[[test]]\nharness = false\nname = "a"',
            "test.0.harness changes undeclared",
        ),
        (b"# The package.\n", b"", "line 1 is not as it was: # The package."),
        (b"serde   =", b"serde =", "line 13 is not as it was: serde   ="),
        (b'"src/**",  # code\n', b'"src/**",\n    "/tests/**",\n', "a comment is lost: # code"),
        (b'"tests/a.rs"  # the first', b'"tests/a/main.rs"', "a comment is lost: # the first"),
        (b"\n", b"\r\n", "line 1 is not as it was"),
        (b"[dependencies]", b'[[test]]\nname = "it"\n\n[dependencies]', "test.1 changes undeclared"),
        (b"[dependencies]", b'[[bin]]\nname = "b"\n\n[dependencies]', "bin.0 changes undeclared"),
        (
            b'include = [\n    "src/**",  # code\n]\n',
            b'include = "src/**"  # code\n',
            "include changes undeclared",
        ),
        (b"[package]", b"[package", "Cargo.toml is no TOML"),
    ],
)
def test_nothing_else_may(old: bytes, new: bytes, why: str) -> None:
    assert why in " ".join(undeclared("Cargo.toml", _OLD, _OLD.replace(old, new), _EDITS))


@pytest.mark.seeded("conservation", "failed", "a value of Cargo.toml changes that was not declared")
def test_it_is_part_of_conservation() -> None:
    package = Package("small", "", "", "2021", (), {"Cargo.toml": _OLD})
    new = _OLD.replace(*_LISTED).replace(b'"1"', b'"2"')
    change = Change("", edits={"Cargo.toml": (difference(_OLD, new),)}, manifest=_EDITS)
    report = examine(Attempt(package, change, Proofs(manifest=Proof.DECLARED)))
    assert [gate.name for gate in report.failed] == ["conservation"]
    assert report.failed[0].verdict is Verdict.FAILED
    assert "dependencies.serde.version changes undeclared" in report.failed[0].detail


def test_a_value_that_is_no_list_is_not_appended_to_and_one_that_is_there_is_not_replaced() -> None:
    edits = (
        ManifestEdit("Cargo.toml", ("package", "version"), ("c",)),
        ManifestEdit("Cargo.toml", ("dependencies", "a"), {"version": "1", "features": ["x"]}),
    )

    def wrong(old: bytes, new: bytes) -> tuple[str, ...]:
        return undeclared("Cargo.toml", old, new, edits)

    assert wrong(b'[package]\nversion = "ab"\n', b'[package]\nversion = "abc"\n')
    front, inline = b"[dependencies]\n", b'a = { version = "1", features = ["x"] }\n'
    assert wrong(front, front + inline) == ()
    assert wrong(front + b'a = "1"\n', front + inline) == ()
    assert wrong(front + b'a = "2"\n', front + inline)
