"""The gate "names", and the seeded faults that make it say no."""

import pytest
from fixture_case import Case, cases

from remediate.contract import codemods
from remediate.edits import Change, Edit
from remediate.gates import GateResult, Verdict
from remediate.rust.package import Package, Target
from remediate.verify.text.kept_names import kept_names
from remediate.workflow.sources.workspace import load

CASES = [c for c in cases("split_file") if not c.declines]


def _split(case: Case) -> tuple[Package, Change]:
    codebase, codemod = load(case.before).codebase, codemods()["split-file"]
    change = codemod.plan(codebase, case.finding(), case.options())
    for diagnostics in case.messages():
        assert isinstance(change, Change)
        change = codemod.refine(codebase, change, diagnostics)
    assert isinstance(change, Change)
    return codebase.home(case.finding().path), change


def _seeded(name: str, old: bytes, new: bytes) -> GateResult:
    """Return what the gate says of a case's result with a fault in the facade."""
    package, change = _split(next(c for c in CASES if c.name == name))
    after = change.result(package.files)
    facade = next(p for p, t in after.items() if t and old in t and p not in change.creations)
    gate = kept_names(package, change, {**after, facade: (after[facade] or b"").replace(old, new)})
    assert gate is not None
    return gate


@pytest.mark.parametrize("case", CASES, ids=lambda c: c.name)
def test_every_name_of_a_case_stays_reachable(case: Case) -> None:
    package, change = _split(case)
    gate = kept_names(package, change, change.result(package.files))
    assert gate is not None
    assert gate.verdict is Verdict.PASSED, gate.detail


@pytest.mark.seeded("names", "failed", "a re-export is dropped, narrowed, or put under a cfg")
@pytest.mark.parametrize(
    ("old", "new", "why"),
    [
        (b"pub use ", b"use ", "was pub"),
        (b"pub use ", b"pub(crate) use ", "was pub"),
        (b"pub use ", b'#[cfg(feature = "never")]\npub use ', "only under a cfg"),
    ],
)
def test_a_name_that_vanishes_is_found(old: bytes, new: bytes, why: str) -> None:
    gate = _seeded("public_paths", old, new)
    assert gate.verdict is Verdict.FAILED
    assert why in gate.detail


@pytest.mark.seeded("names", "failed", "a name that only code of no target uses is not reachable")
def test_a_narrow_name_that_no_target_compiles_is_found() -> None:
    case = "named_by_a_file_of_no_target"
    gate = _seeded(case, b"parsed::*", b"parsed::{parse, parse_all, Parsed}")
    assert gate.verdict is Verdict.FAILED
    assert "parse_fast (was pub(crate))" in gate.detail


_FILE = b"pub fn kept() {}\npub(crate) fn narrow() {}\nfn own() {}\n"


def _judged(facade: str, text: bytes, child: bytes, **others: bytes) -> GateResult | None:
    """Judge a file that is cut up: what stays in its facade, and what a new module ``child`` holds."""
    below = facade.removesuffix("mod.rs") if facade.endswith("mod.rs") else facade.removesuffix(".rs") + "/"
    files = {"src/lib.rs": b"mod m;\n", facade: _FILE} | {f"src/{n}.rs": t for n, t in others.items()}
    package = Package("p", "", "", "2021", (Target("p", ("lib",), "src/lib.rs"),), files)
    change = Change(
        "",
        edits={facade: (Edit(0, len(_FILE), text),)},
        creations={f"{below}child.rs": child},
        new_modules=frozenset({"child"}),
        scattered=frozenset({facade}),
    )
    return kept_names(package, change, change.result(files))


@pytest.mark.parametrize("facade", ["src/m.rs", "src/m/mod.rs"])
def test_a_glob_of_a_new_module_passes_on_what_it_reaches(facade: str) -> None:
    whole = _judged(facade, b"mod child;\npub use child::*;\n", _FILE)
    assert whole is not None
    assert (whole.verdict, whole.detail) == (Verdict.PASSED, "all of 2 names reachable as before")
    narrowed = _judged(facade, b"mod child;\nuse child::*;\n", _FILE)
    assert narrowed is not None
    assert (narrowed.verdict, "kept (was pub)" in narrowed.detail) == (Verdict.FAILED, True)


@pytest.mark.parametrize(
    ("orphan", "verdict"),
    [
        (b"use crate::m as p;\nfn f() { p::narrow() }\n", Verdict.FAILED),
        (b"use crate::n as p;\nfn f() { p::narrow() }\n", Verdict.PASSED),
        (b"use crate::m as p;\nfn f() { p::kept() }\n", Verdict.PASSED),
        (b"fn f() { m::{narrow}() }\n", Verdict.FAILED),
    ],
)
def test_a_narrow_name_counts_only_where_some_text_may_say_it(orphan: bytes, verdict: Verdict) -> None:
    stays = b"mod child;\npub fn kept() {}\n"
    gate = _judged("src/m.rs", stays, b"pub(super) fn narrow() {}\nfn own() {}\n", orphan=orphan)
    assert gate is not None
    assert gate.verdict is verdict, gate.detail


def test_a_file_of_no_target_is_held_to_its_public_names() -> None:
    gate = _judged("src/lone.rs", b"mod child;\n", _FILE)
    assert gate is not None
    assert gate.verdict is Verdict.FAILED
    nothing = Change("", scattered=frozenset({"Cargo.toml", "src/gone.rs"}))
    package = Package("p", "", "", "2021", (), {"Cargo.toml": b""})
    assert kept_names(package, nothing, {}) is None
