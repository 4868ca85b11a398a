"""What a fix costs beside cargo: the program's own CPU seconds, and its share of the wall time.

    python -m benchmarks.own_time [--runs N]

Each fix is made once, so that the baseline is known, and then again and again; medians are printed. The
program's modules are compiled first, as pip does where it installs them.
"""

import argparse
import compileall
import json
import subprocess
import sys
import tempfile
from pathlib import Path
from statistics import median

import remediate
from benchmarks.split.corpus import repository
from benchmarks.split.tools import TIMED

WORK = Path(__file__).parent / "work" / "own_time"
FIXES = (
    ("fnv", "1.0.7", ("split-file", "lib.rs", "--max-lines", "100")),
    ("fnv", "1.0.7", ("extract-tests",)),
    ("adler2", "2.0.1", ("split-file", "src/lib.rs", "--max-lines", "100")),
    ("adler2", "2.0.1", ("extract-tests",)),
    ("heck", "0.5.0", ("extract-tests",)),
    ("data-encoding", "2.9.0", ("split-file", "src/lib.rs")),
)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--runs", type=int, default=5)
    runs = parser.parse_args().runs
    compileall.compile_dir(str(Path(remediate.__file__).parent), quiet=1)
    print(f"{'':48} own CPU s  wall s  beside cargo s  share %  starts")
    for crate, version, command in FIXES:
        folder = repository(WORK / crate, crate, version)
        _timed(folder, command)
        own, total, beside, starts = zip(*(_timed(folder, command) for _ in range(runs)), strict=True)
        share = 100 * median(beside) / median(total)
        print(
            f"{crate} {' '.join(command):{47 - len(crate)}} {median(own):9.2f} {median(total):7.2f}"
            f" {median(beside):15.2f} {share:8.1f} {median(starts):7.0f}",
            flush=True,
        )


def _timed(folder: Path, command: tuple[str, ...]) -> tuple[float, float, float, int]:
    """Return the program's own CPU seconds, the wall time, that without cargo, and cargo's starts."""
    with tempfile.NamedTemporaryFile("r") as times:
        done = subprocess.run(
            [sys.executable, "-c", TIMED, times.name, *command, "--redo", "--message-format", "json"],
            cwd=folder, capture_output=True, text=True, check=False,
        )  # fmt: skip
        own, _ = json.loads(times.read())
    spent = json.loads(done.stdout)["timings"]
    return own, spent["total_s"], spent["total_s"] - spent["cargo_s"], spent["cargo_runs"]


if __name__ == "__main__":
    main()
