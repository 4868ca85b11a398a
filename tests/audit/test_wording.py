"""The plain words of a claim choose among places; they never make one."""

import pytest

from remediate.audit.anchoring.anchor import anchor
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree
from remediate.model import Finding

CODE = (
    b"// TODO: make configurable\n"
    b"fn a() { x.unwrap(); }\n\n\n"
    b"// TODO optimization: atomic steps are not needed\n"
    b"fn b() { lock_file(path).unwrap(); }\n"
    b"// TODO: support\n"
    b"// carriage returns\n"
)


def _found(claim: str) -> Finding:
    document = read(f"## TODO markers and unwrap() calls\n\n{claim}\n", "A.md")
    (finding,) = anchor(document, Tree({"src/a.rs": CODE}))
    return finding


@pytest.mark.parametrize(
    ("claim", "status", "line"),
    [
        ("- `src/a.rs:3` (TODO optimization)", "moved", 5),
        ("- `src/a.rs:30` - TODO: support carriage returns", "moved", 7),
        # What stands on the line itself is another one than the words say.
        ("- `src/a.rs:1` (TODO optimization)", "moved", 5),
        ("- `src/a.rs:5` (TODO optimization)", "present", 5),
        ("- `src/a.rs:3` (TODO of somebody)", "ambiguous", None),
        ("- `src/a.rs:3`", "ambiguous", None),
        # Words that all places share tell nothing.
        ("- `src/a.rs:3` (TODO marker in the code)", "ambiguous", None),
    ],
)
def test_words_tell_which_marker_is_meant(claim: str, status: str, line: int | None) -> None:
    found = _found(claim)
    assert found.status == status, found.reason
    if line:
        assert [site.line for site in found.sites] == [line]


def test_words_of_several_lines_are_nobodys() -> None:
    found = _found("- `src/a.rs:3,30` (TODO optimization)")
    assert found.status == "ambiguous"


@pytest.mark.parametrize(
    "announced",
    ["Create:", "**Split into:**", "Split this file into:", "Break it up into:", "Suggested modules:"],
)
def test_a_list_of_modules_is_planned_however_it_is_announced(announced: str) -> None:
    listed = "- `src/a/reading.rs` - reading of locks\n- `writing.rs` (writing)\n"
    document = read(f"## Large files\n\n### src/a.rs (900 lines)\n\n{announced}\n\n{listed}", "A.md")
    (finding,) = anchor(document, Tree({"src/a.rs": CODE * 120}))
    planned = [(module.name, module.description) for module in finding.planned]
    assert planned == [("reading", "reading of locks"), ("writing", "writing")]


@pytest.mark.parametrize(
    "listed", ["- `writing.rs` (writing)", "- writing: writing", "- **writing** - writing"]
)
def test_a_plan_of_bullets_is_read_with_or_without_paths(listed: str) -> None:
    plan = f"Plan:\n\n- reading: reading of locks\n{listed}\n- First, look at who calls it\n"
    document = read(f"## Large files\n\n### src/a.rs (900 lines)\n\n{plan}", "A.md")
    (finding,) = anchor(document, Tree({"src/a.rs": CODE * 120}))
    planned = [(module.name, module.description) for module in finding.planned]
    assert planned == [("reading", "reading of locks"), ("writing", "writing")]


def test_a_plan_of_what_is_not_large_is_no_plan_of_files() -> None:
    text = "## TODO markers\n\n**File:** `src/a.rs`\n\n**Line:** 1\n\nPlan:\n\n- configure: make it so\n"
    (finding,) = anchor(read(text, "A.md"), Tree({"src/a.rs": CODE}))
    assert finding.planned == ()


@pytest.mark.parametrize(
    "said", ["`src/a.rs:2` calls `unwrap()`.", "The same file calls `unwrap()` at line 2."]
)
@pytest.mark.parametrize("title", ["Findings", "TODO markers and unwrap() calls"])
def test_a_sentence_below_a_table_accuses_of_what_it_says(title: str, said: str) -> None:
    table = "| File | Line | Violation |\n|---|---|---|\n| `src/a.rs` | 1 | TODO marker |\n"
    found = anchor(read(f"## {title}\n\n{table}\n{said}\n", "A.md"), Tree({"src/a.rs": CODE}))
    assert [(f.rule, [s.line for s in f.sites]) for f in found] == [("todo-marker", [1]), ("unwrap", [2])]


@pytest.mark.parametrize(
    ("comment", "status"),
    [
        ("// In production this would ask the server", "present"),
        ("// Production would ask the server", "present"),
        ("// production is where it runs", "fixed"),
    ],
)
def test_a_title_that_names_a_kind_of_comment_quotes_none(comment: str, status: str) -> None:
    text = f"fn a() -> u8 {{\n    {comment}\n    0\n}}\n"
    document = read('### 9. "Production Would" Patterns\n\n- `src/a.rs:2`\n', "A.md")
    (finding,) = anchor(document, Tree({"src/a.rs": text.encode()}))
    assert finding.status == status, finding.reason


def test_files_listed_below_a_title_that_says_to_cut_one_are_planned() -> None:
    listed = "- `src/store/reading.rs` - reading of locks\n- `src/store/writing.rs` - writing\n"
    text = f"## Decompose `src/store.rs`\n\n**File:** `src/store.rs` (900 lines)\n\n{listed}"
    (finding,) = anchor(read(text, "A.md"), Tree({"src/store.rs": b"fn a() {}\n" * 900}))
    assert [module.name for module in finding.planned] == ["reading", "writing"]


def test_files_with_sizes_of_their_own_below_such_a_title_are_accused() -> None:
    listed = "- `src/store/a.rs` (700 lines)\n- `src/store/b.rs` (800 lines)\n"
    text = f"## Decompose large files\n\n- `src/store.rs` (900 lines)\n{listed}"
    sizes = {f"src/{name}.rs": b"fn a() {}\n" * 900 for name in ("store", "store/a", "store/b")}
    assert [f.path for f in anchor(read(text, "A.md"), Tree(sizes))] == sorted(sizes)
