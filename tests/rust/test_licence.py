"""Licence headers: which comments are one, and that new files may copy one but none is lost."""

import pytest

from remediate.rust.syntax.licence import licence_header, licensed, without_copied_headers

HEADER = b"// Copyright 2020 Somebody.\n// Licensed under any licence.\n\n"


@pytest.mark.parametrize(
    ("text", "header"),
    [
        (HEADER + b"//! Docs.\n", HEADER),
        (
            b"/*\n * SPDX-License-Identifier: MIT\n */\nuse a;\n",
            b"/*\n * SPDX-License-Identifier: MIT\n */\n",
        ),
        (b"// Copyright nobody.\r\n\r\nuse a;\r\n", b"// Copyright nobody.\r\n\r\n"),
        (b"//// Copyright nobody.\nuse a;\n", b"//// Copyright nobody.\n"),
        (b"// About numbers.\n\nuse a;\n", b""),
        (b"//! Copyright nobody.\n\nuse a;\n", b""),
        (b"\n// Copyright nobody.\nuse a;\n", b""),
        (b"// First.\n\n// Copyright nobody.\nuse a;\n", b""),
        (b"use a; // Copyright nobody.\n", b""),
        (b"// Copyright nobody.", b""),
        (b"", b""),
    ],
)
def test_header(text: bytes, header: bytes) -> None:
    assert licence_header(text) == header


def test_a_new_file_gets_the_header_of_its_origin_once() -> None:
    made = {"a/b.rs": b"enum B {}\n", "a/c.rs": HEADER + b"enum C {}\n", "x.rs": b"enum X {}\n"}
    got = licensed(made, {"a/b.rs": "a.rs", "a/c.rs": "a.rs"}, {"a.rs": HEADER + b"struct A;\n"})
    assert got == {**made, "a/b.rs": HEADER + b"enum B {}\n"}


def test_only_copies_are_left_out() -> None:
    before = {"a.rs": HEADER + b"struct A;\nstruct B;\n", "a/mod.rs": None, "a/b.rs": None}
    copied = {"a.rs": None, "a/mod.rs": HEADER + b"struct A;\n", "a/b.rs": HEADER + b"struct B;\n"}
    _, left = without_copied_headers(before, copied)
    assert sum((text or b"").startswith(HEADER.rstrip()) for text in left.values()) == 1
    lost = {"a.rs": None, "a/mod.rs": b"struct A;\n", "a/b.rs": b"struct B;\n"}
    assert without_copied_headers(before, lost) == (before, lost)
    strange = {**copied, "a/b.rs": b"// Copyright somebody else.\n\nstruct B;\n"}
    assert without_copied_headers(before, strange) == (before, strange)


def test_a_header_is_no_comment_of_the_item_below_it() -> None:
    before = {"a.rs": b"// Copyright nobody.\nstruct A;\n"}
    old, left = without_copied_headers(before, {"a.rs": b"// Copyright nobody.\n\nstruct A;\n"})
    assert old == left
