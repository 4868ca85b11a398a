"""extract-tests as a user meets it: the real codemod, cargo and nextest on small workspaces."""

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
import scratch
from command_line import Remediate

_TEST = (
    "#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {\n        assert_eq!(super::one(), 1);\n    }\n}\n"
)
_LIBRARY = f"pub fn one() -> u8 {{\n    1\n}}\n\n{_TEST}"
_EMBEDDED = {
    "Cargo.toml": '[package]\nname = "small"\nversion = "0.1.0"\nedition = "2021"\n',
    "src/lib.rs": _LIBRARY,
    ".gitignore": "/target\nCargo.lock\n",
}
_UNKNOWN = 'parallelism = 4 # all\n[profile.default]\ntimeout = "1s"\nretries = 0\n'


@pytest.fixture
def small(tmp_path: Path) -> Path:
    return scratch.repository(tmp_path / "small", _EMBEDDED)


@pytest.mark.slow
def test_the_criteria_are_met_by_what_extract_tests_made(small: Path, remediate: Remediate) -> None:
    before = remediate(small, "status", "--criteria", "--message-format", "json")
    assert before.code == 1
    assert [one["met"] for one in json.loads(before.out)["criteria"]] == [False, False]
    branch = remediate.data(small, "extract-tests")["branch"]
    scratch.git(small, "checkout", "--quiet", branch)
    ended = remediate(small, "status", "--criteria")
    assert (ended.code, ended.out.count("met: ")) == (0, 2)
    assert remediate.data(small, "audit", "--only", "embedded-tests")["findings"] == []
    scratch.write(small, {".config/nextest.toml": _UNKNOWN})
    after = remediate.data(small, "status", "--criteria")["criteria"]
    assert [one["met"] for one in after] == [True, False]
    assert after[1]["evidence"] == [
        "nextest does not know parallelism",
        "nextest does not know profile.default.timeout",
        "there is no profile ci",
    ]


def test_a_workspace_without_tests_meets_nothing(tmp_path: Path, remediate: Remediate) -> None:
    repository = scratch.repository(tmp_path / "none", {**_EMBEDDED, "src/lib.rs": ""})
    (found, _) = remediate.data(repository, "status", "--criteria")["criteria"]
    assert (found["met"], found["detail"]) == (None, "the workspace has no test at all")


@pytest.mark.slow
def test_an_existing_configuration_is_reported_and_repaired_on_a_branch_of_its_own(
    small: Path, remediate: Remediate
) -> None:
    scratch.write(small, {".config/nextest.toml": _UNKNOWN})
    scratch.git(small, "add", "--all")
    scratch.git(small, "commit", "--quiet", "--message", "Configure")
    embedded, repair = remediate.data(small, "extract-tests", "--repair-nextest")["outcomes"]
    assert any("nextest does not know, and ignores: parallelism" in u for u in embedded["unverified"])
    assert ".config/nextest.toml" not in embedded["files"]
    assert (repair["outcome"], repair["files"]) == ("fixed", [".config/nextest.toml"])
    assert "nextest configuration" in repair["verified"]
    new = scratch.git(small, "show", f"{repair['branch']}:.config/nextest.toml")
    assert new.startswith(
        '# parallelism = 4 # all\n[profile.default]\n# timeout = "1s"\nretries = 0\n\n[profile.ci]'
    )
    assert remediate(small, "verify", repair["branch"]).code == 0


@pytest.mark.slow
def test_dead_tests_are_adopted_each_on_a_branch_of_its_own_or_declined(
    small: Path, remediate: Remediate
) -> None:
    scratch.write(small, {
        "src/good.rs": "#[test]\nfn good() {}\n",
        "src/bad.rs": "#[test]\nfn bad() {\n    panic!()\n}\n",
        "src/stale.rs": "use super::gone;\n\n#[test]\nfn stale() {\n    gone()\n}\n",
    })  # fmt: skip
    scratch.git(small, "add", "--all")
    scratch.git(small, "commit", "--quiet", "--message", "More")
    _, *found = remediate.data(small, "extract-tests", "--adopt")["outcomes"]
    ended = {one["path"]: (one["outcome"], one["reason"]) for one in found}
    assert ended == {
        "src/bad.rs": ("rolled-back", "added-tests-failed"),
        "src/good.rs": ("fixed", "verified"),
        "src/stale.rs": ("rolled-back", "check-failed"),
    }
    said = {one["path"]: "".join([one["detail"], *one["diagnostics"]]) for one in found}
    assert "1 of 1 fail: bad::bad" in said["src/bad.rs"]
    assert "E0432" in said["src/stale.rs"]
    branch = next(one["branch"] for one in found if one["branch"])
    assert scratch.git(small, "diff", "main", branch).count("\n+") == 4
    assert remediate(small, "verify", branch).code == 0


@pytest.mark.slow
def test_flaky_tests_of_the_base_are_named(tmp_path: Path, remediate: Remediate) -> None:
    flaky = (
        "    #[test]\n    fn sometimes() {\n"
        '        let seen = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).with_extension("seen");\n'
        "        if seen.exists() { std::fs::remove_file(seen).unwrap(); panic!() }\n"
        '        std::fs::write(seen, "").unwrap();\n    }\n}\n'
    )
    library = _LIBRARY.removesuffix("}\n") + flaky
    repository = scratch.repository(tmp_path / "flaky", {**_EMBEDDED, "src/lib.rs": library})
    outcome = remediate.data(repository, "extract-tests", "--verify", "full")
    assert outcome["outcome"] == "fixed"
    for runner in ("nextest", "libtest"):
        assert any(
            u.startswith(f"test results: {runner}") and "lib tests::sometimes" in u
            for u in outcome["unverified"]
        )


@pytest.mark.slow
def test_without_nextest_the_proof_uses_libtest(
    small: Path, remediate: Remediate, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    programs = tmp_path / "bin"
    programs.mkdir()
    for folder in os.environ["PATH"].split(os.pathsep):
        for program in Path(folder).glob("*") if folder else ():
            if program.name != "cargo-nextest" and not (programs / program.name).exists():
                (programs / program.name).symlink_to(program)
    monkeypatch.setenv("PATH", str(programs))
    assert shutil.which("cargo-nextest") is None
    outcome = remediate.data(small, "extract-tests")
    assert (outcome["outcome"], outcome["reason"]) == ("fixed", "verified")
    assert "test results: libtest (default)" in outcome["verified"]
    assert not [gate for gate in outcome["verified"] if "nextest (" in gate]
    assert "nextest configuration: nextest is not installed" in outcome["unverified"]


@pytest.mark.slow
def test_branches_of_several_packages_merge_with_one_configuration(
    tmp_path: Path, remediate: Remediate
) -> None:
    serial = _LIBRARY.replace("    #[test]\n", "    #[test]\n    #[serial]\n").replace(
        "mod tests {\n", "mod tests {\n    use serial_attribute::serial;\n"
    )
    member = '[package]\nname = "{0}"\nversion = "0.1.0"\nedition = "2021"\n'
    attribute = (
        "use proc_macro::TokenStream;\n#[proc_macro_attribute]\n"
        "pub fn serial(_: TokenStream, item: TokenStream) -> TokenStream {\n    item\n}\n"
    )
    depends = '[dev-dependencies]\nserial_attribute = {{ path = "../serial_attribute" }}\n'
    workspace = scratch.repository(tmp_path / "many", {
        "Cargo.toml": '[workspace]\nmembers = ["a", "b", "c", "serial_attribute"]\nresolver = "2"\n',
        "serial_attribute/Cargo.toml": member.format("serial_attribute") + "[lib]\nproc-macro = true\n",
        "serial_attribute/src/lib.rs": attribute,
        **{f"{n}/Cargo.toml": (member + depends).format(n) for n in "abc"},
        "a/src/lib.rs": serial, "b/src/lib.rs": serial, "c/src/lib.rs": _LIBRARY, ".gitignore": "target\n",
    })  # fmt: skip
    outcomes = remediate.data(workspace, "extract-tests")["outcomes"]
    made = [one["branch"] for one in outcomes if one["branch"]]
    assert [one["outcome"] for one in outcomes] == ["fixed", "fixed", "fixed", "skipped"]
    assert remediate.data(workspace, "status", "--conflicts")["conflicts"] == []
    for branch in made:
        scratch.git(workspace, "merge", "--quiet", "--no-edit", branch)
    done = subprocess.run(
        ["cargo", "nextest", "show-config", "test-groups", "--offline"],
        cwd=workspace, capture_output=True, text=True, check=True,
    )  # fmt: skip
    assert "ignoring" not in done.stderr
    assert [line.strip() for line in done.stdout.splitlines()].count("tests::t") == 2
    ended = remediate(workspace, "status", "--criteria")
    assert ended.code == 0, ended.out


@pytest.mark.slow
def test_a_divided_module_can_be_verified_again_and_is_not_divided_twice(
    small: Path, remediate: Remediate
) -> None:
    private = "fn two() -> u8 {\n    2\n}\n\npub fn both() -> u8 {\n    one() + two()\n}\n\n"
    tests = _TEST.replace(
        "    #[test]", "    #[test]\n    fn p() {\n        super::two();\n    }\n\n    #[test]", 1
    )
    scratch.write(small, {"src/lib.rs": f"pub fn one() -> u8 {{\n    1\n}}\n\n{private}{tests}"})
    scratch.git(small, "commit", "--quiet", "-am", "Add a private function")
    asked = ("extract-tests", "--tier", "auto", "--split")
    outcome = remediate.data(small, *asked)
    assert (outcome["outcome"], outcome["reason"]) == ("fixed", "verified")
    proofs = ("same definitions", "same library", "same tests", "moved tests: ")
    assert all(any(gate.startswith(proof) for gate in outcome["verified"]) for proof in proofs)
    verified = remediate.data(small, "verify", outcome["branch"])
    assert (verified["failed"], "same tests (default)" in [g["name"] for g in verified["verified"]]) == (
        [],
        True,
    )
    scratch.git(small, "checkout", "--quiet", outcome["branch"])
    assert "fn p" in (small / "tests/unit/tests.rs").read_text()
    assert "fn t" in (small / "tests/it/tests.rs").read_text()
    assert remediate(small, *asked, "--check").code == 0


@pytest.mark.slow
def test_nextest_is_configured_in_a_commit_of_its_own_or_not_at_all(
    small: Path, remediate: Remediate
) -> None:
    outcome = remediate.data(small, "extract-tests")
    branch = outcome["branch"]
    assert any(
        note.startswith("two commits: ") and ".config/nextest.toml" in note for note in outcome["notes"]
    )
    commits = scratch.git(small, "log", "--format=%s", "--name-only", f"main..{branch}").splitlines()
    moved, configured = commits[0], commits.index("Add .config/nextest.toml")
    assert moved.startswith("Move the embedded tests")
    assert set(filter(None, commits[1:configured])) == {"src/lib.rs", "tests/unit/tests.rs"}
    assert commits[configured + 1 :] == ["", ".config/nextest.toml"]
    text = scratch.git(small, "show", f"{branch}:.config/nextest.toml")
    assert "terminate-after" not in text
    assert remediate(small, "verify", branch).code == 0
    assert (
        ".config/nextest.toml"
        not in remediate.data(small, "extract-tests", "--no-nextest", "--redo")["files"]
    )
    assert scratch.git(small, "ls-tree", "-r", "--name-only", branch, ".config") == ""
    assert scratch.git(small, "rev-list", "--count", f"main..{branch}") == "1"
