import pytest

from remediate.edits import Change, Edit
from remediate.gates import Verdict
from remediate.rust.package import Package
from remediate.verify.text.health import health


def verdict(before: bytes, change: Change) -> Verdict:
    package = Package("small", "", "", "2021", (), {"src/lib.rs": before})
    return health(package, change, change.result(package.files)).verdict


def edit(before: bytes, old: bytes, new: bytes) -> Change:
    start = before.index(old)
    return Change("", edits={"src/lib.rs": (Edit(start, start + len(old), new),)})


_ODD = b"fn a() {}\n]\nfn b() {}\n"


def test_a_result_that_parses() -> None:
    text = b"fn a() {}\n"
    assert verdict(text, edit(text, b"a", b"b")) is Verdict.PASSED


@pytest.mark.seeded("parse", "failed", "the result does not parse")
def test_a_result_that_does_not_parse() -> None:
    text = b"fn a() {}\n"
    assert verdict(text, edit(text, b"{}", b"{")) is Verdict.FAILED
    assert verdict(text, Change("", creations={"src/new.rs": b"fn ("})) is Verdict.FAILED


def test_errors_that_were_there_may_stay_where_no_edit_touches_them() -> None:
    assert verdict(_ODD, edit(_ODD, b"fn b", b"fn c")) is Verdict.PASSED


@pytest.mark.seeded("parse", "failed", "an edit touches what the parser cannot read")
def test_no_edit_may_touch_an_error() -> None:
    assert verdict(_ODD, edit(_ODD, b"]", b"")) is Verdict.FAILED


def test_only_rust_is_parsed_and_the_line_is_told() -> None:
    assert verdict(b"", Change("", creations={"notes.txt": b"fn ("})) is Verdict.PASSED
    text = b"fn a() {}\n"
    package = Package("small", "", "", "2021", (), {"src/lib.rs": text})
    change = Change("", creations={"src/new.rs": b"fn a() {}\n]\n"})
    gate = health(package, change, change.result(package.files))
    assert gate.detail == "the result cannot be parsed: src/new.rs:2"


def test_one_edit_of_several_that_touches_an_error_is_enough() -> None:
    change = Change(
        "",
        edits={
            "src/lib.rs": (
                *edit(_ODD, b"fn b", b"fn c").edits["src/lib.rs"],
                *edit(_ODD, b"]", b"").edits["src/lib.rs"],
            )
        },
    )
    assert verdict(_ODD, change) is Verdict.FAILED
