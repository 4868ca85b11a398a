"""Links of documentation with other targets: only links, and only those that need one."""

import pytest

from remediate.rust.syntax.doc_links import doc_comments, retargeted
from remediate.rust.syntax.lexer import tokens


def _moved(path: tuple[str, ...]) -> tuple[str, ...] | None:
    return ("super", *path) if path[0] in {"Foo", "bar"} else None


def _written(text: str) -> str:
    done, end = b"", 0
    whole = text.encode()
    for run in doc_comments(list(tokens(whole))):
        for token, new in retargeted(run, _moved):
            done, end = done + whole[end : token.start] + new, token.end
    return (done + whole[end:]).decode()


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("/// See [`Foo`].", "/// See [`Foo`](super::Foo)."),
        ("//! See [Foo].", "//! See [Foo](super::Foo)."),
        (
            "/// [`Foo::new()`] and [`struct@Foo`]",
            "/// [`Foo::new()`](super::Foo::new()) and [`Foo`](struct@super::Foo)",
        ),
        ("/// [text](Foo) [`x`](bar#y)", "/// [text](super::Foo) [`x`](super::bar#y)"),
        ("/// [text][Foo]", "/// [text](super::Foo)"),
        ("/// [text]: Foo", "/// [text]: super::Foo"),
        ("/** See [`Foo`]. */", "/** See [`Foo`](super::Foo). */"),
    ],
)
def test_a_link_gets_another_target(old: str, new: str) -> None:
    assert _written(f"{old}\nfn f() {{}}\n") == f"{new}\nfn f() {{}}\n"


@pytest.mark.parametrize(
    "text",
    [
        "/// `[Foo]` and `a[bar]`, [Other], [`Foo`](https://example.org), [x](./Foo)",
        "/// ```\n/// let x = y[bar];\n/// [Foo]\n/// ```",
        "///     let x = y[bar];",
        "/// See [Foo].\n///\n/// [Foo]: https://example.org",
        "// See [`Foo`].",
        "//// See [`Foo`].",
        "/// [`super::Foo`] [`Self::bar`]",
    ],
)
def test_what_is_no_link_stays(text: str) -> None:
    assert _written(f"{text}\nfn f() {{}}\n") == f"{text}\nfn f() {{}}\n"
