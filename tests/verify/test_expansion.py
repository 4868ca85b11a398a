"""What macros and build scripts make of code, before a move and after it."""

from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
import scratch
from crates import crate, package
from scratch import write

from remediate.edits import Change, Edit
from remediate.feedback import LOCATION, Evidence, GateFailure
from remediate.gates import GateResult, Verdict
from remediate.rust.codebase import changed
from remediate.verify.baseline import Baseline, take
from remediate.verify.check_round import Before, Measure
from remediate.verify.compiler.expansion import words
from remediate.verify.produced import Comparison, prepared
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
def test_a_constant_that_a_build_script_counted_may_not_change(tmp_path: Path) -> None:
    script = _COUNTING % 'text.matches("pub fn").count()'
    found = judged(tmp_path, {"build.rs": script, "src/lib.rs": _INCLUDES})
    assert verdicts(found) == {"expansion": Verdict.FAILED, "build scripts": Verdict.FAILED}
    assert found["expansion"].detail == "2 differ: `2` is gone; `1` is new in MADE"
    assert found["build scripts"].detail == "1 differ: made.rs in OUT_DIR of small has another text"


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
@pytest.mark.seeded("expansion", "unverified", "a constant that is another in every build")
@pytest.mark.parametrize(
    ("value", "why"),
    [
        (
            "std::time::UNIX_EPOCH.elapsed().unwrap().as_nanos() as usize + 0 * text.len()",
            "it is not the same twice with the change",
        ),
        (
            (
                'std::process::Command::new("git").args(["status", "--porcelain", "src"]).output().unwrap()'
                ".stdout.is_empty() as usize + 70 + 0 * text.len()"
            ),
            "so it is without the change as well, once a file is touched",
        ),
    ],
)
def test_what_differs_without_the_change_as_well_is_no_fault(tmp_path: Path, value: str, why: str) -> None:
    found = judged(tmp_path, {"build.rs": _COUNTING % value, "src/lib.rs": _INCLUDES})
    assert {gate.verdict for gate in found.values()} == {Verdict.UNVERIFIED}
    assert found["expansion"].detail.endswith(why)
    assert found["build scripts"].detail.endswith(why)


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
