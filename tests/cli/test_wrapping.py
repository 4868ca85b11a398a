"""Lines on a narrow terminal break between words; elsewhere they stay whole."""

import io

import pytest

from remediate.cli.console import Terminal, _print_rows, _Row, show
from remediate.cli.wrapping import headed, say, wrapped
from remediate.model import Outcome, Result
from remediate.workflow.fixing.message import _indented

SENTENCE = "26 lines today (the audit says 380), within the limit of 300; last true in commit d0d90124c8"


class _Screen(io.StringIO):
    def isatty(self) -> bool:
        return True


def test_words_stay_whole_and_the_rest_is_indented() -> None:
    lines = wrapped(f"    {SENTENCE}", 40).split("\n")
    assert all(len(line) <= 40 for line in lines)
    assert [line[:4].strip() for line in lines] == [""] * len(lines)
    assert " ".join("\n".join(lines).split()) == SENTENCE
    assert wrapped("see " + "x" * 60, 40).split("\n") == ["see", "  " + "x" * 60]


def test_styles_and_names_between_colons_survive() -> None:
    out = Terminal(
        file=_Screen(), width=40, soft_wrap=True, highlight=False, emoji=False, force_terminal=True
    )
    out.say(f"[bold]#1[/] crate::bug::fire {SENTENCE}", 3)
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert "crate::bug::fire" in text
    assert all(len(line) <= 40 for line in text.replace("\x1b[1m", "").replace("\x1b[0m", "").splitlines())
    assert " ".join(text.split()).endswith(SENTENCE)


def test_off_a_terminal_a_line_is_a_line(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", "40")
    say(SENTENCE)
    headed("error", SENTENCE)
    assert capsys.readouterr() == (f"{SENTENCE}\n", f"error: {SENTENCE}\n")


@pytest.mark.parametrize(("width", "lines"), [(90, 2), (66, 3)])
def test_the_name_of_a_branch_stays_in_one_piece(width: int, lines: int) -> None:
    branch = "remediate/large-file/packages-tally-src-journal-1a2b3c4d"
    out = Terminal(file=_Screen(), width=width, soft_wrap=True, highlight=False, no_color=True)
    _print_rows(out, ("#", "outcome"), [_Row("1.1", ("fixed",), branch, "")])
    text = out.file.getvalue()  # type: ignore[attr-defined]
    assert branch in text
    assert len(text.splitlines()) == lines


def _done(number: int, result: Result, *notes: str) -> Outcome:
    return Outcome(
        str(number) * 16,
        None,
        result,
        "partial",
        "write it",
        path="a.rs",
        branch="b",
        notes=notes,
        id=f"{number}.1",
    )


def test_what_is_said_of_several_findings_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    asked = {"color": "never", "verbose": False}
    found = [_done(n, Result.FIXED, "the code of the audit does not compile") for n in range(1, 10)]
    show(found, asked, errors=False)
    told = capsys.readouterr().out
    assert told.count("does not compile") == 1
    assert "#1.1, #2.1, #3.1, #4.1, #5.1, #6.1, #7.1, #8.1 and 1 more finding note: the code" in told


def test_what_is_left_to_do_is_said_once(capsys: pytest.CaptureFixture[str]) -> None:
    left = _done(1, Result.FIXED_PARTLY, "to do: write `f`", "`f` stays as it is")
    show([left], {"color": "never", "verbose": False}, errors=False)
    told = capsys.readouterr().out
    assert "left to do: write it" in told
    assert ("`f` stays" in told, "to do: write `f`" in told) == (True, False)
    show([left], {"color": "never", "verbose": True}, errors=False)
    assert "to do: write `f`" in capsys.readouterr().out


def test_a_path_in_a_commit_message_stays_whole() -> None:
    path = "packages/fluent-ai/src/message-processing/a-long-name.rs"
    assert path in _indented(f"rescan: a second run has nothing to do in {path}, {path}")


@pytest.mark.parametrize(
    ("detail", "shown"),
    [
        ("a.rs:7: TODO: more.", "line 7: TODO: more."),
        ("a.rs: it is about one thing", "it is about one thing"),
        ("b.rs:7: it is elsewhere", "b.rs:7: it is elsewhere"),
        ("36 lines: few", "36 lines: few"),
    ],
)
def test_the_path_beside_a_sentence_is_not_said_again(
    detail: str, shown: str, capsys: pytest.CaptureFixture[str]
) -> None:
    stays = Outcome("1" * 16, None, Result.SKIPPED, "stub", detail, path="a.rs", id="1.1")
    show([stays], {"color": "never", "verbose": False}, errors=False)
    row = capsys.readouterr().out.splitlines()[1]
    assert row == f"1.1  skipped  stub    a.rs   {shown}"
