# ruff: noqa: E501 - Rust in one line each
"""The skeletons of `templates/scaffold/`, and what `--scaffold` writes: all of it compiles, lints clean and passes.

Generated for crates of several kinds. All crates are members of one workspace, so that cargo is started once for
each question.
"""

import json
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from pathlib import Path

import pytest
import scratch
from fixture_case import Case, cases, tree
from made_package import target

from remediate.codemods import resolve_markers
from remediate.codemods.resolve_markers.options import MarkerOptions
from remediate.edits import Change
from remediate.model import Diagnostic, Finding, Skip, Span
from remediate.rust.codebase import Codebase, changed_codebase
from remediate.rust.package import Package
from remediate.rust.syntax.lexer import TokenKind, tokens
from remediate.templates import Templates

PEDANTIC = "#![forbid(unsafe_code)]\n#![warn(missing_docs, clippy::pedantic, clippy::unwrap_used, clippy::expect_used)]\n"
FORBIDDEN = {
    b"unsafe",
    b"unwrap",
    b"expect",
    b"Mutex",
    b"RwLock",
    b"lock",
    b"channel",
    b"spawn_blocking",
    b"block_on",
}


@dataclass(frozen=True)
class Kind:
    """A crate with types of its own, and where the two skeletons go.

    ``types`` is source that declares what ``input``, ``output`` and ``error`` name.
    """

    name: str
    types: str
    input: str
    output: str
    error: str
    imports: tuple[str, ...] = ()
    edition: str = "2021"
    root: str = "lib.rs"
    folder: str = ""
    more: dict[str, str] = field(default_factory=dict)

    def files(self) -> dict[str, str]:
        values = {
            "imports": self.imports, "input": self.input, "output": self.output, "error": self.error,
            "tests": "inline",
        }  # fmt: skip
        render, place = Templates(), f"{self.name}/src/{self.folder}"
        executor = render(
            "scaffold/executor.rs.j2", about="Runs tools by name.", alias="ProductionToolExecutor", **values
        )
        processor = render(
            "scaffold/processor.rs.j2",
            about="Takes messages through validators and transformers.",
            alias="ProductionMessageProcessor",
            most_steps=16,
            **values,
        )
        manifest = f'[package]\nname = "{self.name}"\nversion = "0.1.0"\nedition = "{self.edition}"\n'
        return {
            f"{self.name}/Cargo.toml": manifest,
            f"{self.name}/src/{self.root}": self.types,
            f"{place}tool_executor.rs": executor,
            f"{place}message_processor.rs": processor,
            **self.more,
        }


_MODULES = "pub mod message_processor;\npub mod tool_executor;\n"
_PLAIN = "/// In.\npub struct Params;\n/// Out.\npub struct Output;\n/// Wrong.\n#[derive(Debug)]\npub struct Wrong;\n"
_MAIN = """//! A program.

use program::tool_executor::{ExecutionError, ProductionToolExecutor, Registry};

fn main() -> Result<(), ExecutionError<std::fmt::Error>> {
    let mut registry = Registry::new();
    registry.register("length", |text: String| Ok(text.len()))?;
    let executor = ProductionToolExecutor::new(registry, 2);
    for length in executor.execute("length", "four".to_owned())? {
        println!("{}", length?);
    }
    Ok(())
}
"""
KINDS = (
    Kind("plain", f"//! Plain.\n{PEDANTIC}\n{_MODULES}\n{_PLAIN}", "Params", "Output", "Wrong", ("crate::{Output, Params, Wrong}",)),
    Kind(
        "nested",
        f"//! Nested.\n{PEDANTIC}\npub mod tool;\n",
        "crate::tool::types::Params",
        "crate::tool::types::Output",
        "crate::tool::types::Wrong",
        folder="tool/",
        more={
            "nested/src/tool/mod.rs": f"//! Tools.\n\n{_MODULES}pub mod types;\n",
            "nested/src/tool/types.rs": f"//! Types.\n\n{_PLAIN}",
        },
    ),
    Kind("older", f"//! Older.\n{PEDANTIC}\n{_MODULES}\n{_PLAIN}", "crate::Params", "crate::Output", "crate::Wrong", edition="2018"),
    Kind("newest", f"//! Newest.\n{PEDANTIC}\n{_MODULES}", "String", "Vec<u8>", "std::io::Error", edition="2024"),
    Kind(
        "generic",
        f"//! Generic.\n{PEDANTIC}\n{_MODULES}\n/// A page of what was asked for.\npub struct Page<T> {{\n    /// What.\n    pub items: Vec<T>,\n}}\n",
        "std::collections::BTreeMap<String, u64>",
        "crate::Page<String>",
        "Box<dyn std::error::Error + Send + Sync>",
    ),
    Kind(
        "taken",
        f"//! Its own types have the names that the skeletons use.\n{PEDANTIC}\n{_MODULES}\n"
        "/// In.\npub struct Registry;\n/// Out.\npub struct Results;\n/// Wrong.\n#[derive(Debug)]\npub struct Counts;\n",
        "crate::Registry",
        "crate::Results",
        "crate::Counts",
    ),
    Kind(
        "program",
        f"//! A program and its library.\n{PEDANTIC}\n{_MODULES}",
        "String",
        "usize",
        "std::fmt::Error",
        more={"program/src/main.rs": _MAIN},
    ),
)  # fmt: skip


@pytest.mark.parametrize("kind", KINDS, ids=lambda kind: kind.name)
def test_nothing_that_audits_forbid_is_in_a_skeleton(kind: Kind) -> None:
    for path, text in kind.files().items():
        if path.endswith(("tool_executor.rs", "message_processor.rs")):
            words = {t.text for t in tokens(text.encode()) if t.kind is TokenKind.IDENT}
            assert not words & FORBIDDEN
            assert "{{" not in text
            assert not re.search(r"\n{3}|[ \t]\n", text)


@pytest.mark.slow
def test_skeletons_compile_lint_clean_and_pass_their_tests(tmp_path: Path) -> None:
    members = ", ".join(f'"{kind.name}"' for kind in KINDS)
    files = {"Cargo.toml": f'[workspace]\nresolver = "2"\nmembers = [{members}]\n'}
    for kind in KINDS:
        files |= kind.files()
    scratch.write(tmp_path, files)
    generated = [
        str(tmp_path / path) for path in files if path.endswith(("tool_executor.rs", "processor.rs"))
    ]
    _cargo(tmp_path, "rustfmt", "--edition", "2021", *generated)
    assert _cargo(tmp_path, "cargo", "clippy", "--offline", "--workspace", "--all-targets", "-q") == ""
    ran = _cargo(tmp_path, "cargo", "test", "--offline", "--workspace", "-q", "--no-fail-fast")
    passed = [int(number) for number in re.findall(r"test result: ok\. (\d+) passed", ran)]
    assert sorted(number for number in passed if number) == [14] * len(KINDS)


def _cargo(folder: Path, *command: str) -> str:
    done = subprocess.run(command, cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


SCAFFOLDED = [c for c in cases("resolve_markers") if c.name.startswith("scaffold") and not c.declines]


@pytest.fixture(scope="module")
def scaffolded(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The results of the fixture cases in one workspace, each a crate with a name of its own."""
    root = tmp_path_factory.mktemp("scaffolded")
    members = ", ".join(f'"{case.name}"' for case in SCAFFOLDED)
    files = {"Cargo.toml": f'[workspace]\nresolver = "2"\nmembers = [{members}]\n'}
    for case in SCAFFOLDED:
        for path, text in case.expected().items():
            files[f"{case.name}/{path}"] = re.sub(r"\bsmall\b", case.name, text.decode())
    scratch.write(root, files)
    return root


@pytest.mark.slow
def test_what_is_written_lints_clean_and_its_tests_wait(scaffolded: Path) -> None:
    assert len(SCAFFOLDED) >= 6
    lint = (
        "cargo",
        "clippy",
        "--offline",
        "--workspace",
        "--all-targets",
        "-q",
        "--message-format",
        "json",
        "--",
    )
    told = _cargo(scaffolded, *lint, "-W", "clippy::pedantic").splitlines()
    assert [message for message in map(json.loads, told) if _is_about_what_is_written(message)] == []
    ran = _cargo(scaffolded, "cargo", "test", "--offline", "--workspace", "-q", "--no-fail-fast")
    assert "warning" not in ran
    waiting = sum(map(len, map(_pending, SCAFFOLDED)))
    assert sum(int(number) for number in re.findall(r"; (\d+) ignored", ran)) == waiting
    command = ("cargo", "test", "--offline", "--workspace", "-q", "--no-fail-fast", "--", "--ignored")
    done = subprocess.run(command, cwd=scaffolded, capture_output=True, text=True, check=False)
    assert sum(int(number) for number in re.findall(r"(\d+) failed", done.stdout)) == waiting


def _pending(case: Case) -> list[str]:
    texts = (text.decode() for text in case.expected().values())
    return [name for text in texts for name in re.findall(r"fn (finding_\w+)\(", text)]


def _is_about_what_is_written(message: dict[str, object]) -> bool:
    return any(_is_written(*place) for place in _places(message))


def _places(message: dict[str, object]) -> Iterator[tuple[Case, str, int]]:
    said = message.get("message")
    spans = said["spans"] if isinstance(said, dict) else []
    for span in spans:
        name, _, path = span["file_name"].partition("/")
        case = next((case for case in SCAFFOLDED if case.name == name), None)
        if case is not None and span["is_primary"]:
            yield case, path, span["line_start"]


def _is_written(case: Case, path: str, line: int) -> bool:
    """Whether a line is one that the case has only afterwards."""
    before = Counter(tree(case.before).get(path, b"").splitlines())
    return not before[case.expected()[path].splitlines()[line - 1]]


def _planned(text: bytes, sketch: str = "") -> tuple[Codebase, Change]:
    package = Package("small", "", "", "2021", (target("", "src/lib.rs", "lib"),), {"src/lib.rs": text})
    finding = Finding(
        id="1", fingerprint="0" * 16, rule="todo-marker", title="", path="src/lib.rs", sketch=sketch
    )
    codebase = replace(Codebase.of(package), render=Templates())
    change = resolve_markers.plan(codebase, finding, MarkerOptions(scaffold=True))
    assert isinstance(change, Change)
    return codebase, change


def test_many_stubs_are_told_in_two_sentences() -> None:
    stub = "pub fn f{}() -> Result<u8, String> {{\n    // TODO: write it\n    Ok(0)\n}}\n"
    _, change = _planned("".join(stub.format(number) for number in range(7)).encode())
    names = "`f0`, `f1`, `f2`, `f3`, `f4` and 2 more"
    assert change.notes == (
        f"{names} returned an answer that they did not have; their callers see an error now",
        f"to do: write {names}; say in the tests of tests/finding_1.rs what each gives, and drop its `#[ignore]`",
    )
    assert change.partial == f"a person has to write {names}: an ignored test waits for each"


def test_why_stubs_stay_is_said_once_for_all_that_return_the_same() -> None:
    stub = "pub fn f{}() -> {} {{\n    // TODO: write it\n    {}\n}}\n"
    values = ("Option<u8>", "None"), ("Option<u8>", "None"), ("u8", "0"), ("Result<u8, Odd>", "Ok(0)")
    _, change = _planned(
        "".join(stub.format(n, *value) for n, value in enumerate(values)).encode()
        + b"pub enum Odd {\n    A,\n}\nimpl std::fmt::Display for Odd {\n"
        + b'    fn fmt(&self, f: &mut std::fmt::Formatter) -> std::fmt::Result {\n        f.write_str("")\n    }\n}\n'
    )
    assert change.notes[:3] == (
        "`f0`, `f1` stay as they are: `Option<u8>` has no room for an error.",
        "`f2` stays as it is: `u8` has no room for an error.",
        "`f3` stays as it is: its error, `Odd`, has no variant for it, and its `Display` shows no place for one.",
    )


def test_a_skeleton_that_is_left_out_is_told_of() -> None:
    sketch = "impl FastExecutor {\n    pub fn execute(&self, input: String) -> Results<bool> {}\n}\n"
    codebase, change = _planned(
        b"pub fn f() -> Result<u8, String> {\n    // TODO: write it\n    Ok(0)\n}\n", sketch
    )
    assert "src/fast_executor.rs" in change.creations
    said = Diagnostic("warning", "some_lint", "too plain", (Span("src/fast_executor.rs", 0, 1, 1, 1),))
    without = resolve_markers.refine(codebase, change, [said])
    assert isinstance(without, Change)
    assert "src/fast_executor.rs" not in without.creations
    told = "write `FastExecutor` by hand: of its skeleton was said: too plain"
    assert without.partial.endswith(told)
    assert f"to do: {told}" in without.notes


def test_what_a_scaffold_made_refuse_waits_and_is_no_honest_error() -> None:
    stub = b"pub fn f() -> Result<u8, String> {\n    // TODO: write it\n    Ok(0)\n}\n"
    part = b"pub fn g(n: u8) -> u8 {\n    n.next();\n    let a = 0; // placeholder\n    n + a\n}\n"
    codebase, change = _planned(stub + part)
    after = changed_codebase(codebase, change, codebase.packages[0])
    finding = Finding(id="7", fingerprint="0" * 16, rule="todo-marker", title="", path="src/lib.rs")
    skip = resolve_markers.plan(after, finding, MarkerOptions())
    assert isinstance(skip, Skip)
    assert skip.reason == "scaffolded"
    assert "finding_1_f waits for `f`" in skip.sentence
    tests = resolve_markers.waiting_tests(after, finding)
    assert [(t.path, t.name, t.function) for t in tests] == [
        ("tests/finding_1.rs", "finding_1_f", "f"),
        ("tests/finding_1.rs", "finding_1_g", "g"),
    ]
    text = after.files["tests/finding_1.rs"]
    for old, new in ((b"is_ok()", b"is_err()"), (b'#[ignore = "finding 1', b'#[ignore = "it 1')):
        (home,) = after.packages
        other = Codebase.of(replace(home, files={**home.files, "tests/finding_1.rs": text.replace(old, new)}))
        assert len(resolve_markers.waiting_tests(other, finding)) < len(tests)
