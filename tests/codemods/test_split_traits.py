"""Which trait imports go along with code that calls methods: as few as can be told from the text."""

import pytest
from made_package import package

from remediate.codemods import split_file
from remediate.codemods.split_file.options import SplitOptions
from remediate.edits import Change
from remediate.model import Finding
from remediate.rust.codebase import Codebase

_FINDING = Finding(id="1", fingerprint="0" * 16, rule="large-file", title="", path="src/lib.rs")
_BODY = "{\n    x.flush();\n    x.build();\n    x.custom();\n    let _ = 1;\n}\n\n"
_OTHERS = "".join(
    f"pub fn {n}(x: &mut Thing) {_BODY}" for n in ("first", "second", "third", "fourth", "fifth")
)


def importing(head: str) -> set[bool]:
    """Return whether the new modules, which call three methods, import what the first line of a file does.

    A module in which the head's own functions are names it anyway, and says nothing.
    """
    text = f"{head}\n\npub struct Thing;\n\n{_OTHERS}"
    planned = split_file.plan(
        Codebase.of(package("", (), src__lib=text)), _FINDING, SplitOptions(max_lines=18, min_lines=4)
    )
    assert isinstance(planned, Change)
    name = head.partition(";")[0].rpartition("::")[2].encode()
    callers = [t for t in planned.creations.values() if b"x.flush()" in t and t.count(name) < 2]
    assert len(callers) > 1
    return {b"use " in t and name in t for t in callers}


@pytest.mark.parametrize(
    "head",
    [
        "use std::io::Write;",
        "use other::Builder;\npub fn b() { Builder::new(); }",
        "use serde::ser::Error;\npub fn s<S: Error>(s: S) {}",
        "use serde::Serializer;\npub fn s<S: Serializer>(s: S) {}",
    ],
)
def test_a_trait_goes_along_where_it_may_be_meant(head: str) -> None:
    assert importing(head) == {True}


@pytest.mark.parametrize(
    "head",
    [
        "use std::fmt::Write;",
        "use other::Builder;\npub struct Held { inner: Builder }\npub fn b() { Builder::new(); }",
    ],
)
def test_nothing_goes_along_that_has_no_such_method(head: str) -> None:
    assert importing(head) == {False}
