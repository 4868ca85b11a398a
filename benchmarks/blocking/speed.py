"""Measure the codemod's own time per call: ``python -m benchmarks.blocking.speed``.

The crate is the one of the pair jj-lib. A first run asks the compiler, unless ``history`` has done so; what
the second one takes is the codemod's own. The parts are cumulative times of a profiled run, which is slower
than one that is not.
"""

import json
import pstats
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

from benchmarks.blocking.asked import manifest, repository

_VERSION = "0.38.0"
_MAIN = "from remediate.cli import main; main()"
_PROFILED = "import cProfile, sys; cProfile.run({main!r}, {to!r})"
_ASK = ["replace-block-on", "--list", "--message-format", "json"]
_PARTS = {
    "read the workspace": ("sources/workspace.py", "built"),
    "scan": ("sources/claims.py", "blocking_calls"),
    "read the compiler's answers": ("tree/session.py", "informed"),
    "judge": ("replace_block_on/__init__.py", "explain"),
    "judge: index the facts": ("replace_block_on/known.py", "_bodies"),
    "judge: every occurrence of a name": ("replace_block_on/occurrences.py", "unexplained"),
    "judge: structs": ("replace_block_on/known.py", "_structs"),
    "judge: callers": ("replace_block_on/known.py", "callers_of"),
    "judge: what drives the code": ("replace_block_on/runtimes.py", "tokio_drives"),
}


def main() -> None:
    pairs: list[dict[str, Any]] = manifest("pairs.toml")["pair"]  # type: ignore[assignment]
    (pair,) = (pair for pair in pairs if (pair["crates"], pair["old"]) == (["jj-lib"], _VERSION))
    folder = repository("jj-lib", {"jj-lib": pair["old"]}, tested=pair["tested"])
    lines = sum(path.read_bytes().count(b"\n") for path in (folder / "src").rglob("*.rs"))
    cold, _ = _timed(folder)
    warm, sites = _timed(folder)
    print(f"{lines:,} lines, {sites} calls: {cold:.1f} s the first time, {warm:.1f} s the second,", end=" ")
    print(f"{warm / sites:.3f} s for each call\n\n| part | s | s for each call |\n|---|---|---|")
    for part, seconds in _profiled(folder).items():
        print(f"| {part} | {seconds:.2f} | {seconds / sites:.3f} |")


def _timed(folder: Path) -> tuple[float, int]:
    began = time.monotonic()
    command = [sys.executable, "-c", _MAIN, *_ASK]
    said = subprocess.run(command, cwd=folder, stdout=subprocess.PIPE, check=True).stdout
    return time.monotonic() - began, len(json.loads(said)["sites"])


def _profiled(folder: Path) -> dict[str, float]:
    with tempfile.NamedTemporaryFile() as file:
        program = _PROFILED.format(main=_MAIN, to=file.name)
        subprocess.run(
            [sys.executable, "-c", program, *_ASK], cwd=folder, stdout=subprocess.DEVNULL, check=True
        )
        timings: dict[tuple[str, int, str], tuple[int, int, float, float, object]]
        timings = pstats.Stats(file.name).stats  # type: ignore[attr-defined]
    return {
        part: sum(t[3] for (path, _, name), t in timings.items() if path.endswith(end) and name == function)
        for part, (end, function) in _PARTS.items()
    }


if __name__ == "__main__":
    main()
