"""A plan written, changed and handed back: what it says happens, and every mistake in it has its line."""

import re
import shutil
from pathlib import Path
from xml.etree import ElementTree as ET

import pytest
import scratch
import tomlkit
from command_line import Remediate
from fixture_case import call_otherwise, case

CASE = case("split_file/types_errors_and_functions")
FILE = "src/shelf.rs"
LIMIT = ("--max-lines", "30")


@pytest.fixture
def root(tmp_path: Path) -> Path:
    root = tmp_path / "root"
    shutil.copytree(CASE.before, root, ignore=shutil.ignore_patterns("target"))
    assert call_otherwise(root) == FILE
    return scratch.repository(root, {".gitignore": "target\nCargo.lock\nplan.toml\n"})


@pytest.fixture
def plan(root: Path, remediate: Remediate) -> Path:
    ended = remediate(root, "plan", "--split", FILE, "-o", "plan.toml", *LIMIT)
    assert (ended.code, ended.out, ended.err) == (0, "", "wrote plan.toml\n")
    return root / "plan.toml"


def diff(remediate: Remediate, root: Path, *arguments: str) -> str:
    ended = remediate(root, "split-file", FILE, "--dry-run", "--diff", *arguments)
    assert ended.code == 0, ended.err
    return ended.out


def created(patch: str) -> set[str]:
    lines = patch.splitlines()
    after = {line.removeprefix("+++ b/") for line in lines if line.startswith("+++ b/")}
    return after | {line.removeprefix("rename to ") for line in lines if line.startswith("rename to ")}


def changed(plan: Path, old: str, new: str) -> None:
    text = plan.read_text()
    assert text.count(old) == 1, old
    plan.write_text(text.replace(old, new))


def names(plan: Path) -> list[str]:
    return [str(module["name"]) for module in tomlkit.parse(plan.read_text()).unwrap()["module"]]


def test_a_plan_that_nobody_changed_is_what_would_have_been_done(
    root: Path, plan: Path, remediate: Remediate
) -> None:
    without = diff(remediate, root, *LIMIT)
    assert "+++ b/" in without
    assert diff(remediate, root, "--plan", str(plan)) == without


def test_an_item_moves_a_module_is_renamed_another_is_new_and_one_goes(
    root: Path, plan: Path, remediate: Remediate
) -> None:
    document = tomlkit.parse(plan.read_text())
    modules = document["module"]
    first, last = modules[0], modules[-1]
    moved, gone = str(first["items"].pop(0)), [str(key) for key in last["items"]]
    first["name"] = "renamed"
    modules.remove(last)
    extra = tomlkit.table()
    extra.update({"name": "extra", "items": [moved]})
    modules.append(extra)
    plan.write_text(tomlkit.dumps(document))
    patch = diff(remediate, root, "--plan", str(plan))
    made = created(patch)
    assert {"src/shelf/extra.rs", "src/shelf/renamed.rs"} <= made
    assert f"src/shelf/{last['name']}.rs" not in made
    assert gone


@pytest.mark.slow
def test_a_changed_plan_is_carried_out_and_verified(root: Path, plan: Path, remediate: Remediate) -> None:
    changed(plan, f'name = "{names(plan)[0]}"', 'name = "renamed"')
    outcome = remediate.data(root, "split-file", FILE, "--plan", str(plan), "--verify", "quick")
    assert (outcome["outcome"], "src/shelf/renamed.rs" in outcome["files"]) == ("fixed", True)
    again = remediate.data(root, "split-file", FILE, "--plan", str(plan), "--verify", "quick")
    assert (again["commit"], again["reused"]) == (outcome["commit"], True)


def refused(remediate: Remediate, root: Path, plan: Path) -> str:
    ended = remediate(root, "split-file", FILE, "--plan", str(plan), "--dry-run")
    assert ended.code == 2
    assert "Traceback" not in ended.err
    return ended.err.replace(str(plan), "plan.toml")


def line_of(plan: Path, text: str) -> int:
    return plan.read_text().split(text)[0].count("\n") + 1


@pytest.mark.parametrize(
    ("name", "told"),
    [
        ("../../evil", "no paths"),
        ("core/parser", "not nested"),
        ("match", "the name is taken"),
        ("std", "the name is taken"),
        ("Parser", "is made of a-z"),
        ("", "is made of a-z"),
        ("7up", "begins with no digit"),
        ("a" * 300, "at most 100 letters"),
    ],
)
def test_a_name_no_module_can_have(
    root: Path, plan: Path, remediate: Remediate, name: str, told: str
) -> None:
    changed(plan, f'name = "{names(plan)[-1]}"', f'name = "{name}"')
    line = line_of(plan, f'name = "{name}"')
    told_with_line = refused(remediate, root, plan)
    assert told in told_with_line
    assert f"plan.toml:{line}: " in told_with_line


def test_items_that_are_unknown_or_twice_and_modules_that_are_twice(
    root: Path, plan: Path, remediate: Remediate
) -> None:
    items = tomlkit.parse(plan.read_text()).unwrap()["module"][0]["items"]
    changed(plan, f'    "{items[0]}",', f'    "fn nowhere",\n    "{items[-1]}",')
    changed(plan, f'name = "{names(plan)[-1]}"', f'name = "{names(plan)[0]}"')
    told = refused(remediate, root, plan)
    line = line_of(plan, '"fn nowhere"')
    assert f"plan.toml:{line}: {FILE} has no item 'fn nowhere'" in told
    assert f"{items[-1]!r} is in the plan twice" in told
    assert f"there are two modules {names(plan)[0]!r}" in told


@pytest.mark.parametrize(
    ("old", "new", "told"),
    [
        ("max_lines = 30", 'max_lines = "many"', "`max_lines` has to be a number, not a text"),
        ("max_lines = 30", "max_lines = 0", "`max_lines` has to be a number of at least 1"),
        ("[facade]", "[face]", "there is no key `face`"),
        ('layout = "mod"', "layout = ", "this is no TOML"),
        (f'file = "{FILE}"', 'file = "src/lib.rs"', f"the plan is for src/lib.rs, not for {FILE}"),
    ],
)
def test_a_plan_in_another_form(
    root: Path, plan: Path, remediate: Remediate, *, old: str, new: str, told: str
) -> None:
    line = line_of(plan, old)
    changed(plan, old, new)
    answer = refused(remediate, root, plan)
    assert told in answer
    # Of a table the first value.
    assert f"plan.toml:{line + 2 * ('face' in new)}: " in answer


def test_a_plan_saved_by_another_editor(root: Path, plan: Path, remediate: Remediate) -> None:
    text, without = plan.read_text(), diff(remediate, root, "--plan", str(plan))
    plan.write_bytes(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
    assert diff(remediate, root, "--plan", str(plan)) == without
    plan.write_bytes(text.encode("utf-16"))
    assert "plan.toml:1: this is no TOML: it is not UTF-8" in refused(remediate, root, plan)


def test_lines_are_those_of_the_item_alone(plan: Path) -> None:
    lines = (plan.parents[0] / FILE).read_text().splitlines()
    told = re.findall(r'^    "\w+ (\w+)", # line (\d+), (\d+) lines?: ', plan.read_text(), re.MULTILINE)
    assert told
    for name, line, count in told:
        own = lines[int(line) - 1 : int(line) - 1 + int(count)]
        assert all(end.strip() for end in (own[0], own[-1])), name
        assert name in "\n".join(own)


def test_a_file_that_has_changed_since(root: Path, plan: Path, remediate: Remediate) -> None:
    (root / FILE).write_text((root / FILE).read_text() + "\n// more\n")
    scratch.git(root, "commit", "-qam", "more")
    line = line_of(plan, "digest =")
    told = refused(remediate, root, plan)
    assert f"plan.toml:{line}: {FILE} has changed since the plan was made" in told
    assert f"remediate plan --split {FILE}" in told


def test_what_a_plan_makes_too_long_is_its_own_wish(root: Path, plan: Path, remediate: Remediate) -> None:
    document = tomlkit.parse(plan.read_text())
    first, *others = document["module"]
    for other in others:
        first["items"].extend(other["items"])
        document["module"].remove(other)
    plan.write_text(tomlkit.dumps(document))
    outcome = remediate.data(root, "split-file", FILE, "--plan", str(plan), "--dry-run")
    long = f"src/shelf/{first['name']}.rs has "
    assert [n for n in outcome["notes"] if n.startswith(long) and "the plan asks for that: `" in n]


def test_what_has_to_stay_stays_and_the_outcome_says_why(root: Path, remediate: Remediate) -> None:
    (root / FILE).write_text((root / FILE).read_text() + "\npub fn place() -> u32 {\n    line!()\n}\n")
    scratch.git(root, "commit", "-qam", "more")
    remediate(root, "plan", "--split", FILE, "-o", "plan.toml", *LIMIT)
    plan = root / "plan.toml"
    assert '"fn place", # line' in plan.read_text()
    assert "has to stay (file-relative: it depends on the file it stands in)" in plan.read_text()
    text = plan.read_text()
    plan.write_text(
        text.replace('    "fn place",', "    ").replace("items = [\n", 'items = [\n    "fn place",\n', 1)
    )
    outcome = remediate.data(root, "split-file", FILE, "--plan", str(plan), "--dry-run")
    assert [n for n in outcome["notes"] if "`place` stays in src/shelf/mod.rs, whatever the plan says" in n]


def test_limits_are_those_of_the_plan(root: Path, plan: Path, remediate: Remediate) -> None:
    ended = remediate(root, "split-file", FILE, "--plan", str(plan), "--max-lines", "100")
    assert (ended.code, "change them in the plan" in ended.err) == (2, True)


def test_a_file_that_cannot_be_split_has_no_plan(root: Path, remediate: Remediate) -> None:
    ended = remediate(root, "plan", "--split", FILE, "-o", "none.toml")
    assert (ended.code, "not-large" in ended.err) == (2, True)
    assert not (root / "none.toml").exists()


def test_pictures_of_every_module(root: Path, remediate: Remediate) -> None:
    ended = remediate(
        root, "plan", "--split", FILE, "-o", "plan.toml", "--svg", "p.svg", "--mermaid", "-", *LIMIT
    )
    assert ended.code == 0
    modules = names(root / "plan.toml")
    assert ended.out.startswith("flowchart TD\n")
    assert all(f'["{name}<br/>' in ended.out for name in modules)
    picture = ET.fromstring((root / "p.svg").read_text())  # noqa: S314 - our own
    texts = {element.text for element in picture.iter("{http://www.w3.org/2000/svg}text")}
    assert {*modules, "src/shelf/mod.rs"} <= texts
    assert "prefers-color-scheme: dark" in (root / "p.svg").read_text()
    assert "http" not in (root / "p.svg").read_text().replace("http://www.w3.org/2000/svg", "")


def test_only_one_thing_goes_to_standard_output(root: Path, remediate: Remediate) -> None:
    ended = remediate(root, "plan", "--split", FILE, "--mermaid", "-", *LIMIT)
    assert (ended.code, "only one of" in ended.err) == (2, True)


def test_a_plan_of_what_is_not_committed(tmp_path: Path, remediate: Remediate) -> None:
    inside = "".join(f"    pub fn f{n}(&self) -> u32 {{\n        {n}\n    }}\n\n" for n in range(12))
    items = "".join(f"pub struct {name};\n\nimpl {name} {{\n{inside}}}\n\n" for name in ("Parser", "Printer"))
    repo = scratch.repository(tmp_path, {**scratch.CRATE, "src/big.rs": items})
    scratch.write(repo, {"src/big.rs": items + "pub fn more() {}\n"})
    remediate(repo, "plan", "--split", "src/big.rs", "--max-lines", "60", "-o", str(tmp_path / "p.toml"))
    ended = remediate(repo, "split-file", "src/big.rs", "--plan", str(tmp_path / "p.toml"))
    assert (ended.code, "are not committed" in ended.err, "Commit it first" in ended.err) == (2, True, True)
