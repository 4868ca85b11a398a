"""What macros and build scripts make of code, before a move and after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import pytest
import scratch
from crates import crate, manifest, package
from made_package import package as made_package
from made_package import target
from scratch import write

from remediate.cargo.check import DEFAULT
from remediate.cargo.command import Cargo
from remediate.cargo.compiler_output import ScriptOutput, expanded
from remediate.edits import Change, Edit
from remediate.feedback import LOCATION, Evidence, GateFailure
from remediate.gates import GateResult, Verdict
from remediate.proofs import Proof
from remediate.rust.codebase import changed
from remediate.rust.package import Package, Target
from remediate.verify.baseline import Baseline, take
from remediate.verify.check_round import Before, Measure, check_round
from remediate.verify.compiler.compilation import CheckBaseline
from remediate.verify.compiler.expansion import (
    CALLER,
    Difference,
    Expanded,
    Expansions,
    Located,
    Locations,
    Word,
    difference,
    targets_of,
    told,
    words,
)
from remediate.verify.produced import Comparison, _judged, _odd_outputs, prepared
from remediate.verify.report import Level

_MOVED = "pub fn moved() -> String {\n    here!()\n}\n"
_LIBRARY = f"#[macro_use]\nmod m;\n\npub fn stays() -> u8 {{\n    1\n}}\n\n{_MOVED}"
_PLAIN = "macro_rules! here {\n    () => {\n        String::new()\n    };\n}\n"


def judged(folder: Path, files: dict[str, str], *, looks_back: bool = True) -> dict[str, GateResult]:
    """Move ``moved`` of the library into a child, and judge what macros and scripts make of it."""
    cargo = crate(folder, {"src/lib.rs": _LIBRARY, "src/m.rs": _PLAIN, **files})
    scratch.repository(folder, {".gitignore": "target\nCargo.lock\n"})
    before = package(cargo)
    text = before.files["src/lib.rs"]
    start = text.index(_MOVED.encode())
    change = Change(
        "Split",
        edits={"src/lib.rs": (Edit(start, start + len(_MOVED), b"mod child;\npub use child::moved;\n"),)},
        creations={"src/child.rs": _MOVED.encode()},
        new_modules=frozenset({"child"}),
    )
    taken = take(cargo, before, Level.STANDARD, ahead=False)
    known = Before(prepared(cargo, before, taken, change))
    after = {path: made.decode() for path, made in change.result(before.files).items() if made}
    write(folder, after)

    def look_back(measure: Measure) -> Baseline:
        with _aside(folder, text, after):
            return measure(known.baseline)

    known = Before(known.baseline, look_back if looks_back else None)
    found = Comparison(cargo, known, before, changed(before, change), change).gates()
    return {gate.name: gate for gate in found}


@contextmanager
def _aside(folder: Path, text: bytes, after: dict[str, str]) -> Iterator[None]:
    (folder / "src/child.rs").unlink()
    (folder / "src/lib.rs").write_bytes(text)
    yield
    write(folder, after)


def verdicts(found: dict[str, GateResult]) -> dict[str, Verdict]:
    return {name: gate.verdict for name, gate in found.items()}


@pytest.mark.slow
def test_a_move_changes_nothing_that_macros_make(tmp_path: Path) -> None:
    assert verdicts(judged(tmp_path, {})) == {"expansion": Verdict.PASSED}


_TESTED = """
#[cfg(test)]
mod tests {
    #[test]
    fn no_test_sees_that_the_build_was_wrapped() {
        assert!(std::env::var_os("RUSTC_WRAPPER").is_none());
        assert_eq!(super::moved(), "src/lib.rs");
    }
}
"""


@pytest.mark.slow
@pytest.mark.parametrize("files", [{}, {"build.rs": "fn main() {}\n"}])
def test_the_build_of_the_tests_expands_along(tmp_path: Path, files: dict[str, str]) -> None:
    here = "macro_rules! here {\n    () => {\n        file!().to_string()\n    };\n}\n"
    cargo = crate(tmp_path, {"src/lib.rs": _LIBRARY + _TESTED, "src/m.rs": here, **files})
    before, change = package(cargo), Change("", edits={"src/lib.rs": (Edit(0, 0, b"\n"),)})
    known = Before(prepared(cargo, before, take(cargo, before, Level.STANDARD), change))
    write(tmp_path, {"src/lib.rs": f"\n{_LIBRARY}{_TESTED}"})
    said = check_round(cargo, before, ["src/lib.rs"], known)
    assert said.suite is not None
    assert not said.feedback
    starts = cargo.runs
    judged = Comparison(cargo, known, before, changed(before, change), change, expanded=said.expanded)
    assert all(gate.verdict is not Verdict.FAILED for gate in judged.gates())
    # What a build script makes is compared as well, so there nothing is expanded along.
    assert (set(said.expanded), cargo.runs - starts) == ((set(), 1) if files else ({"lib"}, 0))
    alone = expanded(cargo, DEFAULT, known.baseline.spec, ("--lib",), test=True).text
    assert said.expanded.get("lib", alone) == alone


@pytest.mark.slow
@pytest.mark.seeded("location", "unverified", "a macro of another file says the path of the module")
@pytest.mark.parametrize(
    ("macro", "said"),
    [
        ("module_path!().into()", 'child::moved has "small::child", had "small"'),
        ("file!().into()", 'child::moved has "src/child.rs", had "src/lib.rs"'),
        ("line!().to_string()", "child::moved has 2u32, had 9u32"),
        ("std::panic::Location::caller().to_string()", "child::moved calls Location::caller"),
    ],
)
def test_what_says_where_it_stands_is_told(tmp_path: Path, macro: str, said: str) -> None:
    found = judged(tmp_path, {"src/m.rs": _PLAIN.replace("String::new()", macro)})
    assert verdicts(found) == {"expansion": Verdict.PASSED, "location": Verdict.UNVERIFIED}
    assert found["location"].detail == f"1 depend on where they stand: {said}"
    if not said.endswith('"'):
        assert found["location"].feedback == ()
        return
    where = Evidence("src/child.rs", "moved", 1)
    assert found["location"].feedback == (GateFailure(LOCATION, said, (where,), judged=False),)


_COUNTING = (
    "use std::{env, fs, path::Path};\nfn main() {\n"
    '    let text = fs::read_to_string("src/lib.rs").unwrap();\n'
    '    let out = Path::new(&env::var("OUT_DIR").unwrap()).join("made.rs");\n'
    '    fs::write(out, format!("pub const MADE: usize = {};", %s)).unwrap();\n}\n'
)
_INCLUDES = f'include!(concat!(env!("OUT_DIR"), "/made.rs"));\n{_LIBRARY}'


@pytest.mark.slow
@pytest.mark.seeded("expansion", "failed", "a build script counts functions in the file that is split")
@pytest.mark.seeded("build scripts", "failed", "a build script counts functions in the file that is split")
@pytest.mark.parametrize("looks_back", [True, False])
def test_a_constant_that_a_build_script_counted_may_not_change(tmp_path: Path, *, looks_back: bool) -> None:
    script = _COUNTING % 'text.matches("pub fn").count()'
    found = judged(tmp_path, {"build.rs": script, "src/lib.rs": _INCLUDES}, looks_back=looks_back)
    assert verdicts(found) == {"expansion": Verdict.FAILED, "build scripts": Verdict.FAILED}
    assert found["expansion"].detail == "2 differ: `2` is gone; `1` is new in MADE"
    assert found["build scripts"].detail == "1 differ: made.rs in OUT_DIR of small has another text"


@pytest.mark.slow
def test_a_target_that_a_change_makes_holds_nothing_new(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": ""})
    before = package(cargo)
    taken = take(cargo, before, Level.STANDARD, ahead=False)
    write(tmp_path, {"tests/it.rs": '#[test]\nfn t() {\n    let _ = "new";\n}\n'})
    after = package(cargo)
    change = Change(
        "Add",
        edits={"Cargo.toml": (Edit(0, 0, b"\n"),)},
        creations={"tests/it.rs": after.files["tests/it.rs"]},
    )
    known = Before(prepared(cargo, before, taken, change), lambda _: pytest.fail("no file has to be touched"))
    (gate,) = Comparison(cargo, known, before, after, change).gates()
    assert (gate.name, gate.verdict) == ("expansion", Verdict.FAILED)
    assert '`"new"` is new in t' in gate.detail


@pytest.mark.slow
@pytest.mark.seeded("build scripts", "failed", "a build script tells cargo something else")
def test_what_a_build_script_tells_cargo_may_not_change(tmp_path: Path) -> None:
    script = (
        'fn main() {\n    let text = std::fs::read_to_string("src/lib.rs").unwrap();\n'
        '    println!("cargo::rustc-env=FUNCTIONS={}", text.matches("pub fn").count());\n}\n'
    )
    found = judged(tmp_path, {"build.rs": script})
    assert verdicts(found) == {"expansion": Verdict.PASSED, "build scripts": Verdict.FAILED}
    assert "small: cargo::rustc-env=FUNCTIONS=1" in found["build scripts"].detail


@pytest.mark.slow
@pytest.mark.seeded("build scripts", "failed", "a build script is run no more")
def test_a_build_script_may_not_be_switched_off(tmp_path: Path) -> None:
    files = {
        "Cargo.toml": manifest(),
        "build.rs": 'fn main() {\n    println!("cargo::rustc-env=A=1");\n}\n',
        "src/lib.rs": "pub fn f() {}\n",
    }
    cargo = crate(tmp_path, files)
    before = package(cargo)
    end = len(files["Cargo.toml"])
    change = Change(
        "",
        edits={"Cargo.toml": (Edit(end, end, b"build = false\n"),), "src/lib.rs": (Edit(0, 0, b"\n"),)},
    )
    known = prepared(cargo, before, take(cargo, before, Level.STANDARD, ahead=False), change)
    after = {path: text.decode() for path, text in change.result(before.files).items() if text}
    write(tmp_path, after)

    def look_back(measure: Measure) -> Baseline:
        write(tmp_path, files)
        found = measure(known)
        write(tmp_path, after)
        return found

    compared = Comparison(cargo, Before(known, look_back), before, package(cargo), change)
    found = {gate.name: gate for gate in compared.gates()}
    assert verdicts(found) == {"expansion": Verdict.PASSED, "build scripts": Verdict.FAILED}
    assert found["build scripts"].detail == "1 differ: the build script of small was not run"


_DIRTY = (
    'std::process::Command::new("git").args(["status", "--porcelain", "src"]).output().unwrap()'
    ".stdout.is_empty() as usize + 70 + 0 * text.len()"
)


@pytest.mark.slow
@pytest.mark.seeded("expansion", "unverified", "a constant that is another in every build")
@pytest.mark.parametrize(
    ("value", "why"),
    [
        (
            "std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as usize + 0 * text.len()",
            "it is not the same twice with the change",
        ),
        (_DIRTY, "so it is without the change as well, once a file is touched"),
    ],
)
def test_what_differs_without_the_change_as_well_is_no_fault(tmp_path: Path, value: str, why: str) -> None:
    found = judged(tmp_path, {"build.rs": _COUNTING % value, "src/lib.rs": _INCLUDES})
    assert {gate.verdict for gate in found.values()} == {Verdict.UNVERIFIED}
    assert found["expansion"].detail.endswith(why)
    assert found["build scripts"].detail.endswith(why)


@pytest.mark.slow
def test_what_differs_without_the_change_as_well_is_no_location(tmp_path: Path) -> None:
    script = (_COUNTING % _DIRTY).replace("= {};", "= {0}; pub const LINE: u32 = {0}u32;")
    found = judged(tmp_path, {"build.rs": script, "src/lib.rs": _INCLUDES})
    assert verdicts(found) == dict.fromkeys(("expansion", "build scripts"), Verdict.UNVERIFIED)


@pytest.mark.slow
@pytest.mark.seeded("expansion", "unverified", "a target that does not expand")
def test_what_cannot_be_expanded_is_named(tmp_path: Path) -> None:
    found = judged(tmp_path, {"src/m.rs": _PLAIN.replace("String::new()", "missing!()")})
    assert verdicts(found) == {"expansion: lib": Verdict.UNVERIFIED}


def test_words_are_literals_and_definitions_with_their_modules() -> None:
    text = (
        "mod a { /// 1\n"
        ' impl Type<3> { pub fn f(self: *const X) -> u8 { 2 } } mod b { const C: &str = "x"; } '
        'pub extern "C" fn g() {} } '
        '#[path = "p.rs"] mod c { macro_rules! m { () => { 5 } } } '
        '#[rustc_test_marker = "t"] pub const t: Test = Test { line: 7usize, f: || { 1; }, }; '
        "fn t() {}"
    )
    found = [("::".join((*w.module, w.owner)), w.text) for w in words(text.encode())]
    assert found == [
        ("a::f", "fn f"),
        ("a::f", "2"),
        ("a::b::C", "const C"),
        ("a::b::C", '"x"'),
        ("a::g", "fn g"),
        ("c::g", "macro_rules m"),
        ("c::g", "5"),
        ("t", "fn t"),
    ]


def test_the_main_of_the_test_harness_is_no_definition() -> None:
    harness = (
        b"#[rustc_main]\n#[coverage(off)]\n#[doc(hidden)]\npub fn main() -> () {\n    extern crate test;\n"
        b"    test::test_main_static(&[&works])\n}\n"
    )
    before, after = b"fn a() { 1 }\n", b"fn b() { 2 }\n"
    assert [w.text for w in words(before + harness + after)] == ["fn a", "1", "fn b", "2"]


HERE = Locations(
    {"small::m::child": "small::m"}, frozenset({"src/m.rs", "src/m/child.rs"}), frozenset({("m", "child")})
)


def seen(
    before: dict[str, int], after: list[Word], rewritten: dict[bytes, bytes] | None = None
) -> Difference:
    old = [Expanded("default", "lib", tuple(before.items()))]
    return difference(old, Expansions(words=after), HERE, rewritten or {})


def test_a_word_more_or_less_is_a_difference() -> None:
    one = Word("1", ("m",), "f")
    assert seen({"1": 1}, [one]) == Difference()
    assert seen({"1": 1}, [one, one]).sentences == ("`1` is new in m::f",)
    assert seen({"1": 2}, [one]).sentences == ("`1` is gone",)
    assert seen({"1": 1}, [Word("2", ("m",), "f")]).sentences == ("`1` is gone", "`2` is new in m::f")
    assert seen({'"old"': 1}, [Word('"new"')], {b'"old"': b'"new"'}) == Difference()


@pytest.mark.parametrize(
    ("old", "new", "located"),
    [
        ('"small::m"', '"small::m::child"', True),
        ('"small::m"', '"small::n::child"', False),
        ("3u32", "4u32", True),
        ("3u8", "4u8", False),
        ('"src/m.rs"', '"src/m/child.rs"', True),
        ('"src/m.rs"', '"src/n.rs"', False),
        ('"at src/m.rs:3"', '"at src/m/child.rs:3"', True),
    ],
)
def test_a_literal_is_located_only_if_it_differs_in_the_location_alone(
    old: str, new: str, *, located: bool
) -> None:
    found = seen({old: 1}, [Word(new, ("m", "child"), "f")])
    assert (len(found.located), len(found.sentences)) == ((1, 0) if located else (0, 2))


def test_a_caller_counts_where_code_stands_in_a_new_module() -> None:
    calls = [Word(CALLER, ("m",), "f"), Word(CALLER, ("m", "child"), "g")]
    found = seen({CALLER: 2}, calls)
    assert [str(one) for one in found.located] == [f"m::child::g calls {CALLER}"]
    assert seen({CALLER: 2}, [calls[0], Word("1", ("m", "child"))]).located == ()


def test_of_equal_words_the_new_one_is_looked_for_in_the_new_modules_first() -> None:
    found = seen({"1": 1}, [Word("1", ("m",), "old"), Word("1", ("m", "child"), "new")])
    assert found.sentences == ("`1` is new in m::child::new",)


def test_a_long_literal_is_kept_by_its_digest() -> None:
    one, two = f'"{"x" * 200}1"', f'"{"x" * 200}2"'
    assert seen({one: 1}, [Word(one)]).lost == (one,)  # what is remembered is never the whole
    (lost,) = seen({"a": 1}, [Word(two)]).sentences[1:]
    assert ".. (203 characters, " in lost
    assert len(lost) < 200


def test_what_a_codemod_can_answer_is_told_with_its_line() -> None:
    files = {"src/lib.rs": b"mod m;\n", "src/m.rs": b"\nfn f() {}\nfn g() {}\nfn g() {}\n"}
    after = Package("small", "", "", "2021", (Target("small", ("lib",), "src/lib.rs"),), files)
    here = [Located(Word('"small::m"', ("m",), owner), '"small"') for owner in ("f", "g")] + [
        Located(Word("4u32", ("m",), "f"), "3u32"),
        Located(Word('"x"', ("gone",), "f"), '"y"'),
    ]
    answers = told(here, after)
    assert [one.evidence for one in answers] == [
        (Evidence("src/m.rs", "f", 2),),
        (Evidence("src/m.rs", "g", 0),),
    ]
    assert not any(one.judged for one in answers)


def test_the_targets_of_a_file_are_those_that_read_it() -> None:
    lib, script = Target("small", ("lib",), "src/lib.rs"), Target("build", ("custom-build",), "build.rs")
    files = {"src/lib.rs": b"mod m;\n", "src/m.rs": b"", "build.rs": b"", "tests/t.rs": b""}
    known = Package("small", "", "", "2021", (lib, script, Target("t", ("test",), "tests/t.rs")), files)
    assert targets_of(known, ["src/m.rs", "build.rs", "Cargo.toml"]) == (lib,)
    assert targets_of(known, ["tests/t.rs"]) == known.targets[2:]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("core::panic::Location::caller()", [CALLER]),
        ("Location::of()", []),
        ('extern "C" fn f() {}', ["fn f"]),
        ('const C: &str = "C";', ["const C", '"C"']),
        ('#[doc = "x"] #[other = "y"] struct S;', ['"y"', "struct S"]),
        ("fn _f() {}", ["fn _f"]),
        ("const _: () = ();", []),
        ("static mut X: u8 = 1;", ["1"]),
        ("#[rustc_main] pub fn main() -> () { 1 } fn g() {}", ["fn g"]),
        ("fn main() {}", []),
        ("impl A<1> { fn f() {} }", ["fn f"]),
    ],
)
def test_what_counts_as_a_word(text: str, found: list[str]) -> None:
    assert [word.text for word in words(text.encode())] == found


def test_what_a_difference_comes_to() -> None:
    assert _judged("expansion", ["a"], [], ["a"]).verdict is Verdict.FAILED
    assert _judged("expansion", ["a"], ["b"], ["a"]).verdict is Verdict.UNVERIFIED
    assert _judged("expansion", ["a"], [], []).verdict is Verdict.UNVERIFIED


def test_what_build_scripts_make_is_compared_file_by_file() -> None:
    one = ScriptOutput("small", ("rustc-cfg=a",), (("a.rs", "1"), ("b.rs", "1")))
    assert _odd_outputs([one], [one]) == []
    assert _odd_outputs([one], []) == ["the build script of small was not run"]
    other = ScriptOutput("small", ("rustc-cfg=b",), (("a.rs", "2"), ("c.rs", "1")))
    assert _odd_outputs([one], [other]) == [
        "a.rs in OUT_DIR of small has another text",
        "b.rs in OUT_DIR of small is gone",
        "c.rs in OUT_DIR of small is new",
        "small: cargo::rustc-cfg=a",
        "small: cargo::rustc-cfg=b",
    ]


def test_the_main_of_a_file_that_a_change_touches_is_a_file_and_a_root_is_no_module() -> None:
    lib = Target("my-small", ("lib",), "src/lib.rs")
    texts = {"src/lib.rs": b"fn f() {}\n"}
    before = Package("my-small", "", "", "2021", (lib,), texts)
    change = Change("", edits={"src/lib.rs": (Edit(0, 0, b"mod child;\n"),)}, creations={"src/child.rs": b""})
    here = Locations.of(before, changed(before, change), change)
    assert (here.modules, here.new) == ({"my_small::child": "my_small"}, frozenset({("child",)}))
    made = Change("", creations={"src/main.rs": b""})
    after = replace(
        before, targets=(lib, Target("b", ("bin",), "src/main.rs")), files={**texts, "src/main.rs": b""}
    )
    assert Locations.of(before, after, made).modules == {}
    assert here.plain('"src/./lib.rs"') == "a file"
    assert here.plain('"src/x.rs"') == '"src/x.rs"'


def _asked(
    library: str,
    change: Change,
    level: Level = Level.STANDARD,
    code: Proof = Proof.SAME,
    root: Path = Path("/dev/null/none"),
) -> tuple[Baseline, list[GateResult]]:
    """Return the baseline a change is prepared with, and the gates; cargo is started only with a ``root``."""
    before = made_package("", (), src__lib_rs=library)
    cargo = Cargo(root)
    baseline = Baseline("p", level, "", (), "p", (CheckBaseline(DEFAULT),))
    known = prepared(cargo, before, baseline, change)
    after = changed(before, change)
    return known, list(Comparison(cargo, Before(known), before, after, change, code).gates())


def _moves(library: str) -> Change:
    return Change(
        "Split",
        edits={"src/lib.rs": (Edit(0, len(library), b"mod a;\n"),)},
        creations={"src/a.rs": library.encode()},
        new_modules=frozenset({"a"}),
    )


_MOVES = _moves("fn f() { vec![1]; }\n")
_REWRITES = replace(_MOVES, rewrites={"src/lib.rs": (Edit(0, 2, b"fn"),)})


@pytest.mark.parametrize(
    ("change", "level", "code", "said"),
    [
        (_MOVES, Level.STANDARD, Proof.SAME, ""),
        (_MOVES, Level.FULL, Proof.SAME, ""),
        (_MOVES, Level.QUICK, Proof.SAME, "not part of level quick"),
        (_REWRITES, Level.STANDARD, Proof.SAME, "rewrites code"),
        (_MOVES, Level.STANDARD, Proof.NONE, "rewrites code"),
    ],
)
def test_where_expansion_is_known_without_rustc(change: Change, level: Level, code: Proof, said: str) -> None:
    known, (gate,) = _asked("fn f() { vec![1]; }\n", change, level, code)
    assert (gate.name, gate.verdict) == ("expansion", Verdict.UNVERIFIED if said else Verdict.PASSED)
    assert (said or "no macro asks more") in gate.detail
    assert known.expanded == ()


def test_what_is_not_known_without_rustc_is_asked_of_it_above_level_quick(tmp_path: Path) -> None:
    library = "fn f() { other::m!(); }\n"
    known, (gate,) = _asked(library, _moves(library), Level.QUICK)
    assert (known.expanded, gate.verdict) == ((), Verdict.UNVERIFIED)
    known, (gate,) = _asked(library, _moves(library), root=tmp_path)
    assert [one.made for one in known.expanded] == [False]  # there is no Cargo.toml
    assert (gate.verdict, gate.detail) == (Verdict.UNVERIFIED, "rustc could not expand it")


def test_a_target_that_only_a_later_round_touches_has_no_expansion_to_compare() -> None:
    targets = (target("", "src/lib.rs", "lib"), target("", "src/main.rs", "bin"))
    before = made_package("", targets, src__lib_rs="other::m!();\n", src__main_rs="fn main() {}\n")
    change = Change("", edits={path: (Edit(0, 0, b"\n"),) for path in before.files})
    checks, lib = (CheckBaseline(DEFAULT),), Expanded("default", "lib")
    known = Before(Baseline("p", Level.STANDARD, "", (), "p", checks, expanded=(lib,)))
    nowhere = Cargo(Path("/dev/null/none"))
    (gate,) = Comparison(nowhere, known, before, changed(before, change), change).gates()
    assert gate.verdict is Verdict.UNVERIFIED
    assert "no target" in gate.detail


def test_a_file_of_no_target_has_no_expansion_to_compare() -> None:
    change = Change("Split", creations={"notes.txt": b"a\n"})
    _, (gate,) = _asked("fn f() {}\n", change)
    assert gate.verdict is Verdict.UNVERIFIED
    assert "no target" in gate.detail
