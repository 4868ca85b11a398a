"""What readers of splits asked for: names, what stays together, and what stays where it is."""

import pytest
from grouped_text import LIMITS, body, function, grouped, method
from made_package import package

from remediate.codemods.split_file.analyze.survey import survey
from remediate.codemods.split_file.grouping import Grouper
from remediate.codemods.split_file.grouping.concepts import std_concept
from remediate.codemods.split_file.options import SplitOptions
from remediate.model import Finding, Skip


def test_the_type_that_the_file_is_called_after_has_the_last_word_of_its_name() -> None:
    text = (
        "pub struct CtOption { a: u8 }\n\nimpl CtOption {\n"
        + "".join(method(f"apply_{word}") for word in ("mask", "choice", "pad", "swap"))
        + "}\n\n"
        + function("table_lookup", lines=30)
        + function("table_walk", lines=30)
    )
    assert "option" in grouped(text, module="ct_option")


def test_types_that_are_called_after_another_share_its_file() -> None:
    types = ("Sorted", "SortedBy", "SortedPartial")
    text = "".join(
        f"pub struct {name};\n\nimpl {name} {{\n{method('go', lines=4)}}}\n\n" for name in types
    ) + function("table_lookup", lines=50)
    assert set(grouped(text)["sorted"]) >= set(types)


ENCODE = (
    "pub enum Algorithm { A, B }\n\nimpl Algorithm {\n"
    + method("name", lines=6)
    + "}\n\n"
    + function("encode", "Algorithm::A", "sign()", lines=20)
    + function("sign", "Algorithm::B", lines=20, public=False)
    + function("decode", "verify()", "Algorithm::A", lines=20)
    + function("verify", "Algorithm::B", lines=20, public=False)
)


def test_functions_leave_a_small_type_alone_that_others_use() -> None:
    found = grouped(ENCODE)
    assert found["encode"] == ["encode", "sign"]
    assert found["decode"] == ["decode", "verify"]


def test_functions_of_one_verb_are_called_by_it() -> None:
    text = "".join(
        (
            function("parse_any", "finite()", lines=20),
            function("parse_exact", "finite()", lines=20),
            function("finite", lines=10, public=False),
            "pub struct Hexf { a: u8 }\n\nimpl Hexf {\n" + method("width", lines=40) + "}\n",
        )
    )
    assert set(grouped(text)["parse"]) >= {"parse_any", "parse_exact"}


def test_a_grammar_of_several_types_stays_together() -> None:
    names = ("Alpha", "Beta", "Gamma", "Delta")
    text = "".join(
        f"pub struct {name} {{ a: u8 }}\n\nimpl {name} {{\n{method('width', lines=30)}}}\n\n"
        f"pub fn parse_{name.lower()}() -> {name} {{\n    parse_{other.lower()}();\n{body(13)}"
        f"    {name} {{ a: 1 }}\n}}\n\n"
        for name, other in zip(names, (*names[1:], "Alpha"), strict=True)
    )
    found = grouped(text)
    assert found["parse"] == [f"parse_{name.lower()}" for name in names]


def test_conversions_between_things_share_a_module() -> None:
    pairs = ("rgb_to_hsv", "hsv_to_rgb", "rgb_to_hsl", "lab_to_lch")
    text = "".join(function(pair, lines=14) for pair in pairs)
    text += "pub struct Hexf { a: u8 }\n\nimpl Hexf {\n" + method("width", lines=40) + "}\n"
    assert sorted(grouped(text)["conversions"]) == sorted(pairs)


def _machine(title: str) -> str:
    """Return a type that is too long for a file without the few methods about feeding, too."""
    text = "pub struct Machine { a: u8 }\n\nimpl Machine {\n" + title
    text += (
        method("feed", lines=12) + method("feed_all", lines=12) + (title and "    // ---- Others ----\n\n")
    )
    others = ("ponder", "settle", "wander", "conclude", "begin", "linger", "vanish", "emerge")
    text += "".join(method(name, lines=20) for name in others)
    return text + "}\n\n" + function("table_lookup", lines=30)


def test_few_methods_stay_with_a_type_that_is_too_long_without_them() -> None:
    found = grouped(_machine(""))
    assert "Machine::feed" in next(t for t in found.values() if "Machine::ponder" in t)


def test_few_methods_under_a_title_go() -> None:
    found = grouped(_machine("    // ---- Nourishment ----\n\n"))
    assert found["nourishment"] == ["Machine::feed", "Machine::feed_all"]


@pytest.mark.parametrize(
    ("first", "second", "together"),
    [
        ("GalleyCache", "FontCache", True),
        ("VersionNegotiation", "IpVersion", False),
    ],
)
def test_two_types_are_kin_by_a_word_in_the_same_place(first: str, second: str, together: bool) -> None:  # noqa: FBT001
    text = "".join(
        f"pub struct {name};\n\nimpl {name} {{\n{method('go', lines=9)}}}\n\n" for name in (first, second)
    ) + function("table_lookup", lines=50)
    found = grouped(text)
    assert any({first, second} <= set(titles) for titles in found.values()) is together


def test_little_code_stays_where_inline_modules_made_the_file_long() -> None:
    small = f"pub struct State;\n\nimpl State {{\n{method('go', lines=14)}}}\n\n"
    inner = "".join(function(f"walk_{n}", lines=20) for n in range(5))
    assert set(grouped(small + f"mod init {{\n{inner}}}\n")) == {""}
    assert "state" in grouped(small + inner)


def test_a_verb_that_nearly_all_functions_have_is_no_topic() -> None:
    both = ("gen_augment()", "gen_from_arg_matches()")
    text = function("derive_subcommand", "gen_for_enum()", lines=20)
    helpers = ("gen_has_subcommand()", "gen_update_from_arg_matches()")
    text += function("gen_for_enum", *both, *helpers, lines=90)
    lengths = {"gen_augment": 225, "gen_has_subcommand": 62, "gen_from_arg_matches": 144}
    for name, lines in {**lengths, "gen_update_from_arg_matches": 100}.items():
        text += function(name, lines=lines, public=False)
    assert grouped(text, options=SplitOptions(max_lines=300))["augment"] == ["gen_augment"]


def test_a_long_function_is_parted_from_its_long_helpers() -> None:
    text = function("blame", "tree_diff_at()", "blob_changes()", lines=60) + "type Ids = Vec<u8>;\n\n"
    text += function("tree_diff_at", "tree_diff_with()", lines=30, public=False)
    text += function("tree_diff_with", lines=30, public=False)
    text += "fn blob_changes() -> Ids {\n" + body(30) + "    vec![]\n}\n\n"
    found = grouped(text)
    assert found["tree_diff"] == ["tree_diff_at", "tree_diff_with"]
    assert "blame" in found["blame"]


def test_functions_are_called_by_how_their_names_begin() -> None:
    text = function("race", lines=20) + function("race_with_seed", lines=20) + function("zip", lines=30)
    text += "pub struct Hexf { a: u8 }\n\nimpl Hexf {\n" + method("width", lines=40) + "}\n"
    assert {"race", "race_with_seed"} <= set(grouped(text)["race"])


def test_the_last_word_of_a_type_is_a_noun() -> None:
    text = "pub struct BitSet { a: u8 }\n\nimpl BitSet {\n" + method("width", lines=78) + "}\n\n"
    assert "BitSet" in grouped(text + function("table_lookup", lines=40), module="bit_set")["set"]


def test_methods_stay_with_the_one_whose_name_they_begin_with() -> None:
    methods = (("invalidate", 14), ("invalidate_all", 14), ("invalidate_entries_if", 14), ("entry", 14))
    text = "pub struct Cache { a: u8 }\n\nimpl Cache {\n"
    text += "".join(method(name, lines=lines) for name, lines in (*methods, ("entry_by_ref", 14)))
    text += method("poll_everything", lines=40) + "}\n\n" + function("table_lookup", lines=30)
    found = grouped(text)
    (together,) = [titles for titles in found.values() if "Cache::invalidate" in titles]
    assert {"Cache::invalidate_all", "Cache::invalidate_entries_if"} <= set(together)


def test_counting_entries_is_no_iteration_and_an_adverb_tells_nothing() -> None:
    assert std_concept("entry_count") == ""
    assert std_concept("optionally_find_with") == std_concept("find_with") == "search"
    assert std_concept("insert_header") == "insertion"


def test_types_that_only_functions_use_have_no_words() -> None:
    """Two families of which neither has a type of its own: no word can join them."""
    text = "".join(
        f"struct {name} {{ a: u8 }}\n\npub fn {word}() {{\n    {name} {{ a: 1 }};\n{body(14)}}}\n\n"
        for name, word in (("First", "alpha"), ("Second", "omega"))
    )
    found = grouped(text + function("table_lookup", lines=60))
    assert {"First", "Second"} <= {title for titles in found.values() for title in titles}


def test_long_names_give_their_module_what_all_of_them_do() -> None:
    names = ("impl_struct_by_extracting_each_field", "impl_enum_by_extracting_everything_at_once")
    text = "".join(function(name, lines=18) for name in names) + function("race", lines=30)
    text += "pub struct Hexf { a: u8 }\n\nimpl Hexf {\n" + method("width", lines=40) + "}\n"
    assert sorted(names) == sorted(grouped(text)["extraction"])


def test_who_starts_a_builder_makes_the_type() -> None:
    made = method("new", takes="", gives="Self", lines=30) + method(
        "from_parts", takes="", gives="Self", lines=30
    )
    text = "pub struct Cache { a: u8 }\n\nimpl Cache {\n" + made
    text += method("builder", takes="", gives="CacheBuilder", lines=4)
    text += "".join(method(f"step{word}", lines=20) for word in ("alpha", "omega", "gamma")) + "}\n\n"
    found = grouped(text + function("table_lookup", lines=30))
    (makers,) = [titles for titles in found.values() if "Cache::builder" in titles]
    assert {"Cache::new", "Cache::from_parts"} <= set(makers)


def test_impls_of_a_trait_of_the_file_are_its_own_and_not_io() -> None:
    text = "pub trait Read {\n" + method("read_all", lines=60) + "}\n\n"
    text += "".join(
        f"impl Read for {name} {{\n    fn rest(&self) {{\n{body(14)}    }}\n}}\n\n"
        for name in ("u8", "u16", "u32")
    )
    found = grouped(text + function("table_lookup", lines=30))
    assert sum("impl Read" in title for title in found["impls"]) == 3


@pytest.mark.parametrize(("itself", "name"), [("", "p"), ("extern crate self as p;\n", "p_type")])
def test_the_name_of_the_crate_is_free_unless_paths_may_begin_with_it(itself: str, name: str) -> None:
    text = "pub struct P { a: u8 }\n\nimpl P {\n" + method("width", lines=70) + "}\n\n"
    text += function("table_lookup", lines=40)
    files = {"src__lib": itself + "mod search;\n", "src__search": text}
    known = survey(
        package("", (), **files), Finding("1", "0" * 16, "large-file", "", "src/search.rs"), LIMITS
    )
    assert not isinstance(known, Skip)
    assert known.ground.package.name == "p"
    assert name in {group.name for group in Grouper(known).grouped().groups}


TINY = ("Label", "Opacity", "Range", "Font", "Title")


def test_tiny_types_that_nothing_owns_stay_if_they_are_few() -> None:
    tiny = "pub struct Red;\n\npub struct Green;\n\npub struct Blue;\n\n"
    users = "".join(
        f"pub struct {name};\n\nimpl {name} {{\n{method('go', 'Red', 'Green', 'Blue', lines=40)}}}\n\n"
        for name in ("Alpha", "Omega")
    )
    assert grouped(tiny + users)[""] == ["Red", "Green", "Blue"]


@pytest.mark.parametrize(("calls", "owned"), [(("Red",) * 4, True), (("Red",) * 2, False)])
def test_a_tiny_type_goes_to_who_mostly_mentions_it(calls: tuple[str, ...], owned: bool) -> None:  # noqa: FBT001
    text = "pub struct Red;\n\n" + "".join(
        f"pub struct {name};\n\nimpl {name} {{\n{method('go', *said, lines=40)}}}\n\n"
        for name, said in (("Alpha", calls), ("Omega", ("Red",)))
    )
    assert ("Red" in grouped(text)["alpha"]) is owned


def test_a_type_that_others_mention_is_found_by_its_name_not_by_its_function() -> None:
    text = "pub enum Primitive { A, B }\n\n"
    text += f"pub fn read_it() -> Primitive {{\n{body(30)}    Primitive::A\n}}\n\n"
    text += f"pub struct Java;\n\nimpl Java {{\n{method('go', 'Primitive::B', lines=40)}}}\n\n"
    assert grouped(text)["primitive"] == ["Primitive", "read_it"]


def type_of(name: str, *methods: str, lines: int = 8, fields: str = "a: u8") -> str:
    members = "".join(method(one, lines=lines) for one in methods)
    return f"pub struct {name} {{ {fields} }}\n\nimpl {name} {{\n{members}}}\n\n"


PARSER = type_of("Parser", *(f"step_{word}" for word in ("one", "two", "six", "ten")), lines=14)


def test_a_function_goes_to_the_type_of_its_name() -> None:
    text = PARSER + type_of("HasKey", "check", lines=20) + type_of("HasValue", "check", lines=20)
    text += function("has_key", "HasKey::check()", lines=12) + function(
        "has_value", "HasKey::check()", lines=12
    )
    found = grouped(text)
    assert "has_key" in found["has_key"]
    assert "has_value" in found["has_value"]


def test_an_error_draws_no_function_that_may_fail() -> None:
    error = "pub enum ParseError { A }\n\nimpl ParseError {\n" + method("kind", lines=30) + "}\n\n"
    fails = "pub fn parse_date() -> Result<u8, ParseError> {\n" + body(10, "ParseError::A") + "}\n\n"
    found = grouped(PARSER + error + fails + function("parse_date_weak", lines=30))
    assert "parse_date" not in found["parse_error"]
    assert any({"parse_date", "parse_date_weak"} <= set(titles) for titles in found.values())


def functions(**lines: int) -> str:
    return "".join(function(name, lines=count) for name, count in lines.items())


def test_functions_left_over_are_not_called_after_the_longest() -> None:
    long = functions(powf=336, sinef=120, absf=6, scalef=28, powd=440, absd=6, scaled=32, sined=152)
    found = grouped(long, options=SplitOptions())
    assert found["sinef"] == ["sinef"]
    assert found[""] == ["absf", "scalef", "absd", "scaled"]


def test_functions_that_begin_alike_are_together() -> None:
    packed = functions(packed_by=38, packed_by_in_any_order=43, packed_ascending=14, packed_descending=14)
    tightly = functions(packed_tightly_by=36, packed_tightly_by_in_any_order=48, packed_tightly_ascending=14)
    satisfied = functions(all_elements_satisfy=25, some_elements_satisfy=22)
    found = grouped(packed + tightly + satisfied + PARSER, options=SplitOptions(max_lines=200))
    assert {"packed_by", "packed_ascending", "packed_descending"} <= set(found["packed"])


def test_the_helpers_of_a_long_method_go_with_it() -> None:
    setters = tuple(f"with_{word}" for word in ("host", "port", "path", "user", "mode"))
    built = method("build", "self.prepare()", "self.configure()", lines=110)
    private = "".join(method(one, lines=20).replace("pub fn", "fn") for one in ("prepare", "configure"))
    text = type_of("Config", *setters, lines=14) + f"impl Config {{\n{built}{private}}}\n\n"
    found = grouped(text + TABLE)
    assert {"Config::build", "Config::prepare", "Config::configure"} <= set(found["config_build"])


TABLE = function("table_lookup", lines=50)


def test_a_short_type_stays_where_something_else_has_its_name() -> None:
    text = PARSER + type_of("Axis", "next", lines=8) + "pub mod axis {\n    pub fn turn() {}\n}\n\n"
    found = grouped(text + TABLE)
    assert "Axis" in found[""]
    assert not any(name.endswith("_type") for name in found)


def test_a_module_is_called_after_the_type_that_the_others_are_called_after() -> None:
    text = (
        "pub trait Turn {\n    fn turn(&self);\n}\n\n"
        "pub trait TurnSync: Turn {\n    fn turn_sync(&self);\n    fn turn_late(&self);\n}\n\n"
    )
    found = grouped(text + "".join(f"impl Turn{s} for u8 {{\n{body(5)}}}\n\n" for s in ("", "Sync")) + PARSER)
    assert {"Turn", "TurnSync"} <= set(found["turn"])


def test_the_impls_of_a_type_of_less_than_two_files_stay_with_it() -> None:
    traits = "".join(
        f"impl std::ops::{name}Assign for Angle {{\n{body(9)}}}\n\n" for name in ("Add", "Sub", "Mul", "Div")
    )
    angle = type_of("Angle", *(f"turn_{word}" for word in ("left", "right", "up", "down")), lines=12)
    assert set(grouped(angle + traits + TABLE)) == {"angle", "table_lookup", ""}
    longer = type_of("Angle", *(f"turn_{word}" for word in ("left", "right", "up", "down")), lines=32)
    assert "ops" in grouped(longer + traits + TABLE)


def test_tiny_types_that_others_share_stay_where_they_are() -> None:
    tiny = "".join(f"pub struct {name} {{\n    a: u8,\n}}\n\n" for name in TINY)
    users = "".join(
        function(f"draw_{word}", *(f"{name}::a()" for name in TINY), lines=30) for word in ("line", "box")
    )
    found = grouped(PARSER + tiny + users)
    assert set(TINY) <= set(found[""])


def test_a_public_type_is_not_hidden_beside_the_only_type_that_has_one() -> None:
    text = PARSER + type_of("AllocId", "index", lines=3)
    text += type_of("Change", "undo", lines=24, fields="id: AllocId")
    found = grouped(text + function("allocate", "AllocId::index()", lines=40))
    assert not any({"AllocId", "Change"} <= set(titles) for name, titles in found.items() if name)


def test_getters_stay_with_their_type_and_no_file_is_called_access() -> None:
    getters = tuple(f"get_{word}" for word in ("row", "symbol", "subject", "value", "tag", "edit"))
    text = type_of("Solver", *getters, *(f"solve_{w}" for w in ("one", "two", "three", "four")), lines=17)
    assert not any("access" in name for name in grouped(text + TABLE))


def test_functions_about_nothing_in_common_stay_while_there_is_room() -> None:
    text = functions(convert_image=24, build_request=12, parse_answer=12, walk_table=10)
    assert "functions" not in grouped(text + PARSER, options=SplitOptions(max_lines=90, min_lines=15))


def test_many_short_types_stay_a_listing() -> None:
    names = ("Alpha", "Bravo", "Coral", "Delta", "Ember", "Frost", "Grain", "Haven")
    short = [f"pub struct {name} {{\n" + "    pub a: u8,\n" * 6 + "}\n\n" for name in names]
    options = SplitOptions(max_lines=100, min_lines=15)
    found = grouped(PARSER + type_of("Table", "walk", lines=40) + "".join(short), options=options)
    assert set(names) <= set(found[""])
    few = grouped(PARSER + type_of("Table", "walk", lines=40) + "".join(short[:4]), options=options)
    assert {"alpha", "bravo", "coral", "delta"} <= set(few)


def test_a_type_keeps_its_only_section() -> None:
    steps = "".join(method(f"step_{word}", lines=20) for word in ("one", "two", "six"))
    fields = "".join(f"    field_{n}: u8,\n" for n in range(9))
    text = f"pub struct Judge {{\n{fields}}}\n\n// ===== Rule System =====\n\nimpl Judge {{\n{steps}}}\n\n"
    found = grouped(text + TABLE)
    assert len([name for name, titles in found.items() if any("Judge" in t for t in titles)]) == 1


def test_handlers_are_not_filed_under_what_they_answer_with() -> None:
    text = PARSER + "pub struct Answer {\n    a: u8,\n    b: u8,\n    c: u8,\n    d: u8,\n}\n\n"
    for verb, what in (("list", "tables"), ("update", "rows"), ("detach", "plugins")):
        text += f"pub fn {verb}_{what}() -> Answer {{\n{body(24)}    Answer {{ a: 1 }}\n}}\n\n"
    found = grouped(text)
    assert not any(name == "answer" and len(titles) > 1 for name, titles in found.items())


def test_what_makes_a_private_type_is_not_hidden_with_it() -> None:
    inner = (
        type_of("Inner", "close", "open", lines=20).replace("pub struct", "struct").replace("pub fn", "fn")
    )
    text = PARSER + inner + function("broadcast", "Inner::open()", "Inner::close()", lines=20)
    found = grouped(text)
    assert not any({"broadcast", "Inner"} <= set(titles) for titles in found.values())


def test_conversions_are_not_called_after_what_they_convert() -> None:
    helpers = functions(convert_model=20, convert_data=20).replace("pub fn", "fn")
    text = PARSER + function("manifest_to_spec", "convert_model()", "convert_data()", lines=20) + helpers
    assert "manifest" not in grouped(text)


def test_error_types_share_a_module_whoever_returns_them() -> None:
    text = PARSER
    for what in ("Send", "Recv", "Open"):
        text += f"pub enum {what}Error {{ A, B, C }}\n\n"
        text += type_of(what, "go", lines=40).replace("&self)", f"&self, error: {what}Error)")
    assert set(grouped(text)["error"]) == {"SendError", "RecvError", "OpenError"}


def test_short_types_with_one_last_word_share_a_module_though_they_are_most() -> None:
    text = PARSER + type_of("Walk", "go", lines=30)
    for what in ("Struct", "Tuple", "Named", "Unnamed", "Enum"):
        text += (
            f"pub struct {what}Context {{\n    a: u8,\n    b: u8,\n    c: u8,\n    d: u8,\n    e: u8,\n}}\n\n"
        )
    assert sum("Context" in t for t in grouped(text)["context"]) == 5


def test_an_alias_goes_with_the_type_that_it_is_called_like() -> None:
    text = PARSER + type_of("Generator", "send", "stop", lines=14)
    text += f"pub type LocalGenerator = Generator;\n\nimpl LocalGenerator {{\n{method('go', lines=3)}}}\n\n"
    text += type_of("Maker", "make", lines=30).replace("&self)", "&self, made: LocalGenerator)")
    assert "LocalGenerator" in grouped(text)["generator"]
