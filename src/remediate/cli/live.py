"""Show progress: one line that changes on a terminal, a line per finding elsewhere."""

import time
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from rich.markup import escape
from rich.text import Text

from remediate.cli.console import console, word
from remediate.model import Finding, Outcome, Result
from remediate.sanitize import one_line
from remediate.workflow.progress import Progress

if TYPE_CHECKING:
    from rich.status import Status

_MOST_PATH = 36


@dataclass
class Line:
    """The line that changes: rich asks for it several times a second, so that the time goes on.

    What must stay in sight comes first; cut off at the edge of the terminal is the end of cargo's line.
    """

    began: float
    at: str = ""
    phase: str = "starting"
    so_far: str = ""
    cargo: str = ""

    def __rich__(self) -> Text:
        """Return the line as it is now."""
        parts = (self.at, self.phase, self.so_far, self.cargo)
        text = " · ".join(part for part in parts if part)
        return Text(f"{elapsed(time.monotonic() - self.began)} {text}", no_wrap=True, overflow="ellipsis")


class Shown(Progress):
    """Shows the finding at hand, its phase, the time since the run began, and what cargo is at."""

    def __init__(self, asked: dict[str, Any]) -> None:
        self._console = console(errors=True, color=asked["color"])
        self._quiet, self._verbose = asked["quiet"], asked["verbose"]
        self._live: Status | None = None
        self._line = Line(time.monotonic())
        self._at = ""
        self._gates = (0, 0)
        self._counts: Counter[Result] = Counter()

    def __enter__(self) -> Self:
        if self._console.file.isatty() and not self._quiet:
            self._live = self._console.status(self._line)
            self._live.start()
        return self

    def __exit__(self, *error: object) -> None:
        if self._live:
            self._live.stop()

    def warn(self, sentence: str, hint: str = "") -> None:
        """Print a warning, unless quiet."""
        if self._quiet:
            return
        self._console.print(f"[bold yellow]warning[/]: {escape(one_line(sentence, 400))}")
        if hint:
            self._console.print(f"  hint: {escape(one_line(hint, 400))}")

    def begin(self, finding: Finding, number: int, total: int) -> None:
        """Name the finding at hand."""
        counted = f"{number}/{total} " if total > 1 else ""
        where = one_line(finding.path or finding.title, 200)
        self._at = f"{counted}{one_line(finding.rule)} {where}"
        self._line.at = f"{counted}{one_line(finding.rule)} {_end(where)}"
        self._line.so_far = ", ".join(f"{self._counts[r]} {r.value}" for r in Result if self._counts[r])
        self._line.phase = self._line.cargo = ""

    def step(self, words: str) -> None:
        """Show the phase; when verbose and not on a terminal, as a line of its own."""
        self._line.phase, self._line.cargo = words, ""
        if self._verbose and words:
            self._console.print(f"[dim]{escape(': '.join(part for part in (self._at, words) if part))}[/]")

    def gates(self, number: int) -> None:
        """Count the gates from the first one again."""
        self._gates = (0, number)

    def gate(self, name: str) -> None:
        """Show which gate of how many is at work."""
        done, total = self._gates
        self._gates = (done + 1, max(total, done + 1))
        self.step(f"gate {done + 1} of {self._gates[1]}: {name}")

    def line(self, text: str) -> None:
        """Show what cargo is at."""
        if text.strip():
            self._line.cargo = one_line(text.strip().partition(" (")[0], 60)

    def end(self, outcome: Outcome) -> None:
        """Print the outcome as soon as it is known, where no changing line shows that all goes on."""
        self._counts[outcome.outcome] += 1
        if not self._quiet and not self._live:
            self._console.print(f"{escape(self._at)}: {word(outcome)} ({escape(outcome.reason)})")


def elapsed(seconds: float) -> str:
    """Return "0:07", "12:30", "1:02:03"."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def _end(path: str) -> str:
    """Return the end of a path: that is where files differ."""
    return path if len(path) <= _MOST_PATH else f"…{path[-_MOST_PATH + 1 :]}"
