"""Audits that mean harm, or nothing: no crash, no way out of the workspace, no mention lost."""

import json
import sys
from collections import Counter
from itertools import chain

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from remediate.audit.anchoring.anchor import anchor
from remediate.audit.document import AuditDocument
from remediate.audit.readers.drafts import name_of, same_file
from remediate.audit.readers.mentions import Found, mentions
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree
from remediate.errors import InputError

TREE = Tree(
    {
        "packages/a/src/lib.rs": b"fn a() { b().unwrap(); }\n// TODO: more\n" * 5,
        "packages/a/src/x.rs": b"#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n",
        "packages/b/src/lib.rs": b"// for now\n",
    },
    frozenset({"Cargo.toml", "link.rs"}),
    {"packages/a": "a", "packages/b": "b"},
)
KNOWN = TREE.everything | TREE.folders | {""}

WORDS = [
    *("#", "##", "### 1.", "### 2.1", "-", "1.", "- [ ]", "- [x]", ">", "```", "```rust", "|", "|---|"),
    *("**File:**", "**Files:**", "**Line:**", "**Lines:**", "**Violation:**", "**Create:**", "**Fix:**"),
    *("`packages/a/src/lib.rs:1,2`", "src/lib.rs", "../../etc/passwd", "/etc/passwd:3", "C:\\x\\y.rs"),
    *("packages/*/src/**/*.rs", "{a,b}.rs", "**/**/**/**/**.rs", "src/", "mod.rs", "a/../../b.rs", "~/x.rs"),
    *("(lines 1, 2 and 3)", "(Lines 16-70)", "2753", "(2,753 lines)", "(20+ TODOs)", ">300 LINES", "line 0"),
    *("block_on", "unwrap()", "TODO", "for now", "placeholder", "large file", "embedded tests", "legacy"),
    *("├── x.rs", "│   └── y.rs // z", "pub mod a;", "pub use a::{B, c::D};", "✅", "→", "Act as QA", "---"),
    *(
        "\x1b[31m",
        "\0",
        "\u202e",
        "<script>",
        "\\",
        "`",
        "**",
        "&",
        '"',
        "[x]: y.rs",
        "<!-- z.rs -->",
        "link.rs",
    ),
]
SPACE = st.sampled_from([" ", " ", "\n", "\n", "\n\n", "\n  ", "\n    ", "\t", "\r\n", "\r", ""])
DOCUMENTS = st.lists(st.tuples(st.sampled_from(WORDS), SPACE), max_size=60).map(
    lambda pairs: "".join(chain.from_iterable(pairs))
)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12) | st.sampled_from(WORDS),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=6), inner, max_size=3),
    max_leaves=12,
)
KEYS = [
    *("runs", "results", "version", "locations", "physicalLocation", "artifactLocation", "uri", "index"),
    *("startLine", "message", "text", "ruleId", "reason", "spans", "file_name", "line_start", "findings"),
    *("sites", "claimed_lines", "planned", "name", "fingerprint", "code", "tool", "driver", "rules", "path"),
    *("region", "artifacts"),
]
OBJECTS = st.recursive(
    VALUES,
    lambda inner: st.dictionaries(st.sampled_from(KEYS), inner, max_size=5) | st.lists(inner, max_size=3),
    max_leaves=30,
)


def check(document: AuditDocument) -> None:
    findings = anchor(document, TREE)
    for finding in findings:
        assert finding.path in KNOWN, finding.path
        assert all(site.path in TREE.files for site in finding.sites)
        assert len(finding.fingerprint) == 16
    assert document.mentions == document.understood + len(document.not_understood)
    assert 0 <= document.understood <= document.mentions
    assert len({f.fingerprint for f in findings}) == len(findings)
    assert len({claim.id for claim in document.claims}) == len(document.claims)


def test_a_document_of_a_million_headings_is_refused_at_once() -> None:
    with pytest.raises(InputError, match="has 1,000,000 headings"):
        read("# a\n" * 1_000_000, "A.md")


def check_markdown(text: str) -> None:
    document = read(text, "A.md")
    check(document)
    silent = sum(entry.mention.kind == "item" for entry in document.not_understood)
    counted = [m for line in text.replace("\0", "\ufffd").splitlines() for m in mentions(line)]
    spoken = sum(m.kind in ("path", "line", "size") for m in counted)
    # Every mention that the lines of the raw text hold is accounted for; list markers may hide no path.
    assert document.mentions - silent >= spoken - text.count("|") * 4
    check_nothing_is_lost(document, counted)


def check_nothing_is_lost(document: AuditDocument, spoken: list[Found]) -> None:
    """Hold the document to its count: each path and line stands in a claim, a goal, or the list, as it is."""
    listed = {entry.mention.text for entry in document.not_understood}
    asked = [goal.words for goal in document.goals]
    paths = {path for claim in document.claims for path in (claim.path, *claim.related)} | listed
    modules = {module.name.rpartition("/")[2] for claim in document.claims for module in claim.planned}
    lines = {range_ for claim in document.claims for range_ in claim.lines}
    for mention in spoken:
        if mention.kind == "path":
            is_planned = name_of(mention.text).removesuffix(".rs") in modules or (
                mention.text.endswith("/mod.rs") and mention.text.split("/")[-2] in modules
            )
            assert (
                is_planned
                or any(mention.text in words for words in asked)
                or any(path.endswith(mention.text) or same_file(path, mention.text) for path in paths)
            )
        elif mention.kind == "line":
            assert mention.lines in lines or any(mention.text in text for text in (*paths, *asked))


@pytest.mark.parametrize(
    "text",
    [
        "",
        "\0\0# a\0\n- `packages/a/src/lib.rs:1`\0",
        "".join("  " * depth + "- x `src/lib.rs:1`\n" for depth in range(300)),
        ">" * 5000 + " `src/lib.rs:1`\n",
        "# 1. unwrap\n- `../../etc/passwd:1`\n- `a/../../../etc/shadow.rs:3`\n- `link.rs:1`\n",
        "[x]: y.rs:3\n<!-- `z.rs:4` -->\n<div>\n`a.rs:5`\n</div>\n",
        "line" + " " * 20_000 + "x1",
        "*" * 20_000 + "a.rs",
        "{" * 20_000 + "a.rs",
    ],
)
def test_harm(text: str) -> None:
    check_markdown(text)


def test_bytes_that_are_no_text() -> None:
    check(read(b"\xff\xfe# 1. unwrap\n- `packages/a/src/lib.rs:1` \xc3\x28", "A.md"))


def test_too_deep_is_listed() -> None:
    document = read("".join("  " * depth + "- `a.rs:1`\n" for depth in range(300)), "A.md")
    assert any(entry.reason == "nested too deep" for entry in document.not_understood)


@pytest.mark.parametrize(
    "piece",
    ["- `src/a_{}.rs:{}` - unwrap\n", "`src/a.rs:1` ", "### {}. unwrap\n**File:** `b.rs`\n\n", "word "],
)
def test_work_grows_with_the_length(piece: str) -> None:
    def calls(count: int) -> int:
        text = "# 1. unwrap calls\n" + "".join(piece.format(i, i) for i in range(count))
        counted = Counter[str]()
        sys.setprofile(lambda _frame, event, _argument: counted.update([event]))
        try:
            read(text, "A.md")
        finally:
            sys.setprofile(None)
        return counted["call"] + counted["c_call"]

    calls(10)
    assert calls(1600) < 6 * calls(400)


@example(text="### 1. unwrap\n`packages/a/src/lib.rs:1`")
@example(text="{}")
@example(text='{"a": 1}')
@settings(max_examples=300)
@given(text=DOCUMENTS)
def test_any_markdown(text: str) -> None:
    check_markdown(text)


@settings(max_examples=200)
@given(value=OBJECTS)
def test_any_json(value: object) -> None:
    try:
        check(read(json.dumps(value), "a.json"))
    except InputError:
        return


@pytest.mark.slow
@settings(max_examples=10_000)
@given(text=DOCUMENTS | st.text(max_size=400))
def test_ten_thousand_documents(text: str) -> None:
    check_markdown(text)
