"""What tells a promoted test that does the same from one that does something else, in rustc's MIR."""

import pytest

from remediate.codemods.extract_tests import gates
from remediate.codemods.extract_tests.integration.target import Promotion
from remediate.feedback import GateFailure
from remediate.gates import GateResult, Verdict

_INSIDE = """\
fn shapes::tests::area() -> () {
    bb0: {
        _1 = shapes::Square::area(copy _2) -> [return: bb1, unwind continue];
    }
}

fn shapes::area(_1: f64) -> f64 {
    bb0: {
        return;
    }
}
"""
_OUTSIDE = """\
fn shapes::tests::area() -> () {
    bb0: {
        _1 = tiny::Square::area(copy _2) -> [return: bb1, unwind continue];
    }
}
"""
_PROMOTION = Promotion("shapes::tests", "tiny", "tests/it/shapes/tests.rs", (("Square", "shapes::Square"),))


def _compared(inside: str, outside: str, promotion: Promotion = _PROMOTION) -> GateResult:
    old = gates.bodies_before("default", inside, {}, [promotion])
    new = gates.bodies_after("default", outside, {}, [promotion])
    return gates.compare_tests(old, new, [promotion])


def test_a_path_from_outside_is_the_same() -> None:
    found = _compared(_INSIDE, _OUTSIDE)
    assert (found.verdict, found.detail) == (Verdict.PASSED, "1 bodies are the same in the test target")


@pytest.mark.seeded("same tests", "failed", "a promoted test calls another method")
def test_a_method_of_a_trait_is_not_a_types_own() -> None:
    outside = _OUTSIDE.replace("tiny::Square::area", "<tiny::Square as tiny::Shape>::area")
    (failure,) = _compared(_INSIDE, outside).feedback
    assert isinstance(failure, GateFailure)
    assert [one.path for one in failure.evidence] == [_PROMOTION.file]
    assert failure.sentence == "`fn area() -> ()` does something else there"


def test_traits_of_one_name_stay_apart_in_the_standard_library() -> None:
    inside = _INSIDE.replace("shapes::Square::area", "<shapes::Square as core::fmt::Write>::write_fmt")
    outside = _OUTSIDE.replace("tiny::Square::area", "<tiny::Square as std::io::Write>::write_fmt")
    assert _compared(inside, outside).verdict is Verdict.FAILED
    assert _compared(inside, outside.replace("io", "fmt")).verdict is Verdict.PASSED


def test_methods_of_two_primitive_types_differ() -> None:
    inside = _INSIDE.replace("shapes::Square::area", "core::num::<impl u8>::count_ones")
    outside = _OUTSIDE.replace("tiny::Square::area", "core::num::<impl u16>::count_ones")
    assert _compared(inside, outside).verdict is Verdict.FAILED
    assert _compared(inside, outside.replace("u16", "u8")).verdict is Verdict.PASSED


def test_a_renamed_path_is_named_by_its_definition() -> None:
    outside = _OUTSIDE.replace("Square", "Quad")
    assert _compared(_INSIDE, outside).verdict is Verdict.FAILED
    renamed = Promotion("shapes::tests", "tiny", _PROMOTION.file, (("Quad", "shapes::Square"),))
    assert _compared(_INSIDE, outside, renamed).verdict is Verdict.PASSED


def test_a_test_that_is_gone_is_not_the_same() -> None:
    assert _compared(_INSIDE, "").verdict is Verdict.FAILED


def test_tests_that_no_build_has_show_nothing() -> None:
    nothing = gates.bodies_before("default", "", {}, [_PROMOTION])
    unseen = gates.unseen([nothing], [_PROMOTION])
    assert unseen is not None
    assert unseen.verdict is Verdict.FAILED
    known = gates.bodies_before("default", _INSIDE, {}, [_PROMOTION])
    assert gates.unseen([nothing, known], [_PROMOTION]) is None


@pytest.mark.seeded("same library", "failed", "a function does something else under `cfg(test)`")
def test_a_test_build_may_have_more_but_not_other_bodies() -> None:
    ordinary = "fn a() -> u8 {\n    _0 = const 1_u8;\n}\n"
    more = f"{ordinary}\nfn tests::b() -> () {{\n    return;\n}}\n"
    same = gates.compare_library("default", ordinary, more)
    assert same.detail == "1 bodies are the same with and without `cfg(test)`"
    other = gates.compare_library("default", ordinary, more.replace("1_u8", "2_u8"))
    assert (other.verdict, other.detail) == (
        Verdict.FAILED,
        "what it does depends on `cfg(test)`: fn a",
    )
    assert other.feedback == (GateFailure("same library", other.detail),)


def test_a_library_without_std_names_the_same_things_otherwise() -> None:
    ordinary = "fn a() -> core::option::Option<u8> {\n    return;\n}\n"
    found = gates.compare_library("default", ordinary, ordinary.replace("core::", "std::"))
    assert found.verdict is Verdict.PASSED


def test_a_feature_set_that_never_compiled_is_not_judged() -> None:
    assert not gates.bodies_before("all-features", "", {}, [_PROMOTION]).made
    found = gates.unjudged("all-features")
    assert (found.verdict, found.feedback) == (Verdict.UNVERIFIED, ())


def test_a_library_that_does_not_compile_is_not_shown_to_be_the_same() -> None:
    assert gates.compare_library("default", "", "fn a() -> u8 {\n}\n").verdict is Verdict.FAILED


_DIVIDED = Promotion("m::tests", "tiny", "tests/it/m/tests.rs", parts=("goes",), rest="src/m.rs")


def _function(name: str, calls: str) -> str:
    return f"fn m::tests::{name}() -> () {{\n    bb0: {{\n        _1 = {calls}() -> bb1;\n    }}\n}}\n"


def _halves(outside: str, inside: str) -> list[str]:
    whole = _function("goes", "m::a") + _function("stays", "m::b")
    old = gates.bodies_before("default", whole, {}, [_DIVIDED])
    new = gates.bodies_after("default", outside, {}, [_DIVIDED], inside)
    found = gates.compare_tests(old, new, [_DIVIDED]).feedback
    return [one.sentence for one in found if isinstance(one, GateFailure)]


def test_the_halves_of_a_divided_module_do_what_the_whole_did() -> None:
    goes, stays = _function("goes", "tiny::a"), _function("stays", "m::b")
    assert _halves(goes, stays) == []
    assert _halves(goes, _function("stays", "m::a")) == ["`fn stays() -> ()` does something else there"]
    assert _halves(_function("goes", "tiny::b"), stays) == ["`fn goes() -> ()` does something else there"]
    assert _halves(goes, "") == ["`fn stays() -> ()` does something else there"]
    assert _halves(goes, stays + _function("goes", "m::a")) == ["`fn goes() -> ()` does something else there"]


def test_a_divided_module_of_which_only_the_rest_is_seen_is_not_shown_to_be_the_same() -> None:
    stays, goes = _function("stays", "m::b"), _function("goes", "m::a")
    only_rest = gates.bodies_before("default", stays, {}, [_DIVIDED])
    both = gates.bodies_before("all", goes + stays, {}, [_DIVIDED])
    assert gates.unseen([only_rest], [_DIVIDED]) is not None
    assert gates.unseen([only_rest, both], [_DIVIDED]) is None
