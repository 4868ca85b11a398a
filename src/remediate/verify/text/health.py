"""Parse health: no file reads worse than before, and no edit touches what the parser cannot read."""

from collections import Counter
from collections.abc import Mapping

from remediate.edits import Change
from remediate.gates import GateResult, failed, passed
from remediate.quantities import quantity
from remediate.rust.package import Package
from remediate.rust.syntax.source import Source, shared

_GATE = "parse"


def health(package: Package, change: Change, after: Mapping[str, bytes | None]) -> GateResult:
    """Compare the unreadable places of the touched files; ``after`` is the change's result."""
    new = {path: text for path, text in after.items() if text is not None and path.endswith(".rs")}
    touched = [f"{path}:{line}" for path, line in _touched(package, change)]
    if touched:
        return failed(_GATE, f"an edit touches code the parser cannot read: {', '.join(touched[:5])}")
    before = Counter(
        e for path in change.originals() if path.endswith(".rs") for e in _errors(package.source(path))
    )
    sources = [shared(path, text) for path, text in sorted(new.items())]
    worse = Counter(error for source in sources for error in _errors(source)) - before
    if worse:
        where = [f"{s.path}:{s.line_of(a)}" for s in sources for a, b in s.errors if s.text[a:b] in worse]
        return failed(_GATE, f"the result cannot be parsed: {', '.join(where[:5])}")
    return passed(_GATE, f"no new parse error in {quantity(len(new), 'file')}")


def _touched(package: Package, change: Change) -> list[tuple[str, int]]:
    return [
        (path, package.source(path).line_of(start))
        for path, edits in sorted(change.edits.items())
        if path.endswith(".rs")
        for start, end in package.source(path).errors
        if any(edit.start < max(end, start + 1) and start < edit.end for edit in edits)
    ]


def _errors(source: Source) -> list[bytes]:
    return [source.text[start:end] for start, end in source.errors]
