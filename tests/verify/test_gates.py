"""Every gate is shown to say no: a table of gates and seeded faults, and none without a row."""

import ast
import importlib.util
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest
from crates import crate, package

from remediate.cargo.check import DEFAULT
from remediate.contract import codemods, own_gates
from remediate.gates import GateResult, Verdict
from remediate.rust.package import Package
from remediate.verify.compiler import compilation
from remediate.verify.ladder import runner_configuration as judged
from remediate.verify.report import GATES as COMMON
from remediate.verify.report import kind

ROOT = Path(__file__).parents[2]
GATES = COMMON | {name: text for one in codemods().values() for name, text in own_gates(one).items()}
# These can only fall short of a proof: what they find is no fault of a change.
_NEVER_FAIL = {
    "archive",
    "cfg coverage",
    "doctest names",
    "freshness",
    "location",
    "moved tests",
    "renamed tests",
    "tests of other packages",
}


@cache
def seeded() -> tuple[tuple[str, str, str], ...]:
    """Return each ``@pytest.mark.seeded`` of the tests, as the table in ARCHITECTURE.md has them."""
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    generate = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(generate)
    return tuple(generate.seeded_faults())


@pytest.mark.parametrize("gate", GATES)
def test_every_gate_has_a_seeded_fault(gate: str) -> None:
    worst = "unverified" if gate in _NEVER_FAIL else "failed"
    assert worst in {verdict for name, verdict, _ in seeded() if name == gate}


def test_every_seeded_fault_is_of_a_gate() -> None:
    assert {gate for gate, _, _ in seeded()} <= set(GATES)
    assert {verdict for _, verdict, _ in seeded()} <= {"failed", "unverified"}


def named() -> Iterator[str]:
    """Yield what ``passed``, ``failed`` and ``unverified`` are called with, where it is written out."""
    shared = _constants(ast.parse((ROOT / "src/remediate/feedback.py").read_text("utf-8")))
    source = ROOT / "src/remediate"
    for path in sorted([*(source / "verify").rglob("*.py"), *source.glob("codemods/*/gates.py")]):
        tree = ast.parse(path.read_text("utf-8"))
        constants = shared | _constants(tree)
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and ast.unparse(node.func) in {"passed", "failed", "unverified"}:
                yield from _written(node.args[0], constants)


def _constants(tree: ast.Module) -> dict[str, ast.expr]:
    found: dict[str, ast.expr] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.Assign):
            for target in node.targets:
                names = target.elts if isinstance(target, ast.Tuple) else [target]
                values = node.value.elts if isinstance(node.value, ast.Tuple) else [node.value]
                found |= {ast.unparse(n): v for n, v in zip(names, values, strict=False)}
    return found


def _written(name: ast.expr, constants: dict[str, ast.expr]) -> Iterator[str]:
    if isinstance(name, ast.Constant) and isinstance(name.value, str):
        yield kind(name.value)
    elif isinstance(name, ast.JoinedStr) and name.values:
        first = name.values[0]
        inner = first.value if isinstance(first, ast.FormattedValue) else first
        yield from _written(inner, constants)
    elif (value := constants.get(ast.unparse(name))) and (ast.unparse(name).isupper() or _is_text(value)):
        yield from _written(value, constants)


def _is_text(value: ast.expr) -> bool:
    return isinstance(value, ast.JoinedStr)


def test_every_name_of_a_gate_is_in_the_table() -> None:
    found = set(named())
    assert {"conservation", "rescan", "location", "tests", "public API", "same library"} <= found
    assert found <= set(GATES)


def verdicts(found: Iterator[GateResult]) -> dict[str, Verdict]:
    return {gate.name: gate.verdict for gate in found}


@pytest.mark.slow
@pytest.mark.seeded("clippy warnings", "failed", "an edit adds what clippy warns of")
@pytest.mark.seeded("clippy", "failed", "an edit adds what clippy denies")
def test_a_new_lint_fails(tmp_path: Path) -> None:
    text = "pub fn f(x: u8) -> u8 {\n    x\n}\n"
    cargo = crate(tmp_path, {"src/lib.rs": text})
    base = compilation.remember(cargo.clippy(), DEFAULT)
    (tmp_path / "src/lib.rs").write_text(text.replace("    x\n", "    return x;\n"))
    warned = verdicts(compilation.gates("clippy", cargo.clippy(), base, "small"))
    assert warned == {"clippy (default)": Verdict.PASSED, "clippy warnings (default)": Verdict.FAILED}
    (tmp_path / "src/lib.rs").write_text(text.replace("    x\n", "    if x == x { 1 } else { 2 }\n"))
    denied = verdicts(compilation.gates("clippy", cargo.clippy(), base, "small"))
    assert denied["clippy (default)"] is Verdict.FAILED


@pytest.mark.slow
@pytest.mark.seeded("rustdoc warnings", "failed", "a link of the documentation leads nowhere any more")
@pytest.mark.seeded("rustdoc", "failed", "the documentation cannot be built any more")
def test_a_link_that_breaks_fails(tmp_path: Path) -> None:
    text = "/// See [`g`].\npub fn f() {}\n/// It.\npub fn g() {}\n"
    cargo = crate(tmp_path, {"src/lib.rs": text})
    base = compilation.remember(cargo.doc(), DEFAULT)
    (tmp_path / "src/lib.rs").write_text(text.replace("pub fn g", "pub fn h"))
    warned = verdicts(compilation.gates("rustdoc", cargo.doc(), base, "small"))
    assert warned == {"rustdoc (default)": Verdict.PASSED, "rustdoc warnings (default)": Verdict.FAILED}
    (tmp_path / "src/lib.rs").write_text(
        f"#![deny(rustdoc::broken_intra_doc_links)]\n{text}".replace("g()", "h()")
    )
    broken = verdicts(compilation.gates("rustdoc", cargo.doc(), base, "small"))
    assert broken["rustdoc (default)"] is Verdict.FAILED


@pytest.mark.slow
@pytest.mark.seeded("nextest configuration", "failed", "the change writes a key that nextest does not know")
def test_a_configuration_that_nextest_does_not_know_fails(tmp_path: Path) -> None:
    path = ".config/nextest.toml"
    cargo = crate(tmp_path, {"src/lib.rs": "", path: "[profile.default]\nretry = 2\n"})
    after = package(cargo)
    before = Package("small", "", "", "2021", after.targets, {})
    found = judged(cargo, before, after)
    assert found
    assert found.verdict is Verdict.FAILED
