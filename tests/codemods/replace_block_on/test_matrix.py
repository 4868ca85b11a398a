"""The run-time matrix with real tokio and futures: every cell, each in a process of its own."""

import os
import shutil
import subprocess
from concurrent.futures import ThreadPoolExecutor
from itertools import product
from pathlib import Path

import pytest

from remediate.codemods.replace_block_on.matrix import Cell, Operation, Where

_PROJECT = Path(__file__).with_name("matrix")
_LIMIT_S = 3.0
_PANIC = 101


@pytest.mark.slow
def test_every_cell_of_the_matrix(tmp_path: Path, pytestconfig: pytest.Config) -> None:
    project = shutil.copytree(_PROJECT, tmp_path / "matrix")
    target = pytestconfig.cache.mkdir("async") if pytestconfig.cache else tmp_path / "target"
    environment = {"CARGO_TARGET_DIR": str(target), "CARGO_PROFILE_DEV_DEBUG": "0"}
    subprocess.run(["cargo", "build", "--quiet"], cwd=project, env=_with(environment), check=True)
    program = tmp_path / "cell"
    shutil.copy(target / "debug" / "matrix", program)
    cells = [Cell(operation, where) for operation, where in product(Operation, Where)]
    with ThreadPoolExecutor(8) as threads:
        seen = dict(zip(map(str, cells), threads.map(lambda cell: _seen(program, cell), cells), strict=True))
    assert seen == {str(cell): cell.effect.value for cell in cells}


def _seen(program: Path, cell: Cell) -> str:
    try:
        done = subprocess.run(
            [program, cell.operation, cell.where], capture_output=True, check=False, timeout=_LIMIT_S
        )
    except subprocess.TimeoutExpired:
        return "hangs"
    assert done.returncode in {0, _PANIC}, done.stderr
    return "panics" if done.returncode else "ok"


def _with(more: dict[str, str]) -> dict[str, str]:
    return {**os.environ, **more}
