"""What is read from a Markdown audit: whose a number is, what accuses, and that no entry is lost."""

import pytest

from remediate.audit.document import AuditDocument, Claim
from remediate.audit.readers.read import read


def _claim(claim: Claim) -> str:
    """A claim in one line: "large-file src/a.rs size 427"."""
    lines = [f"{line.first}" for line in claim.lines]
    parts = [claim.rule, claim.path, *(["line", *lines] if lines else [])]
    parts += ["size", str(claim.size)] if claim.size is not None else []
    parts += ["count", str(claim.count)] if claim.count is not None else []
    return " ".join(parts)


def _document(text: str) -> AuditDocument:
    document = read(text, "AUDIT.md")
    assert document.mentions == document.understood + len(document.not_understood)
    return document


TABLE = "|{}|\n|---|---|\n|{}|\n"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("## Magic numbers\n\n- `x/mod.rs` accounts for 60 in a single file.\n", ["unclassified x/mod.rs"]),
        ("## Cut it\n\n- `x.rs`: all handlers in a single file\n", ["large-file x.rs"]),
        ("## Long\n\n- `a/x.rs` `shake` is 120 LOC in a 427-LOC file.\n", ["large-file a/x.rs size 427"]),
        ("## Long functions\n\n- `shake` in `a/x.rs` (120 lines)\n", ["unclassified a/x.rs"]),
        ("## T\n\n|Function|LOC|File|\n|---|---|---|\n|`shake`|120|`a/x.rs`|\n", ["unclassified a/x.rs"]),
    ],
)
def test_whose_size_it_is(text: str, expected: list[str]) -> None:
    assert [_claim(claim) for claim in _document(text).claims] == expected


@pytest.mark.parametrize(
    ("title", "header", "row", "expected"),
    [
        ("Oversized files", "Lines|File", "427|`a/x.rs`", "large-file a/x.rs size 427"),
        ("Files", "File|Total lines", "`a/x.rs`|1,331", "large-file a/x.rs size 1331"),
        ("Files", "File|Lines", "`a/x.rs`|1331", "large-file a/x.rs size 1331"),
        ("Summary", "LOC|File", "427|`a/x.rs`", "large-file a/x.rs size 427"),
        ("unwrap() calls", "File|Line", "`a/x.rs`|12", "unwrap a/x.rs line 12"),
        ("unwrap() calls", "File|Lines", "`a/x.rs`|12, 15", "unwrap a/x.rs line 12 15"),
    ],
)
def test_numbers_in_a_table(title: str, header: str, row: str, expected: str) -> None:
    document = _document(f"## {title}\n\n{TABLE.format(header, row)}")
    assert [_claim(claim) for claim in document.claims] == [expected]


def test_lines_beside_a_description_are_line_numbers() -> None:
    table = "|File|Lines|Issue|\n|---|---|---|\n|`a/x.rs`|12|unwrap()|\n"
    (claim,) = _document(f"## Findings\n\n{table}").claims
    assert _claim(claim) == "unwrap a/x.rs line 12"


@pytest.mark.parametrize("title", ["Requirements", "Completion criteria"])
def test_a_size_in_a_goal_is_no_finding(title: str) -> None:
    document = _document(f"## {title}\n\n{TABLE.format('LOC|File', '100|`a/x.rs`')}")
    assert not document.claims


LISTING = """\
## {}

```
$ {}
{}
```
"""


@pytest.mark.parametrize(
    ("title", "command", "lines", "expected"),
    [
        ("Files over 300 lines", "wc -l src/*", " 427 src/x.rs\n 1,406 y.rs\n 1833 total",
         ["large-file src/x.rs size 427", "large-file y.rs size 1406"]),
        ("Inline #[cfg(test)] modules", "rg -c test src", "src/x.rs   40\nsrc/y.rs:5",
         ["embedded-tests src/x.rs count 40", "embedded-tests src/y.rs count 5"]),
        ("Output", "grep -rn unwrap", "src/x.rs:12:    y.unwrap();\nsrc/z.rs:3: z.unwrap()",
         ["unwrap src/x.rs line 12", "unwrap src/z.rs line 3"]),
        ("unwrap() calls", "ls", "src/x.rs\nsrc/y.rs\n...", ["unwrap src/x.rs", "unwrap src/y.rs"]),
    ],
)  # fmt: skip
def test_a_list_of_files_in_a_block(title: str, command: str, lines: str, expected: list[str]) -> None:
    document = _document(LISTING.format(title, command, lines))
    assert [_claim(claim) for claim in document.claims] == expected


@pytest.mark.parametrize("info", ["rust", "toml"])
def test_code_is_no_list_of_files(info: str) -> None:
    document = _document(f"## unwrap() calls\n\n```{info}\nsrc/x.rs\n```\n")
    assert not document.claims
    assert [entry.mention.text for entry in document.not_understood] == ["src/x.rs"]


@pytest.mark.parametrize("words", ["instead of", "should live in", "move it to", "extract them into"])
def test_a_wanted_path_is_not_accused(words: str) -> None:
    document = _document(f"## Inline tests\n\n- `src/x.rs` has tests, {words} `tests/x.rs`\n")
    assert [_claim(claim) for claim in document.claims] == ["embedded-tests src/x.rs"]


def test_entries_without_a_path_are_listed() -> None:
    document = _document(
        "## Findings\n\n4. `src/x.rs:3` calls unwrap()\n5. The error handling is inconsistent\n\n"
        "## Next\n\n- [ ] Use `thiserror`\n- [x] Nested\n  - [ ] Deeper\n\n## Requirements\n\n1. Be fast\n"
    )
    assert [_claim(claim) for claim in document.claims] == ["unwrap src/x.rs line 3"]
    assert [(entry.mention.kind, entry.mention.text) for entry in document.not_understood] == [
        ("item", "The error handling is inconsistent"),
        ("item", "Use `thiserror`"),
        ("item", "Nested"),
        ("item", "Deeper"),
        ("item", "Be fast"),
    ]


def test_entries_below_a_file_belong_to_its_claim() -> None:
    document = _document("### 1. `src/x.rs`\n\n1. Its unwrap() calls are many\n2. Its names are short\n")
    assert [_claim(claim) for claim in document.claims] == ["unwrap src/x.rs"]
    assert (document.mentions, document.not_understood) == (3, ())


def test_sizes_as_people_write_them() -> None:
    """After a colon, and in a column of lines whose rows say that the file is too large."""
    listed = "- `src/a.rs`: 1,952 lines\n- `src/b.rs`: 351 lines. Split it\n"
    tabled = "| src/a.rs | 1952 | too large |\n| src/b.rs | 351 | too long |\n"
    head, row = "# A\n\n## 1. Files that are too large\n\n", "| File | Lines | Problem |\n|---|---|---|\n"
    for text in (head + listed, f"# A\n\n{row}{tabled}"):
        claims = [(c.path, c.rule, c.size, c.lines) for c in read(text, "A.md").claims]
        assert claims == [("src/a.rs", "large-file", 1952, ()), ("src/b.rs", "large-file", 351, ())]


def test_a_planned_module_may_be_called_like_the_file_it_is_in() -> None:
    text = "# Audit\n\n1. **src/forest.rs** (900 lines)\n   - **Decomposition Plan**:\n"
    text += "     - `forest/tasks.rs` - Tasks\n     - `forest/forest.rs` - The forest\n"
    (claim,) = (c for c in read(text, "audit.md").claims if c.planned)
    assert (claim.path, [module.name for module in claim.planned]) == ("src/forest.rs", ["tasks", "forest"])
