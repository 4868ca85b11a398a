"""What the grouping makes of files: families, sizes, the facade, plans, names, determinism."""

import subprocess
import sys
from pathlib import Path

import pytest
from grouped_text import CUT_TYPES, LIMITS, answer, body, function, grouped, grouping, method

from remediate.codemods.split_file.draft import Group
from remediate.codemods.split_file.grouping.banners import attached_banner, banner
from remediate.codemods.split_file.grouping.concepts import (
    activity,
    base,
    is_noun,
    is_noun_phrase,
    subject,
)
from remediate.codemods.split_file.grouping.naming import is_free
from remediate.codemods.split_file.grouping.words import name_stems, stem, stems
from remediate.codemods.split_file.options import SplitOptions
from remediate.model import PlannedModule

# Two topics that call only themselves; "cache" and "query" words throughout.
TWO_TOPICS = (
    function("parse_query", "split_query()", "check_query()")
    + function("split_query", "check_query()")
    + function("check_query", "split_query()")
    + function("load_cache", "evict_cache()", "fill_cache()")
    + function("evict_cache", "fill_cache()")
    + function("fill_cache", "evict_cache()")
)
QUERY, CACHE = ["parse_query", "split_query", "check_query"], ["load_cache", "evict_cache", "fill_cache"]
PAD = "".join(function(f"{word}_pad", lines=20) for word in ("alpha", "beta", "gamma"))


def test_topics_become_modules_named_after_them() -> None:
    assert grouped(TWO_TOPICS) == {"query": QUERY, "cache": CACHE, "": []}


def test_the_order_of_the_file_does_not_hide_the_topics() -> None:
    pieces = TWO_TOPICS.strip().split("\n\n")
    mixed = "\n\n".join(pieces[n] for n in (0, 3, 1, 4, 2, 5)) + "\n"
    assert set(map(frozenset, grouped(mixed).values())) == {frozenset(QUERY), frozenset(CACHE), frozenset()}


def test_a_family_that_fits_is_never_cut() -> None:
    clone = "impl Clone for Index {\n    fn clone(&self) {}\n}\n\n"
    impls = f"impl Index {{\n{method('look', lines=20)}}}\n\n{clone}"
    text = f"pub struct Index {{ a: u8 }}\n\n{PAD}{impls}{PAD.replace('_pad', '_fill')}"
    home = next(titles for titles in grouped(text).values() if "Index" in titles)
    assert {"Index", "impl Index", "impl Clone for Index"} <= set(home)


def test_impls_of_a_type_of_another_file_stay_together() -> None:
    made = "".join(f"impl {{0}} for {name} {{{{\n{body(12)}}}}}\n\n" for name in ("Handle", "Pipe"))
    traits = "".join(made.format(trait) for trait in ("Read", "Write", "Seek"))
    known = f"{traits}use crate::{{Handle, Pipe}};\n"
    assert set(grouped(known)) == {"handle", "pipe", ""}
    assert set(grouped(known.replace("crate", "other"))) == {"read_impls", "seek_impls", "write_impls", ""}


def test_a_public_error_does_not_go_with_the_function_that_returns_it() -> None:
    error = "pub enum LoadError {\n" + "".join(f"    Case{n},\n" for n in range(8)) + "}\n\n"
    found = grouped(error + function("load_all", "let e: LoadError", lines=40) + TWO_TOPICS)
    assert not any({"LoadError", "load_all"} <= set(titles) for name, titles in found.items() if name)


def test_methods_of_a_type_of_another_file_that_are_about_nothing_stay() -> None:
    topics = [f"{verb}_{noun}" for noun in ("token", "cache") for verb in ("load", "check", "drop")]
    plain = "".join(method(name, lines=12) for name in ("begin", "halt"))
    found = grouped(f"impl Engine {{\n{plain}{''.join(method(t, lines=16) for t in topics)}}}\n\n")
    assert "engine" not in found
    assert found[""]


def test_data_goes_with_the_one_data_type_that_holds_it() -> None:
    def data(name: str, *fields: str) -> str:
        return f"pub struct {name} {{\n{''.join(f'    {f},' + chr(10) for f in fields)}}}\n\n"

    held = data("Usage", "a: u8", *(f"b{n}: u8" for n in range(9)))
    whole = data("Answer", "usage: Usage", *(f"c{n}: u8" for n in range(20)))
    users = function("spend", "let a: Usage", lines=30) + function("save", "let a: Usage", lines=30)
    limits = SplitOptions(max_lines=80, min_lines=20)
    assert {"Usage", "Answer"} <= set(grouped(held + whole + users, options=limits)["answer"])
    more = whole + f"impl Answer {{\n{method('total', lines=9)}}}\n\n"
    assert "Usage" not in grouped(held + more + users, options=limits)["answer"]


def test_dimensions_in_names_are_not_parted() -> None:
    def named(name: str) -> str:
        return f"pub struct {name};\n\nimpl {name} {{\n{method('wait', lines=30)}}}\n\n"

    assert set(grouped(named("ID3D12Device") + named("Box2D") + PAD)) >= {"id3d12_device", "box2d"}


def test_a_type_and_its_opposite_are_apart() -> None:
    types = "".join(
        f"pub struct {name};\n\nimpl {name} {{\n{method('wait', lines=18)}}}\n\n"
        for name in ("NonBlocking", "Blocking", "Strategy")
    )
    assert set(grouped(types + PAD)) >= {"non_blocking", "blocking"}


def test_the_function_that_the_file_is_called_after_stays() -> None:
    text = (
        function("search", "prepare()", lines=30) + function("prepare", lines=20, public=False) + TWO_TOPICS
    )
    found = grouped(text)
    assert found[""] == ["search", "prepare"]
    assert "searching" not in found


def test_the_function_that_the_file_is_called_after_goes_to_no_type_that_it_uses() -> None:
    impls = "".join(
        f"impl Store for {t} {{\n    fn get(&self) {{\n{body(12)}    }}\n}}\n\n" for t in ("u8", "u16")
    )
    store = "pub trait Store {\n    fn get(&self);\n}\n\n" + impls
    text = store + function("search", "let s: Store", "let t: Store", lines=20) + PAD
    assert grouped(text)[""] == ["search"]


def test_two_pieces_of_one_topic_are_called_after_their_one_method() -> None:
    core = "".join(method(name, lines=25) for name in ("fill_buffer", "peek_bits", "consume_bits"))
    sizes = {"read_block_header": 70, "read": 20, "read_compressed": 110}
    reads = "".join(method(name, lines=lines) for name, lines in sizes.items())
    found = grouped(f"pub struct Decoder {{ a: u8 }}\n\nimpl Decoder {{\n{core}{reads}}}\n\n")
    assert {"read_block_header", "read_compressed"} <= set(found)


def test_an_import_that_a_module_below_needs_keeps_its_name() -> None:
    types = "".join(
        f"pub struct {name};\n\nimpl {name} {{\n{method('wait', use, lines=30)}}}\n\n"
        for name, use in (("Env", "env::args()"), ("Value", "let a = 1"))
    )
    tests = "mod checks {\n    use super::*;\n\n    fn f() {\n        env::args();\n    }\n}\n\n"
    assert "env" in grouped(types + PAD + "use std::env;\n")
    assert "env" not in grouped(types + PAD + tests + "use std::env;\n")


def test_a_private_helper_goes_with_the_one_type_that_uses_it() -> None:
    impl = f"impl Index {{\n{method('look', 'distant()', lines=20)}}}\n\n"
    text = f"pub struct Index;\n\n{impl}{PAD}fn distant() {{}}\n\n"
    home = next(titles for titles in grouped(text).values() if "Index" in titles)
    assert "distant" in home


def test_configurations_of_one_name_stay_together() -> None:
    twins = function("device", lines=10).replace("pub fn", "#[cfg(unix)]\npub fn")
    text = twins + TWO_TOPICS + twins.replace("cfg(unix)", "cfg(windows)")
    homes = [name for name, titles in grouped(text).items() if "device" in titles]
    assert len(homes) == 1
    assert grouped(text)[homes[0]].count("device") == 2


def test_helpers_in_two_sections_stay_together_and_are_in_one_module() -> None:
    private = {name: method(name, *uses).replace("pub ", "") for name, uses in HELPERS.items()}
    text = (
        "pub struct Store { data: u8 }\n\nimpl Store {\n    // ==== Alpha ====\n\n"
        + private["look"]
        + "".join(method(f"alpha_{n}", lines=9) for n in ("ab", "cd"))
        + "    // ==== Various ====\n\n"
        + private["detail"]
        + "".join(method(f"read_{n}", "self.look()", lines=9) for n in ("ab", "cd", "ef"))
        + "".join(method(f"{n}_gh", lines=9) for n in ("walk", "carry", "bring", "settle"))
        + "}\n"
    )
    found = grouped(text)  # which asserts that nothing is in two modules
    homes = [{"Store::look", "Store::detail"} & set(titles) for titles in found.values()]
    assert {"Store::look", "Store::detail"} in homes


HELPERS = {"look": ("self.detail()",), "detail": ()}


LARGE_TYPE = (
    "pub struct Store { data: u8, log: u8 }\n\nimpl Store {\n"
    + method("new", takes="", gives="Self", lines=2)
    + method("len", lines=1)
    + "".join(method(f"read_{n}", "self.data", lines=9) for n in ("one", "two", "all"))
    + "".join(method(n, "self.log", takes="&mut self", lines=9) for n in ("insert", "push", "append"))
    + "".join(method(n, lines=9, takes="&mut self") for n in ("pop", "remove", "clear", "drain"))
    + "".join(method(n, lines=5) for n in ("get", "get_mut", "get_unchecked"))
    + "}\n"
)


def test_a_large_type_is_cut_by_concept() -> None:
    assert all(("Store" in titles) == ("Store::pop" in titles) for titles in grouped(LARGE_TYPE).values())
    found = grouped(LARGE_TYPE, options=CUT_TYPES)
    assert {"Store", "Store::new", "Store::len"} <= set(found["store"])
    assert {"Store::pop", "Store::remove", "Store::clear", "Store::drain"} == set(found["removal"])
    pushing = {"Store::insert", "Store::push", "Store::append"}
    assert any(pushing <= set(titles) for titles in found.values())
    assert not any("Store::pop" in titles and "Store::push" in titles for titles in found.values())


def test_constructors_that_fill_more_than_a_file_are_cut_too() -> None:
    sources = ("file", "string", "stream", "socket", "buffer", "archive", "snapshot", "cursor")
    made = "".join(method(f"from_{word}", lines=10, takes="", gives="Self") for word in sources)
    short = method("huge", lines=3) + method("populate", lines=3)
    text = f"pub struct Table {{\n    rows: u8,\n}}\n\nimpl Table {{\n{made}{short}}}\n\n"
    found = grouped(text + TWO_TOPICS + PAD, options=CUT_TYPES)
    assert found["table"] == ["Table", "Table::huge", "Table::populate"]
    assert found["table_constructors"] == [f"Table::from_{word}" for word in sources]


def test_siblings_stay_together() -> None:
    homes = [name for name, titles in grouped(LARGE_TYPE).items() if any("::get" in t for t in titles)]
    assert len(homes) == 1


def test_the_type_that_the_file_is_called_after_stays() -> None:
    found = grouped(LARGE_TYPE, module="store", options=CUT_TYPES)
    assert {"Store", "Store::new", "Store::len"} <= set(found[""])
    assert "removal" in found
    macro = "macro_rules! m { () => {\n" + "    ();\n" * 40 + "} }\n\n"
    assert "Store" in grouped(macro + LARGE_TYPE, module="store")[""]


@pytest.mark.parametrize(
    ("path", "name"),
    [
        ("use std::{error::Error as _, fmt::Debug};", "error"),
        ("std::error::far();", "error"),
        ("use {error::Error as _, std::fmt};", "error_type"),
        ("error::far();", "error_type"),
    ],
)
def test_only_what_begins_a_path_takes_a_name_from_a_module(path: str, name: str) -> None:
    far = "".join(function(f"read_{n}", lines=25) for n in range(4))
    impl = "impl Error {\n" + "".join(method(f"kind_{n}", lines=10) for n in range(3)) + "}\n\n"
    assert name in grouped(f"fn far() {{ {path} }}\n\npub struct Error;\n\n{impl}{far}")


def test_public_constants_in_a_row_stay_together() -> None:
    row = "".join(f"pub const {name}: u8 = {n};\n" for n, name in enumerate(("FIRST", "EXTRA", "LAST")))
    users = function("open_door", "FIRST", lines=50) + function("shut_window", "LAST", "EXTRA", lines=50)
    spaced = [set(titles) for titles in grouped(row.replace("\n", "\n\n") + "\n" + users).values()]
    assert not any({"FIRST", "LAST"} <= titles for titles in spaced)
    found = [set(titles) for titles in grouped(row + "\n" + users).values()]
    assert any({"FIRST", "EXTRA", "LAST"} <= titles for titles in found)


def test_an_impl_block_with_a_heading_is_a_module_even_if_long() -> None:
    own = "impl Search {\n" + "".join(method(f"take_{n}", lines=12) for n in range(5)) + "}\n\n"
    headed = [
        f"/// # {title}\nimpl Search {{\n" + "".join(method(name, lines=n) for name in names) + "}\n\n"
        for title, names, n in (
            ("Adding widgets: labels and such", ("label", "button", "image"), 30),
            ("[`Paint`] colors", ("shade", "tint"), 10),
        )
    ]
    found = grouped("pub struct Search;\n\n" + own + "".join(headed))
    assert found["widgets"] == ["Search::label", "Search::button", "Search::image"]
    assert found["paint_colors"] == ["Search::shade", "Search::tint"]


def test_what_rustdoc_lets_any_item_say_is_no_heading_of_a_section() -> None:
    bodies = "".join(method(name, lines=30) for name in ("label", "button", "image"))
    text = f"pub struct Search;\n\n/// # Examples\nimpl Search {{\n{bodies}}}\n\n{PAD}"
    assert "examples" not in "".join(grouped(text))


def test_small_types_that_end_alike_share_a_module() -> None:
    body = "{\n    Done,\n    More,\n    Failed,\n}"
    results = "".join(f"pub enum {name}Result {body}\n\n" for name in ("Read", "Write", "Seek"))
    assert grouped(results + PAD)["result"] == ["ReadResult", "WriteResult", "SeekResult"]


def test_the_facade_is_an_index() -> None:
    text = "macro_rules! m { () => {} }\n\nstruct Secret { field: u8 }\n\n" + TWO_TOPICS
    used = text.replace("    let step3 = 3;\n", "    Secret { field: 1 };\n")
    assert set(grouped(used + "#[cfg(test)]\nmod tests {}\n")[""]) <= {"m", "tests", "Secret"}
    assert grouped(TWO_TOPICS)[""] == []


def test_what_everything_shares_may_stay() -> None:
    shared = "const LIMIT: u8 = 3;\n\n" + TWO_TOPICS.replace("let step3 = 3", "let step3 = LIMIT")
    assert grouped(shared)[""] == ["LIMIT"]


def test_no_module_is_too_large_or_too_small() -> None:
    text = "".join(
        function(f"do_{word}_{n}", lines=9 + n) for n in range(8) for word in ("block", "token", "packet")
    )
    found, titles = grouping(text, (), LIMITS, "search")
    assert titles
    assert len(found.groups) >= 3


PLAN = (
    PlannedModule("storage", "Caching of results"),
    PlannedModule("parser", "Query parsing and validation", public=True),
    PlannedModule("telemetry", "Metrics and tracing spans"),
)


def test_a_plan_is_followed_and_answered() -> None:
    found = answer(TWO_TOPICS, *PLAN)
    assert {g.name: g.public for g in found.groups} == {"parser": True, "storage": False}
    (told,) = found.unanswered
    assert told.startswith("the planned module `telemetry` is not made: no item is called `telemetry`")
    assert {g.heading for g in found.groups} == {
        "//! Caching of results.\n",
        "//! Query parsing and validation.\n",
    }


def test_a_planned_module_is_not_filled_with_what_is_left() -> None:
    registry = PlannedModule("registry", "Registry of components")
    text = TWO_TOPICS + function("embed_text", lines=30) + function("history_of_chat", lines=30)
    found = answer(text, *PLAN, registry)
    assert "registry" not in {g.name for g in found.groups}
    assert any("`registry`" in said for said in found.unanswered)


def test_what_a_plan_names_goes_where_it_says() -> None:
    plan = (PlannedModule("odd", "", exports=("fill_cache",)), PlannedModule("parser", "Query parsing"))
    assert "fill_cache" in grouped(TWO_TOPICS, plan)["odd"]


def test_a_planned_name_that_is_taken_is_told() -> None:
    text = TWO_TOPICS + "pub mod parser {}\n"
    found = answer(text, *PLAN)
    assert "parser" not in {g.name for g in found.groups}
    assert any("`parser`" in said and "taken" in said for said in found.unanswered)


def test_a_planned_export_of_nothing_is_told() -> None:
    found = answer(TWO_TOPICS, PlannedModule("parser", "Query parsing", exports=("QueryParser",)))
    assert any("`QueryParser`" in said for said in found.unanswered)


def test_a_heading_is_one_line_of_documentation() -> None:
    assert Group("a", (), description="lines\nand */ \x07 more").heading == "//! Lines and */ more.\n"
    assert not Group("a", ()).heading


def test_what_a_function_takes_goes_with_it_where_their_names_say_so() -> None:
    names = ("Clone", "Push", "Fetch", "List")
    text = "pub enum Command {\n" + "".join(f"    {name}({name}Args),\n" for name in names) + "}\n\n"
    text += "".join(f"pub struct {name}Args {{\n    remote: String,\n}}\n\n" for name in names)
    text += "".join(
        f"fn cmd_{name.lower()}(args: &{name}Args) {{\n{body(30, 'drop(&args.remote)')}}}\n\n"
        for name in names
    )
    homes = {title: name for name, titles in grouped(text).items() for title in titles}
    assert all(homes[f"{name}Args"] == homes[f"cmd_{name.lower()}"] for name in names)


SCRIPT = """
import sys
sys.path.insert(0, sys.argv[1])
from codemods.test_grouping import LARGE_TYPE, PLAN, TWO_TOPICS, grouped
print(grouped(LARGE_TYPE + TWO_TOPICS), grouped(TWO_TOPICS, PLAN))
"""


def test_nothing_depends_on_the_hash_seed(tmp_path: Path) -> None:
    tests = str(Path(__file__).parents[1])
    answers = set()
    for seed in ("0", "1", "77"):
        command = [sys.executable, "-c", SCRIPT, tests]
        done = subprocess.run(
            command, capture_output=True, check=True, env={"PYTHONHASHSEED": seed}, cwd=tmp_path
        )
        answers.add(done.stdout)
    assert len(answers) == 1


@pytest.mark.parametrize("limit", [20, 40, 80, 100])
def test_any_limit_gives_a_result(limit: int) -> None:
    assert grouped(LARGE_TYPE + TWO_TOPICS, options=SplitOptions(max_lines=limit, min_lines=limit // 10))


@pytest.mark.parametrize(
    ("name", "about"),
    [
        ("get_ai_metrics", "ai_metrics"),
        ("as_json_value", "json_value"),
        ("create_comp_flags_from_zip_params", "comp_flags"),
        ("init_tree", "tree"),
        ("read_byte_record", "byte_record"),
        ("write", ""),
        ("try_retain", ""),
        ("reserve_exact", ""),
        ("register_template_file_with_extension", "template_file"),
    ],
)
def test_what_a_function_is_about(name: str, about: str) -> None:
    assert subject(name) == about


@pytest.mark.parametrize(
    "word", ["been", "flexible", "first", "get2", "parsed", "parsing", "from", "wide", "number"]
)
def test_words_that_name_no_module(word: str) -> None:
    assert not is_noun(word)


def test_nouns_and_phrases() -> None:
    assert is_noun("query")
    assert is_noun_phrase("byte_record")
    assert not is_noun_phrase("from_parts")
    assert (activity("validate"), activity("parse"), activity("set")) == ("validation", "parsing", "")


def test_siblings_have_one_base() -> None:
    assert {base(n) for n in ("get", "get_mut", "get_unchecked", "get_unchecked_mut")} == {"get"}
    assert {base(n) for n in ("with_capacity", "with_capacity_in")} == {"with_capacity"}


FORBIDDEN = [
    *("match", "type", "async", "str", "u8", "std", "core", "con", "nul", "com1", "tests", "lib", "main"),
    *("mod", "utils", "misc", "common", "Upper", "9lives", "", "a-b", "test_a", "b_test"),
]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_names_that_no_module_may_have(name: str) -> None:
    assert not is_free(name, set())


@pytest.mark.parametrize(
    "forms",
    [
        ("parse", "parses", "parsing", "parser", "parsers"),
        ("validate", "validation", "validator", "validating"),
        ("index", "indices", "indexing"),
        ("query", "queries"),
        ("serialize", "serialization"),
        ("filter", "filters", "filtering"),
        ("error", "errors"),
    ],
)
def test_forms_of_a_word_have_one_stem(forms: tuple[str, ...]) -> None:
    assert len({stem(form) for form in forms}) == 1


def test_different_words_keep_different_stems() -> None:
    some = ["parse", "string", "iter", "index", "order", "query", "entry", "core", "status", "address"]
    assert len({stem(word) for word in some}) == len(some)


def test_a_description_finds_the_names_of_code() -> None:
    assert set(stems("query parsing and validation")) >= set(name_stems("parse_query"))
    assert stems("This is the implementation of the helper functions for a module") == []


@pytest.mark.parametrize(
    ("comment", "title"),
    [
        ("// ======\n// Parsing\n// ======\n", "Parsing"),
        ("// --- Query parsing ---\n", "Query parsing"),
        ("// region: Cache\n", "Cache"),
        ("/* ---- Filters ---- */\n", "Filters"),
        ("// Conversions\n", "Conversions"),
        ("// First remark\n\n// ---- Second ----\n", "Second"),
        ("// let x = 1;\n", None),
        ("// Copyright 2020 The Authors\n", None),
        ("// TODO: more of these\n", None),
        ("// One line of a longer text\n// that goes on and\n// on\n", None),
        ("", None),
    ],
)
def test_section_comments(comment: str, title: str | None) -> None:
    assert banner(comment) == title


def test_a_section_comment_may_touch_its_first_item() -> None:
    assert attached_banner("// ---- Parsing ----\n/// Doc.\n") == "Parsing"
    assert attached_banner("// Parses it.\n/// Doc.\n") is None
