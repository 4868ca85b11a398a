"""`remediate findings`, as a user runs it."""

import json
from pathlib import Path

import pytest

from remediate.cli.app import run

AUDIT = "# A\n\n### 1. unwrap() calls \x1b[31m\n- `/home/ines/work/src/lib.rs:2`\n- `../../etc/passwd:1`\n"
MANIFEST = '[package]\nname = "tally"\nversion = "0.1.0"\nedition = "2021"\n'
BROKEN = "fn a( {\n    b().unwrap();\n}\n"


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "src").mkdir()
    (tmp_path / "Cargo.toml").write_text(MANIFEST)
    (tmp_path / "src/lib.rs").write_text(BROKEN)
    (tmp_path / "AUDIT.md").write_text(AUDIT)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def test_json_in_a_workspace_that_does_not_compile(
    workspace: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["findings", str(workspace / "AUDIT.md"), "--message-format", "json"], "remediate") == 0
    answer = json.loads(capsys.readouterr().out)
    first, second = answer["findings"]
    assert (first["status"], first["path"], first["claimed_lines"]) == ("present", "src/lib.rs", [2])
    assert first["sites"][0]["text"] == "b().unwrap();"
    assert (second["status"], second["path"]) == ("unresolvable", "")
    assert answer["audits"][0]["references"] == 2
    wanted = {"id", "fingerprint", "rule", "title", "path", "claimed_lines", "status", "moved_to", "sites"}
    assert wanted | {"codemod", "reason", "audit_line"} <= first.keys()


def test_text_prints_nothing_raw(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["findings", str(workspace / "AUDIT.md")], "remediate") == 0
    out = capsys.readouterr().out
    assert "1 item, 4 mentions of code, all understood" in out
    assert out.count("calls") == 1  # a title that several findings share is said once
    assert "\x1b[31munwrap" not in out
    assert "calls \x1b" not in out


def test_colour_is_a_choice(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["findings", str(workspace / "AUDIT.md"), "--color", "always"], "remediate") == 0
    assert "\x1b[1;31mpresent" in capsys.readouterr().out


def test_check(workspace: Path) -> None:
    assert run(["findings", str(workspace / "AUDIT.md"), "--check"], "remediate") == 1


def test_a_manifest_that_cargo_refuses(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "Cargo.toml").write_text("[package\n")
    assert run(["findings", "AUDIT.md", "--message-format", "json"], "remediate") == 0
    assert json.loads(capsys.readouterr().out)["findings"][0]["status"] == "present"


def test_no_workspace_at_all(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "A.md").write_text(AUDIT)
    assert run(["findings", "A.md", "--message-format", "json"], "remediate") == 0
    answer = json.loads(capsys.readouterr().out)
    assert {finding["status"] for finding in answer["findings"]} == {"unresolvable"}
    assert answer["audits"][0]["items"] == 1


def test_several_audits_are_merged(workspace: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (workspace / "B.md").write_text("# B\n\n### 1. unwrap() again\n- `src/lib.rs:2`\n")
    assert run(["findings", "AUDIT.md", "B.md", "--message-format", "json"], "remediate") == 0
    answer = json.loads(capsys.readouterr().out)
    assert [finding["status"] for finding in answer["findings"]] == ["present", "unresolvable"]
    assert len(answer["audits"]) == 2


def test_a_link_out_of_the_workspace_is_not_read(
    workspace: Path, tmp_path_factory: pytest.TempPathFactory, capsys: pytest.CaptureFixture[str]
) -> None:
    secret = tmp_path_factory.mktemp("away") / "secret.rs"
    secret.write_text("fn s() { key().unwrap() }\n")
    (workspace / "src/link.rs").symlink_to(secret)
    (workspace / "AUDIT.md").write_text("# A\n\n### 1. unwrap() calls\n- `src/link.rs:1`\n")
    assert run(["findings", "AUDIT.md", "--message-format", "json"], "remediate") == 0
    assert "key()" not in (out := capsys.readouterr().out)
    assert json.loads(out)["findings"][0]["status"] == "ambiguous"


def test_an_audit_that_is_not_there(workspace: Path) -> None:
    assert run(["findings", str(workspace / "NONE.md")], "remediate") == 2


@pytest.mark.parametrize(
    ("settings", "arguments", "said", "status", "limit"),
    [
        ("", [], "", "fixed", 300),
        ("max-lines = 2\n", [], "", "present", 2),
        ("max-lines = 2\n[audit]\nmax-lines = 9\n", [], "", "fixed", 9),
        ("[audit]\nmax-lines = 2\n", [], "", "present", 2),
        ("max-lines = 9\n", ["--max-lines", "2"], "", "present", 2),
        ("max-lines = 9\n", [], ", limit 2", "present", 2),
        ("max-lines = 2\n", ["--max-lines", "1"], "; limit: 9 lines", "fixed", 9),
    ],
)
def test_a_file_is_judged_by_the_nearest_limit(  # noqa: PLR0917
    workspace: Path,
    capsys: pytest.CaptureFixture[str],
    settings: str,
    arguments: list[str],
    said: str,
    status: str,
    limit: int,
) -> None:
    (workspace / "remediate.toml").write_text(settings)
    (workspace / "AUDIT.md").write_text(f"# Large files\n- `src/lib.rs` (3 lines{said})\n")
    assert run(["findings", "AUDIT.md", "--message-format", "json", *arguments], "remediate") == 0
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert (found["status"], found["limit"]) == (status, limit)
