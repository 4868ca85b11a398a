"""Check boxes of an audit: only the proven ones change, and nothing else by a byte."""

from pathlib import Path

import pytest

from remediate.audit.goals import Goal
from remediate.audit.readers.read import read
from remediate.errors import InputError
from remediate.model import Finding, Status
from remediate.workflow.completion.evidence import Evidence, Judgement, Standing, judged
from remediate.workflow.completion.ticking import Tick, ticked, wanted, wanted_of_items, write

AUDIT = """\
# Hafen-Prüfung ⚓

- [ ] this box is no criterion

## COMPLETION CRITERIA

- [ ] No unsafe code
* [x] Zero compilation errors
+ [X] All files under 300 lines
1. [ ] Zero TODO comments
2) [✓] Keine Platzhalter: zero placeholder implementations, überall
- Done when:
  - [ ] All tests extracted to tests/
     continued here
> - [ ] No unwrap() in src/
"""


def _ticks(content: bytes, standing: Standing) -> tuple[Tick, ...]:
    goals = read(content, "A.md").goals
    return wanted([Judgement(goal, standing, ()) for goal in goals])


@pytest.mark.parametrize("ending", ["\n", "\r\n", "\r"])
@pytest.mark.parametrize("last", [True, False])
@pytest.mark.parametrize("mark", ["", "\ufeff"])
def test_every_proven_box_is_ticked_and_nothing_else_changes(ending: str, last: bool, mark: str) -> None:  # noqa: FBT001
    text = mark + (AUDIT if last else AUDIT.rstrip("\n")).replace("\n", ending)
    content = text.encode()
    ticks = _ticks(content, Standing.PROVEN)
    new = ticked(content, ticks, "A.md").decode()
    assert len(new) == len(text)
    changed = [at for at, (old, now) in enumerate(zip(text, new, strict=True)) if old != now]
    assert {(text[at], new[at]) for at in changed} == {(" ", "x")}
    lines = [number for number, line in enumerate(new.split(ending), 1) if "[x]" in line]
    assert lines == [7, 8, 10, 13, 15]
    assert not _ticks(new.encode(), Standing.PROVEN)


def test_what_does_not_hold_loses_its_tick() -> None:
    content = AUDIT.encode()
    new = ticked(content, _ticks(content, Standing.NOT_MET), "A.md").decode()
    assert new == AUDIT.replace("[x]", "[ ]").replace("[X]", "[ ]").replace("[✓]", "[ ]")


def test_what_a_person_has_to_judge_stays_as_it_is() -> None:
    assert _ticks(AUDIT.encode(), Standing.UNJUDGED) == ()


def test_a_goal_without_a_box_is_no_tick() -> None:
    assert _ticks(b"## Criteria\n\n- No unsafe code\n", Standing.PROVEN) == ()


@pytest.mark.parametrize(
    "content",
    [
        AUDIT.replace("- [ ] No unsafe code\n", "").encode(),  # the lines have moved
        AUDIT.replace("- [ ] No unsafe", "-  No unsafe").encode(),  # the box is gone
        AUDIT.encode("utf-16"),
    ],
)
def test_a_box_that_is_not_there_is_refused(content: bytes) -> None:
    with pytest.raises(InputError, match="check box"):
        ticked(content, [Tick(7, "No unsafe code", ticked=True)], "A.md")


def test_a_box_in_code_is_none() -> None:
    content = b"## Criteria\n\n- [ ] No unsafe code\n\n```\n- [ ] No panic\n```\n"
    assert [tick.line for tick in _ticks(content, Standing.PROVEN)] == [3]


def test_the_file_keeps_its_permissions_and_its_links(tmp_path: Path) -> None:
    real, link = tmp_path / "real.md", tmp_path / "AUDIT.md"
    real.write_bytes(AUDIT.encode())
    real.chmod(0o640)
    link.symlink_to(real)
    write(link, AUDIT.encode(), _ticks(AUDIT.encode(), Standing.PROVEN))
    assert link.is_symlink()
    assert real.stat().st_mode & 0o777 == 0o640
    assert real.read_text().count("[x]") == 5
    assert sorted(p.name for p in tmp_path.iterdir()) == ["AUDIT.md", "real.md"]


def test_an_edit_meanwhile_is_kept_and_nothing_is_written(tmp_path: Path) -> None:
    file = tmp_path / "AUDIT.md"
    file.write_text(AUDIT + "\nOne more line.\n")
    with pytest.raises(InputError, match="edited meanwhile"):
        write(file, AUDIT.encode(), _ticks(AUDIT.encode(), Standing.PROVEN))
    assert file.read_text() == AUDIT + "\nOne more line.\n"
    assert [p.name for p in tmp_path.iterdir()] == ["AUDIT.md"]


def test_an_audit_that_cannot_be_written_is_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / f"{'a' * 250}.md"  # a copy beside it would have too long a name
    file.write_text(AUDIT)
    with pytest.raises(InputError, match="cannot be written"):
        write(file, AUDIT.encode(), _ticks(AUDIT.encode(), Standing.PROVEN))
    assert file.read_text() == AUDIT


@pytest.mark.parametrize(
    ("answers", "standing"),
    [
        ((True, True), Standing.PROVEN),
        ((True, None), Standing.UNJUDGED),
        ((None, False), Standing.NOT_MET),
        ((), Standing.UNJUDGED),
    ],
)
def test_only_evidence_that_all_speaks_for_a_goal_proves_it(
    answers: tuple[bool | None, ...], standing: Standing
) -> None:
    (goal,) = read("## Criteria\n\n- [ ] No unsafe code\n", "A.md").goals
    assert isinstance(goal, Goal)
    assert judged(goal, [Evidence("x", "", "", holds) for holds in answers]).standing is standing


ITEMS = """\
## Findings

- [ ] `src/a.rs:3` calls unwrap()
- [x] `src/b.rs:4` calls unwrap()
- [ ] `src/c.rs:5` calls unwrap(), `src/d.rs:6` too
- [x] `src/e.rs:7` calls unwrap()
"""


@pytest.mark.parametrize(
    ("statuses", "ticks"),
    [
        (
            {"a": "fixed", "b": "present", "c": "fixed", "d": "fixed", "e": "fixed"},
            [(3, True), (4, False), (5, True)],
        ),
        ({"a": "present", "b": "moved", "c": "fixed", "d": "present", "e": "fixed"}, [(4, False)]),
        ({"a": "mistaken", "b": "mistaken", "c": "fixed", "d": "unresolvable", "e": "ambiguous"}, []),
        ({"b": "fixed", "c": "fixed", "e": "fixed"}, []),  # the findings of others are another item's
    ],
)
def test_the_box_of_a_finding_says_what_became_of_it(
    statuses: dict[str, str], ticks: list[tuple[int, bool]]
) -> None:
    document = read(ITEMS, "A.md")
    known = {claim.path: claim for claim in document.claims}
    findings = [
        Finding(known[f"src/{name}.rs"].id, "", "unwrap", "", f"src/{name}.rs", Status(status))
        for name, status in statuses.items()
    ]
    found = wanted_of_items(document, findings)
    assert [(tick.line, tick.ticked) for tick in found] == ticks
    lines = ticked(ITEMS.encode(), found, "A.md").decode().splitlines()
    for number, mark in ticks:
        assert lines[number - 1] == ITEMS.splitlines()[number - 1].replace(
            "[ ]" if mark else "[x]", "[x]" if mark else "[ ]"
        )
