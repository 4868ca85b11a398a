"""What proves a rule in a source file, and what only looks like it."""

import pytest

from remediate.audit.anchoring.hits import hits
from remediate.audit.rules.catalog import rule, rules_named
from remediate.audit.scan.inspect import inspect
from remediate.rust.syntax.source import Source


@pytest.mark.parametrize(
    ("id_", "code", "expected"),
    [
        ("block-on", "fn f() { rt.block_on(x()) }", [(True, "code")]),
        ("block-on", "use futures::executor::{self, block_on};", [(False, "an import")]),
        ("block-on", "// block_on stalls", [(False, "a comment")]),
        ("block-on", 'let s = "block_on";', [(False, "a string")]),
        ("block-on", "my_block_on();", [(False, "another word, `my_block_on`")]),
        ("block-on", "fn block_on() {}", [(False, "the definition of a function of that name")]),
        ("expect", "#[expect(dead_code)] fn f() {}", [(False, "another word")]),
        ("expect", 'a.expect("x")', [(True, "code")]),
        ("unimplemented", "todo!()", [(True, "code")]),
        ("unimplemented", "todo()", [(False, "another word")]),
        ("todo-marker", "// TODO: more", [(True, "a comment")]),
        ("todo-marker", 'let s = "TODO";', [(False, "a string")]),
        ("shim", "// Shimmer is a voice", [(False, "another word, `Shimmer`")]),
        ("hack", "// see workspace-hack", [(False, "another word, `workspace-hack`")]),
        ("legacy", "struct S { legacy: bool }", [(False, "the identifier `legacy`")]),
        ("placeholder", "struct PlaceholderStore;", [(True, "code")]),
        ("placeholder", "struct S { _placeholder: () }", [(True, "code")]),
        ("placeholder", "struct S { _placeholder: u8 }", [(False, "the identifier `_placeholder`")]),
        ("placeholder", 'let s = "placeholder answer";', [(True, "a string")]),
        ("temporary-code", "/* for now */", [(True, "a comment")]),
    ],
)
def test_hits(id_: str, code: str, expected: list[tuple[bool, str]]) -> None:
    assert [(hit.proof, hit.what) for hit in hits(Source("a.rs", code.encode()), rule(id_))] == expected


@pytest.mark.parametrize(
    ("prose", "first"),
    [
        ("spawn_blocking Violation", "spawn-blocking"),
        ("BLOCKING VIOLATION: Remove spawn_blocking usage", "spawn-blocking"),
        ("BLOCKING ASYNC VIOLATIONS", "block-on"),
        ("LARGE FILES REQUIRING DECOMPOSITION (>300 LINES)", "large-file"),
        ("Tests in Source Files", "embedded-tests"),
        ("Workspace-Hack Generation", None),
        ("I expect this", None),
    ],
)
def test_rules_in_prose(prose: str, first: str | None) -> None:
    assert next(iter(rules_named(prose)), None) == first


@pytest.mark.parametrize(
    ("rule_id", "comment", "proves"),
    [
        ("legacy", "// legacy format", False),
        ("legacy", "// Kept for legacy clients.", True),
        ("placeholder", "// mock server", False),
        ("placeholder", "// Placeholder implementation", True),
        ("shim", "// provider shim", False),
        ("hack", "// Workspace hack", False),
        ("legacy", "// GPT-3.5 (legacy)", False),
        ("temporary-code", "// In a real **X** implementation this would go on", True),
        ("temporary-code", "// a temporary directory", False),
        ("temporary-code", "// temporary fix", True),
        ("legacy", "// deprecated since 2", True),  # a word that the scanner does not look for
    ],
)
def test_reader_and_scanner_agree_on_nouns(rule_id: str, comment: str, *, proves: bool) -> None:
    text = f"fn f() {{\n    {comment}\n    g();\n}}\n".encode()
    assert any(hit.proof for hit in hits(Source("a.rs", text), rule(rule_id))) is proves
    if "deprecated" not in comment:
        assert (rule_id in {place.rule for place in inspect(text).places}) is proves
