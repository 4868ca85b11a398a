"""The gate "no evasion": a change does not silence the checks, nor do something else when it is tested."""

import re
from collections import Counter
from collections.abc import Iterator

from remediate.audit.scan.scopes import Scopes
from remediate.edits import Change
from remediate.rust.codebase import Codebase
from remediate.rust.syntax.outline import Outline
from remediate.verify.foreign.permission import Allowed, Permission

_LINT = re.compile(rb"#\s*!?\s*\[[^\]]*\b(allow|expect)\s*\(\s*([\w:,\s]*)")
_TESTED = re.compile(rb"\bcfg\s*!?\s*\(\s*(?:not\s*\(\s*)?(?:[\w\s,]*\(\s*)?test\b|\bdebug_assertions\b")
_SUPPRESSED = re.compile(rb"remediate:\s*allow\b")
_HARNESS = re.compile(rb"\"(?:NEXTEST\w*|CARGO_(?:TARGET_TMPDIR|BIN_\w*)|RUST_TEST_\w*)\"")
_MOST_SHOWN = 5


def evasions(before: Codebase, after: Codebase, change: Change, permission: Permission) -> str:
    """Return what of a change silences a check or asks whether it is tested; "" if nothing does."""
    paths = {*change.originals(), *change.creations, *change.moves.values()}
    old, new = (Counter(_found(side, paths)) for side in (before, after))
    kept = [
        one for one in (new - old).elements() if one[0] != "lint" or Allowed.LINTS not in permission.allowed
    ]
    words = sorted(text for _, text in kept)
    more = f" and {len(words) - _MOST_SHOWN} more" if len(words) > _MOST_SHOWN else ""
    return f"the change adds {', '.join(words[:_MOST_SHOWN])}{more}" if words else ""


def _found(codebase: Codebase, paths: set[str]) -> Iterator[tuple[str, str]]:
    for path in sorted(p for p in paths if p.endswith(".rs") and p in codebase.files):
        outline = Outline(codebase.files[path])
        scopes = Scopes(outline)
        for match in _LINT.finditer(outline.code):
            words = b"".join(match[2].split()).decode(errors="replace")
            yield "lint", f"`{match[1].decode()}({words})`"
        for match in _TESTED.finditer(outline.code):
            if not scopes.covers(match.start()):
                yield "test", f"`{match.group().decode(errors='replace')}` outside of tests"
        for start, end in outline.comments:
            if _SUPPRESSED.search(outline.text, start, end):
                yield "suppression", "a comment that silences the scanner"
        for match in _HARNESS.finditer(outline.text):
            if not scopes.covers(match.start()):
                yield "test", f"{match.group().decode(errors='replace')}, which only a test run sets"
