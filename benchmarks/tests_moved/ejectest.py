"""The same crate through ``ejectest`` of the crate registry: its files checked by cargo as ours are."""

import json
import shutil
from pathlib import Path
from typing import Any

from benchmarks.tests_moved.outside import Run, tested, timed
from benchmarks.tests_moved.source import inline_test_modules, literals, texts

ROOT = Path(__file__).parents[1] / "work" / "ejectest"


def measured(clone: Path, before: Run) -> dict[str, Any]:
    """Return what it makes of a clone of the crate; empty where it is not installed.

    ``cargo install ejectest@0.5.1 --root benchmarks/work/ejectest`` brings it.
    """
    program = ROOT / "bin" / "ejectest"
    sources = clone / "src"
    if not program.exists() or not sources.is_dir():
        return {}
    timed(["git", "checkout", "-q", "-f", "main"], clone)
    old = texts(clone)
    done, cost = timed([str(program), "apply", "--format", "json", "src/"], clone)
    new = texts(clone)
    after = tested(clone, doctests=True)
    one, two = before.inventory(), after.inventory()
    row = {
        "exit": done.returncode,
        "said": "" if done.stdout.startswith("{") else (done.stdout + done.stderr)[-300:],
        "modules": len(inline_test_modules(old)),
        "left": len(inline_test_modules(new)),
        "builds": not after.problem,
        "problem": after.problem,
        "lost": (one - two).total(),
        "added": (two - one).total(),
        "other_result": (before.results - after.results).total() if one == two else None,
        "literals_changed": (literals(old)[0] - literals(new)[0]).total(),
        "cpu": cost.cpu,
        "files": len(json.loads(done.stdout)["files"]) if done.stdout.startswith("{") else 0,
    }
    timed(["git", "checkout", "-q", "-f", "main"], clone)
    timed(["git", "clean", "-q", "-f", "-d", "src"], clone)
    shutil.rmtree(clone.parent / "logs", ignore_errors=True)
    return row
