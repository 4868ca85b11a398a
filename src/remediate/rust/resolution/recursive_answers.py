"""Answers to questions that may lead back to themselves, each worked out once."""

from collections.abc import Callable, Hashable
from typing import Generic, TypeVar

Answer = TypeVar("Answer")


class RecursiveAnswers(Generic[Answer]):
    """What is known of each question.

    A question that is asked while it is open has no answer (None). What was answered meanwhile is a draft: it
    holds for as long as another question is open. Without the drafts each way through names that lead to one
    another would be gone.
    """

    def __init__(self) -> None:
        self._open: set[Hashable] = set()
        self._answers: dict[Hashable, Answer | None] = {}
        self._drafts: dict[Hashable, Answer | None] = {}
        self._cuts = 0

    def ask(self, subject: Hashable, way: Hashable, work_out: Callable[[], Answer | None]) -> Answer | None:
        """Return the answer to a question about a subject; only one about each can be open at a time."""
        if subject in self._open:
            self._cuts += 1
            return None
        question = (subject, way)
        if question in self._drafts:
            self._cuts += 1
            return self._drafts[question]
        if question not in self._answers:
            return self._worked_out(subject, question, work_out)
        return self._answers[question]

    def _worked_out(
        self, subject: Hashable, question: Hashable, work_out: Callable[[], Answer | None]
    ) -> Answer | None:
        cuts = self._cuts
        self._open.add(subject)
        try:
            found = work_out()
        finally:
            self._open.discard(subject)
            if not self._open:
                self._drafts.clear()
        settled = cuts == self._cuts or not self._open
        (self._answers if settled else self._drafts)[question] = found
        return found
