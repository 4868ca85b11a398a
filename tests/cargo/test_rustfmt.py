from pathlib import Path

import pytest

from remediate.cargo.rustfmt import formatted, is_formatted
from remediate.errors import ToolError


def test_lays_out_standard_input_and_follows_no_module(tmp_path: Path) -> None:
    (tmp_path / "other.rs").write_text("fn   b( ){}\n")
    assert formatted(b"mod  other;\nfn   a( ){}\n", "2021", tmp_path) == b"mod other;\nfn a() {}\n"
    assert (tmp_path / "other.rs").read_text() == "fn   b( ){}\n"


def test_the_projects_own_style_decides(tmp_path: Path) -> None:
    (tmp_path / "rustfmt.toml").write_text("tab_spaces = 2\n")
    (tmp_path / "src").mkdir()
    text = b"fn a() {\n  b();\n}\n"
    assert is_formatted(text, "2021", tmp_path / "src")
    assert is_formatted(text, "2021", tmp_path / "src/not/yet/there")
    assert not is_formatted(text, "2021", tmp_path.parent)


def test_line_ends_and_editions_are_kept(tmp_path: Path) -> None:
    assert is_formatted(b"fn a() {}\r\n\r\nfn b() {}\r\n", "2021", tmp_path)
    assert is_formatted(b"fn f() {\n    let async = 1;\n}\n", "2015", tmp_path)
    assert formatted(b"fn f() {\n    let async = 1;\n}\n", "2021", tmp_path) is None


def test_what_it_cannot_read_it_does_not_change(tmp_path: Path) -> None:
    assert formatted(b"fn a( {", "2021", tmp_path) is None


def test_a_missing_rustfmt_names_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(ToolError) as caught:
        formatted(b"", "2021", tmp_path)
    assert "rustup component add rustfmt" in caught.value.hint
