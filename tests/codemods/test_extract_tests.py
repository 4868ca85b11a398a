"""What the fixtures of extract-tests cannot show: that its reasons are documented, and that it is fast."""

import ast
from dataclasses import replace
from pathlib import Path
from time import process_time

from made_package import package

from remediate.codemods import extract_tests
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.codemods.extract_tests.reasons import REASONS
from remediate.edits import Change
from remediate.model import Finding, Skip
from remediate.rust.codebase import Codebase
from remediate.rust.modules import manifest, relative_paths
from remediate.rust.modules.relative_paths import spellings

_BELOW = (relative_paths.__file__, manifest.__file__)
SOURCES = [*sorted(Path(extract_tests.__file__).parent.rglob("*.py")), *map(Path, _BELOW)]
FINDING = Finding(id="1", fingerprint="0" * 16, rule="embedded-tests", title="", path="src/lib.rs")


def test_every_reason_is_documented_and_used() -> None:
    used = {
        node.args[0].value
        for path in SOURCES
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Skip"
        if isinstance(node.args[0], ast.Constant)
    }
    assert used == set(REASONS)
    assert all(text.endswith(".") for text in REASONS.values())


def test_a_file_of_6000_lines_is_planned_in_well_under_a_second() -> None:
    function = "fn f{n}(x: u8) -> u8 {{\n    x + {n} // {n}\n}}\n\n"
    test = (
        '    #[test]\n    fn t{n}() {{\n        let s = "a\n    b";\n        assert_ne!(s, "");\n    }}\n\n'
    )
    code = "".join(function.format(n=n) for n in range(750))
    tests = "".join(test.format(n=n) for n in range(500))
    text = f"{code}#[cfg(test)]\nmod tests {{\n    use super::*;\n\n{tests}}}\n"
    assert text.count("\n") > 6000
    given = package("", (), src__lib_rs=text)
    start = process_time()
    change = extract_tests.plan(Codebase.of(given), FINDING, ExtractOptions())
    seconds = process_time() - start
    assert isinstance(change, Change)
    assert list(change.creations) == ["tests/unit/tests.rs"]
    assert seconds < 2, "0.5 s were measured on two cores with a load of 7"


def test_refine_returns_the_change_unchanged() -> None:
    given = package("", (), src__lib_rs="#[cfg(test)] mod tests { #[test] fn t() {} }")
    change = extract_tests.plan(Codebase.of(given), FINDING, ExtractOptions())
    assert isinstance(change, Change)
    assert extract_tests.refine(Codebase.of(given), change, ()) is change


def test_a_folder_without_tests_declines() -> None:
    given = package("", (), src__lib_rs="mod a;", src__a_rs="")
    skip = extract_tests.plan(Codebase.of(given), replace(FINDING, path="src"), ExtractOptions())
    assert skip == Skip("no-embedded-tests", "src embeds no test module")


def test_spellings_of_one_file_name_are_one_group() -> None:
    pairs = [(b'"../x"', b'"../../x"'), (b'"../../x"', b'"../../../x"'), (b'"y"', b'"../y"')]
    found = spellings(pairs)
    assert {found.get(t, t) for t in (b'"../x"', b'"../../x"', b'"../../../x"')} == {b'"../../../x"'}
    assert found[b'"y"'] == b'"../y"'


def test_spellings_that_lead_back_end() -> None:
    assert spellings([(b"a", b"b"), (b"b", b"a"), (b"a", b"a")]) == {b"a": b"b"}
