"""What each layer must not know, and how large things may get: sentences of ARCHITECTURE.md as asserts."""

import ast
import graphlib
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from functools import cache
from importlib.metadata import entry_points
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "remediate"
BOTTOM = {"model", "file_history", "errors", "quantities", "sanitize"}
PURE = {*BOTTOM, "feedback", "gates", "options", "proofs", "edits", "facts", "rust", "streams"}
DOORS = {"cargo", "git", "templates", "resources"}

# Each unit (a layer, or a module beside the layers) with what it may import of the rest: arrows point down.
MAY_IMPORT: dict[str, set[str]] = {
    "model": set(),
    "errors": set(),
    "file_history": set(),
    "options": set(),
    "sanitize": set(),
    "quantities": set(),
    "proofs": set(),
    "feedback": {"model"},
    "resources": {"errors"},
    "templates": {*BOTTOM, "resources"},
    "cargo": BOTTOM,
    "git": BOTTOM,
    "edits": BOTTOM,
    "facts": {"model"},
    "rust": {*BOTTOM, "edits", "facts"},
    "streams": set(),
    "gates": {*BOTTOM, "edits", "feedback", "rust"},
    "contract": PURE,
    "audit": {*PURE, "contract"},
    "codemods": {*PURE, "audit"},
    "verify": {*PURE, "audit", "cargo"},
    "workflow": {*PURE, *DOORS, "audit", "contract", "verify"},
    "demo": {*BOTTOM, "git", "resources"},
    "cli": {*PURE, *DOORS, "audit", "contract", "verify", "workflow", "demo"},
}
# Libraries that one place has to itself, so that a new version of one is a change of one file or folder.
OWNED = {
    "tree_sitter": "rust",
    "tree_sitter_rust": "rust",
    "subprocess": "cargo",
    "git": "git",
    "jinja2": "templates",
    "click": "cli",
    "rich": "cli",
    "markdown_it": "audit",
}
IMPURE = {"os", "io", "shutil", "subprocess", "tempfile", "pathlib", "socket", "sys", "time", "random"}
DRAWERS = {"utils", "util", "common", "helpers", "helper", "misc", "mixins", "mixin", "shared", "base"}

MOST_LINES = 500
MOST_TEST_LINES = 600
MOST_FUNCTION_LINES = 55
# Longer ones, each with its reason. The number is the limit for this one; shrink it when the thing shrinks.
LONG_FILES: dict[str, tuple[int, str]] = {}
LONG_FUNCTIONS: dict[str, tuple[int, str]] = {}


@cache
def modules() -> dict[str, ast.Module]:
    """Every module of the package by dotted name without ``remediate.``; the package itself is ""."""
    return {_dotted(path): ast.parse(path.read_text("utf-8")) for path in sorted(PACKAGE.rglob("*.py"))}


def _dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE).with_suffix("").parts
    return ".".join(parts[:-1] if parts[-1] == "__init__" else parts)


def imports(name: str) -> Iterator[str]:
    """Yield every imported dotted name (``a.b.c`` for ``from a.b import c``), late imports included."""
    for node in ast.walk(modules()[name]):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{name}: import absolutely"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def own_imports(name: str) -> Iterator[str]:
    """Yield the modules of this package that a module imports."""
    for imported in imports(name):
        if unit(imported) == "remediate":
            dotted = imported.partition(".")[2]
            yield dotted if dotted in modules() else dotted.rpartition(".")[0]


def unit(name: str) -> str:
    return name.partition(".")[0]


def test_arrows_point_down() -> None:
    wrong = [
        f"{name} imports {imported}"
        for name in modules()
        for imported in own_imports(name)
        if name and imported and unit(imported) not in {unit(name), *MAY_IMPORT.get(unit(name), set())}
    ]
    assert not wrong
    assert {unit(name) for name in modules() if name} <= set(MAY_IMPORT), "a new unit needs its place above"


def test_no_import_cycles() -> None:
    graph = {name: {i for i in own_imports(name) if i != name} for name in modules()}
    graphlib.TopologicalSorter(graph).prepare()


def test_no_cycles_between_rooms() -> None:
    """Sibling folders form layers too; a folder and the modules of its parent may know each other."""
    folders = {name for name in modules() if any(other.startswith(f"{name}.") for other in modules())}
    for parent in sorted(folders):
        rooms: dict[str, set[str]] = {}
        for name in modules():
            for imported in own_imports(name):
                mine, other = _room(name, parent, folders), _room(imported, parent, folders)
                if mine and other and mine != other:
                    rooms.setdefault(mine, set()).add(other)
        graphlib.TopologicalSorter(rooms).prepare()


def _room(name: str, parent: str, folders: set[str]) -> str | None:
    inside = name.removeprefix(f"{parent}.") if parent else name
    room = f"{parent}.{unit(inside)}" if parent else unit(inside)
    return room if inside != name and room in folders else None


@pytest.mark.parametrize("library", OWNED)
def test_a_library_has_one_door(library: str) -> None:
    users = {name for name in modules() for imported in imports(name) if unit(imported) == library}
    assert {unit(name) for name in users} <= {OWNED[library]}


def test_codemods_do_not_know_each_other() -> None:
    for name in modules():
        mine = name.split(".")[:2]
        if unit(name) == "codemods":
            others = [i for i in own_imports(name) if unit(i) == "codemods" and i.split(".")[:2] != mine]
            assert not others, name


def test_pure_layers_touch_no_disk_and_no_process() -> None:
    for name in modules():
        if unit(name) in {*PURE, "codemods", "contract"}:
            impure = {i for i in imports(name) if unit(i) in IMPURE and i != "pathlib.PurePosixPath"}
            assert not impure, name
            assert not {
                c for c in _calls(modules()[name]) if c in {"open", "print", "input", "exec", "eval"}
            }, name


def _calls(tree: ast.Module) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name):
            yield node.func.id


def test_no_drawers() -> None:
    assert not [name for name in modules() if DRAWERS & {part.strip("_") for part in name.split(".")}]


def test_broad_except_only_at_the_edge() -> None:
    wrong = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        if unit(name) != "cli"
        for node in ast.walk(tree)
        if isinstance(node, ast.ExceptHandler) and _is_broad(node.type)
    ]
    assert not wrong


def _is_broad(caught: ast.expr | None) -> bool:
    names = caught.elts if isinstance(caught, ast.Tuple) else [caught]
    return any(
        n is None or (isinstance(n, ast.Name) and n.id in {"Exception", "BaseException"}) for n in names
    )


def _python_files() -> list[Path]:
    own = (p for folder in ("src", "tests", "benchmarks", "docs") for p in (ROOT / folder).rglob("*.py"))
    return sorted(p for p in own if not {"corpus", "work"} & set(p.relative_to(ROOT).parts))


def test_files_stay_small() -> None:
    long = {p.relative_to(ROOT).as_posix(): len(p.read_text("utf-8").splitlines()) for p in _python_files()}
    usual = {path: MOST_TEST_LINES if path.startswith("tests/") else MOST_LINES for path in long}
    limits = usual | {path: limit for path, (limit, _) in LONG_FILES.items()}
    assert not {path: lines for path, lines in long.items() if lines > limits[path]}
    assert not {p for p in LONG_FILES if long.get(p, 0) <= usual.get(p, 0)}, "no longer long: drop the entry"


def test_functions_stay_small() -> None:
    long = {}
    for path in _python_files():
        for node in ast.walk(ast.parse(path.read_text("utf-8"))):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                lines = (node.end_lineno or 0) - node.lineno + 1
                long[f"{path.relative_to(ROOT).as_posix()}::{node.name}"] = lines
    limits = {name: LONG_FUNCTIONS.get(name, (MOST_FUNCTION_LINES, ""))[0] for name in long}
    assert not {name: lines for name, lines in long.items() if lines > limits[name]}
    assert not {n for n in LONG_FUNCTIONS if long.get(n, 0) <= MOST_FUNCTION_LINES}, (
        "no longer long: drop the entry"
    )


def test_next_has_an_answer_for_the_end_in_generators() -> None:
    """There its StopIteration becomes a RuntimeError that names neither place nor reason."""
    found = [
        f"{name}:{node.lineno}"
        for name, tree in modules().items()
        for generator in ast.walk(tree)
        if isinstance(generator, ast.GeneratorExp)
        or (
            isinstance(generator, ast.FunctionDef)
            and any(isinstance(part, ast.Yield | ast.YieldFrom) for part in ast.walk(generator))
        )
        for node in ast.walk(generator)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "next"
        if len(node.args) == 1
    ]
    assert not found


def _declared() -> dict[str, str]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    declared: dict[str, str] = project["entry-points"]["remediate.codemods"]
    return declared


def test_entry_points_are_installed() -> None:
    installed = {e.name: e.value for e in entry_points(group="remediate.codemods")}
    assert installed == _declared(), (
        "reinstall (`pip install -e .`): new entry points are invisible until then"
    )


def test_every_codemod_has_its_entry_point() -> None:
    found = {".".join(name.split(".")[:2]) for name in modules() if name.startswith("codemods.")}
    assert {f"remediate.{name}" for name in found} == set(_declared().values())


def test_help_loads_nothing_heavy() -> None:
    script = (
        "import sys; from remediate.cli.app import run; run(['--help'], 'remediate');"
        "print(*sys.modules, file=sys.stderr)"
    )
    done = subprocess.run([sys.executable, "-c", script], check=True, capture_output=True, text=True)
    heavy = {"rich", "git", "tree_sitter", "jinja2", "markdown_it", "msgspec", "tomlkit", "remediate.model"}
    assert "Usage:" in done.stdout
    assert not heavy & set(done.stderr.split())


def test_a_fix_loads_neither_audits_nor_fixers_nor_other_codemods(tmp_path: Path) -> None:
    script = (
        "import sys, pathlib, remediate.cli.fixing;"
        "from remediate.workflow.sources.settings import settings_of;"
        "assert settings_of(pathlib.Path(sys.argv[1])).options()['split-file'].max_lines == 77;"
        "print(*sys.modules)"
    )
    (tmp_path / "remediate.toml").write_text("[split-file]\nmax-lines = 77\n")
    command = [sys.executable, "-c", script, str(tmp_path)]
    loaded = subprocess.run(command, check=True, capture_output=True, text=True).stdout.split()
    apart = (
        *(
            "markdown_it",
            "remediate.audit.readers",
            "remediate.audit.anchoring",
            "remediate.audit.scan.engine",
        ),
        *("remediate.workflow.external.running", "remediate.workflow.completion", "remediate.facts.thir"),
        *("remediate.codemods.extract_tests", "remediate.codemods.replace_block_on"),
    )
    assert "remediate.codemods.split_file" in loaded
    assert not set(apart) & set(loaded)


def test_standard_library_names_are_not_shadowed_at_the_top() -> None:
    assert not {unit(name) for name in modules()} & set(sys.stdlib_module_names)
