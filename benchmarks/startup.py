"""How long `remediate --help` takes, beside an empty Python: `make bench-startup`."""

import statistics
import subprocess
import sys
import time
from pathlib import Path

RUNS = 15
PROGRAM = str(Path(sys.executable).with_name("remediate"))


def main() -> None:
    commands = {"python -c pass": [sys.executable, "-c", "pass"], "remediate --help": [PROGRAM, "--help"]}
    for name, command in commands.items():
        times = sorted(_seconds(command) for _ in range(RUNS))
        print(f"{name:18} median {statistics.median(times) * 1000:5.0f} ms  best {times[0] * 1000:5.0f} ms")


def _seconds(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
