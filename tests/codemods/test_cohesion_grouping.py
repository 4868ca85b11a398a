"""What the grouping makes of files: sizes, the facade, edits, plans, determinism."""

import random
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import pytest

from remediate.codemods.split_file.cohesion import Grouping, Limits, group, parts_and_links
from remediate.codemods.split_file.cohesion.evidence import evidence
from remediate.codemods.split_file.cohesion.families import families
from remediate.codemods.split_file.cohesion.namesakes import namesakes
from remediate.model import PlannedModule
from remediate.rust.syntax import Source

LIMITS = Limits(max_lines=80, min_lines=15)


def body(lines: int, *calls: str) -> str:
    said = "".join(f"    {call};\n" for call in calls)
    return said + "".join(f"    let step{n} = {n};\n" for n in range(lines - len(calls)))


def function(name: str, *calls: str, lines: int = 12, public: bool = True) -> str:
    return f"{'pub ' if public else ''}fn {name}() {{\n{body(lines, *calls)}}}\n\n"


# Two topics that call only themselves; "cache" and "query" words throughout.
TWO_TOPICS = (
    function("parse_query", "split_query()", "check_query()")
    + function("split_query", "check_query()")
    + function("check_query", "split_query()")
    + function("load_cache", "evict_cache()", "fill_cache()")
    + function("evict_cache", "fill_cache()")
    + function("fill_cache", "evict_cache()")
)


def grouped(
    text: str, limits: Limits = LIMITS, planned: tuple[PlannedModule, ...] = (), taken: tuple[str, ...] = ()
) -> Grouping:
    parts, links = parts_and_links(Source("lib.rs", text.encode()), limits)
    found = group(parts, links, limits, planned, taken, "search")
    keys = [key for g in found.groups for key in g.members] + list(found.facade)
    assert sorted(keys) == sorted(part.key for part in parts), "every part is in exactly one place"
    return found


def members(found: Grouping) -> dict[str, tuple[str, ...]]:
    return {g.name: g.members for g in found.groups}


def test_topics_become_modules_named_after_them() -> None:
    found = members(grouped(TWO_TOPICS))
    assert found == {
        "query": ("fn parse_query", "fn split_query", "fn check_query"),
        "cache": ("fn load_cache", "fn evict_cache", "fn fill_cache"),
    }


def test_the_order_of_the_file_does_not_hide_the_topics() -> None:
    pieces = TWO_TOPICS.strip().split("\n\n")
    mixed = "\n\n".join(pieces[n] for n in (0, 3, 1, 4, 2, 5)) + "\n"
    found = {frozenset(m) for m in members(grouped(mixed)).values()}
    assert frozenset({"fn parse_query", "fn split_query", "fn check_query"}) in found


def test_no_module_is_too_large_or_too_small() -> None:
    text = "".join(function(f"do_{word}_{n}", lines=9 + n) for n in range(8) for word in ("ab", "cd", "ef"))
    found = grouped(text)
    assert all(LIMITS.min_lines <= g.lines <= LIMITS.max_lines for g in found.groups)
    assert len(found.groups) >= 3


def test_what_cannot_be_cut_is_named() -> None:
    found = grouped(function("huge", lines=120) + TWO_TOPICS)
    assert any("`fn huge` has 12" in note for note in found.notes)
    assert [g.members for g in found.groups if "fn huge" in g.members] == [("fn huge",)]


def test_a_type_stays_with_its_impls() -> None:
    text = (
        "pub struct Index { a: u8 }\n\n"
        + function("unrelated", lines=50)
        + f"impl Index {{\n{body(20)}}}\n\n"
        + function("other_unrelated", lines=50)
        + f"impl Clone for Index {{\n{body(10)}}}\n"
    )
    found = grouped(text.replace("    let step", "    const S"))
    (home,) = [g.members for g in found.groups if "struct Index" in g.members]
    assert home == ("struct Index", "impl Index", "impl Clone for Index")


def method(name: str, *calls: str, lines: int = 8) -> str:
    return (
        "    "
        + function(name, *calls, lines=lines).replace("()", "(&self)", 1).replace("\n", "\n    ").rstrip()
        + "\n\n"
    )


LARGE_IMPL = (
    "pub struct Store { data: u8, log: u8 }\n\nimpl Store {\n"
    + "".join(method(f"read_{n}", "self.data", "self.read_0()") for n in range(6))
    + "".join(method(f"write_{n}", "self.log", "self.write_0()") for n in range(6))
    + "}\n"
)


def test_a_large_impl_is_cut_into_groups_of_methods() -> None:
    found = members(grouped(LARGE_IMPL))
    assert set(found) >= {"read", "write"}
    assert {key.partition("::")[2][:5] for key in found["write"]} <= {"write"}


def test_macros_tests_and_fixed_parts_stay() -> None:
    text = "macro_rules! m { () => {} }\n\n" + TWO_TOPICS + "#[cfg(test)]\nmod tests {}\n"
    found = grouped(text)
    assert {"macro_rules m", "mod tests"} <= set(found.facade)
    parts, links = parts_and_links(Source("lib.rs", text.encode()), LIMITS)
    fixed = [replace(p, movable=p.movable and p.key != "fn parse_query") for p in parts]
    assert "fn parse_query" in group(fixed, links, LIMITS).facade


def test_bonded_parts_are_not_parted() -> None:
    parts, links = parts_and_links(Source("lib.rs", TWO_TOPICS.encode()), LIMITS)
    bonded = [replace(p, bond="b") if p.key in ("fn parse_query", "fn fill_cache") else p for p in parts]
    found = group(bonded, links, LIMITS)
    homes = {key: g.name for g in found.groups for key in g.members}
    assert homes.get("fn parse_query") == homes.get("fn fill_cache")


def test_edits_are_the_private_names_used_across_modules() -> None:
    private = "struct Secret { field: u8 }\n\n"
    text = private + TWO_TOPICS.replace("    let step3 = 3;\n", "    Secret { field: 1 };\n")
    found = grouped(text)
    homes = {key: g.name for g in found.groups for key in g.members}
    expected = set() if "struct Secret" in found.facade else {"Secret", "Secret.field"}
    assert {name for key, name in found.edits} == expected
    assert all(key in homes for key, _ in found.edits)


def test_private_state_that_all_use_stays_where_all_can_see_it() -> None:
    fields = "".join(f"    f{n}: u8,\n" for n in range(8))
    uses = tuple(f"Secret {{ f{n}: 1, ..s }}" for n in range(8))
    text = f"struct Secret {{\n{fields}}}\n\n" + "".join(
        function(f"{verb}_{topic}", f"help_{topic}()", *uses)
        for topic in ("query", "cache", "rank")
        for verb in ("make", "help", "drop", "sort")
    )
    found = grouped(text)
    assert "struct Secret" in found.facade
    assert not [name for _, name in found.edits if name.startswith("Secret")]


PLAN = (
    PlannedModule("storage", "Caching of results"),
    PlannedModule("parser", "Query parsing and validation", public=True),
    PlannedModule("telemetry", "Metrics and tracing spans"),
)


def test_a_plan_is_followed() -> None:
    found = grouped(TWO_TOPICS, planned=PLAN)
    assert members(found) == {
        "parser": ("fn parse_query", "fn split_query", "fn check_query"),
        "storage": ("fn load_cache", "fn evict_cache", "fn fill_cache"),
    }
    assert {g.name: g.public for g in found.groups} == {"parser": True, "storage": False}
    assert all(g.planned and g.reason.startswith("planned: ") for g in found.groups)


def test_a_planned_module_that_nothing_fits_is_left_out_with_a_note() -> None:
    found = grouped(TWO_TOPICS, planned=PLAN)
    assert [n for n in found.notes if "telemetry" in n]
    assert not [n for n in found.notes if "parser" in n]


def test_a_planned_module_is_not_filled_with_what_does_not_fit_it() -> None:
    text = TWO_TOPICS + function("escape", lines=40)
    plan = (*PLAN, PlannedModule("streaming", "Streaming websocket results"))
    found = grouped(text, planned=plan)
    assert {g.name for g in found.groups if g.planned} == {"parser", "storage"}
    assert {note.split("`")[1] for note in found.notes} == {"telemetry", "streaming"}


def test_items_a_plan_names_go_where_it_says() -> None:
    plan = (PlannedModule("odd", "", exports=("fill_cache",)), PlannedModule("parser", "Query parsing"))
    homes = {key: g.name for g in grouped(TWO_TOPICS, planned=plan).groups for key in g.members}
    assert homes["fn fill_cache"] == "odd"


def test_a_nested_plan_gives_flat_names() -> None:
    plan = (PlannedModule("core/parser", "Query parsing"), PlannedModule("core/cache", "Caching"))
    assert set(members(grouped(TWO_TOPICS, planned=plan))) == {"parser", "cache"}


def test_a_planned_name_that_is_taken_gets_the_next_best() -> None:
    found = grouped(TWO_TOPICS, planned=PLAN, taken=("parser",))
    assert set(members(found)) == {"parser_search", "storage"}


def test_nothing_depends_on_the_order_of_the_input() -> None:
    parts, links = parts_and_links(Source("lib.rs", (LARGE_IMPL + TWO_TOPICS).encode()), LIMITS)
    expected = group(parts, links, LIMITS, PLAN)
    for seed in range(5):
        mixed, mixed_links = list(parts), list(links)
        random.Random(seed).shuffle(mixed)  # noqa: S311 - repeatable, no secret
        random.Random(seed).shuffle(mixed_links)  # noqa: S311 - repeatable, no secret
        assert group(mixed, mixed_links, LIMITS, PLAN) == expected


SCRIPT = """
import sys
from remediate.codemods.split_file.cohesion import Limits, group, parts_and_links
from remediate.rust.syntax import Source
text = sys.stdin.buffer.read()
parts, links = parts_and_links(Source("lib.rs", text), Limits(80, 15))
print(repr(group(parts, links, Limits(80, 15))))
"""


def test_nothing_depends_on_the_hash_seed(tmp_path: Path) -> None:
    text = (LARGE_IMPL + TWO_TOPICS).encode()
    answers = set()
    for seed in ("0", "1", "2", "77"):
        command = [sys.executable, "-c", SCRIPT]
        hashing = {"PYTHONHASHSEED": seed}
        done = subprocess.run(command, input=text, capture_output=True, check=True, env=hashing, cwd=tmp_path)
        answers.add(done.stdout)
    assert len(answers) == 1


def test_nothing_to_group_is_no_error() -> None:
    assert grouped("").groups == ()
    assert grouped("use std::fmt;\n").groups == ()


@pytest.mark.parametrize("limit", [20, 40, 80, 200, 1000])
def test_any_limit_gives_a_result(limit: int) -> None:
    grouped(LARGE_IMPL + TWO_TOPICS, Limits(max_lines=limit, min_lines=limit // 10))


def test_impls_of_kindred_traits_are_alike() -> None:
    impls = "".join(
        f"impl {trait} for Fraction {{\n    fn run(self) {{\n{body(30)}    }}\n}}\n\n"
        for trait in ("Add", "Mul", "CheckedAdd", "CheckedMul")
    )
    source = Source("lib.rs", f"pub struct Fraction(u8);\n\n{impls}".encode())
    parts, links = parts_and_links(source, LIMITS)
    kin = families(parts, LIMITS)
    add, mul, checked_add, _ = (f.number for f in kin if f.parts[0].kind == "impl")
    found = evidence(kin, links)
    assert found[add, checked_add].get("names", 0) > found[mul, checked_add].get("names", 0)


def test_what_a_function_takes_goes_with_it_where_their_names_say_so() -> None:
    names = ("Clone", "Push", "Fetch", "List")
    text = "pub enum Command {\n" + "".join(f"    {name}({name}Args),\n" for name in names) + "}\n\n"
    text += "".join(f"pub struct {name}Args {{\n    remote: String,\n}}\n\n" for name in names)
    text += "".join(
        f"fn cmd_{name.lower()}(args: &{name}Args) {{\n{body(30, 'drop(&args.remote)')}}}\n\n"
        for name in names
    )
    home = {key: g.name for g in grouped(text).groups for key in g.members}
    assert all(home[f"struct {name}Args"] == home[f"fn cmd_{name.lower()}"] for name in names)
    assert len(set(home.values())) == len(names)


def test_a_word_that_most_names_have_makes_no_namesakes() -> None:
    functions = "".join(f"fn load_{word}(state: &State) {{}}\n" for word in ("a1", "b2", "c3"))
    source = Source(
        "lib.rs", f"pub struct State;\npub struct LoadState;\n{functions}fn load() {{}}\n".encode()
    )
    parts, links = parts_and_links(source, LIMITS)
    assert not list(namesakes(families(parts, LIMITS), links))
