import pytest

from remediate.edits import Change, Edit
from remediate.gates import Verdict
from remediate.proofs import Moves, Proof, Proofs
from remediate.rust.package import Package, Target
from remediate.verify.text.production import production

_LIBRARY = b"""\
use std::fmt;

pub fn a() {}

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn t() { a() }
}

mod inner {
    pub fn b() {}
    #[test]
    fn u() {}
}
"""


def verdict(old: bytes, new: bytes, files: dict[str, bytes] | None = None) -> Verdict:
    known = {"src/lib.rs": _LIBRARY, **(files or {})}
    package = Package("small", "", "", "2021", (Target("small", ("lib",), "src/lib.rs"),), known)
    path = next(p for p, text in known.items() if old in text)
    start = known[path].index(old)
    return production(package, Change("", edits={path: (Edit(start, start + len(old), new),)})).verdict


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (
            b"mod tests {\n    use super::*;\n    #[test]\n    fn t() { a() }\n}",
            b'#[path = "x.rs"]\nmod tests;',
        ),
        (b"    #[test]\n    fn u() {}\n", b'    #[cfg(test)]\n    include!("x.rs");\n'),
        (b"mod inner {", b'#[path = "."]\nmod inner {'),
        (b"pub fn a() {}", b"// A comment is conservation's concern.\npub fn a( ) { }"),
    ],
)
def test_tests_may_leave(old: bytes, new: bytes) -> None:
    assert verdict(old, new) is Verdict.PASSED


@pytest.mark.seeded("production code", "failed", "code outside of tests changes with the tests")
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (b"use std::fmt;\n", b""),
        (b"pub fn a() {}\n\n", b""),
        (b"pub fn b", b"pub(crate) fn b"),
        (b"fn a() {}", b"fn a() { b() }"),
        (b"#[cfg(test)]\nmod tests", b"mod tests"),
    ],
)
def test_nothing_else_may(old: bytes, new: bytes) -> None:
    assert verdict(old, new) is Verdict.FAILED


def test_a_file_that_is_all_tests_may_change() -> None:
    library = _LIBRARY + b"#[cfg(test)]\nmod helped;\n"
    files = {
        "src/lib.rs": library,
        "src/helped.rs": b"mod more;\nfn helper() {}\n",
        "src/helped/more.rs": b"",
    }
    assert verdict(b"mod more;\n", b'#[path = "x.rs"]\nmod more;\n', files) is Verdict.PASSED
    shared = files | {"src/lib.rs": library.replace(b"#[cfg(test)]\nmod helped", b"mod helped")}
    assert verdict(b"mod more;\n", b'#[path = "x.rs"]\nmod more;\n', shared) is Verdict.FAILED


def test_only_codemods_that_declare_so_are_held_to_it() -> None:
    assert Proofs(Moves(modules=True, layout=True), manifest=Proof.DECLARED).only_tests
    assert not Proofs(Moves(uses=True, modules=True)).only_tests


def test_a_file_of_code_and_of_tests_is_held_to_it() -> None:
    """A file that only some of its modules, or targets, have as tests is code as well."""
    it = Target("it", ("test",), "tests/it.rs")
    library = Target("small", ("lib",), "src/lib.rs")
    files = {
        "src/lib.rs": b'#[path = "both.rs"]\nmod both;\n',
        "src/both.rs": b"fn f() {}\n",
        "tests/it.rs": b'#[path = "../src/both.rs"]\nmod both;\n',
    }
    change = Change("", edits={"src/both.rs": (Edit(0, 9, b"fn g() {}"),)})
    package = Package("small", "", "", "2021", (library, it), files)
    assert production(package, change).verdict is Verdict.FAILED
    alone = Package("small", "", "", "2021", (it, Target("b", ("bench",), "tests/it.rs")), files)
    assert production(alone, change).verdict is Verdict.PASSED


def test_a_file_of_a_target_that_is_a_library_too_is_code() -> None:
    both = (Target("small", ("lib",), "src/lib.rs"), Target("it", ("test",), "src/lib.rs"))
    package = Package("small", "", "", "2021", both, {"src/lib.rs": b"fn f() {}\n"})
    change = Change("", edits={"src/lib.rs": (Edit(0, 9, b"fn g() {}"),)})
    assert production(package, change).verdict is Verdict.FAILED
