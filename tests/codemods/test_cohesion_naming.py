"""Names of new modules: what a person would choose, and never one that collides."""

from dataclasses import replace

import pytest

from remediate.codemods.split_file.cohesion.item_names import subject
from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.naming import is_free, name_for


def part(key: str, lines: int = 20, banner: str | None = None, trait: str = "", self_type: str = "") -> Part:
    kind, _, name = key.partition(" ")
    named = None if kind == "impl" else name
    home = self_type or (name if kind in ("struct", "enum", "impl", "trait") else "")
    defines = frozenset({named} if named else ())
    return Part(key, lines, kind, named, 0, banner=banner, trait=trait, self_type=home, defines=defines)


def named(
    members: list[Part], others: tuple[Part, ...] = (), taken: tuple[str, ...] = (), module: str = ""
) -> str:
    return name_for(members, [*members, *others], set(taken), module)[0]


OTHERS = (part("fn run"), part("struct Other", 100), part("fn stop_all", 100))


def test_a_section_names_its_items() -> None:
    members = [part("fn a1", banner="Query parsing helpers"), part("fn b2", banner="Query parsing helpers")]
    assert named(members, OTHERS) == "query_parsing"


def test_the_main_type_names_what_belongs_to_it() -> None:
    assert named([part("struct SearchEngine"), part("impl SearchEngine", 80)], OTHERS) == "search_engine"


def test_the_words_of_the_file_are_not_repeated() -> None:
    members = [part("struct SearchEngine"), part("impl SearchEngine", 80)]
    assert named(members, OTHERS, module="search") == "engine"


def test_types_of_one_root_share_its_name() -> None:
    members = [part("struct Error"), part("enum ErrorKind"), part("impl ErrorKind", 80)]
    assert named(members, OTHERS) == "error"


def test_functions_are_named_by_their_common_word() -> None:
    members = [part("fn parse_list"), part("fn parse_map"), part("fn parse_name")]
    assert named(members, OTHERS) == "parse"
    assert named(members, OTHERS, taken=("parse",)) == "parsing"


def test_words_that_always_stand_together_name_a_module_together() -> None:
    members = [part(f"fn {verb}_key_value") for verb in ("create", "update", "delete")]
    assert named(members, OTHERS) == "key_value"


def test_methods_are_named_by_what_they_do() -> None:
    methods = [part(f"member write_{n}", self_type="Store") for n in ("all", "one", "log")]
    others = tuple(part(f"member read_{n}", self_type="Store") for n in ("all", "one", "log"))
    assert named(methods, others) == "write"


def test_setters_are_named_as_such() -> None:
    methods = [part(f"member set_{n}", self_type="Store") for n in ("width", "color", "title")]
    assert named(methods, OTHERS) == "setters"


def test_one_function_names_its_module() -> None:
    assert named([part("fn checksum", 60)], OTHERS) == "checksum"
    assert named([part("fn checksum", 60)], OTHERS, taken=("checksum",), module="store") == "store_checksum"
    assert named([part("fn escape", 60)], OTHERS, taken=("escape",)) == "escaping"


def test_impls_for_a_type_of_elsewhere_are_named_after_it() -> None:
    members = [
        replace(part(f"impl {n}", 40), self_type="", foreign_type=n, trait="Bag") for n in ("Ref", "Cell")
    ]
    assert named(members, (part("impl Bag", trait="Bag"),)) == "bag"
    assert named(members, (part("impl Bag", trait="Bag"),), taken=("bag",)) == "cell"


FORBIDDEN = [
    *("match", "type", "async", "str", "u8", "std", "core", "con", "nul", "com1", "tests", "lib", "main"),
    *("mod", "utils", "misc", "common", "Upper", "9lives", "", "a-b", "test_a", "b_test"),
]


@pytest.mark.parametrize("name", FORBIDDEN)
def test_names_that_no_module_may_have(name: str) -> None:
    assert not is_free(name, set())


def test_taken_names_are_avoided_to_the_end() -> None:
    members = [part("struct SearchEngine"), part("impl SearchEngine", 80)]
    taken: set[str] = set()
    for _ in range(30):
        name = named(members, OTHERS, taken=tuple(taken))
        assert is_free(name, taken)
        taken.add(name)


@pytest.mark.parametrize("banner", ["Misc", "Helpers", "Utils", "The other helper functions"])
def test_a_section_that_says_nothing_names_nothing(banner: str) -> None:
    members = [part("struct Cache", 50, banner=banner), part("impl Cache", 50, banner=banner)]
    assert named(members, OTHERS) == "cache"


@pytest.mark.parametrize(
    ("function", "about"),
    [
        ("create_comp_flags_from_zip_params", "comp_flags"),
        ("init_tree", "tree"),
        ("data_ptr", "data_ptr"),
        ("write", ""),
        ("try_retain", ""),
        ("reserve_exact", ""),
        ("register_template_file_with_extension", "template_file"),
    ],
)
def test_what_a_function_is_about(function: str, about: str) -> None:
    assert subject(function) == about


def test_no_module_is_named_by_a_question_or_an_adjective() -> None:
    methods = [
        part("member is_done", 90, self_type="Reader"),
        part("member position", 20, self_type="Reader"),
        part("member exact", 80, self_type="Reader"),
    ]
    assert named(methods, OTHERS, module="reader") == "position"


def test_the_largest_function_names_its_module_by_its_subject() -> None:
    members = [part("fn compute_arc_length", 200), part("fn side", 10)]
    assert named(members, OTHERS) == "arc_length"


def test_what_several_items_share_names_them_before_what_one_is_about() -> None:
    members = [part("fn insert_appends"), part("fn insert_twice_keeps_both", 30)]
    assert named(members, (*OTHERS, part("fn insert_first"))) == "insert"


def test_an_adjective_is_named_with_its_verb() -> None:
    assert named([part("fn compress_fast", 200), part("fn flush", 10)], OTHERS) == "compress_fast"


def test_a_type_defined_with_its_methods_names_them_whatever_they_do() -> None:
    members = [part("struct Builder", 9), *(part(f"member build_{n}", self_type="Builder") for n in "abc")]
    assert named(members, OTHERS) == "builder"


def test_no_two_modules_have_names_of_one_stem() -> None:
    members = [part("fn parse_list"), part("fn parse_map"), part("fn parse_name")]
    found = name_for(members, [*members, *OTHERS], {"parse"}, siblings={"parse"})[0]
    assert found == "parse_list"


def test_a_name_does_not_repeat_the_module_in_another_spelling() -> None:
    members = [part("struct RwLockReadGuard"), part("impl RwLockReadGuard", 80)]
    assert named(members, OTHERS, module="rwlock") == "read_guard"


def test_the_type_that_the_file_is_called_by_is_its_definition() -> None:
    members = [part("struct Searcher"), part("impl Searcher", 80)]
    assert named(members, OTHERS, taken=("searcher",), module="searcher") == "definition"


def test_impls_of_one_trait_for_many_types() -> None:
    members = [
        replace(part(f"impl {n}", 40), self_type="", foreign_type=n, trait="Encode")
        for n in ("A1", "B1", "C1")
    ]
    assert named(members, taken=("encode",)) == "encode_impls"
    assert named(members, taken=("encode",), module="encode") == "impls"


def test_operators_of_a_type_whose_first_operators_are_elsewhere() -> None:
    members = [part("impl Fraction", 40, trait=trait) for trait in ("Add", "Sub", "Rem")]
    assert named(members, taken=("fraction",)) == "ops"
    assert named(members, taken=("fraction", "ops")) == "fraction_ops"
