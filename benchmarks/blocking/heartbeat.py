"""Measure how long a runtime of one thread is held up, before and after.

    python -m benchmarks.blocking.heartbeat

Each program of ``heartbeat/`` runs its work beside a task that wants to go on every millisecond, and prints
that task's longest pause. Both builds of a program run in turns; the table shows medians.
"""

import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from benchmarks.repository import begin, git

_SOURCE = Path(__file__).with_name("heartbeat")
_TOOL = [sys.executable, "-c", "from remediate.cli import main; main()", "replace-block-on"]
_ROUNDS = 9


def main() -> None:
    with tempfile.TemporaryDirectory() as scratch:
        root = Path(scratch) / "heartbeat"
        shutil.copytree(_SOURCE, root, ignore=shutil.ignore_patterns("target"))
        (root / ".gitignore").write_text("/target\n/before\n/after\n")
        subprocess.run(["cargo", "generate-lockfile", "-q"], cwd=root, check=True)
        begin(root, "Before")
        before = _built(root, "before")
        done = subprocess.run([*_TOOL, "--in-place", "--verify", "quick"], cwd=root, check=False)
        print(f"replace-block-on --in-place: exit {done.returncode}", file=sys.stderr)
        after = _built(root, "after")
        print(git(root, "diff", "--shortstat"), end="")
        print("| program | before, ms | after, ms |\n|---|---|---|")
        for name in sorted(before):
            pauses: dict[str, list[float]] = {"before": [], "after": []}
            answers = set()
            for _ in range(_ROUNDS):
                for when, programs in (("before", before), ("after", after)):
                    pause, answer = _ran(programs[name])
                    pauses[when].append(pause)
                    answers.add(answer)
            assert len(answers) == 1, f"{name} says something else afterwards: {answers}"
            print(f"| {name} | " + " | ".join(f"{statistics.median(p):.1f}" for p in pauses.values()) + " |")


def _built(root: Path, name: str) -> dict[str, Path]:
    """Build the programs, and keep them under another name."""
    subprocess.run(["cargo", "build", "-q", "--release", "--bins"], cwd=root, check=True)
    kept = root / name
    kept.mkdir()
    programs = sorted(path.stem for path in (root / "src/bin").glob("*.rs"))
    return {p: Path(shutil.copy2(root / "target/release" / p, kept / p)) for p in programs}


def _ran(program: Path) -> tuple[float, str]:
    """Return the longest pause in milliseconds, and what the program found."""
    said = subprocess.run([program], capture_output=True, text=True, check=True, timeout=60).stdout
    pause, answer = said.split()
    return int(pause) / 1000, answer


if __name__ == "__main__":
    main()
