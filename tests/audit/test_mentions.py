"""What counts as a path, a line number or a size in a line of prose."""

from itertools import pairwise

import pytest

from remediate.audit.readers.mentions import mentions


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("`a/src/x.rs:383,735`", ["path a/src/x.rs", "line 383", "line 735"]),
        ("x.rs:66-87", ["path x.rs", "line 66-87"]),
        ("`src/x.rs` (lines 294, 425 and 515)", ["path src/x.rs", "line 294", "line 425", "line 515"]),
        ("**Line 152-153**: in handle()", ["line 152-153"]),
        ("x.rs (Lines: 731-1131, 18+ tests)", ["path x.rs", "line 731-1131", "count 18+ tests"]),
        ("x.rs:10:5", ["path x.rs", "line 10"]),
        ("`x.rs`:12 and y.rs#L10-L20", ["path x.rs", "line 12", "path y.rs", "line L10-L20"]),
        ("**packages/a/src/x.rs** (1,847 lines)", ["path packages/a/src/x.rs", "size 1,847 lines"]),
        ("`/src/x.rs` - 2480 LINES", ["path /src/x.rs", "size 2480 LINES"]),
        ("x.rs (20+ TODOs)", ["path x.rs", "count 20+ TODOs"]),
        ("files (>300 LINES), the 300-line limit", ["limit >300 LINES", "limit 300-line limit"]),
        ("`x.rs` `shake` is 12 LOC in a 427-LOC file", ["path x.rs", "extent 12 LOC", "size 427-LOC"]),
        ("`x.rs`: `Gate::open()` is 300 lines long", ["path x.rs", "extent 300 lines"]),
        ("a 90-line function in x.rs (200 lines)", ["extent 90-line", "path x.rs", "size 200 lines"]),
        ("`x.rs` (1,356 lines)", ["path x.rs", "size 1,356 lines"]),
        ("`x.rs`: 1,952 lines, far too many", ["path x.rs", "size 1,952 lines"]),
        ("x.rs: 351 LOC", ["path x.rs", "size 351 LOC"]),
        ("x.rs:351, 352 and so on", ["path x.rs", "line 351", "line 352"]),
        ("x.rs holds `A` and `B`, 1,200 lines", ["path x.rs", "size 1,200 lines"]),
        ("a hard cap of 300 physical lines", ["limit cap of 300 physical lines"]),
        ("packages/*/src/**/*.rs", ["path packages/*/src/**/*.rs"]),
        ("src/{one,two}.rs", ["path src/{one,two}.rs"]),
        ("packages\\a\\src\\b.rs:12", ["path packages\\a\\src\\b.rs", "line 12"]),
        ("see ../../etc/passwd", ["path ../../etc/passwd"]),
        ("https://example.org/src/x.rs, and/or, println!/eprintln!, Mutex/RwLock", []),
        ("test lines: 200, version 1.2.3, in 2024", []),
    ],
)
def test_mentions(text: str, expected: list[str]) -> None:
    assert [f"{found.kind} {found.text}" for found in mentions(text)] == expected


def test_no_two_overlap() -> None:
    text = "lines 1, 2 of `a/b.rs:3` (4 lines), line 5: 6 lines, 7+ calls, L8 a.rs:9:10"
    found = mentions(text)
    assert all(a.end <= b.start for a, b in pairwise(found))
