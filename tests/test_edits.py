import pytest
from hypothesis import given
from hypothesis import strategies as st

from remediate.edits import Change, Edit, OverlapError, TooLong, apply


def test_edits_are_against_the_original() -> None:
    assert apply(b"abcdef", [Edit(4, 5, b"E"), Edit(0, 1, b"")]) == b"bcdEf"


@pytest.mark.parametrize("edits", [[Edit(0, 2, b""), Edit(1, 3, b"")], [Edit(5, 9, b"")], [Edit(2, 1, b"")]])
def test_overlap_is_an_error(edits: list[Edit]) -> None:
    with pytest.raises(OverlapError):
        apply(b"abcd", edits)


def test_result_of_moves_edits_creations_and_deletions() -> None:
    change = Change(
        summary="x",
        edits={"a.rs": (Edit(0, 1, b"X"),)},
        moves={"a.rs": "a/mod.rs"},
        creations={"a/b.rs": b"new"},
        deletions=frozenset({"c.rs"}),
    )
    assert change.result({"a.rs": b"abc", "c.rs": b""}) == {
        "a.rs": None,
        "a/mod.rs": b"Xbc",
        "a/b.rs": b"new",
        "c.rs": None,
    }
    assert change.originals() == ("a.rs", "c.rs")


def test_a_new_file_never_replaces_one_that_stays() -> None:
    with pytest.raises(OverlapError):
        Change(summary="x", creations={"b.rs": b""}).result({"b.rs": b"old"})
    with pytest.raises(OverlapError):
        Change(summary="x", moves={"a.rs": "b.rs"}).result({"a.rs": b"", "b.rs": b"old"})


@given(st.binary(), st.binary())
def test_revised_texts_are_the_result(old: bytes, new: bytes) -> None:
    change = Change(summary="x", edits={"a.rs": ()}, moves={"a.rs": "b.rs"}, creations={"c.rs": b"c"})
    files = {"a.rs": old}
    revised = change.revised(files, {"b.rs": new, "c.rs": new})
    assert revised.result(files) == {"a.rs": None, "b.rs": new, "c.rs": new}


def test_a_file_that_is_too_long_is_told_as_rustfmt_left_it() -> None:
    long = (TooLong("a.rs", 2, "one function"), TooLong("b.rs", 2, "one enum"))
    change = Change("Split", creations={"a.rs": b"\n\n", "b.rs": b"\n\n"}, notes=("Look.",), too_long=long)
    assert change.revised({}, {"a.rs": b"\n\n\n"}).remarks == (
        "Look.",
        "a.rs has 3 lines: one function",
        "b.rs has 2 lines: one enum",
    )


def test_only_a_new_file_may_be_left_out_of_what_is_conserved() -> None:
    files = {"src/lib.rs": b"fn a() {}\n"}
    edits = {"src/lib.rs": (Edit(0, 9, b"fn b() {}"),)}
    change = Change(
        "", edits, {"tests/t.rs": b"fn t() {}\n"}, generated=frozenset({"src/lib.rs", "tests/t.rs"})
    )
    assert change.conserved(files) == {"src/lib.rs": b"fn b() {}\n"}


def test_a_file_that_formatting_makes_too_long_is_told_and_one_that_it_shortens_is_not() -> None:
    change = Change(
        "Split",
        creations={"a.rs": b"\n\n", "b.rs": b"\n\n\n"},
        too_long=(TooLong("b.rs", 3, "one enum", 2),),
        nearly_too_long=(TooLong("a.rs", 2, "one function", 2),),
    )
    after = change.revised({}, {"a.rs": b"\n\n\n", "b.rs": b"\n\n"})
    assert after.remarks == ("a.rs has 3 lines: one function",)


def test_a_heading_is_left_out_only_where_comments_alone_stand_above_it() -> None:
    heading = b"//! Numbers.\n"

    def conserved(text: bytes) -> bytes | None:
        return Change("", creations={"a.rs": text}, headings={"a.rs": heading}).conserved({})["a.rs"]

    assert conserved(heading + b"struct A;\n") == b"struct A;\n"
    assert (
        conserved(b"// Copyright nobody.\n\n" + heading + b"struct A;\n")
        == b"// Copyright nobody.\n\nstruct A;\n"
    )
    below = b"mod b {\n" + heading + b"}\n"
    assert conserved(below) == below
