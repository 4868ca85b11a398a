"""The progress of a run; the command line shows it, tests record it."""

from remediate.model import Finding, Outcome


class Progress:
    """Says nothing; override what is wanted."""

    def warn(self, sentence: str, hint: str = "") -> None:
        """Something the user should know about the whole run, and what can be done about it."""

    def begin(self, finding: Finding, number: int, total: int) -> None:
        """A finding is taken up; ``number`` counts from 1."""

    def step(self, words: str) -> None:
        """The run, or the finding at hand, has come to a new phase."""

    def gates(self, number: int) -> None:
        """Be told how many gates start cargo from now on."""

    def gate(self, name: str) -> None:
        """The next of these gates begins."""

    def line(self, text: str) -> None:
        """Show a line that cargo wrote to its standard error."""

    def end(self, outcome: Outcome) -> None:
        """The finding at hand has its outcome."""
