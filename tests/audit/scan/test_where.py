"""Where a place is, in words: one answer for the scanner and for the readers of audits."""

import re

from remediate.audit import identity
from remediate.audit.anchoring.hits import hits
from remediate.audit.rules.catalog import rule
from remediate.audit.scan.assembly import assembled
from remediate.audit.scan.inspect import inspect
from remediate.audit.scan.settings import Settings
from remediate.audit.scan.where import item_path, statement_words
from remediate.audit.tree import Tree
from remediate.rust.syntax.outline import Outline

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


ITEMS = {
    "docs": "",
    "hit1": "A",
    "hit2": "A",
    "hit3": "",
    "hit4": "fmt::Display for A<T>::fmt",
    "hit5": "fmt::Display for A<T>::fmt",
    "hit6": "fmt::Display for A<T>::C",
    "unsafe": "Send for A",
    "hit7": "S",
    "hit8": "m::T::g",
    "hit9": "m::mac",
    "hit10": "hit10",
    "hit11": "hit10",
}
WRITTEN = b"""fn f(key: &str) {
    /* TODO: check messages
       let unchecked = 1;
       TODO: and more */
    g(key).unwrap();
}
"""


def test_item_paths() -> None:
    outline = Outline(TEXT)
    found = re.finditer(rb"hit\d+|unsafe|docs", TEXT)
    assert {m.group().decode(): item_path(outline, m.start()) for m in found} == ITEMS


def test_scanner_and_reader_give_a_place_one_fingerprint() -> None:
    path, tree = "src/a.rs", Tree({"src/a.rs": WRITTEN})
    scan = assembled({path: inspect(WRITTEN)}, {path: WRITTEN}, None, Settings(), lambda _: None)
    for finding in scan.findings:
        proofs = [hit for hit in hits(tree.source(path), rule(finding.rule)) if hit.proof]
        prints = identity.of_sites(tree, finding.rule, path, proofs).values()
        assert [site.fingerprint for site in finding.sites] == list(prints), finding.rule
    assert {finding.rule for finding in scan.findings} == {"todo-marker", "unwrap"}


def test_statement_words_are_the_tokens_between_boundaries() -> None:
    outline = Outline(b'fn f() { a(); let x = /* c */ b.hit(1, "s;"); c(); }')
    assert statement_words(outline, outline.text.index(b"hit")) == 'let x = b . hit ( 1 , "s;" )'
