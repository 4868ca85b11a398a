"""Audits that are no Markdown: SARIF, cargo's messages, our own JSON; and what is neither."""

import json
from typing import Any

import pytest

from remediate.audit.anchoring.anchor import anchor
from remediate.audit.document import AuditDocument, LineRange
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree
from remediate.audit.write.listing import listing
from remediate.errors import InputError
from remediate.model import Status

TREE = Tree({"src/lib.rs": b"fn a() {\n    b().unwrap();\n}\n"}, packages={"": "x"})


def sarif(result: dict[str, Any], **run: Any) -> AuditDocument:
    tool = {"driver": {"name": "t", "rules": [{"id": "clippy::unwrap_used"}]}}
    log = {"version": "2.1.0", "runs": [{"tool": tool, "results": [result], **run}]}
    return read(json.dumps(log), "a.sarif")


def location(uri: str, line: object = 2) -> dict[str, Any]:
    return {"physicalLocation": {"artifactLocation": {"uri": uri}, "region": {"startLine": line}}}


def test_sarif() -> None:
    document = sarif(
        {"ruleIndex": 0, "message": {"text": "no unwrap"}, "locations": [location("file:///x/y/src/lib.rs")]}
    )
    (claim,) = document.claims
    assert (document.format, claim.rule, claim.path) == ("sarif", "unwrap", "/x/y/src/lib.rs")
    assert claim.lines == (LineRange(2, 2),)
    (finding,) = anchor(document, TREE)
    assert (finding.status, finding.path, finding.sites[0].line) == (Status.PRESENT, "src/lib.rs", 2)


def test_sarif_by_index_with_message_arguments() -> None:
    result = {
        "rule": {"index": 0},
        "message": {"id": "default", "arguments": ["b"]},
        "locations": [{"physicalLocation": {"artifactLocation": {"index": 0}, "region": {"startLine": 2}}}],
    }
    rules = [{"id": "clippy::unwrap_used", "messageStrings": {"default": {"text": "unwrap of {0}"}}}]
    tool = {"driver": {"name": "t", "rules": rules}}
    (claim,) = sarif(result, tool=tool, artifacts=[{"location": {"uri": "src/my%20lib.rs"}}]).claims
    assert (claim.title, claim.path) == ("unwrap of b", "src/my lib.rs")


@pytest.mark.parametrize(
    "result",
    [
        {"message": {"text": "nowhere"}},
        {"kind": "pass", "message": {"text": "fine"}, "locations": [location("src/lib.rs")]},
        {"message": 3, "locations": "x"},
        {},
    ],
)
def test_sarif_without_an_accusation_is_listed(result: dict[str, Any]) -> None:
    document = sarif(result)
    assert not document.claims
    assert (document.mentions, len(document.not_understood)) == (1, 1)


@pytest.mark.parametrize("line", [-1, 0, True, 1e400, "7", None, 10**12])
def test_odd_line_numbers_are_none(line: object) -> None:
    (claim,) = sarif({"message": {"text": "m"}, "locations": [location("src/lib.rs", line)]}).claims
    assert claim.lines == ()


def diagnostic(path: str = "src/lib.rs") -> dict[str, Any]:
    span = {"file_name": path, "line_start": 2, "line_end": 2, "is_primary": True}
    return {
        "message": "used `unwrap()`",
        "code": {"code": "clippy::unwrap_used"},
        "level": "warning",
        "spans": [{**span, "text": [{"text": "    b().unwrap();"}]}],
    }


def test_cargo_messages() -> None:
    message = json.dumps({"reason": "compiler-message", "message": diagnostic()})
    artifact = json.dumps({"reason": "compiler-artifact"})
    document = read(f"{artifact}\n{message}\na line of a build script\n{message}", "-")
    (claim,) = document.claims
    assert (document.format, claim.rule, claim.site_text) == ("cargo", "unwrap", "b().unwrap();")
    assert [f.status for f in anchor(document, TREE)] == [Status.PRESENT]


def test_a_span_in_a_macro_is_where_it_was_called() -> None:
    inner = diagnostic("/root/.cargo/registry/src/i/dep/src/lib.rs")
    inner["spans"][0]["expansion"] = {"span": diagnostic()["spans"][0]}
    document = read(json.dumps({"reason": "compiler-message", "message": inner}), "-")
    assert [claim.path for claim in document.claims] == ["src/lib.rs"]


def test_a_dependency_is_outside() -> None:
    inner = diagnostic("/root/.cargo/registry/src/i/dep/src/lib.rs")
    document = read(json.dumps({"reason": "compiler-message", "message": inner}), "-")
    assert [f.status for f in anchor(document, TREE)] == [Status.UNRESOLVABLE]


def test_our_own_output_keeps_its_fingerprints() -> None:
    audit = "# A\n\n### 1. unwrap() calls\n- `src/lib.rs:2`\n- `src/lib.rs:90`\n"
    first = anchor(read(audit, "A.md"), TREE)
    again = anchor(read(json.dumps(listing(first, [])), "findings.json"), TREE)
    assert [(f.fingerprint, f.status) for f in again] == [(f.fingerprint, f.status) for f in first]


@pytest.mark.parametrize(
    ("text", "name"),
    [("[" * 100_000, "a.json"), ('{"runs":' * 50_000, "-"), ("{}", "-"), ("no json", "a.sarif")],
)
def test_what_is_no_audit_is_refused(text: str, name: str) -> None:
    with pytest.raises(InputError):
        read(text, name)


@pytest.mark.parametrize(
    "content", [b"%PDF-1.7\n%\xe2\xe3", b"PK\x03\x04\x14", b"<?xml version='1.0'?>", bytes(99)]
)
def test_what_is_no_text_is_refused_with_the_forms_that_are_read(content: bytes) -> None:
    with pytest.raises(InputError) as caught:
        read(content, "AUDIT")
    assert "SARIF" in (caught.value.hint or "")


def test_utf_16_is_text() -> None:
    assert read("# A\n\n- `src/lib.rs:2` unwrap()\n".encode("utf-16"), "A.md").claims
