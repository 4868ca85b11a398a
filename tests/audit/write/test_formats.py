"""What is written is read back, validates, and renders nothing of a stranger's."""

import json
import re
from dataclasses import replace
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from remediate.audit.anchoring.anchor import anchor
from remediate.audit.readers.read import read
from remediate.audit.rules.documentation import DOCUMENTATION
from remediate.audit.scan.assembly import assembled
from remediate.audit.scan.cache import Cache
from remediate.audit.scan.engine import facts_of
from remediate.audit.scan.facts import Depth, Scan
from remediate.audit.scan.settings import Settings
from remediate.audit.tree import Tree
from remediate.audit.write.annotations import annotations
from remediate.audit.write.listing import listing_json
from remediate.audit.write.markdown import markdown
from remediate.audit.write.page import page
from remediate.audit.write.report import Report
from remediate.audit.write.rows import rows
from remediate.audit.write.sarif import MOST_RESULTS, sarif
from remediate.cli.commands import COMMANDS
from remediate.edits import Change, Edit
from remediate.model import Status
from remediate.rust.package import Package, Target
from remediate.templates import render

FILES = {
    # The same marker twice in one item, a lock that reads like a file name, and words that name no macro.
    "src/twice.rs": b"fn twice() {\n    // TODO: support crlf\n    a();\n    // TODO: support crlf\n"
    b"    value.0.lock().unwrap();\n    x.unwrap();\n    println!();\n}\n",
    "src/lib.rs": b"pub mod a; pub mod twice;\n\nasync fn f() {\n"
    b"    Runtime::new().unwrap().block_on(g());\n}\n"
    b"// TODO: `\\` <b>&amp; \x1b[31m\nfn h() { self.lock(); todo!() }\n"
    b"#[cfg(test)]\nmod tests {\n    #[test]\n    fn t() {}\n}\n",
    "src/a.rs": 'fn é() { let s = "日本"; x.unwrap(); y.unwrap() } // for now\n'.encode() + b"\n" * 300,
    "src/orphan.rs": b"#[test]\nfn never() {}\n",
    "src/w.rs": b"fn x() {}\n",
}
PACKAGE = Package("demo", "", "", "2021", (Target("demo", ("lib",), "src/lib.rs"),), FILES)


# What a file may be called: a line break, a right-to-left override, a terminal escape, a blank, a pattern.
ODD_NAMES = (
    "src/a\nb.rs",
    "src/c\u202e.rs",
    "src/\x1b[31md.rs",
    "src/my file.rs",
    "src/{x,y}*.rs",
    "src/`z`.rs",
)


def _odd_report() -> Report:
    files = dict.fromkeys(ODD_NAMES, b"fn f() {\n    // TODO: it\n}\n")
    facts = facts_of({path: (text, Depth()) for path, text in files.items()}, Cache(None, "1"))
    scan = assembled(facts, files, None, Settings(), {"todo-marker": "split-file"}.get)
    return Report(scan, files, "odd\u202e", "0.1.0", {"split-file": "split-file"}, "a\x07 remark\u2066")


def test_odd_file_names_are_harmless_and_read_back() -> None:
    report = _odd_report()
    pages = render("audit.html.j2", **page(report))
    shown = "".join(piece.text for row in rows(report, None) for piece in row)
    for text in (pages, markdown(report), *annotations(report), shown):
        assert not re.search(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]", text)
    document = read(markdown(report).encode(), "odd.md")
    assert not document.not_understood
    found = anchor(document, Tree(report.files, packages={"": "demo"}))
    assert {(f.path, f.status, f.rule) for f in found} == {
        (path, Status.PRESENT, "todo-marker") for path in ODD_NAMES
    }
    assert len(found) == len(ODD_NAMES)


def test_an_explanation_accuses_nothing() -> None:
    """Dead tests of a virtual workspace: the note speaks of `tests/`."""
    files = {"tests/x.rs": b"#[test]\nfn t() {}\n"}
    facts = facts_of({path: (text, Depth(test=True)) for path, text in files.items()}, Cache(None, "1"))
    package = Package("a", "", "a", "2021", (Target("a", ("lib",), "a/src/lib.rs"),), {})
    report = Report(assembled(facts, files, [package], Settings(), lambda _: None), files, "v", "0", {})
    (finding,) = anchor(read(markdown(report), "a.md"), Tree(files))
    assert (finding.rule, finding.path, finding.status) == ("dead-tests", "tests/x.rs", Status.PRESENT)


def _report(name: str = "demo") -> Report:
    facts = facts_of({path: (text, Depth()) for path, text in FILES.items()}, Cache(None, "1"))
    scan = assembled(facts, FILES, [PACKAGE], Settings(), {"large-file": "split-file"}.get)
    return Report(scan, FILES, name, "0.1.0", {"split-file": "split-file"})


def _schema() -> Any:
    return json.loads((Path(__file__).parents[1] / "schema/sarif-2.1.0-rtm.4.json").read_text())


def test_every_rule_of_the_scan_is_documented() -> None:
    found = {finding.rule for finding in _report().scan.findings}
    assert found == {
        "block-on", "unimplemented", "dead-tests", "embedded-tests", "large-file", "temporary-code",
        "todo-marker", "unwrap", "debug-print",
    }  # fmt: skip
    assert found <= DOCUMENTATION.keys()


def test_documentation_sends_nobody_to_a_command_that_is_not_there() -> None:
    named = {
        word
        for about in DOCUMENTATION.values()
        for word in re.findall(r"`remediate ([\w-]+)", about.markdown())
    }
    assert named <= COMMANDS.keys()
    assert {"split-file", "extract-tests"} <= named


def test_the_worst_comes_first() -> None:
    first = _report().scan.findings[0]
    assert (first.rule, first.severity, first.sites[0].kind) == ("block-on", "error", "certain-panic")


@pytest.mark.parametrize("format_", ["markdown", "json", "sarif"])
def test_our_reader_reads_all_of_it_back(format_: str) -> None:
    report = _report()
    text = {"markdown": lambda r: markdown(r).encode(), "json": listing_json, "sarif": sarif}[format_](report)
    document = read(text, f"audit.{format_}")
    found = anchor(document, Tree(FILES, packages={"": "demo"}))
    assert document.not_understood == ()
    assert {f.status for f in found} == {Status.PRESENT}
    places = {(f.rule, f.path, s.line) for f in report.scan.findings for s in f.sites}
    assert places <= {(f.rule, f.path, s.line) for f in found for s in f.sites}
    assert {(f.rule, f.path) for f in report.scan.findings} == {(f.rule, f.path) for f in found}
    if format_ != "sarif":  # one result a place, so a finding of several places is several there
        assert {f.fingerprint for f in report.scan.findings} == {f.fingerprint for f in found}


def test_sarif_validates_and_has_what_github_wants() -> None:
    change = Change("Cut it", {"src/a.rs": (Edit(3, 5, b"x"),)}, {"src/new.rs": b"fn a() {}\n"})
    change = replace(change, edits={**change.edits, "Cargo.toml": (Edit(0, 0, b"# cut\n"),)})
    files = {**FILES, "Cargo.toml": b"[package]\n"}
    renaming = replace(change, moves={"src/a.rs": "src/a/mod.rs"})
    assert b'"fixes"' not in sarif(_report(), lambda _: renaming, files)
    log = json.loads(
        sarif(_report(), lambda f: change if f.rule in {"large-file", "unwrap"} else None, files)
    )
    jsonschema.Draft4Validator(_schema()).validate(log)
    (run,) = log["runs"]
    assert run["columnKind"] == "utf16CodeUnits"
    assert all(len(r["partialFingerprints"]["remediate/v1"]) == 16 for r in run["results"])
    fixed = [r for r in run["results"] if "fixes" in r]
    # One fix mends all places of a finding, so one of them carries it.
    assert len(fixed) == len({r["properties"]["finding"] for r in fixed}) == 5
    region = fixed[0]["fixes"][0]["artifactChanges"][1]["replacements"][0]["deletedRegion"]
    assert region == {"startLine": 1, "startColumn": 4, "endLine": 1, "endColumn": 5}
    unwrap = next(r for r in run["results"] if r["ruleId"] == "unwrap" and "a.rs" in str(r))
    place = unwrap["locations"][0]["physicalLocation"]["region"]
    text = FILES["src/a.rs"].decode().splitlines()[0]
    assert text[place["startColumn"] - 1 : place["endColumn"] - 1] == "unwrap"


def test_sarif_stays_within_githubs_limit_and_says_so() -> None:
    report = _report()
    finding = next(f for f in report.scan.findings if f.sites)
    many = Scan((finding,) * (MOST_RESULTS + 5), 1, 1)
    log = json.loads(sarif(Report(many, FILES, "x", "1.0.0", {})))
    (run,) = log["runs"]
    assert len(run["results"]) == MOST_RESULTS
    (note,) = run["invocations"][0]["toolExecutionNotifications"]
    assert "left out" in note["message"]["text"]


def test_annotations_escape_and_stay_within_what_is_shown() -> None:
    lines = list(annotations(_report()))
    assert lines[0].startswith("::error file=src/lib.rs,line=4,col=29,endColumn=37,title=block-on::")
    assert not any("\x1b" in line or "\n" in line for line in lines)
    report = _report()
    many = Report(Scan(report.scan.findings * 30, 1, 1), FILES, "x", "1", {})
    assert len([line for line in annotations(many) if line.startswith("::error")]) == 10
    assert "more places" in list(annotations(many))[-1]


def test_the_page_is_one_file_and_escapes() -> None:
    html = render("audit.html.j2", **page(_report("<script>alert(1)</script>")))
    assert "<script>alert" not in html
    assert "&lt;b&gt;" in html
    assert "http" not in html.replace("http-equiv", "")
    assert html.count("<tr data-severity") == _report().places()


def test_a_file_may_be_called_anything() -> None:
    finding = replace(_report().scan.findings[0], path="src/\x1b[31m\n\tx.rs", sites=())
    report = replace(_report(), scan=Scan((finding,), 1, 1))
    text = "\n".join("".join(piece.text for piece in row) for row in rows(report, None))
    assert r" --> src/\u{1b}[31m\u{a}\u{9}x.rs:1:1" in text


def test_a_terminal_gets_no_control_characters() -> None:
    text = "\n".join("".join(piece.text for piece in row) for row in rows(_report(), None))
    assert "\x1b" not in text
    assert "4 |     Runtime::new().unwrap().block_on(g());".replace("    ", "") in text.replace("    ", "")
    caret = next(line for line in text.splitlines() if "^^^^^^^^ a tokio" in line)
    shown = text.splitlines()[text.splitlines().index(caret) - 1]
    assert shown[caret.index("^") :].startswith("block_on")
