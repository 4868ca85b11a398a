"""What the grouping reads from a file: parts and links."""

from remediate.codemods.split_file.cohesion import Limits, Link, Part, parts_and_links
from remediate.rust.syntax import Source


def read(text: str, limits: Limits | None = None) -> tuple[dict[str, Part], dict[tuple[str, str], Link]]:
    parts, links = parts_and_links(Source("lib.rs", text.encode()), limits or Limits())
    return {p.key: p for p in parts}, {(link.source, link.target): link for link in links}


QUEUE = """\
use std::fmt;
use std::io::{self, Read as Input};

mod child;

/// A queue of jobs.
pub struct Queue { jobs: Vec<u8>, pub open: bool }

impl Queue {
    pub fn push(&mut self, job: u8) { self.jobs.push(job); self.check() }
    fn check(&self) {}
}

impl fmt::Display for Queue {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { Ok(()) }
}

impl From<Queue> for Vec<u8> {
    fn from(queue: Queue) -> Self { queue.jobs }
}

fn drain(queue: &mut Queue, input: &mut dyn Input) -> io::Result<()> { queue.check(); Ok(()) }

struct Id(u64);

impl Id { fn raw(&self) -> u64 { self.0 } }

macro_rules! twice { ($e:expr) => { $e; $e } }

#[cfg(test)]
mod tests {
    use super::*;
    #[test]
    fn drains() { drain(&mut make(), &mut io::empty()); super::drain(x, y); }
}
"""


def test_every_item_but_imports_and_declarations_is_a_part() -> None:
    parts, _ = read(QUEUE)
    assert list(parts) == [
        "struct Queue",
        "impl Queue",
        "impl fmt::Display for Queue",
        "impl From<Queue> for Vec<u8>",
        "fn drain",
        "struct Id",
        "impl Id",
        "macro_rules twice",
        "mod tests",
    ]


def test_impls_know_their_type() -> None:
    parts, _ = read(QUEUE)
    assert parts["impl fmt::Display for Queue"].self_type == "Queue"
    assert parts["impl fmt::Display for Queue"].trait == "Display"
    assert parts["impl From<Queue> for Vec<u8>"].self_type == ""
    assert parts["impl From<Queue> for Vec<u8>"].foreign_type == "Vec"


def test_macros_and_modules_stay() -> None:
    parts, _ = read(QUEUE)
    assert {key for key, part in parts.items() if not part.movable} == {"macro_rules twice", "mod tests"}


def test_imports_are_those_a_part_names() -> None:
    parts, _ = read(QUEUE)
    assert parts["impl fmt::Display for Queue"].imports == {0}
    assert parts["fn drain"].imports == {1}
    assert parts["struct Queue"].imports == frozenset()


def test_private_names_are_edits_and_public_ones_are_not() -> None:
    _, links = read(QUEUE)
    assert links["impl Queue", "struct Queue"].edits == {"Queue.jobs"}
    assert links["fn drain", "impl Queue"].edits == {"Queue.check"}
    assert links["fn drain", "struct Queue"].edits == frozenset()
    assert links["impl Id", "struct Id"].edits == {"Id", "Id.0"}
    assert links["impl Id", "struct Id"].private


def test_tests_use_private_names_but_bind_nothing_together() -> None:
    _, links = read(QUEUE)
    link = links["mod tests", "fn drain"]
    assert link.weight == 0
    assert link.edits == {"drain"}


def test_methods_that_everything_has_link_nothing() -> None:
    text = """
pub struct Bag;
impl Bag { pub fn push(&self) {} pub fn measure(&self) {} }
fn one(list: &mut Vec<u8>) { list.push(1); }
fn two(bag: &Bag) { bag.measure(); }
"""
    _, links = read(text)
    assert ("fn one", "impl Bag") not in links
    assert ("fn two", "impl Bag") in links


def test_bindings_fields_and_labels_are_no_mentions() -> None:
    text = """
fn size() -> u8 { 1 }
struct Box2 { size: u8 }
fn literal() -> Box2 { Box2 { size: 2 } }
fn parameter(size: u8) -> u8 { size }
fn binding() -> u8 { let size = 1; size }
fn call() -> u8 { size() }
"""
    _, links = read(text)
    assert {source for source, target in links if target == "fn size"} == {"fn call"}


def test_associated_paths_reach_the_member() -> None:
    text = """
pub struct A;
impl A { fn make() -> A { A } fn again() -> A { Self::make() } }
fn outside() { A::make(); other::A2::make(); }
"""
    _, links = read(text)
    assert links["fn outside", "impl A"].edits == {"A.make"}


def _method(number: int) -> str:
    section = "Reading" if number < 3 else "Writing"
    return f"    // ---- {section} ----\n    pub fn m{number}(&self) -> u8 {{\n        self.a\n    }}\n\n"


LARGE = "pub struct Big { a: u8 }\nimpl Big {\n" + "".join(map(_method, range(6)))


def test_a_large_inherent_impl_becomes_its_members() -> None:
    parts, links = read(LARGE + "}\n", Limits(max_lines=40))
    assert [key for key, part in parts.items() if part.kind == "member"] == [
        f"impl Big::m{n}" for n in range(6)
    ]
    assert {part.member for part in parts.values() if part.kind == "member"} == set(range(6))
    assert parts["impl Big::m0"].frame > 0
    assert parts["impl Big::m0"].banner == "Reading"
    assert parts["impl Big::m5"].banner == "Writing"
    assert links["impl Big::m0", "struct Big"].edits == {"Big.a"}


def test_impls_with_an_attribute_of_unknown_meaning_stay_whole() -> None:
    whole = LARGE.replace("impl Big", "#[pymethods]\nimpl Big") + "}\n"
    parts, _ = read(whole, Limits(max_lines=40))
    assert "impl Big" in parts


def test_the_caller_may_say_what_is_cut() -> None:
    source = Source("lib.rs", (LARGE + "}\n").encode())
    assert len(parts_and_links(source, Limits(max_lines=40), cut=())[0]) == 2
    assert len(parts_and_links(source, Limits(max_lines=4000), cut={1})[0]) == 7


def test_two_items_of_a_name_are_bound_together() -> None:
    parts, _ = read("#[cfg(unix)]\nfn go() {}\n#[cfg(windows)]\nfn go() {}\nfn other() {}\n")
    assert list(parts) == ["fn go", "fn go #2", "fn other"]
    assert parts["fn go"].bond == parts["fn go #2"].bond != ""
    assert parts["fn other"].bond == ""


def test_a_title_over_one_item_is_no_section() -> None:
    one = "// ---- Alone ----\n\nfn a() {}\n\n// ---- Both ----\n\nfn b() {}\nfn c() {}\n"
    parts, _ = read(one)
    assert [part.banner for part in parts.values()] == [None, "Both", "Both"]


def test_lines_are_counted_with_comments_and_blanks() -> None:
    parts, _ = read("fn a() {\n}\n\n// About b.\nfn b() {\n}\n")
    assert [part.lines for part in parts.values()] == [2, 5]


def test_broken_source_is_read_as_far_as_it_goes() -> None:
    parts, _ = read("fn good() {}\nfn bad( {\nstruct S;\n")
    assert "fn good" in parts
