"""What ends a command: a bug, the machine, or a command line that contradicts itself."""

import errno
from collections.abc import Callable
from pathlib import Path

import pytest
import scratch
from command_line import Remediate

from remediate.cli.bugs import guarded
from remediate.errors import InputError, MachineError


def _raising(error: Exception) -> Callable[[], str]:
    def work() -> str:
        raise error

    return work


@pytest.mark.parametrize(
    ("error", "said"),
    [
        (OSError(errno.ENOSPC, "", "/a/b"), "/a/b: No space left on device"),
        (OSError(errno.EROFS, ""), "Read-only file system"),
        (PermissionError(errno.EACCES, "", b"/a/\xff"), "Permission denied"),
        (MemoryError(), "there is no memory left"),
    ],
)
def test_what_the_machine_refuses_is_no_bug(error: Exception, said: str) -> None:
    with pytest.raises(MachineError, match=said) as raised:
        guarded(_raising(error))
    assert "run the same command again" in raised.value.hint


@pytest.mark.parametrize("error", [KeyError("x"), OSError(errno.EBADF, "bad"), RecursionError("deep")])
def test_a_bug_is_told_in_one_sentence_and_with_its_trace_on_request(
    error: Exception, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    assert guarded(_raising(error)) == f"{type(error).__name__}: {error}"
    told = capsys.readouterr().err
    assert "internal error" in told
    assert "This is a bug of remediate" in told
    monkeypatch.setenv("REMEDIATE_BACKTRACE", "1")
    with pytest.raises(type(error)):
        guarded(_raising(error))


def test_bad_news_for_the_user_and_results_pass_through() -> None:
    assert guarded(lambda: 7) == 7
    with pytest.raises(InputError):
        guarded(_raising(InputError("no")))


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("plan", "say what to plan"),
        ("plan --split src/lib.rs --blocking", "say what to plan"),
        ("plan --split src/lib.rs --output - --svg -", "only one of --output, --svg and --mermaid"),
        ("split-file src/lib.rs --plan Cargo.toml --max-lines 9", "change them in the plan"),
        ("split-file src/lib.rs --in-place --diff", "--in-place changes files; --diff changes nothing"),
        ("split-file src/lib.rs --keep-blame --dry-run", "--keep-blame is about commits"),
        ("extract-tests --split", "also give --tier integration or auto"),
        ("extract-tests --branch-per run --adopt", "make branches of their own"),
        ("split-fil src/lib.rs", "split-file"),
        ("completions tcsh", "tcsh"),
    ],
)
def test_a_command_line_that_cannot_be_meant(
    line: str, said: str, remediate: Remediate, tmp_path: Path
) -> None:
    manifest = '[package]\nname = "a"\nversion = "0.1.0"\nedition = "2021"\n'
    scratch.write(tmp_path, {"Cargo.toml": manifest, "src/lib.rs": ""})
    ended = remediate(tmp_path, *line.split())
    assert (ended.code, ended.out) == (2, "")
    assert said in ended.err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completions_are_a_script_that_asks_the_program(
    shell: str, remediate: Remediate, tmp_path: Path
) -> None:
    ended = remediate(tmp_path, "completions", shell)
    assert ended.code == 0
    assert "_REMEDIATE_COMPLETE" in ended.out
