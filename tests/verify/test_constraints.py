import pytest

from remediate.gates import Verdict
from remediate.verify.text.constraints import constraints

_BEFORE = b"fn a() { x.unwrap(); todo!() }\n"


def test_code_may_move_between_the_touched_files() -> None:
    after = {"a.rs": None, "b.rs": _BEFORE}
    assert constraints({"a.rs": _BEFORE, "b.rs": None}, after).verdict is Verdict.PASSED


@pytest.mark.seeded("constraints", "failed", "an `unsafe`, `unwrap`, lock or placeholder more")
@pytest.mark.parametrize(
    ("more", "said"),
    [
        (b"fn b() { unsafe { f() } }", "1 more unsafe"),
        (b'fn b() { y.unwrap(); z . expect ("") }', "1 more .expect(), 1 more .unwrap()"),
        (
            b"fn b() { rt.block_on(f()); futures::executor::block_on(g()) }",
            "1 more .block_on(), 1 more block_on()",
        ),
        (b"fn b() { unimplemented!() }", "1 more unimplemented!"),
        (b"fn b() { m.lock() }", "1 more .lock()"),
    ],
)
def test_what_audits_forbid_must_not_grow(more: bytes, said: str) -> None:
    found = constraints({"a.rs": _BEFORE}, {"a.rs": _BEFORE + more})
    assert found.verdict is Verdict.FAILED
    assert said in found.detail


@pytest.mark.parametrize(
    "more",
    [
        b"// unsafe x.unwrap()\n",
        b'const S: &str = "todo!() unsafe";',
        b"fn unwrap() {}",
        b"fn b() { x.unwrap_or(1) }",
    ],
)
def test_only_code_counts(more: bytes) -> None:
    assert constraints({"a.rs": _BEFORE}, {"a.rs": _BEFORE + more}).verdict is Verdict.PASSED


@pytest.mark.parametrize(
    ("more", "declared", "verdict"),
    [
        (b"fn b() { rt.block_on(f()) }", {".block_on()": 1}, Verdict.PASSED),
        (b"fn b() { rt.block_on(f()); rt.block_on(g()) }", {".block_on()": 1}, Verdict.FAILED),
        (b"fn b() { unsafe { f() } }", {"unsafe": 1}, Verdict.FAILED),
    ],
)
def test_a_change_may_say_that_callers_block(more: bytes, declared: dict[str, int], verdict: Verdict) -> None:
    found = constraints({"a.rs": _BEFORE}, {"a.rs": _BEFORE + more}, {"a.rs": declared})
    assert found.verdict is verdict
