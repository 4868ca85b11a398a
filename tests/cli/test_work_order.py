"""Work orders: what they say of a finding's symbol, its callers and tests, and when there is one."""

import json
from pathlib import Path

import pytest
import scratch
from command_line import Remediate

from remediate.audit.rules.catalog import RULES
from remediate.audit.rules.documentation import _ADVICE, advice
from remediate.errors import InputError
from remediate.model import Finding
from remediate.rust.syntax.items import symbol_at
from remediate.rust.syntax.source import Source
from remediate.workflow.orders.selection import called

LIB = """pub mod rates;

/// Adds tax.
pub fn with_tax(cents: i64) -> i64 {
    cents + rates::tax(cents)
}

pub fn free(tax: i64) -> i64 {
    tax
}

#[cfg(test)]
mod tests {
    #[test]
    fn taxes() {
        assert_eq!(super::with_tax(100), 107);
    }
}
"""
RATES = """/// The tax on an amount.
///
/// Rounds down.
pub(crate) fn tax(cents: i64) -> i64 {
    // TODO: ask the office for the rate; ``` for now 7
    cents * 7 / 100
}
"""
AUDIT = """# Audit

## 1. Unfinished tax

- `src/rates.rs:5`: TODO marker, the rate is fixed

## 2. Small things

- `src/lib.rs`: 2000 lines, far too large
"""


STUB = """/// The rate.
pub fn rate(name: &str) -> f64 {
    // TODO: ask
    let _ = name;
    0.5 // TODO: ask again
}
"""
WAITS = """#[test]
#[ignore = "finding 1: `rate` is not written yet"]
fn finding_1_rate() -> Result<(), &'static str> {
    let _ = shop::rate;
    Err("say here what `rate` has to give")
}
"""


@pytest.fixture
def shop(tmp_path: Path) -> Path:
    files = {**scratch.CRATE, "src/lib.rs": LIB, "src/rates.rs": RATES, "AUDIT.md": AUDIT}
    del files["src/big.rs"]
    return scratch.repository(tmp_path / "shop", files)


def test_every_rule_names_what_a_person_would_do() -> None:
    assert {rule.id for rule in RULES} == set(_ADVICE)
    assert all(advice(rule.id).endswith(".") for rule in RULES)


@pytest.mark.parametrize(
    ("text", "at", "path", "signature"),
    [
        (
            "/// Doc.\npub fn f<T>(a: T)\nwhere\n    T: Copy,\n{ b }",
            "b }",
            "f",
            "pub fn f<T>(a: T) where T: Copy,",
        ),
        ("struct S { a: i32 }", "a:", "S", "struct S { a: i32 }"),
        ("impl A for B {\n    fn g(&self) { x }\n}", "x", "A for B::g", "fn g(&self)"),
        ("trait T {\n    // TODO\n\n    fn g(&self);\n}", "TODO", "T", "trait T {\n    fn g(&self);\n}"),
        ("const N: usize = 3;", "3", "N", "const N: usize = 3;"),
    ],
)
def test_a_symbol_and_its_signature(text: str, at: str, path: str, signature: str) -> None:
    found = symbol_at(Source("a.rs", text.encode()), text.index(at))
    assert found is not None
    assert (found.path, found.signature) == (path, signature)


def test_between_items_there_is_no_symbol() -> None:
    assert symbol_at(Source("a.rs", b"fn a() {}\n\n// free\n\nfn b() {}\n"), 14) is None


def test_an_order_by_name(shop: Path, tmp_path: Path, remediate: Remediate) -> None:
    before, out = scratch.state(shop), tmp_path / "out"
    ended = remediate(shop, "work-order", "AUDIT.md", "--by-name", "--out", str(out))
    assert (ended.code, ended.out) == (0, "")
    assert "wrote 1 work order" in ended.err
    (markdown,), (data,) = out.glob("*.md"), out.glob("*.json")
    order = json.loads(data.read_text())
    assert (
        markdown.stem
        == data.stem
        == order["name"]
        == f"1.1-todo-marker-{order['finding']['fingerprint'][:8]}"
    )
    (symbol,) = order["symbols"]
    assert (symbol["name"], symbol["visibility"], symbol["source"]) == ("tax", "pub(crate)", "names")
    assert symbol["documentation"].startswith("/// The tax on an amount.")
    assert [(c["path"], c["line"], c["function"]) for c in symbol["callers"]] == [
        ("src/lib.rs", 5, "with_tax")
    ]
    assert "## 1. Unfinished tax" in order["quote"]
    assert "2000 lines" not in order["quote"]
    text = markdown.read_text()
    assert "a heuristic" in text
    assert "cargo check --package crate-a --all-targets" in text
    assert "````rust" in text, "the code's own backticks must not end the fence"
    assert scratch.state(shop) == before


@pytest.mark.slow
def test_markers_side_by_side_are_shown_once_and_what_waits_is_named(
    shop: Path, remediate: Remediate
) -> None:
    audit = "# Audit\n\n## 1. Rates\n\n- `src/lib.rs:3,5`: TODO marker\n"
    (shop / "tests").mkdir()
    scratch.write(shop, {"src/lib.rs": STUB, "tests/finding_1.rs": WAITS, "AUDIT.md": audit})
    scratch.git(shop, "add", "--all")
    scratch.git(shop, "commit", "--quiet", "--message", "Rates")
    told = remediate(shop, "work-order", "AUDIT.md", "--by-name").out
    assert "what is marked is a person's to judge: 2 stubs" in told
    assert told.count("### `src/lib.rs`, lines 3, 5 (stub)") == 1
    waiting = (
        "The ignored test `finding_1_rate` in `tests/finding_1.rs` waits for `rate`: drop its `#[ignore]`"
    )
    assert waiting in told
    (order,) = remediate.data(shop, "work-order", "AUDIT.md", "--by-name")["work_orders"]
    assert [location["line"] for location in order["locations"]] == [3, 5]
    waiting_test = {"path": "tests/finding_1.rs", "name": "finding_1_rate", "function": "rate"}
    assert order["waiting"] == [waiting_test]


def test_an_order_with_callers_from_the_compiler(shop: Path, remediate: Remediate) -> None:
    (order,) = remediate.data(shop, "work-order", "AUDIT.md", "--finding", "1.1")["work_orders"]
    (symbol,) = order["symbols"]
    assert symbol["source"] == "compiler"
    assert [(c["path"], c["function"]) for c in symbol["callers"]] == [("src/lib.rs", "with_tax")]
    assert symbol["tests"] == ["src/lib.rs: tests::taxes"], "through with_tax"


@pytest.mark.parametrize(("chosen", "said"), [("9.9", "no finding '9.9'"), ("2.1", "not true today")])
def test_what_cannot_be_ordered(shop: Path, remediate: Remediate, chosen: str, said: str) -> None:
    ended = remediate(shop, "work-order", "AUDIT.md", "--by-name", "--finding", chosen)
    assert ended.code == 2
    assert said in ended.err


def test_an_outcome_without_a_fix_names_its_order(shop: Path, remediate: Remediate) -> None:
    outcomes = remediate.data(shop, "run", "AUDIT.md", "--verify", "quick")["outcomes"]
    first = next(o for o in outcomes if o["reason"] == "working-code")
    assert first["work_order"] == f"1.1-todo-marker-{first['finding'][:8]}"
    assert "A person would: Write what the comment says is missing" in first["detail"]
    assert not [
        o for o in outcomes if o["outcome"] in {"fixed", "mistaken", "already-fixed"} and o["work_order"]
    ]


TWO_MARKERS = """/// The rate.
pub fn rate(name: &str) -> f64 {
    // TODO: ask the office
    let _ = name;
    0.07
}

#[allow(dead_code)] // TODO: use it
pub fn half(rate: f64) -> f64 {
    rate / 2.0
}
"""
PARTLY = "# Audit\n\n## 1. TODO markers\n\n- `src/rates.rs:3,8`: TODO markers\n"


@pytest.mark.slow
def test_what_a_fix_has_left_is_ordered_on_its_branch(shop: Path, remediate: Remediate) -> None:
    lib = LIB.replace("rates::tax(cents)", "rates::half(2.0) as i64").replace("107", "101")
    scratch.write(shop, {"src/lib.rs": lib, "src/rates.rs": TWO_MARKERS, "AUDIT.md": PARTLY})
    scratch.git(shop, "commit", "--quiet", "--all", "--message", "Two markers")
    (outcome,) = remediate.data(shop, "run", "AUDIT.md", "--verify", "quick")["outcomes"]
    assert outcome["outcome"] == "fixed-partly"
    (order,) = remediate.data(shop, "work-order", "AUDIT.md")["work_orders"]
    assert (order["base"], order["branch"]) == (outcome["commit"], outcome["branch"])
    assert [place["text"] for place in order["locations"]] == ["// TODO: ask the office"]
    assert order["name"] == outcome["work_order"]
    told = remediate(shop, "status")
    assert "1 finding: 1 fixed-partly" in told.out
    assert "left to do in src/rates.rs: 1 of 2 markers stay" in told.out
    of_audit = remediate(shop, "status", "AUDIT.md", "--no-cargo", "--verbose").out
    assert "1 of 1 claim still true, 1 of them fixed in part only on a branch that is not merged" in of_audit
    text = remediate(shop, "work-order", "AUDIT.md").out
    assert f"- Base: commit `{outcome['commit']}`, the tip of `{outcome['branch']}`" in text
    assert "Only that is asked for" in text


NAMED = [
    Finding(id_, fingerprint, "todo-marker", "a marker", "src/lib.rs")
    for id_, fingerprint in (
        ("4.1", "ab12" * 4),
        ("4.1.2", "ab34" * 4),
        ("5.1", "cd12" * 4),
        ("12.1", "4444" * 4),
    )
]


@pytest.mark.parametrize(
    ("name", "id_"),
    [
        ("4.1", "4.1"),
        ("#4.1", "4.1"),
        ("5", "5.1"),
        ("#12", "12.1"),
        ("cd", "5.1"),
        ("AB34", "4.1.2"),
        ("44", "12.1"),
    ],
)
def test_a_finding_is_called_by_what_tells_it_from_the_others(name: str, id_: str) -> None:
    assert called(NAMED, name).id == id_


def test_what_may_be_several_findings_names_them() -> None:
    for name in ("4", "#4", "ab"):
        with pytest.raises(InputError, match="more than one finding is called") as error:
            called(NAMED, name)
        assert "4.1 or ab12ab12ab12ab12 (todo-marker src/lib.rs); 4.1.2 or ab34" in error.value.hint
    with pytest.raises(InputError, match=r"no finding '5\.2'") as error:
        called(NAMED, "5.2")
    assert error.value.hint.startswith("Did you mean 5.1")
