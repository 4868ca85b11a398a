"""What the compiler says of a change, answered: unused imports go, lifetimes come, all else declines."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from remediate.audit.scan.scopes import Scopes
from remediate.edits import Change, Edit
from remediate.feedback import Feedback, GateFailure
from remediate.model import Diagnostic, Skip
from remediate.rust.codebase import Codebase
from remediate.rust.syntax.indent import indentation_at
from remediate.rust.syntax.outline import Outline

_REASONS = {
    "E0733": ("recursion", "a function would wait for itself, which needs boxing"),
    "E0728": ("sync-closure", "an `.await` would stand in code that is not async"),
}


def refined(
    codebase: Codebase, change: Change, planned: Mapping[str, tuple[Edit, ...]], said: Sequence[Feedback]
) -> Change | Skip:
    """Return the change without imports that nothing uses, with lifetimes that are asked for, or why not.

    ``planned`` are the edits before rustfmt laid out what they make.
    """
    after = change.result(codebase.files)
    edits = {path: list(some) for path, some in planned.items()}
    told = {path: set(some) for path, some in change.rewrites.items()}
    for diagnostic in said:
        if isinstance(diagnostic, GateFailure):
            return Skip("not-verified", f"{diagnostic.sentence}.")
        suggested = list(_suggested(diagnostic))
        if not suggested:
            return _declined(diagnostic)
        for path, start, end, new in suggested:
            text = codebase.files.get(path, b"")
            place = _in_original(text, after.get(path) or b"", start, end)
            if place is None:
                return _declined(diagnostic)
            if new:
                edits.setdefault(path, []).append(Edit(*place, new))
                told.setdefault(path, set()).add(Edit(*place, new))
            else:
                edits.setdefault(path, []).extend((_removed(text, *place), *_for_tests(text, *place)))
    merged = {path: tuple(sorted(set(some))) for path, some in edits.items()}
    if any(a.end > b.start for some in merged.values() for a, b in pairwise(some)):
        return Skip("not-verified", "imports that nothing uses any more stand inside of each other.")
    rewrites = {path: tuple(sorted(some)) for path, some in told.items()}
    return replace(change, edits=merged, rewrites=rewrites, memo=merged)


def _for_tests(text: bytes, start: int, end: int) -> Iterator[Edit]:
    """Yield the edits by which test modules that have an import from the file itself get it back."""
    found = _USE.fullmatch(text[start:end].strip())
    outline = Outline(text)
    for module in Scopes(outline).items if found is not None else ():
        code = outline.code[module.own : module.end]
        above = _ALL.search(code)
        if found is None or module.kind != "mod" or above is None:
            continue
        if re.search(rb"(?<![\w:])" + re.escape(found[1]) + rb"\b", code):
            at = module.own + above.end()
            margin = indentation_at(text, module.own + above.start())
            yield Edit(at, at, b"\n" + margin + text[start:end].strip())


_USE = re.compile(rb"use\s+(?:\w+\s*::\s*)+(\w+)\s*;")
_ALL = re.compile(rb"\buse\s+super\s*::\s*\*\s*;")


def _declined(diagnostic: Diagnostic) -> Skip:
    reason, words = _REASONS.get(diagnostic.code, ("not-verified", diagnostic.message))
    if "cannot be sent between threads" in diagnostic.message:
        reason, words = "not-send", diagnostic.message
    where = next((span for span in diagnostic.spans if span.primary), None)
    return Skip(reason, f"{where.path}:{where.line}: {words}." if where is not None else f"{words}.")


_ANSWERS = {"unused_imports": re.compile(rb""), "E0726": re.compile(rb"(?:\w+)?<(?:'_(?:, )?)+>|'_, ")}
"""What rustc may suggest to write, for the codes that are answered: nothing, or a lifetime."""


def _suggested(diagnostic: Diagnostic) -> Iterator[tuple[str, int, int, bytes]]:
    """Yield what rustc suggests to replace, in the text as it is after the change, and by what."""
    answer = _ANSWERS.get(diagnostic.code)
    for one in (diagnostic, *diagnostic.children) if answer is not None else ():
        for s in one.spans:
            if s.replacement is not None and answer is not None and answer.fullmatch(s.replacement.encode()):
                yield s.path, s.start, s.end, s.replacement.encode()


def _in_original(original: bytes, after: bytes, start: int, end: int) -> tuple[int, int] | None:
    """Return where bytes of the result stand in the original; None where that is not sure."""
    line_start = after.rfind(b"\n", 0, start) + 1
    line_end = after.find(b"\n", end)
    line = after[line_start : line_end if line_end >= 0 else len(after)]
    # A line is as it was, but for the function that it makes async.
    for word in (b"", b"async "):
        put = line.find(word)
        was = line[:put] + line[put + len(word) :]
        same = [m.start() for m in re.finditer(rb"^" + re.escape(was) + rb"$", original, re.MULTILINE)]
        at = same[0] + start - line_start - (len(word) if start > line_start + put else 0) if same else 0
        if put >= 0 and len(same) == 1 and original[at : at + end - start] == after[start:end]:
            return at, at + end - start
    return None


def _removed(text: bytes, start: int, end: int) -> Edit:
    """Return the edit that removes these bytes, and the line that would be empty for that."""
    line = text.rfind(b"\n", 0, start) + 1
    following = re.compile(rb"[ \t]*\r?\n").match(text, end)
    if not text[line:start].strip() and following is not None:
        return Edit(line, following.end(), b"")
    return Edit(start, end, b"")
