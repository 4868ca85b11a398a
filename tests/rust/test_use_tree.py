import pytest

from remediate.rust.syntax.use_tree import leaves, rebased, render, use_tree


def read(text: str) -> list[tuple[tuple[str, ...], str]]:
    return [(leaf.path, leaf.name) for leaf in leaves(use_tree(text.encode(), 0, len(text)))]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("use a::b;", [(("a", "b"), "b")]),
        ("pub(in crate::x) use a;", [(("a",), "a")]),
        ("use ::std::fmt;", [(("", "std", "fmt"), "fmt")]),
        ("use a::{self, b as c, d::*};", [(("a",), "a"), (("a", "b"), "c"), (("a", "d"), "*")]),
        ("use {a::x, b::{y, z::{self as w}}};", [(("a", "x"), "x"), (("b", "y"), "y"), (("b", "z"), "w")]),
        ("use a::T as _;", [(("a", "T"), "_")]),
        ("use r#mod::r#type;", [(("mod", "type"), "type")]),
        ("use a::{/* one */ b, // two\n c};", [(("a", "b"), "b"), (("a", "c"), "c")]),
        ("use *;", [((), "*")]),
        ("use super::{super::x, self as me};", [(("super", "super", "x"), "x"), (("super",), "me")]),
        ("use {};", []),
    ],
)
def test_leaves(text: str, expected: list[tuple[tuple[str, ...], str]]) -> None:
    assert read(text) == expected


def kept(text: str, *names: str) -> str:
    tree = use_tree(text.encode(), 0, len(text))
    return render(tree, {leaf.start for leaf in leaves(tree) if leaf.name in names})


@pytest.mark.parametrize(
    ("text", "names", "expected"),
    [
        ("use a::{b, c};", ("b", "c"), "use a::{b, c};"),
        ("use a::{b, c};", ("c",), "use a::c;"),
        ("use a::{self, c};", ("a",), "use a;"),
        ("use a::{self as x, c};", ("x",), "use a as x;"),
        ("use a::{b::{c, d}, e};", ("c", "e"), "use a::{b::c, e};"),
        ("use a::{b::{c, d}, e};", ("c", "d"), "use a::b::{c, d};"),
        ("use {a::b, c::d};", ("d",), "use c::d;"),
        ("use a::{b, c::*};", ("*",), "use a::c::*;"),
        ("use a::{b, c};", (), ""),
        ("use a::{r#type, c};", ("type",), "use a::r#type;"),
    ],
)
def test_the_same_declaration_with_fewer_leaves(text: str, names: tuple[str, ...], expected: str) -> None:
    assert kept(text, *names) == expected


def test_long_lists_are_broken_as_rustfmt_breaks_them() -> None:
    names = [f"SomeRatherLongName{n}" for n in range(7)]
    lines = kept(f"use crate::module::{{{', '.join(names)}}};", *names).splitlines()
    assert lines[0] == "use crate::module::{"
    assert lines[-1] == "};"
    assert all(len(line) <= 100 for line in lines)


@pytest.mark.parametrize(
    "text",
    [
        "use super::{$($i),*};",
        "use a::{b, ;",
        "use a::{b",
        "use {a as};",
        "use a as",
        "use {#[x] a};",
        "use {",
    ],
)
def test_what_is_no_declaration_is_read_to_its_end(text: str) -> None:
    assert leaves(use_tree(text.encode(), 0, len(text))) is not None


def test_rebasing_touches_only_leading_paths() -> None:
    text = "use {super::a, b::{super_, c}};"
    tree = rebased(
        use_tree(text.encode(), 0, len(text)), lambda s: ("super", *s) if s[:1] == ("super",) else s
    )
    everything = {leaf.start for leaf in leaves(tree)}
    assert render(tree, everything) == "use {super::super::a, b::{super_, c}};"
