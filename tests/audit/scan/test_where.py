"""The scanner's fingerprints are those of ``audit.identity``, got without a syntax tree."""

import re

from remediate.audit import identity
from remediate.audit.scan.where import item_path, statement_words
from remediate.rust.syntax.outline import Outline
from remediate.rust.syntax.source import Source

TEXT = b"""// Copyright

//! docs here
use std::fmt;

/// hit1 documents
#[derive(Debug)]
struct A { x: u8 } // hit2 trails

// hit3 is free

impl<T: Fn() -> u8> fmt::Display for A<T> where T: Send {
    // hit4 attached
    fn fmt(&self, y: [u8; 4]) { hit5(self.x); }
    const C: u8 = hit6();
}
unsafe impl Send for A {} // x
static S: Lazy<u8> = Lazy::new(|| { hit7() });
mod m { trait T { fn g() { if a { hit8() } } } mac! { hit9 } }
macro_rules! hit10 { () => { hit11 } }
"""


def test_item_paths_agree() -> None:
    outline, source = Outline(TEXT), Source("a.rs", TEXT)
    for match in re.finditer(rb"hit\d+|unsafe|docs", TEXT):
        assert item_path(outline, match.start()) == identity.item_path(source, match.start()), match.group()


def test_statement_words_are_the_tokens_between_boundaries() -> None:
    outline = Outline(b'fn f() { a(); let x = /* c */ b.hit(1, "s;"); c(); }')
    assert statement_words(outline, outline.text.index(b"hit")) == 'let x = b . hit ( 1 , "s;" )'
