"""`remediate audit` beside `ast-grep scan` with the nearest equivalents of our syntactic rules, in one run.

``python -m benchmarks.scan.speed``: a tree of real crates, wall time (median), memory, warm second runs, and
how time grows with size. ast-grep lives in a virtual environment of its own below ``benchmarks/work``.
"""

import os
import shutil
import statistics
import subprocess
import sys
import time
import venv
from pathlib import Path

from benchmarks.registry_crates import CORPUS, fetch, pinned
from benchmarks.registry_crates import HERE as BENCHMARKS

HERE = Path(__file__).parent
WORK = BENCHMARKS / "work"
PROGRAM = Path(sys.executable).with_name("remediate")
RUNS = int(os.environ.get("RUNS", "10"))
MINE = ("audit", "--message-format", "json", "-o", os.devnull)


def main() -> int:
    fetch(pinned(HERE / "crates.toml"))
    names = [f"{name}-{version}" for name, version in pinned(HERE / "crates.toml").items()]
    theirs = _ast_grep()
    sizes = [int(size) for size in os.environ.get("SIZES", "1,2,4").split(",")]
    rows = [_measured(_tree(names, copies), theirs, RUNS if copies == 1 else 3) for copies in sizes]
    cold, warm = rows[0][0] / rows[0][2], rows[0][1] / rows[0][2]
    print(f"cold {cold:.2f}x of ast-grep (bar 1.0), warm {warm:.2f}x (bar 0.3)")
    return 0 if cold <= 1 and warm <= 0.3 else 1


def _ast_grep() -> Path:
    home = WORK / "ast-grep"
    if not home.exists():
        venv.create(home, with_pip=True)
        subprocess.run([home / "bin/pip", "install", "--quiet", "ast-grep-cli==0.51.1"], check=True)
    return home / "bin/ast-grep"


def _tree(names: list[str], copies: int) -> Path:
    tree = WORK / f"scan-{copies}x"
    if not tree.exists():
        for copy in range(copies):
            for name in names:
                shutil.copytree(
                    CORPUS / name, tree / f"{copy}" / name, ignore=shutil.ignore_patterns("target")
                )
                # Equal texts would be looked at once only.
                for path in (tree / f"{copy}" / name).rglob("*.rs"):
                    path.write_bytes(path.read_bytes() + b"// copy %d\n" % copy)
        for manifest in tree.rglob("Cargo.toml"):
            manifest.unlink()
        (tree / "Cargo.toml").write_text("[workspace]\n")
    return tree


def _measured(tree: Path, theirs: Path, runs: int) -> tuple[float, float, float]:
    """Return the medians of a cold run, a warm one and ast-grep's, taken in turns; print them."""
    rules: list[str | Path] = [theirs, "scan", "-r", HERE / "ast-grep.yml", "--json=stream", "."]
    ours: list[str | Path] = [PROGRAM, *MINE]
    commands = [ours, ours, rules]
    taken: list[list[tuple[float, float, int]]] = [[], [], []]
    for _ in range(runs):
        shutil.rmtree(WORK / "scan-cache", ignore_errors=True)
        for row, command in zip(taken, commands, strict=True):
            row.append(_run(command, tree))
    lines = sum(path.read_bytes().count(b"\n") for path in tree.rglob("*.rs"))
    cold, warm, other = (statistics.median(seconds for seconds, _, _ in row) for row in taken)
    works = [statistics.median(work for _, work, _ in row) for row in taken]
    memory = max(used for row in taken[:2] for _, _, used in row) // 1024
    print(
        f"{lines:9} lines: cold {cold:.2f} s, warm {warm:.2f} s, ast-grep {other:.2f} s (medians of {runs}); "
        f"processor seconds {works[0]:.2f}, {works[1]:.2f}, {works[2]:.2f}; peak memory {memory} MiB"
    )
    return cold, warm, other


def _run(command: list[str | Path], folder: Path) -> tuple[float, float, int]:
    """Return wall and processor seconds, and the peak memory of the largest process in KiB."""
    # As installed: with compiled modules, wherever this runs.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "REMEDIATE_CACHE_DIR": str(WORK / "scan-cache"),
        "PYTHONPYCACHEPREFIX": str(WORK / "pycache"),
    }
    nowhere = subprocess.DEVNULL
    start = time.perf_counter()
    process = subprocess.Popen(command, cwd=folder, env=environment, stdout=nowhere, stderr=nowhere)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime, usage.ru_maxrss


if __name__ == "__main__":
    sys.exit(main())
