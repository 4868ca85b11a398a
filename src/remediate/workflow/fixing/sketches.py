"""The code that an audit gives as its solution, compiled where it would stand: what rustc says of it."""

from remediate.cargo.check import DEFAULT
from remediate.errors import BaselineError
from remediate.model import Diagnostic, Finding
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.rust.syntax.bodies import functions
from remediate.workflow.tree.disk import Written
from remediate.workflow.tree.session import Session

_OF_PLACE = frozenset({"E0428", "E0592", "E0201"})
"""Errors that only say that what the sketch replaces is still there."""
_MOST = 4


def objections(
    session: Session, written: Written, package: Package, codebase: Codebase, finding: Finding
) -> str:
    """Return a sentence about why a finding's sketch does not compile, "" where it does or is no function.

    Call it while the disk is untouched; it is so afterwards.
    """
    text = codebase.files.get(finding.path)
    if text is None or "fn " not in finding.sketch or not finding.path.endswith(".rs"):
        return ""
    at = _place(codebase, finding)
    sketch = finding.sketch.encode().strip()
    try:
        written.write({finding.path: text[:at] + b"\n\n" + sketch + b"\n" + text[at:]})
        check = session.cargo.compile(("check", "--keep-going"), DEFAULT, (package.id or package.name,))
    except BaselineError:
        return ""
    finally:
        written.restore()
    said = [m.diagnostic for m in check.messages if m.diagnostic.level.startswith("error")]
    inside = (finding.path, at, at + len(sketch) + 2)
    found = dict.fromkeys(_shown(d) for d in said if _is_inside(d, *inside) and d.code not in _OF_PLACE)
    if not found:
        return ""
    more = f" and {len(found) - _MOST} more" if len(found) > _MOST else ""
    return f"the code in the audit does not compile: {'; '.join(list(found)[:_MOST])}{more}"


def _place(codebase: Codebase, finding: Finding) -> int:
    """Return where the sketch would stand: behind the function that it is about, in an impl for a method."""
    text = codebase.files[finding.path]
    line = next((site.line for site in finding.sites if site.path == finding.path), 0)
    offset = sum(len(one) for one in text.splitlines(keepends=True)[: line - 1]) if line else 0
    source = codebase.home(finding.path).source(finding.path)
    around = [f for f in functions(source) if f.span[0] <= offset < f.span[1] and not f.nested]
    is_method = "self" in finding.sketch.partition("{")[0]
    if around and (around[0].owner == "impl") == is_method:
        return around[0].span[1]
    owners = [f for f in functions(source) if f.owner == "impl"] if is_method else []
    return owners[0].span[1] if owners else len(text)


def _is_inside(diagnostic: Diagnostic, path: str, start: int, end: int) -> bool:
    return any(s.primary and s.path == path and start <= s.start < end for s in diagnostic.spans)


def _shown(diagnostic: Diagnostic) -> str:
    return f"{diagnostic.code} {diagnostic.message}".strip()
