"""Words, topics and section comments of the grouping."""

import pytest

from remediate.codemods.split_file.cohesion.banners import attached_banner, banner
from remediate.codemods.split_file.cohesion.topics import full_topic
from remediate.codemods.split_file.cohesion.words import name_stems, stem, stems


@pytest.mark.parametrize(
    "forms",
    [
        ("parse", "parses", "parsing", "parser", "parsers"),
        ("validate", "validation", "validator", "validating"),
        ("index", "indices", "indexing"),
        ("query", "queries"),
        ("serialize", "serialization"),
        ("filter", "filters", "filtering"),
        ("buffer", "buffered", "buffering"),
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
    assert set(name_stems("HTTPQueryParser")) == {"http", *stems("query parsing")}


def test_filler_words_say_nothing() -> None:
    assert stems("This is the implementation of the helper functions for a module") == []


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("iter", "iterators"),
        ("fmt", "formatting"),
        ("parse", "parsing"),
        ("format", "formatting"),
        ("emit", "emitting"),
        ("parse_query", "query_parsing"),
        ("read_u32", "u32_reading"),
        ("checksum", ""),
        ("query", ""),
    ],
)
def test_taken_words_have_longer_ones_if_they_are_words(name: str, said: str) -> None:
    assert full_topic(name) == said


@pytest.mark.parametrize(
    ("comment", "title"),
    [
        ("// ======\n// Parsing\n// ======\n", "Parsing"),
        ("// --- Query parsing ---\n", "Query parsing"),
        ("////////////////\n// Ranking\n////////////////\n", "Ranking"),
        ("// region: Cache\n", "Cache"),
        ("/* ---- Filters ---- */\n", "Filters"),
        ("// ── Errors ──────\n", "Errors"),
        ("// Conversions\n", "Conversions"),
        ("// First remark\n\n// ---- Second ----\n", "Second"),
        ("// let x = 1;\n", None),
        ("// Copyright 2020 The Authors\n", None),
        ("// One line of a longer text\n// that goes on and\n// on\n", None),
        ("", None),
    ],
)
def test_section_comments(comment: str, title: str | None) -> None:
    assert banner(comment) == title


def test_a_section_comment_may_touch_its_first_item() -> None:
    assert attached_banner("// ---- Parsing ----\n/// Doc.\n") == "Parsing"
    assert attached_banner("// Parses it.\n/// Doc.\n") is None
    assert attached_banner("/// ---- Doc ----\n") is None
