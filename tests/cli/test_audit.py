"""`remediate audit` from the outside: real cargo, real git, exit codes."""

import json
import shlex
import subprocess
from pathlib import Path

import pytest

from remediate.cli.app import run

LIB = "pub async fn f() {\n    tokio::runtime::Runtime::new().unwrap().block_on(g());\n}\n"


@pytest.fixture
def crate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    root = tmp_path / "demo"
    (root / "src").mkdir(parents=True)
    (root / "Cargo.toml").write_text('[package]\nname = "demo"\nversion = "0.1.0"\nedition = "2021"\n')
    (root / "src/lib.rs").write_text(LIB)
    (root / "src/orphan.rs").write_text("#[test]\nfn never() {}\n")
    monkeypatch.chdir(root)
    monkeypatch.setenv("REMEDIATE_CACHE_DIR", str(tmp_path / "cache"))
    return root


def _json(capsysbinary: pytest.CaptureFixture[bytes], *arguments: str) -> dict[str, list[dict[str, object]]]:
    assert run(["audit", "--message-format", "json", *arguments], "remediate") == 0
    value: dict[str, list[dict[str, object]]] = json.loads(capsysbinary.readouterr().out)
    return value


def _rules(value: dict[str, list[dict[str, object]]]) -> list[object]:
    return [finding["rule"] for finding in value["findings"]]


def test_findings_and_the_warm_second_run_agree(
    crate: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    first = _json(capsysbinary)
    assert _rules(first) == ["block-on", "dead-tests", "embedded-tests", "unwrap"]
    assert _json(capsysbinary) == first
    assert _json(capsysbinary, "--no-cache") == first
    assert first["findings"][0]["status"] == "present"
    assert crate.is_dir()


def test_check_fails_at_the_severity_asked_for(crate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "--check"], "remediate") == 1
    assert run(["audit", "--check", "--only", "unwrap", "--fail-on", "error"], "remediate") == 0
    (crate / "src/lib.rs").write_text("pub fn f() {}\n")
    (crate / "src/orphan.rs").unlink()
    assert run(["audit", "--check"], "remediate") == 0
    assert "0 findings" in capsys.readouterr().out


def test_a_baseline_hides_what_it_knows_though_lines_move(
    crate: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    _json(capsysbinary, "--write-baseline", "known.json")
    (crate / "src/lib.rs").write_text("\n\n" + LIB + "pub fn h() { i().unwrap(); }\n")
    left = _json(capsysbinary, "--baseline", "known.json")
    assert _rules(left) == ["unwrap"]
    assert left["findings"][0]["claimed_lines"] == [6]


def test_configuration_suppressions_and_severities(
    crate: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (crate / "remediate.toml").write_text(
        '[audit]\nmax-lines = 2\n[audit.severity]\ndead-tests = "off"\nunwrap = "error"\n'
        '[audit.allow]\nblock-on = ["src/**"]\n'
    )
    found = _json(capsysbinary)
    assert [(f["rule"], f["severity"]) for f in found["findings"]] == [
        ("unwrap", "error"), ("embedded-tests", "warning"), ("large-file", "warning"),
    ]  # fmt: skip
    reason = '// remediate: allow(unwrap, reason = "the runtime is ours")\n'
    (crate / "src/lib.rs").write_text(reason + LIB)
    assert "unwrap" not in _rules(_json(capsysbinary))


@pytest.mark.parametrize(
    "toml",
    [
        "[audit]\nx = 1",
        "[audit.severity]\nunwarp = 'off'",
        "[audit.severity]\nunwrap = 'bad'",
        "[audit]\nexclude = 1",
        "[",
    ],
)
def test_a_mistake_in_the_configuration_is_told(
    crate: Path, toml: str, capsys: pytest.CaptureFixture[str]
) -> None:
    (crate / "remediate.toml").write_text(toml)
    assert run(["audit"], "remediate") == 2
    assert "remediate.toml" in capsys.readouterr().err


def test_since_reports_changed_lines_only(crate: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    for command in (
        ["init", "-q"],
        ["add", "."],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "x"],
    ):
        subprocess.run(["git", *command], check=True, cwd=crate)
    assert _rules(_json(capsysbinary, "--since", "HEAD")) == []
    (crate / "src/lib.rs").write_text(LIB + "pub fn h() { i().unwrap(); }\n")
    (crate / "src/new.rs").write_text("fn j() { todo!() }\n")
    assert _rules(_json(capsysbinary, "--since", "HEAD")) == ["unimplemented", "unwrap"]


def test_paths_and_packages_narrow(crate: Path, capsysbinary: pytest.CaptureFixture[bytes]) -> None:
    assert _rules(_json(capsysbinary, "src/orphan.rs")) == ["dead-tests", "embedded-tests"]
    assert _rules(_json(capsysbinary, "-p", "demo")) == _rules(_json(capsysbinary))
    assert crate.is_dir()


def test_a_crate_below_a_foreign_workspace_is_its_own_root(
    crate: Path, capsysbinary: pytest.CaptureFixture[bytes]
) -> None:
    (crate.parent / "Cargo.toml").write_text('[workspace]\nexclude = ["demo"]\n')
    assert {f["path"] for f in _json(capsysbinary)["findings"]} == {"src/lib.rs", "src/orphan.rs"}


def test_every_format_can_be_written(crate: Path) -> None:
    for format_ in ("text", "markdown", "json", "sarif", "github", "html"):
        assert run(["audit", "--message-format", format_, "-o", f"out.{format_}"], "remediate") == 0
        assert (crate / f"out.{format_}").stat().st_size > 100


def test_rules_are_listed_and_explained(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["audit", "--list-rules"], "remediate") == 0
    assert "dead-tests" in capsys.readouterr().out
    assert run(["audit", "--explain", "block-on"], "remediate") == 0
    assert "**Why:**" in capsys.readouterr().out
    assert run(["audit", "--explain", "nope"], "remediate") == 2


@pytest.mark.parametrize("arguments", [["src/nowhere.rs"], ["/etc"], ["-p", "nobody"]])
def test_a_misspelt_name_is_no_clean_bill(
    crate: Path, arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(["audit", "--check", *arguments], "remediate") == 2
    assert f"there is no {arguments[-1]}" in capsys.readouterr().err.replace("package ", "")
    assert crate.is_dir()


def test_the_worst_of_each_rule_is_shown(crate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    """Eighty files with one `unwrap()` each hide neither the file with nine nor the other rules."""
    for number in range(80):
        (crate / f"src/m{number:02}.rs").write_text("pub fn h() { i().unwrap(); }\n")
    (crate / "src/m99.rs").write_text("pub fn h() { i().unwrap(); }\n" * 9)
    assert run(["audit"], "remediate") == 0
    shown = capsys.readouterr().out
    assert "src/m99.rs:1" in shown
    assert "src/orphan.rs:2" in shown
    assert "src/m40.rs" not in shown
    assert "more of these rules: see them with --all" in shown
    for whole in (["--all"], ["-o", "audit.txt"]):
        assert run(["audit", *whole], "remediate") == 0
        text = capsys.readouterr().out or (crate / "audit.txt").read_text()
        assert all(f"src/m{number:02}.rs" in text for number in range(80))


@pytest.mark.parametrize("where", ["src", "..", "."])
def test_a_printed_command_works_where_it_is_printed(
    crate: Path, where: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    functions = "".join(f"    pub fn f{n}() -> u32 {{\n        {n}\n    }}\n" for n in range(80))
    text = "".join(f"pub struct {name};\n\nimpl {name} {{\n{functions}}}\n" for name in ("First", "Second"))
    (crate / "src/my big.rs").write_text(text)
    (crate / "src/lib.rs").write_text('#[path = "my big.rs"]\nmod big;\n')
    for command in (
        ["init", "-q"],
        ["add", "-A"],
        ["-c", "user.name=a", "-c", "user.email=a@b", "commit", "-qm", "a"],
    ):
        subprocess.run(["git", *command], cwd=crate, check=True)
    monkeypatch.chdir(crate / where)
    more = ["--manifest-path", str(crate / "Cargo.toml")] if where == ".." else []
    assert run(["audit", "--only", "large-file", *more], "remediate") == 0
    (line,) = [line for line in capsys.readouterr().out.splitlines() if "fix: " in line]
    words = shlex.split(line.partition("fix: ")[2])
    assert words[0] == "remediate"
    assert run([*words[1:], "--dry-run"], "remediate") == 0
    assert "would-change" in capsys.readouterr().out


def test_a_key_that_nobody_knows_is_an_error(crate: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (crate / "remediate.toml").write_text("max-lnes = 3\n")
    assert run(["audit"], "remediate") == 2
    assert "there is no key `max-lnes`" in capsys.readouterr().err


def test_check_fails_on_a_file_that_could_not_be_read(
    crate: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (crate / "src/lib.rs").write_bytes(b"// \xff\n")
    assert run(["audit", "--check", "--only", "hack"], "remediate") == 1
    assert "could not be read: 1" in capsys.readouterr().err
    assert run(["audit", "--check", "--only", "hack", "src/orphan.rs"], "remediate") == 0
