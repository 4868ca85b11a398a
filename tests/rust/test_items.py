"""Items tile a file, and each comment belongs to one of them or to a gap."""

import pytest

from remediate.rust.syntax.items import Item, children, head_end, inner_attributes, items
from remediate.rust.syntax.source import Source

TEXT = b"""// Copyright
// licence

//! Crate docs.
#![allow(dead_code)]

use std::fmt; // trailing

// ---- banner ----

// attached
/// doc
#[derive(Debug, Clone)]
#[cfg(all(test, feature = "x"))]
pub(crate) struct A { x: u8 } // same

impl<T> fmt::Display for A where T: X { fn f(&self) {} /* c */ const X: u8 = 1; }

foo! { a }
bar!(x);
extern crate alloc as al;
#[cfg(test)]
mod tests { #![allow(x)]
  use super::*;
  #[test] fn t() {}
  // end
}
struct T where X: Send;
fn x() -> u8 { str![] }
// rest
"""


def _named(name: str) -> Item:
    return next(i for i in items(Source("a.rs", TEXT)) if i.name == name)


def test_items_and_gaps_tile_the_file() -> None:
    source = Source("a.rs", TEXT)
    end = head_end(source)
    for item in items(source):
        assert item.gap == end
        assert item.gap <= item.lead <= item.start < item.end <= item.tail
        end = item.tail
    assert TEXT[end:] == b"\n// rest\n"
    assert source.errors == ()


def test_the_head_holds_licence_docs_and_inner_attributes() -> None:
    source = Source("a.rs", TEXT)
    assert TEXT[: head_end(source)].endswith(b"#![allow(dead_code)]")
    assert [(a.path, a.text) for a in inner_attributes(source)] == [("allow", "dead_code")]


@pytest.mark.parametrize(
    ("text", "head"),
    [
        (b"// Licence\n\n// banner\n\nfn f() {}", b"// Licence"),
        (b"// Licence\n\n//! Docs\n\n// banner\n\nfn f() {}", b"// Licence\n\n//! Docs"),
        (b"//! Docs\n\n// a word\n#![allow(x)]\n\nfn f() {}", b"//! Docs\n\n// a word\n#![allow(x)]"),
        (b"// about f\nfn f() {}", b""),
        (b"// one\n// two\n\nfn f() {}", b"// one\n// two"),
    ],
)
def test_a_banner_is_no_licence(text: bytes, head: bytes) -> None:
    assert text[: head_end(Source("a.rs", text))] == head


def test_attached_and_free_comments() -> None:
    item = _named("A")
    assert TEXT[item.gap : item.lead].strip() == b"// ---- banner ----"
    assert TEXT[item.lead : item.tail].startswith(b"// attached\n/// doc")
    assert TEXT[item.lead : item.tail].endswith(b"// same")
    assert [a.path for a in item.attributes] == ["derive", "cfg"]
    assert item.attributes[1].text == 'all(test,feature="x")'


def test_kinds_and_names() -> None:
    assert [(i.kind, i.name) for i in items(Source("a.rs", TEXT))] == [
        ("use", None), ("struct", "A"), ("impl", None), ("macro", "foo"), ("macro", "bar"),
        ("extern crate", "alloc"), ("mod", "tests"), ("struct", "T"), ("fn", "x"),
    ]  # fmt: skip


def test_members() -> None:
    source = Source("a.rs", TEXT)
    impl = next(i for i in items(source) if i.kind == "impl")
    assert (impl.trait, impl.self_type) == ("fmt::Display", "A")
    assert [(c.kind, c.name) for c in children(source, impl)] == [("fn", "f"), ("const", "X")]
    assert [a.path for a in inner_attributes(source, _named_in(source, "tests"))] == ["allow"]


def _named_in(source: Source, name: str) -> Item:
    return next(i for i in items(source) if i.name == name)


@pytest.mark.parametrize(
    "text", [b"", b"\n", b"\xef\xbb\xbf// only\n", b"#!/bin/x\nfn main() {}", b"fn broken( {"]
)
def test_odd_files(text: bytes) -> None:
    source = Source("a.rs", text)
    assert all(i.end <= len(text) for i in items(source))
