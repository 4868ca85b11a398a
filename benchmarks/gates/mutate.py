"""Change the gates themselves, one operator at a time, and see which changes no test notices.

    python -m benchmarks.gates.mutate [--slow] [MODULE[:LINE,..] ..]

Each module of ``verify/``, and each gate that a codemod brings, is tried with the fast tests beside it, in a
process forked for each mutant; with ``--slow`` those that live are tried with the slow ones too, which run
cargo. With lines, only their mutants are made. One that lives is printed with its line: either a test is
missing, or the two mean the same.
"""

import ast
import os
import shutil
import signal
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import hypothesis
import msgspec
import pytest
import tree_sitter

ROOT = Path(__file__).parents[2]
WARM = (hypothesis, msgspec, tree_sitter)
"""Imported once, for all mutants."""
SOURCES = {
    path.stem: path
    for folder in ("verify", "codemods/extract_tests/gates")
    for path in sorted((ROOT / "src/remediate" / folder).rglob("*.py"))
}
SOURCES["bodies"] = ROOT / "src/remediate/rust/mir.py"
FOUND = {path.name: path for path in (ROOT / "tests").rglob("test_*.py")}
TESTS = {
    "conservation": ["test_conservation.py", "test_manifests.py", "test_rewrites.py"],
    "constraint_uses": ["test_project_constraints.py"],
    "constraints": ["test_constraints.py", "test_project_constraints.py"],
    "coverage": ["test_freshness.py", "test_foreign.py"],
    "expansion": ["test_expansion.py"],
    "formatting": ["test_formatting.py", "test_layout.py"],
    "baseline": ["test_baseline.py", "test_ladder.py", "test_look_back.py", "test_packaged.py"],
    "bodies": ["test_mir.py", "test_extract_tests_same_tests.py"],
    "check_round": [
        "test_check_round.py",
        "test_expansion.py",
        "test_ladder.py",
        "test_look_back.py",
        "test_false_green.py",
    ],
    "definitions": ["test_extract_tests_definitions.py"],
    "ladder": ["test_ladder.py", "test_rewrites.py", "test_manifests.py", "test_packaged.py"],
    "own_expansion": ["test_own_expansion.py", "test_expansion.py"],
    "produced": ["test_expansion.py", "test_ladder.py"],
    "cargo_gates": ["test_cargo_gates.py"],
    "same_library": ["test_extract_tests_same_tests.py"],
    "same_tests": ["test_extract_tests_same_tests.py"],
    "testing": ["test_testing.py", "test_freshness.py"],
    "units": ["test_conservation.py"],
}
_OPPOSITE: dict[type[ast.AST], type[ast.AST]] = {
    ast.Eq: ast.NotEq,
    ast.NotEq: ast.Eq,
    ast.In: ast.NotIn,
    ast.NotIn: ast.In,
    ast.Lt: ast.GtE,
    ast.GtE: ast.Lt,
    ast.Gt: ast.LtE,
    ast.LtE: ast.Gt,
    ast.Is: ast.IsNot,
    ast.IsNot: ast.Is,
    ast.And: ast.Or,
    ast.Or: ast.And,
}
_SWAPPED = {"any": "all", "all": "any", "failed": "passed", "unverified": "passed"}


def mutants(source: str) -> Iterator[tuple[int, str, str]]:
    """Yield each mutant: its line, what was changed, and the whole text."""
    for number, node in enumerate(ast.walk(ast.parse(source))):
        for what in _changes(node):
            tree = ast.parse(source)
            twin = next(n for i, n in enumerate(ast.walk(tree)) if i == number)
            _apply(twin)
            yield getattr(node, "lineno", 0), what, ast.unparse(tree)


def _changes(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.Compare | ast.BoolOp):
        op = node.ops[0] if isinstance(node, ast.Compare) else node.op
        if type(op) in _OPPOSITE:
            yield f"{ast.unparse(node)[:70]}: {type(op).__name__} -> {_OPPOSITE[type(op)].__name__}"
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        yield f"{ast.unparse(node)[:70]}: without `not`"
    elif isinstance(node, ast.Call) and ast.unparse(node.func) in _SWAPPED:
        yield f"{ast.unparse(node)[:70]}: {_SWAPPED[ast.unparse(node.func)]}"
    elif isinstance(node, ast.If):
        yield f"if {ast.unparse(node.test)[:70]}: never"


def _apply(node: ast.AST) -> None:
    if isinstance(node, ast.Compare):
        node.ops[0] = _OPPOSITE[type(node.ops[0])]()  # type: ignore[call-overload]
    elif isinstance(node, ast.BoolOp):
        node.op = _OPPOSITE[type(node.op)]()  # type: ignore[assignment]
    elif isinstance(node, ast.UnaryOp):
        node.op = ast.UAdd()
        node.operand = ast.Call(ast.Name("bool"), [node.operand], [])
    elif isinstance(node, ast.Call):
        node.func = ast.Name(_SWAPPED[ast.unparse(node.func)])
    elif isinstance(node, ast.If):
        node.test = ast.Constant(value=False)


def survivors(name: str, copy: Path, lines: frozenset[int], *, slow: bool) -> Iterator[str]:
    """Yield the mutants of a module that its tests do not notice; ``copy`` is a source tree to spoil."""
    source = SOURCES[name].read_text("utf-8")
    place = copy / SOURCES[name].relative_to(ROOT / "src")
    tests = [str(FOUND[file]) for file in TESTS.get(name, [f"test_{name}.py"]) if file in FOUND]
    marks = ["not slow", "slow"] if slow else ["not slow"]
    if tests and not all(_passes(tests, copy, mark) for mark in marks):
        raise SystemExit(f"{name}: the tests fail without any mutant")
    tried = 0
    for line, what, text in mutants(source):
        if lines and line not in lines:
            continue
        # A gate's constructors, as names that only mutants use.
        place.write_text(f"{text}\nfrom remediate.gates import failed, passed, unverified\n")
        tried += 1
        if not tests or all(_passes(tests, copy, mark) for mark in marks):
            yield f"{name}:{line} {what}"
    place.write_text(source)
    print(f"{name}: {tried} mutants", flush=True)


def _passes(tests: list[str], copy: Path, mark: str) -> bool:
    child = os.fork()
    if child == 0:
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, 1)
        os.dup2(nothing, 2)
        signal.alarm(120 if mark == "not slow" else 600)
        sys.dont_write_bytecode = True
        sys.path.insert(0, str(copy))
        options = ["-q", "-x", "-m", mark, "-p", "no:cacheprovider", "-p", "no:xdist", "--assert=plain"]
        # Where all tests of a file are slow none is chosen: that notices nothing.
        os._exit(int(pytest.main([*options, *tests]) not in {0, pytest.ExitCode.NO_TESTS_COLLECTED}))
    return os.waitpid(child, 0)[1] == 0


def main() -> None:
    """Try the modules named, or all that have fast tests beside them."""
    beside = sorted({*TESTS, *(file.removeprefix("test_").removesuffix(".py") for file in FOUND)})
    asked = [word for word in sys.argv[1:] if word != "--slow"]
    chosen = asked or [name for name in beside if name in SOURCES]
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder) / "src"
        shutil.copytree(ROOT / "src", copy)
        for one in chosen:
            name, _, numbers = one.partition(":")
            lines = frozenset(map(int, numbers.split(","))) if numbers else frozenset[int]()
            for found in survivors(name, copy, lines, slow="--slow" in sys.argv):
                print(found, flush=True)


if __name__ == "__main__":
    main()
