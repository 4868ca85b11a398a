from dataclasses import replace
from pathlib import Path

import pytest
from crates import crate, manifest
from scratch import write

from remediate.cargo.check import DEFAULT, Check, Message, Unit, Unmade
from remediate.cargo.command import Cargo
from remediate.feedback import messages
from remediate.gates import Verdict
from remediate.model import Diagnostic, Span
from remediate.verify.compiler.compilation import (
    CheckBaseline,
    Compiled,
    Known,
    counted,
    gates,
    news,
    remember,
    signatures,
    silent,
)
from remediate.verify.report import Report

LIB = Unit("small", "small", ("lib",), "src/lib.rs", test=False, fresh=False)


def judged(before: Check, after: Check) -> Report:
    return Report(tuple(gates("check", after, remember(before, DEFAULT), "small")))


def changed(cargo: Cargo, files: dict[str, str]) -> Check:
    write(cargo.root, files)
    return cargo.check()


def diagnostic(message: str, code: str = "E0425", line: int = 1) -> Diagnostic:
    return Diagnostic("error", code, message, (Span("src/lib.rs", 0, 1, line, 1),))


def test_a_message_is_the_same_wherever_its_code_went() -> None:
    before = diagnostic("cannot find `a::b::Thing` in `crate::a`, see src/a.rs:12:3")
    after = diagnostic("cannot find `a::b::child::Thing` in `crate::a`, see src/a/child.rs:2:3", line=9)
    assert signatures(before) == signatures(after)
    assert signatures(before) != signatures(diagnostic("cannot find `a::b::Other` in `crate::a`"))


def test_a_file_that_was_missing_before_is_missing_whichever_way_leads_there() -> None:
    before = diagnostic("couldn't read `src/data/Break.txt`: No such file or directory (os error 2)", "")
    detour = "src/../tests/unit/../../src/data/"
    after = diagnostic(f"couldn't read `{detour}Break.txt`: No such file or directory (os error 2)", "")
    assert signatures(before) == signatures(after)
    other = diagnostic(f"couldn't read `{detour}Other.txt`: No such file or directory (os error 2)", "")
    assert signatures(before) != signatures(other)


def test_a_build_script_that_fails_since_is_quoted(tmp_path: Path) -> None:
    script = 'fn main() { assert!(!std::path::Path::new("tests").exists(), "tests need a list"); }\n'
    cargo = crate(tmp_path, {"src/lib.rs": "", "build.rs": script})
    before = cargo.check()
    [gate] = judged(before, changed(cargo, {"tests/a.rs": "", "build.rs": script + "\n"})).failed
    assert gate.detail.startswith("the build script of small fails: thread 'main'")
    assert gate.detail.endswith("tests need a list")


def test_one_list_that_becomes_two_is_nothing_new() -> None:
    one = [diagnostic("unused imports: `A`, `B`, and `C`", "unused_imports")]
    two = [
        diagnostic("unused imports: `A` and `C`", "unused_imports"),
        diagnostic("unused import: `B`", "unused_imports"),
    ]
    assert counted(one) == counted(two)


@pytest.mark.seeded("check", "failed", "a new error beside known ones")
def test_new_errors_fail_and_known_ones_do_not(tmp_path: Path) -> None:
    cargo = crate(
        tmp_path, {"src/lib.rs": "pub mod a;\n", "src/a.rs": "", "tests/old.rs": "fn f() { missing() }\n"}
    )
    before = cargo.check()
    same = judged(before, changed(cargo, {"src/a.rs": "pub fn g() {}\n"}))
    assert not same.failed
    [gate] = same.unverified
    assert gate.name == 'check (default): test "old"'
    after = changed(cargo, {"src/a.rs": "fn g() { gone() }\n"})
    report = judged(before, after)
    assert report.failed[0].name == "check (default)"
    assert {d.message for d in news([after], [remember(before, DEFAULT)])} == {
        "cannot find function `gone` in this scope"
    }


@pytest.mark.seeded("check warnings", "failed", "a new warning beside one that moved")
def test_new_warnings_fail_and_moved_ones_do_not(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "mod a;\nfn unused() {}\n", "src/a.rs": ""})
    before = cargo.check()
    moved = changed(cargo, {"src/lib.rs": "mod a;\n", "src/a.rs": "\n\nfn unused() {}\n"})
    assert not judged(before, moved).failed
    more = changed(cargo, {"src/a.rs": "fn unused() {}\nuse std::fmt;\n"})
    [gate] = judged(before, more).failed
    assert gate.name == "check warnings (default)"
    assert [d.code for d in messages(gate.feedback)] == ["unused_imports"]


def test_a_condition_that_was_unexpected_before_may_stand_above_more_imports(tmp_path: Path) -> None:
    odd = "#[cfg(not(odd))]\npub use std::fmt;\n"
    cargo = crate(tmp_path, {"src/lib.rs": f"pub mod a;\n{odd}", "src/a.rs": ""})
    before = cargo.check()
    report = judged(before, changed(cargo, {"src/a.rs": odd}))
    assert not report.failed
    assert any("1 more mention of conditions that were unexpected before" in g.detail for g in report.gates)
    [gate] = judged(before, changed(cargo, {"src/a.rs": odd.replace("odd", "other")})).failed
    assert "other" in gate.detail


def test_a_second_equal_error_is_new(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "fn f() { missing() }\n"})
    before = cargo.check()
    assert judged(
        before, changed(cargo, {"src/lib.rs": "fn f() { missing() }\nfn g() { missing() }\n"})
    ).failed


@pytest.mark.parametrize("name", ["gone::A", "gone::deep::A"])
def test_an_import_that_never_resolved_may_be_repeated_where_nothing_compiled(
    tmp_path: Path, name: str
) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "", "tests/old.rs": f"use {name};\n"})
    before = cargo.check()
    twice = f"use {name};\nmod part {{\n    use {name};\n}}\n"
    assert not judged(before, changed(cargo, {"tests/old.rs": twice})).failed
    assert judged(before, changed(cargo, {"tests/old.rs": f"{twice}use other::A;\n"})).failed
    code = f"{twice}fn f() {{ gone::deep::g() }}\nfn g() {{ gone::deep::g() }}\n"
    assert judged(before, changed(cargo, {"tests/old.rs": code})).failed
    assert judged(before, changed(cargo, {"tests/old.rs": twice, "src/lib.rs": f"use {name};\n"})).failed


def test_what_never_compiled_could_not_have_said_it() -> None:
    unused = diagnostic("unused import: `A`", "unused_imports")
    said = (Message("small", "lib", "src/lib.rs", replace(unused, level="warning")),)
    check = Check(
        "default", success=False, units=(LIB,), unmade=(Unmade("small", "lib test"),), messages=said
    )
    for unmade, units in (((), 2), ((Compiled("small", "lib test"),), 1)):
        [one] = news([check], [CheckBaseline(DEFAULT, unmade=unmade)])
        assert (one.reports, one.units) == (1, units)


@pytest.mark.seeded("check", "unverified", "nothing compiles, before or after")
def test_a_package_that_compiles_neither_before_nor_after_is_unverified(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "fn f() { missing() }\n"})
    before = cargo.check()
    report = judged(before, changed(cargo, {"src/lib.rs": "\nfn f() { missing() }\nfn new() {}\n"}))
    assert {gate.verdict for gate in report.gates} == {Verdict.UNVERIFIED}


@pytest.mark.seeded("check", "failed", "a target is not compiled any more")
def test_a_target_that_is_no_longer_there_is_a_failure(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "", "tests/it.rs": "#[test]\nfn t() {}\n"})
    before = cargo.check()
    report = judged(before, changed(cargo, {"Cargo.toml": manifest(more="autotests = false\n")}))
    assert 'small (test "it")' in report.failed[0].detail


def test_all_that_fits_is_returned_where_it_cannot_be_told_which_is_new(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "fn f() { missing() }\n"})
    before = cargo.check()
    after = changed(cargo, {"src/lib.rs": "fn f() { missing() }\nfn g() { missing() }\n"})
    assert [d.spans[0].line for d in news([after], [remember(before, DEFAULT)])] == [1, 2]


OLD = 'test "old"'
SPOILT = (Unmade("small", OLD),)


def said(diagnostic: Diagnostic, *labels: str, unmade: tuple[Unmade, ...] = SPOILT) -> Check:
    """Return a check in which each of some targets said the same."""
    found = tuple(Message("small", label, f"{label}.rs", diagnostic) for label in labels)
    return Check("default", success=not unmade, units=(LIB,), unmade=unmade, messages=found)


def test_a_reexport_is_called_unused_by_half_a_compilation_only_where_it_was_one_before() -> None:
    shown = " 1 | pub use a::A;"
    unused = replace(diagnostic("unused import: `a::A`", "unused_imports"), level="warning", rendered=shown)
    base = CheckBaseline(DEFAULT, unmade=(Compiled("small", OLD),))
    assert news([said(unused, OLD)], [base]) == ()
    assert news([said(unused, OLD, "lib")], [base])
    assert news([said(unused, "lib")], [base])
    assert news([said(unused, OLD)], [CheckBaseline(DEFAULT)])
    assert news([said(unused, OLD, unmade=())], [base])
    assert news([said(replace(unused, rendered=" 1 | use a::A;"), OLD)], [base])
    assert news([said(replace(unused, code="dead_code"), OLD)], [base])


def test_only_an_import_that_did_not_resolve_may_be_repeated() -> None:
    missing = replace(diagnostic("unresolved import `gone`", "E0432"), rendered=" 1 | use gone::A;")
    twice = replace(
        said(missing, OLD, OLD),
        messages=(
            Message("small", OLD, "old.rs", missing),
            Message("small", OLD, "old.rs", replace(missing, spans=(Span("tests/b.rs", 0, 1, 1, 1),))),
        ),
    )
    assert news([twice], [remember(said(missing, OLD), DEFAULT)]) == ()
    compiled = replace(remember(said(missing, OLD), DEFAULT), unmade=())
    assert news([twice], [compiled])
    elsewhere = replace(twice, messages=(twice.messages[0], replace(twice.messages[1], label="lib")))
    assert news([elsewhere], [remember(said(missing, OLD), DEFAULT)])
    private = replace(missing, code="E0603")
    other = replace(
        twice,
        messages=tuple(replace(m, diagnostic=replace(m.diagnostic, code="E0603")) for m in twice.messages),
    )
    assert news([other], [remember(said(private, OLD), DEFAULT)])
    # Another known error lends it no place: the new one is in no import.
    code = replace(missing, rendered=" 1 | gone::f()", spans=(Span("tests/b.rs", 0, 1, 1, 1),))
    known = Known("error", "E0432", "another", 5)
    base = remember(said(missing, OLD), DEFAULT)
    both = replace(
        twice,
        messages=(
            *twice.messages[:1],
            Message("small", OLD, "old.rs", code),
            Message("small", OLD, "old.rs", replace(code, spans=(Span("tests/c.rs", 0, 1, 1, 1),))),
        ),
    )
    assert news([both], [replace(base, known=(*base.known, known))])


def test_a_check_is_silent_only_if_all_compiles_and_nothing_is_said() -> None:
    quiet = Check("default", success=True, units=(LIB,))
    assert silent(quiet)
    assert not silent(replace(quiet, success=False))
    assert not silent(replace(quiet, unmade=SPOILT))
    assert not silent(replace(quiet, messages=said(diagnostic("x"), "lib").messages))


def test_errors_are_counted_apart_from_warnings_and_named_first() -> None:
    warning = replace(diagnostic("odd", "w"), level="warning")
    before = remember(
        replace(
            said(diagnostic("old"), "lib"),
            messages=(
                *said(diagnostic("old"), "lib").messages,
                *said(warning, "lib").messages,
                *said(replace(warning, message="odder"), "lib").messages,
            ),
        ),
        DEFAULT,
    )
    same = list(gates("check", said(diagnostic("old"), "lib"), before, "small"))
    assert same[0].detail == "no new error in 1 unit; 1 known before"
    new = next(gates("check", said(diagnostic("new"), "lib"), before, "small"))
    assert new.detail == "1 new error, the first: new"
