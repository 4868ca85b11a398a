"""Claimed lines against today's places, by the numbers alone."""

import pytest

from remediate.audit.anchoring.lines import Aligned, Unsure, Verdict, align, in_words, reason_of
from remediate.audit.document import LineRange
from remediate.model import Status

UNSURE = Unsure.UNSURE


@pytest.mark.parametrize(
    ("claimed", "proofs", "lookalikes", "expected"),
    [
        ([10], [10, 12], [], [10]),
        ([10], [300], [], [300]),
        ([10], [14, 25], [], [UNSURE]),
        ([10], [14, 90], [], [14]),
        ([10, 20, 30], [20, 30], [], [None, 20, 30]),
        ([10, 20], [20, 30], [], [20, 30]),
        ([10, 100], [104], [], [None, 104]),
        ([10, 20, 30], [15, 25, 35, 90], [], [15, 25, 35]),
        ([810], [561, 682], [], [UNSURE]),
        ([2], [50], [2], [2]),
        ([3, 7, 40], [3], [6, 7], [3, 7, None]),
        ([5], [], [], [None]),
    ],
)
def test_align(claimed: list[int], proofs: list[int], lookalikes: list[int], expected: list[Aligned]) -> None:
    places = {**dict.fromkeys(lookalikes, False), **dict.fromkeys(proofs, True)}
    assert align([LineRange(n, n) for n in claimed], places) == expected


def test_a_range_holds_what_is_in_it() -> None:
    assert align([LineRange(10, 20)], {15: True}) == [15]


def test_very_long_lists_match_equal_numbers_only() -> None:
    lines = [LineRange(n, n) for n in range(1, 400)]
    assert align(lines, dict.fromkeys(range(1, 300), True))[:299] == list(range(1, 300))


def test_what_is_said_of_many_lines_is_said_once() -> None:
    def verdict(line: int, said: str, last: int = 0) -> Verdict:
        lines = LineRange(line, last or line)
        return Verdict(Status.AMBIGUOUS, (lines,), (), said.format(in_words(lines)))

    unsure = "2 locations today, none of them certainly what was at {}"
    told = reason_of([verdict(21, unsure), verdict(22, unsure), verdict(27, unsure, 29)])
    assert told == "2 locations today, none of them certainly what was at lines 21, 22, 27-29"
    noun = "{} is only a noun in a comment"
    assert reason_of([verdict(3, noun)]) == "line 3 is only a noun in a comment"
    assert reason_of([verdict(3, noun), verdict(9, noun)]) == "lines 3, 9 are only a noun in a comment"
    assert reason_of([verdict(3, noun), verdict(9, "only a noun in a comment")]) == noun.format("line 3")
