"""Plan every pinned file under twenty hash seeds: the bytes of the planned change have to be the same.

python -m benchmarks.split.determinism [crate ...]
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
from dataclasses import replace
from typing import Any

from benchmarks.split.corpus import WORK, base, cases
from remediate.codemods import split_file
from remediate.codemods.split_file.options import SplitOptions
from remediate.model import Finding, Skip
from remediate.rust.codebase import Codebase
from remediate.workflow.sources.workspace import load

SEEDS = range(1, 21)
RESULT = WORK / "results" / "determinism.json"


def main() -> None:
    arguments = _arguments()
    if arguments.plan:
        print(json.dumps(_digests(arguments.crates[0])))
        return
    known: dict[str, Any] = json.loads(RESULT.read_text()) if RESULT.exists() else {}
    for crate in arguments.crates or sorted({c.crate for c in cases()}):
        if crate in known and not arguments.crates:
            continue
        runs = [_under(seed, crate) for seed in SEEDS]
        known[crate] = {path: len({run[path] for run in runs}) for path in runs[0]}
        RESULT.parent.mkdir(parents=True, exist_ok=True)
        RESULT.write_text(json.dumps(known, indent=1))
        print(crate, known[crate], flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("crates", nargs="*")
    parser.add_argument("--plan", action="store_true", help="print the digests of one crate's plans")
    return parser.parse_args()


def _under(seed: int, crate: str) -> dict[str, str]:
    done = subprocess.run(
        [sys.executable, "-m", "benchmarks.split.determinism", crate, "--plan"],
        check=True, capture_output=True, text=True, env={**os.environ, "PYTHONHASHSEED": str(seed)},
    )  # fmt: skip
    found: dict[str, str] = json.loads(done.stdout)
    return found


def _digests(crate: str) -> dict[str, str]:
    (package,) = load(base(crate)).packages
    found = {}
    for case in cases():
        if case.crate == crate:
            finding = Finding(id="1", fingerprint="0" * 16, rule="large-file", title="", path=case.path)
            planned = split_file.plan(Codebase.of(replace(package)), finding, SplitOptions())
            value = (
                repr(planned)
                if isinstance(planned, Skip)
                else repr((sorted(planned.result(package.files).items(), key=str), planned.remarks))
            )
            found[case.path] = hashlib.sha256(value.encode()).hexdigest()
    return found


if __name__ == "__main__":
    main()
