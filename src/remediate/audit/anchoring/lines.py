"""What has become of each line a claim names in one file, by today's text alone."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.audit.anchoring.align import Unsure, align
from remediate.audit.anchoring.evidence import Found
from remediate.audit.anchoring.hits import Hit
from remediate.audit.document import LineRange
from remediate.model import Status
from remediate.quantities import quantity


@dataclass(frozen=True, slots=True)
class Verdict:
    """The status of claimed lines, the places it rests on, the evidence in words.

    ``path`` is the file of the places where it is not the one that was asked about.
    """

    status: Status
    lines: tuple[LineRange, ...]
    places: tuple[Hit, ...]
    reason: str
    path: str = ""


def verdicts(found: Found, claimed: Sequence[LineRange]) -> list[Verdict]:
    """Return the verdict on each claimed line, or one on the whole file when none is claimed."""
    if not claimed:
        return [_whole(found)]
    answers: dict[LineRange, Verdict] = {}
    open_: list[LineRange] = []
    for lines in sorted(set(claimed)):
        known = _at_once(lines, found)
        if known:
            answers[lines] = known
        else:
            open_.append(lines)
    answers.update(_paired(found, open_))
    return [answers[lines] for lines in claimed]


def _whole(found: Found) -> Verdict:
    places = found.proofs or found.others
    if places:
        what = f": {places[0].what}" if places[0].what.startswith("it ") else ""
        return Verdict(Status.PRESENT, (), places, f"{quantity(len(places), 'place')} today{what}")
    if found.lookalikes:
        return Verdict(Status.MISTAKEN, (), found.lookalikes, f"only {whats(found.lookalikes)}")
    return Verdict(Status.FIXED, (), (), "nothing of the kind is in the file today")


def _at_once(lines: LineRange, found: Found) -> Verdict | None:
    """Judge a line on which only another rule that the claim names is proven."""
    others = tuple(hit for hit in found.others if _within(hit, lines))
    if not others or any(_within(hit, lines) for hit in found.proofs):
        return None
    return Verdict(Status.PRESENT, (lines,), others, f"line {others[0].line}: {others[0].what}")


def _paired(found: Found, open_: list[LineRange]) -> Iterator[tuple[LineRange, Verdict]]:
    """Pair claimed lines with all places where the words stand: an audit may have pointed at a comment."""
    exact = any(_within(hit, lines) for hit in found.proofs for lines in open_)
    proofs = found.meant or (found.named if found.named and not exact else found.proofs)
    proven = {hit.line for hit in proofs}
    aligned = align(open_, {hit.line: hit.line in proven for hit in (*proofs, *found.lookalikes)})
    free = proven.difference(a for a in aligned if isinstance(a, int))
    for lines, answer in zip(open_, aligned, strict=True):
        if not isinstance(answer, int):
            yield lines, _unpaired(lines, found, unsure=answer is Unsure.UNSURE)
        elif answer in proven:
            yield (
                lines,
                _proven(
                    lines,
                    answer,
                    [hit for hit in proofs if hit.line == answer or _within(hit, lines)],
                    by_words=bool(found.meant),
                ),
            )
        else:
            looks = tuple(hit for hit in found.lookalikes if hit.line == answer)
            yield lines, _alike(lines, looks, unsure=bool(free) and not _within(looks[0], lines))


def _unpaired(lines: LineRange, found: Found, *, unsure: bool) -> Verdict:
    count = quantity(len(found.proofs), "location")
    if not found.proofs and found.lookalikes:
        return Verdict(Status.MISTAKEN, (lines,), found.lookalikes, f"only {whats(found.lookalikes)}")
    if unsure:
        said = f"{count} today, none of them certainly what was at {in_words(lines)}"
        return Verdict(Status.AMBIGUOUS, (lines,), found.proofs, said)
    quote = " with the quoted text" if found.quoted else ""
    rest = f"; {count} elsewhere in the file" if found.proofs else ""
    return Verdict(
        Status.FIXED, (lines,), (), f"nothing of the kind{quote} at or near {in_words(lines)}{rest}"
    )


def _proven(lines: LineRange, line: int, places: Sequence[Hit], *, by_words: bool) -> Verdict:
    inside = tuple(hit for hit in places if _within(hit, lines))
    if inside:
        return Verdict(Status.PRESENT, (lines,), inside, f"{in_words(lines)}: {inside[0].what}")
    said = f"{in_words(lines)} is line {line} today: {places[0].what}"
    said += " with the words of the audit" if by_words else ""
    return Verdict(Status.MOVED, (lines,), tuple(places), said)


def _alike(lines: LineRange, looks: tuple[Hit, ...], *, unsure: bool) -> Verdict:
    line = f"line {looks[0].line}" if not _within(looks[0], lines) else in_words(lines)
    said = f"{line} is only {whats(looks)}"
    if unsure:
        return Verdict(Status.AMBIGUOUS, (lines,), looks, f"{said}, but there are other places in the file")
    return Verdict(Status.MISTAKEN, (lines,), looks, said)


def _within(hit: Hit, lines: LineRange) -> bool:
    return lines.first <= hit.line <= lines.last


def in_words(lines: LineRange) -> str:
    """Return claimed lines for a person."""
    return f"line {lines.first}" if lines.first == lines.last else f"lines {lines.first}-{lines.last}"


def whats(found: Sequence[Hit]) -> str:
    """Return what places are, for a person."""
    return ", ".join(dict.fromkeys(hit.what for hit in found[:5]))
