"""What a program can see of where its code stands: no test may notice, so a reviewer is told."""

import re
from collections.abc import Iterator

from remediate.codemods.split_file.draft import FACADE, Draft

_TYPES = {"struct", "enum", "union", "trait", "type"}
_LOGS = re.compile(
    rb"\b(?:log|tracing)\s*::|\b(?:trace|debug|info|warn|error|event)(?:_span)?\s*!\s*[(\[{]"
    rb"|#\s*\[\s*instrument\b"
)
_CALLER = re.compile(rb"\bLocation\s*::\s*caller\b")
_TYPE_NAME = re.compile(rb"\btype_name(?:_of_val)?\b")


def logs(text: bytes) -> bool:
    """Whether code logs, by the usual names of logging macros: their targets tell the module."""
    return _LOGS.search(text) is not None


def traces(draft: Draft) -> Iterator[str]:
    """Yield a sentence for each way in which the program itself can tell that code of M has moved."""
    survey = draft.survey
    package, text = survey.ground.package, survey.ground.source.text
    moved = [u for u in survey.units if draft.place[u.index] != FACADE]
    if any(u.item.kind in _TYPES for u in moved) and any(map(_TYPE_NAME.search, package.files.values())):
        yield "`type_name` tells the new module for types that moved."
    if any(map(_CALLER.search, package.files.values())):
        yield "`Location::caller` tells the new file for calls in code that moved, as panic messages do."
    if any(_LOGS.search(text, u.own.lead, u.end) for u in moved):
        name = survey.ground.module.name
        yield f"Log targets of code that moved are modules below `{name}`: filters by prefix still match."
