"""The one runner over ``fixtures/<codemod>/<case>``: a new case is a file or a folder, never a new function.

Fast laws, for every case: the exact bytes of ``after/`` or the exact reason of ``skip.txt``; what comes out
parses; conservation holds; a second run finds nothing to do, in the file where it now is and in each new one.
rustc's part is replayed from ``messages.json``, which the slow runner (``test_fixtures_compile.py``) records
from, and checks against, a real compiler.
"""

from pathlib import Path

import pytest
from fixture_case import Case, cases, tree
from fixture_file import write

from remediate.contract import Adding, Codemod, Explaining, codemods
from remediate.edits import Change
from remediate.model import Explained, Finding, Skip
from remediate.rust.codebase import Codebase
from remediate.rust.syntax.source import Source
from remediate.verify.rescan import Again, remaining
from remediate.verify.text.conservation import conserve, expected, lost_comments
from remediate.verify.text.manifests import undeclared
from remediate.workflow.fixing.formatting import formatted
from remediate.workflow.sources.workspace import load

CASES = cases()


@pytest.mark.parametrize("case", CASES, ids=lambda c: f"{c.codemod}/{c.name}")
def test_case(case: Case, tmp_path: Path) -> None:
    codebase = case.probed(case.informed(load(case.before).codebase))
    codemod = codemods()[case.codemod]
    result = planned(case, codebase, codemod)
    if isinstance(result, Skip):
        assert case.reason == f"{result.reason}: {result.sentence}"
        return
    assert not case.declines, "planned a change where the case says it declines"
    files = dict(codebase.files)
    after = result.conserved(files)
    before = {path: files.get(path) for path in after} | expected(files, result.rewrites)
    assert lost_comments(files, result.rewrites, result.comments) == ()
    crates = frozenset(m.crate for m in result.moved_tests)
    told = (result.new_modules, result.rewritten)
    assert conserve(before, after, codemod.PROOFS, *told, crates=crates) == ()
    for path in [p for p in after if p.endswith("Cargo.toml")]:
        assert undeclared(path, before[path] or b"", after[path] or b"", result.manifest) == ()
    _assert_parses(before, after)
    laid_out = formatted(result, codebase, case.before)
    _assert_exact(case, laid_out.result(files), tmp_path)
    _assert_second_run_has_nothing_to_do(case, (codebase, load(tmp_path).codebase), laid_out, codemod)


def planned(case: Case, codebase: Codebase, codemod: Codemod) -> Change | Skip:
    result = codemod.plan(codebase, case.finding(), case.options())
    for said in case.messages():
        assert isinstance(result, Change)
        result = codemod.refine(codebase, formatted(result, codebase, case.before), said)
    return result


def _assert_parses(before: dict[str, bytes | None], after: dict[str, bytes | None]) -> None:
    assert _broken(after) <= _broken(before)


def _broken(texts: dict[str, bytes | None]) -> int:
    rust = ((path, text) for path, text in texts.items() if text and path.endswith(".rs"))
    return sum(len(Source(path, text).errors) for path, text in rust)


def _assert_exact(case: Case, after: dict[str, bytes | None], tmp_path: Path) -> None:
    whole = {**tree(case.before), **{p: t for p, t in after.items() if t is not None}}
    whole = {p: t for p, t in whole.items() if after.get(p, t) is not None}
    assert {p: t.decode() for p, t in whole.items()} == {p: t.decode() for p, t in case.expected().items()}
    write(tmp_path, whole)


def _assert_second_run_has_nothing_to_do(
    case: Case, sides: tuple[Codebase, Codebase], change: Change, codemod: Codemod
) -> None:
    """The finding's file is followed to where it moved, and every new file is planned as well."""

    def plan(codebase: Codebase, finding: Finding) -> Change | Skip:
        return codemod.plan(codebase, finding, case.options())

    def explain(codebase: Codebase, finding: Finding) -> tuple[Explained, ...]:
        assert isinstance(codemod, Explaining)
        return codemod.explain(codebase, finding, case.options())

    told = explain if isinstance(codemod, Explaining) else None
    added = codemod.added if isinstance(codemod, Adding) else None
    again = Again(plan, codemod.SETTLED, sides[0], told, added)
    found = list(remaining(sides[1], change, case.finding(), again))
    assert [one.sentence for one in found if not (one.settled or one.told)] == []


def test_nearly_every_second_case_declines() -> None:
    for codemod in codemods():
        mine = [c for c in CASES if c.codemod == codemod]
        assert len(mine) >= 15
        assert sum(c.declines for c in mine) >= 0.4 * len(mine)
