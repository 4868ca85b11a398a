"""What becomes of each marker, for a person who asks."""

from remediate.codemods.resolve_markers.answers import Judgment
from remediate.codemods.resolve_markers.reasons import REASONS
from remediate.model import Explained, Skip

_CLASSES = {
    "stub": "the code does nothing, or returns a constant or its input",
    "simulation": "the code imitates its work",
    "honest-error": "the code refuses with an error",
    "dead-code": "an attribute that allows unused code, or code that is commented out",
    "remark": "the code does its work",
    "test": "test code",
    "noun": "no marker",
}


def explanation(judgment: Judgment) -> Explained:
    """Return what a judgment says, in short and in full."""
    place, answer = judgment
    line = place.text[place.line_start : place.line_end].decode(errors="replace").strip()
    evidence = [
        f"{place.path}:{place.line}: {line}",
        f"  rule      {place.rule}",
        f"  class     {place.kind or '-'}: {_CLASSES.get(place.kind, 'not known')}",
        f"  evidence  {place.note or '-'}",
    ]
    if isinstance(answer, Skip):
        evidence += [f"  stays     {answer.reason}: {REASONS[answer.reason]}"]
    else:
        evidence += [f"  becomes   {answer.summary}"]
        evidence += [f"  note      {note}" for note in (answer.note, answer.kept) if note]
    return Explained(
        path=place.path,
        line=place.line,
        what=place.rule,
        where=f"in `{place.function}`" if place.function else "beside an item",
        kind=place.kind,
        reason=answer.reason if isinstance(answer, Skip) else "",
        detail=answer.sentence if isinstance(answer, Skip) else answer.summary,
        evidence=tuple(evidence),
    )
