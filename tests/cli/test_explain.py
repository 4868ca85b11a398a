"""`remediate explain`: every reason code and rule, in a terminal."""

import pytest

from remediate.audit.rules.catalog import RULES
from remediate.cli.app import run
from remediate.workflow.reasons import reasons


@pytest.mark.parametrize(
    ("code", "said"),
    [
        ("baseline-unusable", "the workflow, skipped"),
        ("test-results-failed", "that gate failed"),
        ("generated-file", "extract-tests, skipped"),
        ("large-file", "(rule, warning)"),
    ],
)
def test_a_code_is_explained(code: str, said: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", code], "remediate") == 0
    assert said in capsys.readouterr().out


def test_all_are_listed(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain"], "remediate") == 0
    out = capsys.readouterr().out
    codes = {reason.code for reason in reasons()} | {rule.id for rule in RULES}
    assert not {code for code in codes if f"  {code} " not in out}


def test_a_misspelt_code_is_named_with_what_is_like_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(["explain", "baseline-unusabel"], "remediate") == 2
    assert "Did you mean baseline-unusable?" in capsys.readouterr().err
