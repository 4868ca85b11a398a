"""The gate "same definitions", over rustdoc's JSON as rustdoc makes it of a crate with two of a name."""

from typing import Any

import pytest

from remediate.codemods.extract_tests.gates.definitions import held
from remediate.codemods.extract_tests.integration.claims import Promotion


def _item(name: str | None, inner: dict[str, Any], visibility: str = "public") -> dict[str, Any]:
    return {"name": name, "visibility": visibility, "inner": inner, "crate_id": 0}


def _module(name: str, *items: int, visibility: str = "public") -> dict[str, Any]:
    return _item(name, {"module": {"items": list(items)}}, visibility)


def _use(name: str, target: int, *, glob: bool = False) -> dict[str, Any]:
    return _item(None, {"use": {"name": name, "id": target, "is_glob": glob}})


# mod v1 { pub struct Config; } mod v2 { pub struct Config; pub enum Kind { Small } } pub use v1::Config;
# pub mod all { pub use v2::*; }
DOCUMENT = {
    "root": 0,
    "index": {
        "0": _module("small", 1, 2, 3, 4),
        "1": _module("v1", 10, visibility="crate"),
        "2": _module("v2", 20, 21, visibility="crate"),
        "3": _use("Config", 10),
        "4": _module("all", 40),
        "10": _item("Config", {"struct": {}}),
        "20": _item("Config", {"struct": {}}),
        "21": _item("Kind", {"enum": {"variants": [22]}}),
        "22": _item("Small", {"variant": {}}, "default"),
        "40": _use("v2", 2, glob=True),
    },
}


def _holds(public: str, definition: str) -> bool:
    return not held([DOCUMENT], [_promotion(public, definition)]).wrong


def _promotion(public: str, definition: str) -> Promotion:
    return Promotion("tests", "small", "tests/it/tests.rs", ((public, definition),))


def test_a_path_has_to_lead_to_the_very_definition() -> None:
    assert _holds("Config", "v1::Config")
    assert not _holds("Config", "v2::Config")
    assert _holds("all::Config", "v2::Config")
    assert _holds("all::Kind::Small", "v2::Kind::Small")


def test_what_is_private_or_not_there_proves_nothing() -> None:
    assert not _holds("v2::Config", "v2::Config")
    assert not _holds("Other", "v1::Other")
    assert held([], [_promotion("Config", "v1::Config")]).wrong


@pytest.mark.seeded("same definitions", "failed", "a public path leads to another definition")
def test_a_claim_that_does_not_hold_is_told_of_the_new_file() -> None:
    found = held([DOCUMENT], [_promotion("Config", "v2::Config")])
    assert found.gate().verdict == "failed"
    (failure,) = found.feedback()
    assert failure.gate == "same definitions"
    assert failure.paths == {"tests/it/tests.rs"}
