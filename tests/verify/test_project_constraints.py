"""Constraints of audits and configuration: what each finds, what it leaves alone, what is held to them."""

from pathlib import Path

import pytest
import scratch
from command_line import Remediate
from made_package import package as made_package

from remediate.audit.constraints import CHECKED, Constraint, settled
from remediate.audit.readers.read import read
from remediate.edits import Change, Edit
from remediate.errors import InputError
from remediate.gates import Verdict
from remediate.rust.codebase import Codebase, changed_codebase
from remediate.verify.text.constraints import Side, breaches, gate

BAD = [
    ("no-unsafe", "fn b() { unsafe { f() } }"),
    ("no-unsafe", "#[cfg(test)]\nmod t { fn b() { unsafe { f() } } }"),
    ("no-unwrap", "fn b() { y().unwrap(); }"),
    ("no-unwrap", 'fn b() { y() . expect ("") }'),
    ("no-unwrap", "fn b() { a.map(Option::unwrap) }"),
    ("no-panic", 'fn b() { panic!("") }'),
    ("no-panic", "fn b() { unreachable!() }"),
    ("no-blocking", "fn b() { rt.block_on(f()) }"),
    ("no-blocking", "fn b() { std::thread::sleep(d) }"),
    ("no-blocking", "async fn b() { std::fs::read(p); }"),
    ("no-blocking", "fn b() { rx.blocking_recv(); }"),
    ("lock-free", "struct S { a: Mutex<u8> }"),
    ("lock-free", "fn b() { m.lock() }"),
    ("no-allocation", 'fn b() -> String { format!("") }'),
    ("no-allocation", "fn b() { x.to_vec() }"),
    ("no-placeholders", "fn b() { todo!() }"),
    ("no-placeholders", "// TODO: write it\nfn b() {}"),
    ("no-placeholders", "fn b() -> u8 {\n    // For now\n    0\n}"),
    ("no-placeholders", "struct PlaceholderStore;"),
    ("tests-in-tests", "#[cfg(test)]\nmod t {\n    #[test]\n    fn b() {}\n}"),
    ("tests-in-tests", "#[test]\nfn b() {}"),
    ("file-size", "fn b() {}\n" * 30),
    ("error-handling", "fn b() { let _ = send(); }"),
    ("error-handling", "fn b() { _ = send(); }"),
    ("error-handling", "fn b() { send().ok(); }"),
]
GOOD = [
    ("no-unsafe", '// unsafe\nconst S: &str = "unsafe";'),
    ("no-unwrap", "fn b() { x.unwrap_or(1); x.unwrap_or_default() }"),
    ("no-unwrap", "#[cfg(test)]\nmod t { fn b() { x.unwrap() } }"),
    ("no-panic", "fn b() { assert!(true) }"),
    ("no-blocking", "fn b() { std::fs::read(p); }"),
    ("no-blocking", "async fn b() { tokio::fs::read(p).await; }"),
    ("lock-free", "use std::sync::Mutex;\nfn b() { out.write(x) }"),
    ("no-placeholders", 'fn b() { log("temporary directory") } // the SQL placeholder'),
    ("no-placeholders", "#[cfg(test)]\nmod t {\n    // TODO: write it\n    fn b() {}\n}"),
    ("tests-in-tests", "fn test_b() {}"),
    ("file-size", "fn b() {}\n"),
    ("error-handling", "fn b() { let _ = guard; let _x = f(); let a = f().ok(); }"),
]


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


A = b"// remediate: no-allocation\nfn a() { x.unwrap(); }\n"


def _breaches(name: str, before: bytes, after: bytes, path: str = "src/a.rs") -> list[str]:
    one = Constraint(name, limit=20 if name == "file-size" else None)
    return list(breaches([one], Side({path: before}), Side({path: after})))


@pytest.mark.seeded("project constraints", "failed", "code adds what the audit forbids")
@pytest.mark.parametrize(("name", "more"), BAD)
def test_what_is_forbidden_is_found_with_its_line(name: str, more: str) -> None:
    (told,) = _breaches(name, A, A + more.encode())
    assert told.startswith(f"{name}: ")
    assert name == "file-size" or "src/a.rs:" in told


@pytest.mark.parametrize(("name", "more"), GOOD)
def test_what_only_looks_like_it(name: str, more: str) -> None:
    assert not _breaches(name, A, A + more.encode())


def test_every_constraint_is_shown_to_say_no_and_yes() -> None:
    assert {name for name, _ in BAD} == set(CHECKED)


def test_an_allocation_counts_only_where_it_is_forbidden() -> None:
    more = b"fn b() { x.to_vec() }\n"
    assert not _breaches("no-allocation", b"", more)
    one = Constraint("no-allocation", paths=("src/hot/**",))
    assert list(breaches([one], Side({"src/hot/a.rs": b""}), Side({"src/hot/a.rs": more})))


def test_one_comment_of_a_module_forbids_its_allocations() -> None:
    marked = b"// what it does\nfn a() {}\n// remediate: no-allocation\n"
    assert _breaches("no-allocation", marked, marked + b"fn b() { x.to_vec() }\n")
    said = b'// no mark\nconst S: &str = "remediate: no-allocation";\n'
    assert not _breaches("no-allocation", said, said + b"fn b() { x.to_vec() }\n")


@pytest.mark.parametrize("behind", [b"", b"\nfn c() {}\n"])
def test_the_line_of_a_breach_is_that_line_alone(behind: bytes) -> None:
    (told,) = _breaches("no-unsafe", b"", b"fn a() {}\nfn b() { unsafe { f() } }" + behind)
    assert told.endswith("src/a.rs:2: fn b() { unsafe { f() } }")


def test_a_marker_in_a_test_file_is_none() -> None:
    more = b"// TODO: write it\nfn b() {}\n"
    assert not _breaches("no-placeholders", b"", more, "tests/a.rs")


def test_code_may_move_but_not_change_places_where_nothing_moves() -> None:
    one, moved = [Constraint("no-unwrap")], b"fn b() { x.unwrap(); }\n"
    swapped = b"fn a() {}\nfn b() { other.unwrap(); }\n"
    assert not list(breaches(one, Side({"a.rs": A, "b.rs": None}), Side({"a.rs": None, "b.rs": moved})))
    assert not list(breaches(one, Side({"a.rs": A}), Side({"a.rs": swapped})))
    assert list(breaches(one, Side({"a.rs": A}), Side({"a.rs": swapped}), by_item=True))


def test_a_test_module_in_a_file_of_its_own_is_test_code() -> None:
    inline = "fn a() {}\n#[cfg(test)]\nmod tests { fn t() { x.unwrap(); } }\n"
    package = made_package("", (), src__lib_rs=inline)
    start = inline.index("{ fn t")
    change = Change(
        "s",
        edits={"src/lib.rs": (Edit(start, len(inline), b";\n"),)},
        creations={"src/tests.rs": b"fn t() { x.unwrap(); y.unwrap(); }\n"},
    )
    before = Codebase.of(package)
    judged = gate([Constraint("no-unwrap")]).judged(before, changed_codebase(before, change, package), change)
    assert judged.verdict is Verdict.PASSED
    assert judged.detail == "no-unwrap"


def test_the_configuration_changes_what_audits_demand() -> None:
    audit = (
        Constraint("no-unsafe", "No Unsafe", 3),
        Constraint("lock-free", "Lock-Free", 4),
        Constraint("", "Nice", 5),
    )
    table = {"no-unsafe": False, "file-size": 200, "lock-free": ["src/**"]}
    found = settled(audit, table, {"allocation": ("src/hot",)}, "remediate.toml")
    assert [str(one) for one in found] == [
        "lock-free in src/**", "not checked", "no-allocation in src/hot", "file-size 200",
    ]  # fmt: skip
    assert found[0].source_line == 4


@pytest.mark.parametrize(
    "table", [{"no-nonsense": True}, {"no-unsafe": 3}, {"file-size": 0}, {"no-unwrap": "src"}]
)
def test_a_mistake_in_the_table(table: dict[str, object]) -> None:
    with pytest.raises(InputError, match=r"remediate\.toml"):
        settled((), table, {}, "remediate.toml")


def test_constraints_come_from_the_audit() -> None:
    text = b"# Audit\n\n## CONSTRAINTS\n\n- **No Unsafe:** all code must be safe Rust\n"
    (one,) = read(text, "A.md").constraints
    assert (one.name, one.source_line) == ("no-unsafe", 5)


@pytest.mark.slow
def test_a_split_is_held_to_the_audits_constraints(tmp_path: Path, remediate: Remediate) -> None:
    """What the codemod leaves as it is breaks nothing; the outcome names what was understood."""
    files = {**scratch.CRATE, "AUDIT.md": _AUDIT, "src/big.rs": _BIG}
    repo = scratch.repository(tmp_path / "repo", files)
    done = remediate.data(repo, "run", "AUDIT.md", "--verify", "quick")
    (outcome,) = done["outcomes"]
    assert ("no-unwrap", 9) in {(one["name"], one["source_line"]) for one in done["constraints"]}
    said = remediate(repo, "run", "AUDIT.md", "--verify", "quick").out
    assert "changes are held to: no-unwrap" in said
    assert outcome["outcome"] == "fixed", outcome
    assert "project constraints" in outcome["verified"]
    message = scratch.git(repo, "log", "-1", "--format=%B", outcome["branch"])
    assert "project constraints: no-unwrap" in message


_BIG = "".join(
    f"/// Does {n}.\npub fn {kind}_{n}(a: Option<i32>) -> i32 {{\n    a.unwrap()\n}}\n\n"
    for kind in ("read", "write")
    for n in range(20)
)
_AUDIT = """# Audit

## 1. Large

- `src/big.rs` (200 lines) is over the limit of 120 lines

## CONSTRAINTS FOR ALL IMPLEMENTATIONS

- **Error Handling:** no unwrap/expect in src/
"""
