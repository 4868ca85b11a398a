"""silver-platter's protocol: what an exit code and a result come to, and what a configuration may say."""

import json
from pathlib import Path

import pytest

from remediate.cargo.process import Finished
from remediate.errors import InputError
from remediate.workflow.external.protocol import Answer, answer, variables
from remediate.workflow.sources.settings import Sandbox, fixers


def _said(tmp_path: Path, result: object, ended: Finished | None = None) -> Answer:
    file = tmp_path / "result.json"
    if result is not None:
        file.write_text(result if isinstance(result, str) else json.dumps(result))
    return answer(ended or Finished(0, "x", "", 1.0), file, 5)


@pytest.mark.parametrize(
    ("result", "code", "sentence", "means"),
    [
        (None, 0, "success: Fix a typo", "done"),
        ({"code": "success", "description": "Done\nwell", "value": 3}, 0, "success: Done well", "done"),
        ({"code": "nothing-to-do"}, 0, "nothing-to-do: Fix a typo", "idle"),
        ({"code": "no-route"}, 0, "no-route: Fix a typo", "failed"),
        (None, 1, "exit-code-1: bad", "failed"),
        (None, 127, "command-not-found: bad", "failed"),
        ({"code": "success"}, 1, "exit-code-1: bad", "failed"),
        ({"result_code": "bad", "stage": ["a", 2], "description": "x"}, 1, "bad (stage a 2): x", "failed"),
        ("{", 0, "invalid-result: its result is no JSON", "failed"),
        ("[]", 0, "invalid-result: its result is no JSON object", "failed"),
        ({"code": 3, "description": ["x"], "stage": "y"}, 0, "success: Fix a typo", "done"),
    ],
)
def test_answers(tmp_path: Path, result: object, code: int, sentence: str, means: str) -> None:
    found = _said(tmp_path, result, Finished(code, "Fix a typo\nand more\n", "why\nbad\n\n", 1.0))
    assert found.sentence == sentence
    assert means == ("failed" if found.failed else "idle" if found.idle else "done")


def test_a_timeout_is_transient(tmp_path: Path) -> None:
    found = _said(tmp_path, {"code": "success"}, Finished(-15, "", "", 5.0, timed_out=True))
    assert (found.failed, found.transient) == (True, True)
    assert "stopped after 5 s" in found.sentence


def test_titles_and_links(tmp_path: Path) -> None:
    assert _said(tmp_path, {"commit-message": "Round half up\n\nBecause."}).title == "Round half up"
    (tmp_path / "result.json").unlink()
    (tmp_path / "result.json").symlink_to("/etc/hostname")
    assert _said(tmp_path, None).sentence == "success: x"


def test_variables() -> None:
    found = variables(Path("/r"), "A <a@b>", Path("/old"))
    assert found == {"SVP_API": "1", "SVP_RESULT": "/r", "COMMITTER": "A <a@b>", "SVP_RESUME": "/old"}
    assert "SVP_RESUME" not in variables(Path("/r"), "A <a@b>", None)


def test_settings_and_their_mistakes() -> None:
    found = fixers(
        {"a": {"command": "true"}, "b": {"command": ["x", "y"], "allow": ["api"], "sandbox": "off"}}, "r"
    )
    assert (found["a"].command, found["b"].command, found["b"].sandbox) == ("true", ("x", "y"), Sandbox.OFF)
    wrong: tuple[dict[str, object], ...] = (
        {"a": {}},
        {"a": {"command": []}},
        {"a": {"command": "x", "timeout": 0}},
        {"a": {"command": "x", "allow": ["everything"]}},
        {"a": {"command": "x", "nonsense": 1}},
        {"a b": {"command": "x"}},
    )
    for one in wrong:
        with pytest.raises(InputError, match="r"):
            fixers(one, "r")
