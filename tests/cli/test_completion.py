"""`remediate status AUDIT` and `remediate score` as a user meets them."""

import json
import re
import shlex
import subprocess
from pathlib import Path
from typing import Any

import pytest
import readiness
import scratch
from command_line import Remediate

SMALL = {
    "Cargo.toml": '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n',
    "Cargo.lock": 'version = 3\n\n[[package]]\nname = "small"\nversion = "0.1.0"\n',
    "src/lib.rs": "//! Small.\n\n/// One.\npub fn one() -> u8 {\n    Some(1).unwrap()\n}\n",
    "tests/one.rs": "#[test]\nfn one() {\n    assert_eq!(small::one(), 1);\n}\n",
    "README.md": "See [the code](src/lib.rs) and [what is gone](src/gone.rs).\n",
    "CHANGELOG.md": "# Changelog\n",
    ".gitignore": "/target\n",
    "AUDIT.md": (
        "# Audit\n\n## unwrap() calls\n\n### 1. In the library\n**File:** `src/lib.rs:5` calls `unwrap()`\n\n"
        "## Constraints\n\n- No unsafe code\n\n## Completion criteria\n\n"
        "- [ ] Zero unwrap() calls in src/\n- [x] No file over 300 lines\n- [x] Zero unsafe blocks\n"
        "- [ ] All code is lock-free\n- [x] All tests extracted to tests/\n- [ ] Zero println! in src/\n"
        "- [ ] The APIs are ergonomic\n- [x] The harbour master is happy\n"
    ),
}
OTHER = 'fn two() -> u8 {\n    "2".parse().unwrap()\n}\n'
FIXED = SMALL["src/lib.rs"].replace("Some(1).unwrap()", "1")

_BENCH = """\
use std::hint::black_box;

fn main() {
    let mut sum = 0u64;
    for n in 0..ROUNDS {
        sum = sum.wrapping_add(black_box(n));
    }
    black_box(sum);
}
"""


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return scratch.repository(tmp_path / "small", SMALL)


def _standings(told: dict[str, Any]) -> dict[str, str]:
    return {goal["words"]: goal["standing"] for goal in told["audits"][0]["goals"]}


def _status(remediate: Remediate, folder: Path, *arguments: str) -> dict[str, Any]:
    told: dict[str, Any] = remediate.data(folder, "status", "AUDIT.md", "--no-cargo", *arguments)
    return told


def test_each_goal_has_a_standing_and_its_evidence(small: Path, remediate: Remediate) -> None:
    told = _status(remediate, small)
    assert _standings(told) == {
        "No unsafe code": "proven",
        "Zero unwrap() calls in src/": "not-met",
        "No file over 300 lines": "proven",
        "Zero unsafe blocks": "proven",
        "All code is lock-free": "cannot-be-judged",
        "All tests extracted to tests/": "proven",
        "Zero println! in src/": "proven",
        "The APIs are ergonomic": "cannot-be-judged",
        "The harbour master is happy": "cannot-be-judged",
    }
    goals = {goal["words"]: goal for goal in told["audits"][0]["goals"]}
    (left, claims) = goals["Zero unwrap() calls in src/"]["evidence"]
    assert (left["command"], left["places"]) == ("remediate audit --only unwrap", ["src/lib.rs:5"])
    assert (claims["command"], claims["figure"]) == (
        "remediate findings AUDIT.md",
        "1 of 1 claim still true",
    )
    assert all(e["figure"] for goal in goals.values() for e in goal["evidence"])
    assert told["commit"] == scratch.git(small, "rev-parse", "HEAD")


def test_the_commands_of_the_evidence_show_the_same(small: Path, remediate: Remediate) -> None:
    readiness.commit(small, {"src/lock.rs": "pub fn f(m: &std::sync::Mutex<u8>) {\n    drop(m.lock());\n}\n"})
    for goal in _status(remediate, small)["audits"][0]["goals"]:
        for evidence in goal["evidence"]:
            if not evidence["command"].startswith("remediate audit"):
                continue
            words = evidence["command"].split()[1:]
            shown = remediate.data(small, *words)["findings"]
            places = {f"{site['path']}:{site['line']}" for finding in shown for site in finding["sites"]}
            assert places == set(evidence["places"])


def test_write_ticks_what_is_proven_and_unticks_what_is_not(small: Path, remediate: Remediate) -> None:
    readiness.commit(small, {"src/lib.rs": SMALL["src/lib.rs"] + "\n/// Two.\npub unsafe fn two() {}\n"})
    audit = small / "AUDIT.md"
    ended = remediate(small, "status", "AUDIT.md", "--no-cargo")
    assert ended.code == 1
    assert "would untick AUDIT.md:16 Zero unsafe blocks" in ended.out
    assert audit.read_text() == SMALL["AUDIT.md"]
    assert remediate(small, "status", "AUDIT.md", "--no-cargo", "--write").code == 1
    expected = SMALL["AUDIT.md"].replace("- [x] Zero unsafe", "- [ ] Zero unsafe")
    expected = expected.replace("- [ ] Zero println!", "- [x] Zero println!")
    assert audit.read_text() == expected
    assert scratch.git(small, "status", "--porcelain") == "M AUDIT.md"
    assert "box" not in remediate(small, "status", "AUDIT.md", "--no-cargo", "--write").out


def test_a_suppressed_place_is_not_proven_gone(small: Path, remediate: Remediate) -> None:
    hidden = SMALL["src/lib.rs"].replace(
        "    Some(1)", '    // remediate: allow(unwrap, reason = "never none")\n    Some(1)'
    )
    readiness.commit(small, {"src/lib.rs": hidden})
    told = _status(remediate, small)
    (goal,) = (g for g in told["audits"][0]["goals"] if g["words"].startswith("Zero unwrap"))
    assert goal["standing"] != "proven"
    assert "1 that a suppression or the configuration speaks for" in goal["evidence"][0]["figure"]


def test_a_program_that_prints_is_not_proven_silent(small: Path, remediate: Remediate) -> None:
    readiness.commit(small, {"src/main.rs": 'fn main() {\n    println!("one");\n}\n'})
    assert _standings(_status(remediate, small))["Zero println! in src/"] == "cannot-be-judged"


@pytest.mark.parametrize(
    ("words", "standing"),
    [
        ("No panics", "cannot-be-judged"),  # an index may panic too
        ("Zero panic!() calls", "proven"),
        ("All TODO comments resolved", "proven"),
        ("No TODOs", "proven"),
        ("All TODOs implemented with production code", "cannot-be-judged"),
        ("All placeholders replaced with production code", "cannot-be-judged"),
        ("All code follows zero-allocation principles", "cannot-be-judged"),
        ("100% test coverage", "cannot-be-judged"),
    ],
)
def test_the_absence_of_words_proves_only_that(
    small: Path, remediate: Remediate, words: str, standing: str
) -> None:
    scratch.write(small, {"AUDIT.md": f"# Audit\n\n## Completion criteria\n\n- [ ] {words}\n"})
    assert _standings(_status(remediate, small)) == {words: standing}


def test_what_the_configuration_leaves_out_is_not_proven_gone(small: Path, remediate: Remediate) -> None:
    readiness.commit(small, {"src/lib.rs": FIXED, "src/old.rs": OTHER})
    assert _standings(_status(remediate, small))["Zero unwrap() calls in src/"] == "not-met"
    readiness.commit(small, {"remediate.toml": '[audit]\nexclude = ["src/old.rs"]\n'})
    standings = _standings(_status(remediate, small))
    assert standings["Zero unwrap() calls in src/"] == "cannot-be-judged"
    assert standings["Zero unsafe blocks"] == "proven"


def test_mistakes_are_sentences(small: Path, remediate: Remediate) -> None:
    for arguments, said in (
        (("status", "--write"), "--write edits AUDITS"),
        (("status", "AUDIT.md", "--criteria"), "AUDITS have criteria of their own"),
        (("status", "NONE.md"), "cannot be read"),
        (("score", "AUDIT.md", "--before", "HEAD"), "is the commit that is rated"),
        (("score", "AUDIT.md", "--base", "gone"), "no commit is called"),
    ):
        ended = remediate(small, *arguments)
        assert (ended.code, said in ended.err, "Traceback" in ended.err) == (2, True, False)


def test_an_audit_without_goals_says_so(small: Path, remediate: Remediate) -> None:
    scratch.write(small, {"OTHER.md": "# Audit\n\n### 1. Here\n**File:** `src/lib.rs:5` calls `unwrap()`\n"})
    ended = remediate(small, "status", "OTHER.md", "--no-cargo")
    assert (ended.code, "OTHER.md sets no goals" in ended.out) == (1, True)


def test_what_nobody_measured_counts_for_nothing(small: Path, remediate: Remediate) -> None:
    told = remediate.data(small, "score", "AUDIT.md", "--no-cargo")
    unknown = {point["title"] for point in told["points"] if point["share"] is None}
    assert unknown == {
        "all tests pass",
        "no test is lost",
        "nothing is slower",
        "nothing is larger",
        "rustdoc has no more to say",
        "the changelog tells of it",
    }
    assert told["parts"] == {
        "implementation": 0.8,  # no finding is settled, 4 of 5 criteria that are no person's are proven
        "testing": 0.0,
        "performance": 0.0,
        "documentation": 0.0,  # one link leads nowhere
        "constraints": 2.0,
    }
    assert (told["rating"], told["complete"]) == (2.8, False)
    assert "The APIs are ergonomic" in told["for_a_person"]
    assert remediate(small, "score", "AUDIT.md", "--no-cargo").code == 1


@pytest.mark.slow
def test_good_work_is_rated_complete_and_bad_work_is_not(small: Path, remediate: Remediate) -> None:
    before = scratch.git(small, "rev-parse", "HEAD")
    log = {"CHANGELOG.md": "# Changelog\n\n- One needs no `unwrap`.\n"}
    good = readiness.commit(small, {"src/lib.rs": FIXED, **log})
    told = remediate.data(small, "score", "AUDIT.md", "--before", before)
    missing = [point for point in told["points"] if point["share"] != 1.0]
    assert (told["rating"], told["complete"], missing) == (10.0, True, [])
    again = remediate(small, "score", "AUDIT.md", "--before", before, "--message-format", "json")
    assert (again.code, json.loads(again.out)) == (0, told)
    assert scratch.git(small, "status", "--porcelain") == ""
    ticks = remediate.data(small, "status", "AUDIT.md")["audits"][0]["ticks"]
    assert [tick["words"] for tick in ticks] == [
        "Zero unwrap() calls in src/",
        "Zero println! in src/",
    ]
    worse = FIXED.replace("    1\n", "    unsafe { std::mem::transmute::<u8, u8>(2) }\n")
    readiness.commit(small, {"src/lib.rs": worse, "README.md": "See [it](src/two.rs).\n", "tests/one.rs": ""})
    told = remediate.data(small, "score", "AUDIT.md", "--before", good, "--no-performance")
    lost = {point["title"] for point in told["points"] if point["share"] in (0.0, None)}
    assert lost >= {"all tests pass", "no test is lost", "links lead somewhere", "no-unsafe"}
    assert not told["complete"]


@pytest.mark.slow
def test_a_slower_benchmark_is_seen_in_both_directions(tmp_path: Path, remediate: Remediate) -> None:
    manifest = scratch.CRATE["Cargo.toml"] + '\n[[bench]]\nname = "sum"\nharness = false\n'
    audit = {"AUDIT.md": "# Audit\n\n## Completion criteria\n\n- [ ] No unsafe code\n"}
    fast, slow = (_BENCH.replace("ROUNDS", rounds) for rounds in ("1_000", "3_000_000_000"))
    files = {**scratch.CRATE, "Cargo.toml": manifest, "benches/sum.rs": fast, **audit}
    folder = scratch.repository(tmp_path / "bench", files)
    before = scratch.git(folder, "rev-parse", "HEAD")
    after = readiness.commit(folder, {"benches/sum.rs": slow})
    told = remediate.data(folder, "score", "AUDIT.md", "--before", before)
    points = {point["title"]: point for point in told["points"]}
    assert points["nothing is slower"]["share"] == 0.0
    assert points["nothing is slower"]["evidence"]["command"] == "cargo bench --workspace"
    assert points["nothing is larger"]["share"] == 1.0
    back = remediate.data(folder, "score", "AUDIT.md", "--before", after, "--base", before)
    assert {p["title"]: p["share"] for p in back["points"]}["nothing is slower"] == 1.0


def test_what_is_no_audit_is_not_rated(small: Path, remediate: Remediate) -> None:
    scratch.write(small, {"EMPTY.md": "Hello.\n"})
    for name, said in (
        ("Cargo.toml", "Cargo.toml is TOML, and no audit"),
        ("src/lib.rs", "lib.rs is Rust source, and no audit"),
        ("EMPTY.md", "EMPTY.md holds no finding and no goal: there is nothing to rate"),
    ):
        ended = remediate(small, "score", name, "--no-cargo")
        assert (ended.code, said in ended.err) == (2, True), ended.err


def test_what_there_is_none_of_is_no_part_of_the_scale(small: Path, remediate: Remediate) -> None:
    (small / "CHANGELOG.md").unlink()
    readiness.commit(small, {"README.md": "No links.\n"})
    told = remediate.data(small, "score", "AUDIT.md", "--no-cargo")
    standings = {point["title"]: point["standing"] for point in told["points"]}
    assert standings["links lead somewhere"] == "not applicable"
    assert standings["the changelog tells of it"] == "not applicable"
    assert standings["all tests pass"] == "not shown"
    assert "links lead somewhere" not in told["missing"]
    assert told["parts"]["documentation"] == 0.0
    assert told["rating"] == 3.1  # 2.8 of the 9 that are left
    shown = remediate(small, "score", "AUDIT.md", "--no-cargo").out
    assert "documentation  0.0 of 1\n" in shown
    assert "unknown" not in shown


@pytest.mark.slow
def test_each_command_of_a_rating_shows_its_figure(small: Path, remediate: Remediate) -> None:
    before = scratch.git(small, "rev-parse", "HEAD")
    readiness.commit(small, {"src/lib.rs": FIXED, "CHANGELOG.md": "# Changelog\n\n- One.\n- Two.\n"})
    asked = ("score", "AUDIT.md", "--before", before, "--no-performance")
    told = remediate.data(small, *asked)
    assert remediate.data(small, *asked) == told
    for point in told["points"]:
        evidence = point["evidence"]
        assert evidence["command"], point["title"]
        shown = "".join(_ran(small, remediate, one) for one in evidence["command"].split(" && "))
        for pattern in _SHOWN.get(evidence["about"], {}).get("shows", ()):
            assert re.search(pattern, shown), (point["title"], evidence["figure"], shown)
        for number in re.findall(_SHOWN.get(evidence["about"], {}).get("counts", "(?!)"), evidence["figure"]):
            assert number in shown, (point["title"], evidence["figure"], shown)


_SHOWN: dict[str, dict[str, Any]] = {
    "tests": {"shows": (r"test result: ok|tests? run",), "counts": r"(\d+) passed"},
    "rustdoc": {"shows": (r"Generated|Finished",)},
    "links": {"shows": (r"0 of 2 links to files lead nowhere, besides 1 that did before",)},
    "changelog": {"counts": r"(\d+) lines? added"},
    "audit": {"counts": r"of (\d+) claims?"},
    "criteria": {"counts": r"(\d+) of"},
    "performance": {"shows": (r"Finished `release`",)},
}


def _ran(folder: Path, remediate: Remediate, command: str) -> str:
    """Run a command as a person would; what it says on both streams."""
    program, *arguments = shlex.split(command)
    if program == "remediate":
        ended = remediate(folder, *arguments)
        assert ended.code in {0, 1}, ended.err
        return ended.out
    done = subprocess.run([program, *arguments], cwd=folder, capture_output=True, text=True, check=False)
    assert done.returncode == 0, (command, done.stderr)
    return done.stdout + done.stderr
