"""`remediate audit` beside `ast-grep scan` with the nearest equivalents of our syntactic rules, in one run.

``python -m benchmarks.scan.speed``: a tree of real crates, cold and warm wall time (medians of RUNS, 10
unless said, taken in turns with ast-grep), processor time, memory, and how time grows over SIZES (1,2,4
times the tree unless said). The last row is a workspace of MEMBERS with packages and targets, 233,000 lines
and over 3,000 locations. The machine is named: figures of another one do not compare. Memory is that of all
processes together, sampled in a run of its own that is not timed. ast-grep lives in a virtual environment of
its own below ``benchmarks/work``. Exit code 1 if a bar is missed.
"""

import os
import platform
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
MEMBERS = ("arrow-array", "async-std", "datafusion-common", "jj-lib")
BARS = {"cold": 1.0, "warm": 0.3, "MiB": 250}
MINE = ("audit", "--message-format", "json", "-o", os.devnull)


def main() -> int:
    fetch(pinned(HERE / "crates.toml"))
    names = [f"{name}-{version}" for name, version in pinned(HERE / "crates.toml").items()]
    theirs = _ast_grep()
    sizes = [int(size) for size in os.environ.get("SIZES", "1,2,4").split(",")]
    print(f"{_machine()}\n")
    print(
        "| lines | cold s | warm s | ast-grep s | cold/ast-grep | warm/ast-grep | cold us/line | cpu s "
        "cold, warm, ast-grep | MiB, all processes |\n|---|---|---|---|---|---|---|---|---|"
    )
    rows = [_measured(_tree(names, copies), theirs) for copies in sizes]
    rows.append(_measured(_workspace(names), theirs))
    missed = [name for name, bar in BARS.items() if max(row[name] for row in rows) > bar]
    print(f"bars: {BARS}; missed: {', '.join(missed) or 'none'}")
    return 1 if missed else 0


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


def _workspace(names: list[str]) -> Path:
    """Return a workspace whose members are packages: their targets have to be known, and what they reach."""
    tree = WORK / "scan-workspace"
    if not tree.exists():
        for name in (name for name in names if name.rpartition("-")[0] in MEMBERS):
            shutil.copytree(CORPUS / name, tree / name, ignore=shutil.ignore_patterns("target", "Cargo.*"))
            member = f'[package]\nname = "{name.rpartition("-")[0]}"\nversion = "0.1.0"\nedition = "2021"\n'
            (tree / name / "Cargo.toml").write_text(member)
        (tree / "Cargo.toml").write_text('[workspace]\nmembers = ["*"]\nresolver = "2"\n')
    return tree


def _machine() -> str:
    """Return the processor, how many there are, and the Python that runs."""
    known = Path("/proc/cpuinfo")
    lines = known.read_text().splitlines() if known.exists() else []
    models = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    model = next(iter(models), "") or platform.processor() or platform.machine()
    return f"{model}, {os.cpu_count()} processors, Python {platform.python_version()}"


def _measured(tree: Path, theirs: Path) -> dict[str, float]:
    """Time a cold run, a warm one and ast-grep's in turns; print the medians, return what bars hold for."""
    rules: list[str | Path] = [theirs, "scan", "-r", HERE / "ast-grep.yml", "--json=stream", "."]
    commands: list[list[str | Path]] = [[PROGRAM, *MINE], [PROGRAM, *MINE], rules]
    taken: list[list[tuple[float, float]]] = [[], [], []]
    for _ in range(RUNS):
        shutil.rmtree(WORK / "scan-cache", ignore_errors=True)
        for row, command in zip(taken, commands, strict=True):
            row.append(_run(command, tree))
    lines = sum(path.read_bytes().count(b"\n") for path in tree.rglob("*.rs"))
    cold, warm, other = (statistics.median(seconds for seconds, _ in row) for row in taken)
    works = ", ".join(f"{statistics.median(work for _, work in row):.2f}" for row in taken)
    shutil.rmtree(WORK / "scan-cache", ignore_errors=True)
    memory = _memory(commands[0], tree)
    print(
        f"| {lines} | {cold:.2f} | {warm:.2f} | {other:.2f} | {cold / other:.2f} | {warm / other:.2f} "
        f"| {cold / lines * 1e6:.2f} | {works} | {memory:.0f} |",
        flush=True,
    )
    return {"cold": cold / other, "warm": warm / other, "MiB": memory}


def _run(command: list[str | Path], folder: Path) -> tuple[float, float]:
    """Return wall and processor seconds of a process and its children."""
    start = time.perf_counter()
    process = _started(command, folder)
    _, _, usage = os.wait4(process.pid, 0)
    return time.perf_counter() - start, usage.ru_utime + usage.ru_stime


def _memory(command: list[str | Path], folder: Path) -> float:
    """Return the peak memory of a process and all below it, in MiB; what they share is counted once."""
    process, most = _started(command, folder), 0
    while process.poll() is None:
        most = max(most, sum(map(_share, _family(process.pid))))
        time.sleep(0.005)
    return most / 1024


def _started(command: list[str | Path], folder: Path) -> subprocess.Popen[bytes]:
    # As installed: with compiled modules, wherever this runs.
    environment = {k: v for k, v in os.environ.items() if k != "PYTHONDONTWRITEBYTECODE"}
    environment |= {
        "REMEDIATE_CACHE_DIR": str(WORK / "scan-cache"),
        "PYTHONPYCACHEPREFIX": str(WORK / "pycache"),
    }
    nowhere = subprocess.DEVNULL
    return subprocess.Popen(command, cwd=folder, env=environment, stdout=nowhere, stderr=nowhere)


def _family(pid: int) -> list[int]:
    """Return a process and those it started, as far as they still run."""
    try:
        texts = [path.read_text() for path in Path(f"/proc/{pid}/task").glob("*/children")]
    except OSError:
        return [pid]
    return [pid, *(member for text in texts for child in text.split() for member in _family(int(child)))]


def _share(pid: int) -> int:
    """Return a process's proportional share of memory (PSS) in KiB, 0 when it has ended."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return 0
    return next((int(line.split()[1]) for line in lines if line.startswith("Pss:")), 0)


if __name__ == "__main__":
    sys.exit(main())
