"""silver-platter's codemod protocol, version 1: what a program is told in variables, and what it answers.

It works in a checkout of its own. It ends with 0 if it has made its changes, or had nothing to do; anything
else is a failure, and its changes are dropped. It may commit: then what it did not commit is dropped, else
all of it counts. In the file that ``SVP_RESULT`` names it may tell more, as JSON.
"""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from remediate.cargo.process import Finished
from remediate.sanitize import one_line

_NOTHING = "nothing-to-do"
_SUCCESS = "success"
_LARGEST = 1_000_000
_MISSING = 127


class RefusedError(Exception):
    """What a fixer did is refused before any gate looks at it: a reason code, and one sentence."""

    def __init__(self, reason: str, sentence: str) -> None:
        super().__init__(sentence)
        self.reason, self.sentence = reason, sentence


@dataclass(frozen=True, slots=True)
class Answer:
    """What a program said of its work.

    Attributes:
        code: "success", "nothing-to-do", or the category of an error.
        description: One line.
        title: What it would call the change.
        transient: Whether another run may succeed.
        stage: Where it failed.
        raw: All that it told, for its next run.
    """

    code: str
    description: str = ""
    title: str = ""
    transient: bool = False
    stage: tuple[str, ...] = ()
    raw: Mapping[str, Any] = field(default_factory=dict)

    @property
    def failed(self) -> bool:
        """Whether its changes are to be dropped."""
        return self.code not in {_SUCCESS, _NOTHING}

    @property
    def idle(self) -> bool:
        """Whether it says that there was nothing to do."""
        return self.code == _NOTHING

    @property
    def sentence(self) -> str:
        """What it said, for a person."""
        where = f" (stage {' '.join(self.stage)})" if self.stage else ""
        return f"{self.code}{where}" + (f": {self.description}" if self.description else "")


def variables(result: Path, committer: str, resume: Path | None) -> dict[str, str]:
    """Return the variables of the protocol; ``resume`` is a file with what the last run told."""
    found = {"SVP_API": "1", "SVP_RESULT": str(result), "COMMITTER": committer}
    return found | ({"SVP_RESUME": str(resume)} if resume else {})


def answer(ended: Finished, result: Path, seconds: float) -> Answer:
    """Return what a program answered, by its exit code and its result."""
    told = _told(result)
    if ended.timed_out:
        return Answer("timeout", f"it was stopped after {seconds:.0f} s", transient=True)
    if isinstance(told, str):
        return Answer("invalid-result", told)
    said = _text(told, "description") or one_line(ended.stdout.strip().partition("\n")[0], 300)
    code = _text(told, "code") or _text(told, "result_code") or _text(told, "result-code")
    if ended.code:
        last = next((line for line in reversed(ended.stderr.splitlines()) if line.strip()), "")
        missing = "command-not-found" if ended.code == _MISSING else f"exit-code-{ended.code}"
        code = code if code not in {"", _SUCCESS, _NOTHING} else missing
        said = _text(told, "description") or one_line(last, 300)
    stage = told.get("stage")
    return Answer(
        code=code or _SUCCESS,
        description=said,
        title=_text(told, "title") or _text(told, "commit-message", first=True),
        transient=told.get("transient") is True,
        stage=tuple(one_line(str(part), 60) for part in stage) if isinstance(stage, list) else (),
        raw=told,
    )


def _told(result: Path) -> dict[str, Any] | str:
    """Return a result's fields, {} where there is none, or a sentence that says why it cannot be read."""
    if result.is_symlink() or not result.is_file():
        return {}
    if result.stat().st_size > _LARGEST:
        return "its result is larger than 1 MB"
    try:
        found = json.loads(result.read_bytes() or b"{}")
    except ValueError:
        return "its result is no JSON"
    return found if isinstance(found, dict) else "its result is no JSON object"


def _text(told: Mapping[str, Any], key: str, *, first: bool = False) -> str:
    """Return a field as one line, or its first line; "" where it is no text."""
    value = told.get(key)
    if not isinstance(value, str):
        return ""
    return one_line(value.strip().partition("\n")[0] if first else value, 400)
