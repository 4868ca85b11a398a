"""The gate "same definitions", over rustdoc's JSON as rustdoc makes it of a crate with two of a name."""

from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from remediate.codemods.extract_tests.gates import compare_definitions, compared
from remediate.codemods.extract_tests.integration.target import Promotion
from remediate.gates import Verdict


def _item(name: str | None, inner: dict[str, Any], visibility: str = "public") -> dict[str, Any]:
    return {"name": name, "visibility": visibility, "inner": inner, "crate_id": 0}


def _module(name: str, *items: int, visibility: str = "public") -> dict[str, Any]:
    return _item(name, {"module": {"items": list(items)}}, visibility)


def _use(name: str, target: int, *, glob: bool = False) -> dict[str, Any]:
    return _item(None, {"use": {"name": name, "id": target, "is_glob": glob}})


# mod v1 { pub struct Config; } mod v2 { pub struct Config; pub enum Kind { Small } } pub use v1::Config;
# pub mod all { pub use v2::*; }
DOCUMENT: dict[str, Any] = {
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
    return not compare_definitions([DOCUMENT], [_promotion(public, definition)]).wrong


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
    assert compare_definitions([], [_promotion("Config", "v1::Config")]).wrong


@pytest.mark.seeded("same definitions", "failed", "a public path leads to another definition")
def test_a_claim_that_does_not_hold_is_told_of_the_new_file() -> None:
    found = compare_definitions([DOCUMENT], [_promotion("Config", "v2::Config")])
    assert found.gate().verdict == "failed"
    (failure,) = found.feedback()
    assert failure.gate == "same definitions"
    assert failure.paths == {"tests/it/tests.rs"}


def test_paths_that_are_not_there_to_be_held_prove_nothing() -> None:
    none = replace(_promotion("", ""), claims=())
    assert compare_definitions([DOCUMENT], [none]).gate().verdict is Verdict.UNVERIFIED
    assert (
        compare_definitions([DOCUMENT], [none, _promotion("Config", "v1::Config")]).gate().verdict
        is Verdict.PASSED
    )
    assert (
        compare_definitions([DOCUMENT], [_promotion("Config", "v2::Config")]).gate().verdict is Verdict.FAILED
    )


@dataclass
class _Rustdoc:
    """A compiler with some feature sets, each with what rustdoc says of the library."""

    documents: dict[str, Any]
    asked: list[str] = field(default_factory=list)
    files: dict[str, bytes] = field(default_factory=dict)
    news: bool = False

    @property
    def configurations(self) -> tuple[str, ...]:
        return tuple(self.documents)

    def mir(self, configuration: str) -> dict[str, str]:
        raise AssertionError(configuration)

    def documentation(self, configuration: str) -> Any:
        self.asked.append(configuration)
        return self.documents[configuration]


def test_a_path_is_looked_for_under_the_other_feature_sets_and_no_longer_than_needed() -> None:
    empty = {"root": 0, "index": {"0": _module("small")}}
    promotions = [_promotion("Config", "v1::Config")]
    for documents, asked in (
        ({"default": DOCUMENT, "all": empty}, ["default"]),
        ({"default": empty, "all": DOCUMENT}, ["default", "all"]),
        ({"default": None, "all": DOCUMENT}, ["default", "all"]),
    ):
        compiler = _Rustdoc(documents)
        assert compared(compiler, promotions).gate().verdict is Verdict.PASSED
        assert compiler.asked == asked
    assert compared(_Rustdoc({"default": None}), promotions).gate().verdict is Verdict.FAILED
    assert compared(_Rustdoc({"default": None}), []).gate().verdict is Verdict.UNVERIFIED


def test_a_reexport_of_a_reexport_leads_on_and_one_of_another_crate_nowhere() -> None:
    index = DOCUMENT["index"] | {
        "0": _module("small", 1, 5, 6, 7),
        "5": _use("Again", 50),
        "50": _use("Config", 10),
        "6": _use("Foreign", 99),
    }
    document = {"root": 0, "index": index}

    def leads(public: str) -> bool:
        return not compare_definitions([document], [_promotion(public, "v1::Config")]).wrong

    assert leads("Again")
    assert not leads("Foreign")
