"""The mutation suite: every bad change is refused by the gate that is there for it, every good one passes."""

import json
import sys
from pathlib import Path

import foreign_mutations
import pytest
import scratch
from command_line import Remediate
from foreign_mutations import BAD, FILE, GOOD, LIMIT, WAITS, Mutation, apply, crate
from made_package import target

from remediate.audit.constraints import CHECKED, Constraint
from remediate.edits import change_between
from remediate.model import WaitingTest
from remediate.rust.codebase import Codebase, changed_codebase
from remediate.rust.package import Package
from remediate.verify.foreign.gates import gates
from remediate.verify.foreign.permission import Permission
from remediate.verify.foreign.tests_kept import test_names as names_of_tests
from remediate.verify.ladder import Attempt, examine
from remediate.verify.report import Report
from remediate.workflow.external.codemod import proofs

DEMANDED = tuple(Constraint(name, limit=LIMIT if name == "file-size" else None) for name in CHECKED)
TEXTS = crate((*BAD, *GOOD))
BY_TEXT = [m for m in BAD if not m.needs_cargo and m.gate != "fixer-not-text"]


@pytest.fixture(scope="module")
def codebase() -> Codebase:
    files = {p: t.encode() for p, t in TEXTS.items() if p.endswith((".rs", ".toml"))}
    return Codebase.of(Package("mutants", "", "", "2024", (target("", "src/lib.rs", "lib"),), files))


def _judged(codebase: Codebase, mutation: Mutation) -> Report:
    """Return what all gates say that need no cargo, as a run asks them before it begins to compile."""
    after = {path: text.encode() for path, text in apply(mutation, TEXTS).items()}
    change = change_between(codebase.files, dict(after))
    (home,) = codebase.packages
    own = FILE.replace("NAME", mutation.module)
    permission = Permission(frozenset({own}), waiting=(WaitingTest(own, WAITS, "due"),))
    report = examine(Attempt(home, change, proofs(permission)))
    new = changed_codebase(codebase, change, home)
    return report + Report(tuple(gate.judged(codebase, new, change) for gate in gates(permission, DEMANDED)))


def _code(name: str) -> str:
    return name.replace(" ", "-")


@pytest.mark.parametrize("mutation", BY_TEXT, ids=lambda m: m.name)
def test_what_is_refused_before_cargo_runs(codebase: Codebase, mutation: Mutation) -> None:
    failed = [_code(gate.name) for gate in _judged(codebase, mutation).failed]
    assert failed[:1] == [mutation.gate]


@pytest.mark.parametrize("mutation", GOOD, ids=lambda m: m.name)
def test_what_no_gate_of_text_refuses(codebase: Codebase, mutation: Mutation) -> None:
    assert not _judged(codebase, mutation).failed


def test_each_mutation_is_its_own() -> None:
    modules = [m.module for m in (*BAD, *GOOD)]
    assert len(set(modules)) == len(modules)
    assert (len(BAD) >= 40, len(GOOD) >= 20) == (True, True)
    assert {m.gate for m in BAD} >= {_code(g.name) for g in gates(Permission(frozenset()), DEMANDED)} - {
        "dependencies"
    }


def test_the_names_of_new_tests_are_known(codebase: Codebase) -> None:
    found = names_of_tests(codebase.packages[0])
    assert {"drops_the_comment::tests::doubles", "other::tests::counts"} <= found
    assert len(found) == 5 * (len(BAD) + len(GOOD) + 1)


def _of_the_run() -> tuple[list[Mutation], list[Mutation]]:
    """Return what is run in earnest: all that cargo has to judge, and one of what each other gate refuses."""
    first = {m.gate: m for m in reversed(BY_TEXT)}
    return [m for m in BAD if m not in BY_TEXT or first[m.gate] is m], GOOD


@pytest.mark.slow
def test_all_of_them_in_one_run(
    tmp_path: Path, capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    """One crate, one fixer, one run: each bad change is rolled back, each good one is on its branch."""
    bad, good = _of_the_run()
    command = json.dumps([sys.executable, foreign_mutations.__file__])
    demanded = "".join(f"{c.name} = {c.limit or 'true'}\n" for c in DEMANDED)
    settings = f"[fixers.mutant]\ncommand = {command}\n\n[constraints]\n{demanded}"
    repo = scratch.repository(tmp_path / "repo", crate((*bad, *good)) | {"remediate.toml": settings})
    before = scratch.state(repo)
    done = Remediate(capfdbinary, monkeypatch).data(repo, "run", "AUDIT.md", "--fixer", "mutant")
    found = {Path(outcome["path"]).stem: outcome for outcome in done["outcomes"]}
    told = {m.name: (found[m.module]["outcome"], found[m.module]["reason"]) for m in (*bad, *good)}
    assert {m.name: told[m.name] for m in good} == {m.name: ("fixed", "verified") for m in good}
    wrong = {m.name: told[m.name] for m in bad if told[m.name][0] != "rolled-back"}
    wrong |= {m.name: told[m.name] for m in bad if not told[m.name][1].startswith(m.gate)}
    assert not wrong
    assert len(found) == len(bad) + len(good)
    assert scratch.state(repo) == before
