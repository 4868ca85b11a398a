"""The table of the splits: written between its marks, the peers' columns from what is kept of them."""

import json
from pathlib import Path
from typing import Any

import pytest

from benchmarks.split import table


def _row(tool: str, **more: Any) -> dict[str, Any]:
    text = {"sizes": {"src/a.rs": 20}, "new": ["src/a.rs"], "widened": 0, "supers": 0} | {
        name: [] for name in ("comments_lost", "literals_changed", "globs", "unrelated")
    }
    timings = {
        "total_s": 2.0,
        "cargo_s": 1.5,
        "plan_s": 0.1,
        "rounds": 1,
        "cargo_runs": 5,
        "baseline_runs": 2,
    }
    said = {"outcome": "split", "said": "", "broken": [], "unproven": [], "claims": True, "lines": 1000}
    return {
        "crate": "c",
        "path": "p",
        "tool": tool,
        "text": text,
        "report": {"timings": timings},
        **said,
        **more,
    }


def _written(folder: Path, rows: list[dict[str, Any]]) -> str:
    for row in rows:
        (folder / f"c-p.{row['tool']}.json").write_text(json.dumps(row))
    table.written(folder, ["peer"], "renaming")
    return (folder / "README.md").read_text()


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(table, "README", tmp_path / "README.md")
    monkeypatch.setattr(table, "PEERS", tmp_path / "peers.kept")
    (tmp_path / "README.md").write_text(
        "Above.\n<!-- generated: table -->\nold\n<!-- end of table -->\nBelow.\n"
    )
    kept = {"measured": "2020-01-01", "files": 9, "crates": 8, "rustc": "rustc 1", "figures": {}}
    kept["figures"] = {"split, but does not compile": {"peer": "7"}}
    (tmp_path / "peers.kept").write_text(json.dumps(kept))
    return tmp_path


def test_what_is_kept_of_the_peers_stands_with_its_date(folder: Path) -> None:
    page = _written(folder, [_row("remediate", commit="abc")])
    assert page.startswith("Above.\n<!-- generated: table -->\n`remediate` at abc (1): ")
    assert page.endswith("<!-- end of table -->\nBelow.\n")
    assert "the peers: 2020-01-01, 9 files of 8 crates, rustc 1.\n" in page
    assert "| split, but does not compile | 0 | 7 |\n" in page
    assert "median / 95 %: 3 / 3" in page
    assert "old" not in page


def test_the_figures_of_peers_that_were_asked_are_kept(folder: Path) -> None:
    page = _written(folder, [_row("remediate"), _row("peer", broken=["clippy"])])
    assert "| split, but does not compile | 0 | 1 |\n" in page
    assert json.loads((folder / "peers.kept").read_text())["files"] == 1
