"""The line that changes: what must stay in sight does."""

import io
import time

import pytest
from rich.console import Console
from rich.table import Table

from remediate.cli.live import Line, Shown, elapsed
from remediate.model import Finding

_FINDING = Finding(
    id="1", fingerprint="ab" * 8, rule="large-file", title="", path="src/" + "deep/" * 20 + "a.rs"
)


def _rendered(line: Line, width: int) -> str:
    out = Console(file=io.StringIO(), width=width)
    row = Table.grid()
    row.add_row(line)
    out.print(row)
    return out.file.getvalue()  # type: ignore[attr-defined,no-any-return]


def test_time_finding_and_phase_stay_while_cargo_is_cut_off() -> None:
    shown = Shown({"color": "never", "quiet": True, "verbose": False})
    shown._line.began = time.monotonic() - 65
    shown.begin(_FINDING, 3, 12)
    shown.gates(5)
    shown.gate("clippy (default)")
    shown.line("   Compiling a-crate-with-a-very-long-name v0.1.0 (/home/somebody/somewhere)")
    line = _rendered(shown._line, 100)
    assert line.startswith("1:05 3/12 large-file …")
    assert "deep/a.rs · gate 1 of 5: clippy (default)" in line
    assert line.count("\n") == 1
    assert line.rstrip().endswith("…")
    shown.gate("tests: nextest (default)")
    assert "gate 2 of 5: tests: nextest" in _rendered(shown._line, 120)
    assert "Compiling" not in _rendered(shown._line, 200)


@pytest.mark.parametrize(("seconds", "said"), [(7.9, "0:07"), (750, "12:30"), (3723, "1:02:03")])
def test_elapsed(seconds: float, said: str) -> None:
    assert elapsed(seconds) == said
