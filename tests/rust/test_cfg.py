"""cfg predicates: read as rustc reads them, and shown to need `test` only when they do."""

import pytest

from remediate.rust.syntax.cfg import (
    Predicate,
    evaluate,
    parse,
    predicates,
    requires_test,
    resolved,
)
from remediate.rust.syntax.items import items
from remediate.rust.syntax.lexer import tokens
from remediate.rust.syntax.source import Source


def predicate(text: str) -> Predicate:
    return parse(tuple(tokens(text.encode())))


def required(attributes: str) -> tuple[Predicate, ...]:
    return predicates(items(Source("a.rs", f"{attributes} mod m {{}}".encode()))[0].attributes)


@pytest.mark.parametrize(
    "text",
    [
        "test",
        "all(test, unix)",
        'feature = "x"',
        'any(not(test), all(windows, feature = "a,b"))',
        "all()",
        "true",
    ],
)
def test_reads_and_writes_the_same(text: str) -> None:
    assert str(predicate(text)) == text


@pytest.mark.parametrize("text", ["", "all", "all(", "1", "unix(x)", "a = b = c", 'version("1.0")'])
def test_what_it_cannot_read_is_unknown(text: str) -> None:
    assert evaluate(predicate(text), {"test": False}) is None


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("all(test, unix)", False),
        ("any(test, unix)", None),
        ("not(test)", True),
        ("not(any(test, unix))", None),
        ("all(unix, windows)", None),
        ("all()", True),
        ("any()", False),
        ("false", False),
        ("any(true, unix)", True),
        ("not(false)", True),
    ],
)
def test_evaluates_with_three_values(text: str, value: bool | None) -> None:  # noqa: FBT001 - a table's column
    assert evaluate(predicate(text), {"test": False}) is value


def test_features_are_known_by_their_text() -> None:
    assert evaluate(predicate('feature = "std"'), {'feature = "std"': True}) is True
    assert evaluate(predicate('feature = r#"std"#'), {'feature = "std"': True}) is True


@pytest.mark.parametrize(
    "attributes",
    [
        "#[cfg(test)]",
        '#[cfg(all(test, feature = "x"))]',
        "#[cfg(any(all(test, unix), all(test, windows)))]",
        "#[cfg(unix)] #[cfg(test)]",
        "#[cfg(not(not(test)))]",
        "# [ cfg ( test ) ]",
        "#[cfg(test,)]",
        "#[cfg_attr(all(), cfg(test))]",
        "#[cfg(/* why */ test)]",
    ],
)
def test_needs_a_test_build(attributes: str) -> None:
    assert requires_test(required(attributes))


@pytest.mark.parametrize(
    "attributes",
    [
        "",
        "#[cfg(unix)]",
        '#[cfg(any(test, feature = "testing"))]',
        "#[cfg(not(test))]",
        '#[cfg(feature = "test")]',
        "#[cfg(tests)]",
        "#[cfg(doctest)]",
        "#[cfg_attr(test, allow(dead_code))]",
        "#[cfg_attr(unix, cfg(test))]",
        "#[my::cfg(test)]",
    ],
)
def test_does_not_need_a_test_build(attributes: str) -> None:
    assert not requires_test(required(attributes))


def test_cfg_attr_holds_several_nested_attributes() -> None:
    text = b'#[cfg_attr(unix, path = "u.rs", cfg_attr(test, allow(a, b)), x::y)] mod m;'
    held = resolved(items(Source("a.rs", text))[0].attributes[0])
    shown = [(" ".join(map(str, c.when)), c.path, b" ".join(t.text for t in c.arguments)) for c in held]
    assert shown == [("unix", "path", b'"u.rs"'), ("unix test", "allow", b"a , b"), ("unix", "x::y", b"")]


@pytest.mark.parametrize("text", ['feature = "color"', 'feature = "r"', 'feature = "rust-r"'])
def test_a_value_keeps_the_letter_of_raw_strings(text: str) -> None:
    assert str(predicate(text)) == text


def test_raw_values() -> None:
    assert str(predicate('feature = r#"color"#')) == 'feature = "color"'
