"""A split that is planned with what the compiler knows: rustc has nothing to say of the first attempt."""

from dataclasses import replace
from pathlib import Path

import pytest
from crates import crate, manifest, package

from remediate.cargo.check import ALL_FEATURES, DEFAULT, NO_DEFAULT_FEATURES, Configuration
from remediate.cargo.command import Cargo
from remediate.codemods import split_file
from remediate.codemods.split_file.options import SplitOptions
from remediate.edits import Change
from remediate.facts.model import Origin, TargetFacts
from remediate.facts.query import Facts
from remediate.model import Diagnostic, Finding, PlannedModule
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.workflow.tree.gathering import Gatherer

# Syntax cannot tell whose `go`, `write_str` and `data` are meant, that `Error` is no trait here, and what
# `make!` makes.
_LIB = """
use std::fmt::Write as _;
use std::io::Read;
use other::{Error as Failure, Go, Unneeded};
pub mod other {
    pub trait Go { fn go(&self) -> u32 { 1 } }
    impl Go for u8 {}
    pub trait Unneeded { fn len(&self) -> usize { 0 } }
    impl Unneeded for u8 {}
    pub trait Error { fn custom(n: u32) -> Self; }
    impl Error for super::Error { fn custom(n: u32) -> Self { super::Error(n) } }
}
macro_rules! make { ($($t:tt)*) => { const MADE: u32 = 7; } }
make!(anything);
pub struct Error(pub u32);
pub struct Store { data: Vec<u8> }
impl Store {
    fn data(&self) -> &[u8] { &self.data }
    pub fn new() -> Self { Store { data: vec![1] } }
}
pub struct View(Store);
impl View {
    pub fn over(store: Store) -> Self { View(store) }
    pub fn store(&self) -> &Store { &self.0 }
}
pub fn measure(view: &View) -> u32 { view.store().data().iter().map(|x| x.go()).sum::<u32>() + MADE }
pub fn spell(n: usize, text: &mut String) -> Result<(), Error> {
    text.write_str("x").map_err(|_| Error::custom(n as u32))?;
    Ok(())
}
pub fn fill(mut from: &[u8]) -> usize { let mut to = [0; 4]; from.read(&mut to).unwrap_or(to.len()) }
pub fn taken(x: &mut u8) -> u8 { std::mem::take(x) }
pub fn fourth(x: u8) -> usize { Unneeded::len(&x) + "four".len() }
"""
# Rules name more than a call needs, expansions could name `Vec`, a made body calls no method of `Unneeded`,
# and `AsRef` is in scope anyway.
_RULES = """
extern crate alloc;
use std::vec;
use core::convert::AsRef;
use core::debug_assert as checked;
use alloc::vec::Vec;
use other::Unneeded;
pub mod other {
    pub trait Unneeded { fn len(&self) -> usize { 0 } }
    impl Unneeded for u8 {}
}
pub fn all(many: Vec<u8>) -> vec::IntoIter<u8> {
    let rest = many;
    rest.into_iter()
}
pub struct One;
pub struct Two;
pub struct Three;
macro_rules! chosen {
    (one) => { One };
    (two $($rest:tt)*) => { { let _ = Two; chosen!($($rest)*) } };
    (three) => { Three };
}
macro_rules! size { ($name:ident) => {
    pub fn $name(&self) -> usize { Some(1).map(|n: usize| n + self.0.len()).unwrap_or(0) }
} }
pub struct Text(String);
impl Text { size!(size); }
pub fn first(n: usize) -> One {
    checked!(n < 3);
    let two = n + 2;
    checked!(two < 5);
    chosen!(two one)
}
pub fn second(many: &Vec<u8>) -> usize {
    checked!(many.len() < 3);
    let _ = chosen!(three);
    let sizes = many.iter().map(|n| n.len()).sum::<usize>();
    sizes + many.len()
}
pub trait Sized2 { fn sized(&self) -> Vec<usize>; }
macro_rules! sized { ($name:ty) => {
    impl Sized2 for $name {
        fn sized(&self) -> Vec<usize> { vec![Some(*self).map(|n| n.to_string().len()).unwrap_or(0)] }
    }
} }
sized!(u16);
sized!(u32);
#[cfg(test)]
fn third(text: &str) -> &[u8] {
    text.as_ref()
}
"""
_FILLER = "\n".join(
    f"pub fn filler_{n}() -> usize {{\n    let held = [{n}; 3];\n    held.len()\n}}" for n in range(9)
)


_FINDING = Finding(id="x", fingerprint="0" * 16, rule="large-file", title="t", path="src/lib.rs")


def _planned(known: Package, finding: Finding = _FINDING) -> Change:
    change = split_file.plan(Codebase.of(known), finding, SplitOptions(max_lines=24, min_lines=1))
    assert isinstance(change, Change)
    return change


def _said(
    cargo: Cargo, untouched: Package, change: Change, configuration: Configuration = DEFAULT
) -> tuple[Diagnostic, ...]:
    for path, text in change.result(untouched.files).items():
        assert text is not None
        (cargo.root / path).parent.mkdir(parents=True, exist_ok=True)
        (cargo.root / path).write_bytes(text)
    return tuple(m.diagnostic for m in cargo.check(configuration).messages)


@pytest.mark.slow
@pytest.mark.parametrize("text", [_LIB, _RULES], ids=["methods", "macros"])
def test_the_first_attempt_is_right(tmp_path: Path, text: str) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": manifest(), "src/lib.rs": text + _FILLER})
    untouched = package(cargo)
    wanted = split_file.wanted_facts(Codebase.of(untouched), _FINDING, SplitOptions(max_lines=24))
    assert wanted is not None
    targets = Gatherer(cargo, untouched, built=False).gathered(wanted)
    known = replace(untouched, learned=Facts(targets, untouched.files))
    said = _said(cargo, untouched, _planned(known))
    assert [d.message for d in said if d.code != "dead_code"] == []


# Only with all features is it known that no code under `arc` calls methods of `Serial`; without `wide` it is
# M's own trait that has `width`; and a bound on `Below` brings `above` with it.
_FEATURES = """
#[cfg(feature = "arc")]
use std::sync::Arc;
#[cfg(feature = "serde")]
use serial::{Name, Serial};
#[cfg(feature = "wide")]
use wide::Wide;
#[cfg(feature = "serde")]
pub mod serial {
    pub trait Serial { fn serial(&self) -> usize { 1 } }
    pub struct Name;
}
#[cfg(feature = "wide")]
pub mod wide {
    pub trait Wide { fn width(&self) -> usize; }
    impl Wide for str { fn width(&self) -> usize { self.len() } }
}
#[cfg(not(feature = "wide"))]
trait Wide { fn width(&self) -> usize; }
#[cfg(not(feature = "wide"))]
impl Wide for str { fn width(&self) -> usize { self.len() } }
pub trait Above { fn above(&self) -> usize { 2 } }
pub trait Below: Above { fn below(&self) -> usize { 3 } }
pub fn both<T: Below>(one: &T) -> usize {
    let first = one.above();
    let second = one.below();
    let third = first + second;
    third + one.above()
}
pub fn spread(text: &str) -> usize {
    let whole = text.width();
    let inner = text.trim().width();
    let rest = whole - inner;
    rest + whole
}
#[cfg(feature = "arc")]
pub fn shared(one: &Arc<u8>) -> Arc<u8> {
    let two = one.clone();
    let three = two.clone();
    let four = three.clone();
    four
}
#[cfg(feature = "serde")]
impl Serial for Held {
    fn serial(&self) -> usize {
        let _ = Name;
        self.0
    }
}
#[cfg(feature = "arc")]
impl Held {
    pub fn held(&self) -> usize {
        let one = Arc::new(self.0);
        one.wrapping_add(1)
    }
}
pub struct Held(usize);
"""
_MANIFEST = """
[features]
default = ["wide"]
arc = []
serde = []
wide = []
"""


@pytest.mark.slow
@pytest.mark.parametrize("configuration", [DEFAULT, ALL_FEATURES, NO_DEFAULT_FEATURES], ids=lambda c: c.name)
def test_the_first_attempt_is_right_under_features(tmp_path: Path, configuration: Configuration) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": manifest() + _MANIFEST, "src/lib.rs": _FEATURES + _FILLER})
    untouched = package(cargo)
    wanted = split_file.wanted_facts(Codebase.of(untouched), _FINDING, SplitOptions(max_lines=24))
    assert wanted is not None
    targets = Gatherer(cargo, untouched, built=True).gathered(wanted)
    assert len([one for one in targets if one.origin is Origin.TYPED]) == 2
    known = replace(untouched, learned=Facts(targets, untouched.files))
    moved = {"summing": "fn both", "spreading": "fn spread", "sharing": "fn shared", "holding": "impl Held"}
    arrangement = tuple(PlannedModule(name, items=(item,)) for name, item in moved.items())
    change = _planned(known, replace(_FINDING, arrangement=arrangement))
    said = _said(cargo, untouched, change, configuration)
    assert [(d.message, d.spans[0].path) for d in said if d.code != "dead_code"] == []


# `told!` takes no visibility, `counted!` and `sized!` make what is used where their calls do not go.
_CALLS = """
macro_rules! told { (static $name:ident: $type:ty = $value:expr;) => { static $name: $type = $value; } }
told! { static TOLD: u32 = 3; }
macro_rules! counted { ($name:ident) => { pub const $name: u32 = 4; pub const OTHER: u32 = 5; } }
counted!(COUNTED);
macro_rules! sized { ($name:ident) => { pub struct $name { size: u32 } } }
sized!(Sized);
pub fn first() -> u32 {
    let told = TOLD;
    let counted = COUNTED;
    told + counted
}
pub fn second() -> u32 {
    let told = TOLD;
    let other = OTHER;
    told + other
}
pub fn third(sized: &Sized) -> u32 {
    let size = sized.size;
    let more = size + 1;
    more
}
"""
_PLACES = {
    "counting": ("fn first", "macro! told", "macro! counted"),
    "telling": ("fn second", "macro! sized"),
    "sizing": ("fn third",),
}
_WHERE = tuple(PlannedModule(name, items=items) for name, items in _PLACES.items())


def _settled(cargo: Cargo, known: Package, change: Change) -> tuple[Change, int]:
    """Return what is left of a change when rustc has nothing to say, and after how many answers."""
    said, rounds = _said(cargo, known, change), 0
    while said := tuple(d for d in said if d.code not in ("dead_code", "unused_macros")):
        refined = split_file.refine(Codebase.of(known), change, said)
        assert isinstance(refined, Change)
        assert refined != change
        change, rounds = refined, rounds + 1
        said = _said(cargo, known, change)
    return change, rounds


def _facade(change: Change, known: Package) -> str:
    return (change.result(known.files)["src/lib.rs"] or b"").decode()


def _with_facts(cargo: Cargo) -> Package:
    untouched = package(cargo)
    wanted = split_file.wanted_facts(Codebase.of(untouched), _FINDING, SplitOptions(max_lines=24))
    assert wanted is not None
    return replace(
        untouched, learned=Facts(Gatherer(cargo, untouched, built=False).gathered(wanted), untouched.files)
    )


@pytest.mark.slow
def test_a_call_stays_where_its_macro_hides_what_others_use(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": manifest(), "src/lib.rs": _CALLS + _FILLER})
    known = _with_facts(cargo)
    change, rounds = _settled(cargo, known, _planned(known, replace(_FINDING, arrangement=_WHERE)))
    facade = _facade(change, known)
    assert rounds == 1
    assert "told! { static TOLD: u32 = 3; }" in facade
    assert "sized!(Sized);" in facade
    assert "pub use counting::{first, COUNTED, OTHER};" in facade
    assert any("`TOLD` is made by a macro for its own module" in note for note in change.notes)


@pytest.mark.slow
@pytest.mark.parametrize("fault", ["a name that is not there", "a name that is not told", "another call"])
def test_facts_that_are_wrong_break_nothing(tmp_path: Path, fault: str) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": manifest(), "src/lib.rs": _CALLS + _FILLER})
    known = _with_facts(cargo)
    wrong = replace(known, learned=Facts(tuple(_faulty(t, fault) for t in known.facts.targets), known.files))
    change, _ = _settled(cargo, wrong, _planned(wrong, replace(_FINDING, arrangement=_WHERE)))
    assert "counted!(COUNTED);" in _facade(change, known)


def _faulty(target: TargetFacts, fault: str) -> TargetFacts:
    items = list(target.items)
    at = next((n for n, i in enumerate(items) if i.definition.name == "OTHER"), None)
    if at is None:
        return target
    ghost = replace(items[at], definition=replace(items[at].definition, path="small::GHOST", span=None))
    if fault == "a name that is not there":
        items.insert(at, ghost)
    elif fault == "a name that is not told":
        del items[at]
    else:
        told = next(n for n, i in enumerate(items) if i.definition.name == "TOLD")
        items.insert(told, items.pop(at))
    return replace(target, items=tuple(items))
