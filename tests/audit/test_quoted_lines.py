"""Findings of other tools' rules: only the source line they bring can be looked for."""

import json

import pytest

from remediate.audit.anchoring.anchor import anchor
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree


def _statuses(line: str, text: str) -> set[str]:
    """Judge one of clippy's messages about line 2, which it shows, against a file."""
    span = {
        "file_name": "src/a.rs",
        "line_start": 2,
        "line_end": 2,
        "is_primary": True,
        "text": [{"text": line}],
    }
    message = {"message": "odd", "code": {"code": "clippy::odd"}, "level": "warning", "spans": [span]}
    document = read(json.dumps({"reason": "compiler-message", "message": message}) + "\n", "clippy.json")
    return {f.status for f in anchor(document, Tree({"src/a.rs": text.encode()}))}


@pytest.mark.parametrize(
    ("line", "text", "status"),
    [
        ("    &self.x", "fn f() {\n    &self.x\n}\n", "present"),
        ("    &self.x", "fn f() {\n    self.x\n}\n", "fixed"),  # what clippy asked for
        ("    &self.x", "fn f() {\n    &self.xy\n}\n", "fixed"),
        ("    let y = &x;", "fn f() {\n    let y = &x;\n}\n", "present"),
        ("    let y = &x;", "fn f() {\n    let y = x;\n}\n", "fixed"),
        ("    }", "fn f() {\n    }\n}\n", "ambiguous"),  # a brace tells nothing
    ],
)  # fmt: skip
def test_a_line_of_one_word_is_looked_for_as_a_whole(line: str, text: str, status: str) -> None:
    assert _statuses(line, text) == {status}


def test_one_quoted_word_of_a_rule_nobody_knows_tells_nothing() -> None:
    document = read("## Odd naming\n\n- `src/a.rs:2` - `frob`\n", "A.md")
    (finding,) = anchor(document, Tree({"src/a.rs": b"fn f() {\n    g();\n}\n"}))
    assert finding.status == "ambiguous"
