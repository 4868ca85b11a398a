"""What the compiler says of a change, answered: by imports, by lifetimes, by what stays synchronous."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import pairwise

from remediate.audit.scan.scopes import Scopes
from remediate.codemods.replace_block_on.known import Known, identity
from remediate.codemods.replace_block_on.planning import Memo, planned
from remediate.edits import Change, Edit
from remediate.feedback import Feedback, failures, messages
from remediate.model import Diagnostic, Skip, Span
from remediate.rust.codebase import Codebase
from remediate.rust.syntax.bodies import function_at
from remediate.rust.syntax.indent import indentation_at
from remediate.rust.syntax.outline import Outline
from remediate.rust.syntax.source import Source

_REASONS = {
    "E0733": ("recursion", "a function would wait for itself, which needs boxing"),
    "E0728": ("sync-closure", "an `.await` would stand in code that is not async"),
}


def refined(codebase: Codebase, change: Change, memo: Memo, said: Sequence[Feedback]) -> Change | Skip:
    """Return the change as the compiler lets it be, or why there is none.

    Imports that nothing uses go, and lifetimes that are asked for come. A function that rustc refuses to have
    async stays as it is, and the rest is planned anew around it.
    """
    after = change.result(codebase.files)
    asked = sorted(messages(said), key=lambda one: one.level != "error")
    refused = _refused(memo.known, after, [one for one in asked if one.level == "error"])
    if refused:
        found = planned(memo.known.refusing(refused), memo.finding)
        return next(iter(refused.values())) if isinstance(found, Skip) else found
    edits = {path: list(some) for path, some in memo.edits.items()}
    told = {path: set(some) for path, some in change.rewrites.items()}
    for gate in failures(said):
        return Skip("not-verified", f"{gate.sentence}.")
    for diagnostic in asked:
        suggested = list(_suggested(diagnostic, after))
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
    return replace(change, edits=merged, rewrites=rewrites, memo=replace(memo, edits=merged))


def _refused(
    known: Known, after: Mapping[str, bytes | None], errors: Sequence[Diagnostic]
) -> dict[str, Skip]:
    """Return the functions that errors are about and the change made async, and what rustc says of each.

    An error is about the function whose signature it shows, else about the one that its notes lead to (what
    waits while it holds something), else about the one that it stands in.
    """
    found: dict[str, Skip] = {}
    for error in errors:
        own = [span for span in error.spans if span.primary]
        noted = [span for child in error.children for span in child.spans if span.primary]
        places = (
            *(_made_async(known, after, span, in_header=True) for span in own),
            *(_made_async(known, after, span) for span in (*noted, *own)),
        )
        name = "" if next(_suggested(error, after), None) else next(filter(None, places), "")
        if name and name not in known.refused:
            found.setdefault(name, _declined(error))
    return found


def _made_async(
    known: Known, after: Mapping[str, bytes | None], span: Span, *, in_header: bool = False
) -> str:
    """Return the identity of the function around a span of the result, if it waits only there; or ""."""
    text = after.get(span.path)
    new = function_at(Source(span.path, text), span.start) if text else None
    if new is None or span.path not in known.codebase.files:
        return ""
    if in_header and new.body is not None and span.start > new.body[0]:
        return ""
    owner = (new.name, new.owner, new.trait, new.self_type)
    same = [f for f in known.functions(span.path) if (f.name, f.owner, f.trait, f.self_type) == owner]
    was = same[0] if len(same) == 1 else new
    # Where a trait is needed as `dyn` its methods return boxed futures.
    waits = (new.is_async, new.output) != (was.is_async, was.output)
    return identity(span.path, was) if waits else ""


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
        lacking = (_LACKING.search(child.message) for child in diagnostic.children)
        why = next((f": {found[1]}" for found in lacking if found is not None), "")
        reason, words = "not-send", f"{diagnostic.message}{why}"
    where = next((span for span in diagnostic.spans if span.primary), None)
    return Skip(reason, f"{where.path}:{where.line}: {words}." if where is not None else f"{words}.")


_LACKING = re.compile(r"(the trait `\S+` is not implemented for `.+`)")
_ANSWERS = {"unused_imports": re.compile(rb""), "E0726": re.compile(rb"(?:\w+)?<(?:'_(?:, )?)+>|'_, ")}
"""What rustc may suggest to write, for the codes that are answered: nothing, or a lifetime."""


def _suggested(
    diagnostic: Diagnostic, after: Mapping[str, bytes | None]
) -> Iterator[tuple[str, int, int, bytes]]:
    """Yield what rustc suggests to replace, in the text as it is after the change, and by what.

    Of a trait whose methods alone are not used it suggests nothing: it only shows the import.
    """
    answer = _ANSWERS.get(diagnostic.code)
    spans = [span for one in (diagnostic, *diagnostic.children) for span in one.spans]
    said = [span for span in spans if span.replacement is not None]
    for s in said if answer is not None else ():
        if answer is not None and s.replacement is not None and answer.fullmatch(s.replacement.encode()):
            yield s.path, s.start, s.end, s.replacement.encode()
    for s in spans if diagnostic.code == "unused_imports" and not said else ():
        text = after.get(s.path) or b""
        opened, closed = _OPENED.search(text[: s.start]), _CLOSED.match(text, s.end)
        if opened is not None and closed is not None:
            yield s.path, opened.start(1), closed.end(), b""


_OPENED = re.compile(rb"(?:\A|[;}\n])\s*(use\s+)\Z")
_CLOSED = re.compile(rb"(?:\s+as\s+\w+)?\s*;")


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
    """Return the edit that removes these bytes, and with them a line that would be empty."""
    end -= len(text[start:end]) - len(text[start:end].rstrip())  # rustc counts the line's end in
    line = text.rfind(b"\n", 0, start) + 1
    following = _BLANK.match(text, end)
    if text[line:start].strip() or following is None:
        return Edit(start, end, b"")
    above = text.rfind(b"\n", 0, max(0, line - 1)) + 1
    is_apart = not line or _BLANK.match(text, above)
    blank = _BLANK.match(text, following.end()) if is_apart else None
    return Edit(line, (blank or following).end(), b"")


_BLANK = re.compile(rb"[ \t]*\r?\n")
