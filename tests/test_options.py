"""One struct says it all: the flags, the keys, what they take, and what is refused."""

from typing import Annotated, Literal

import msgspec
import pytest

from remediate.contract import codemods
from remediate.options import OnDemand, Options, converted, described, keys, option, replaced


class Some(Options, frozen=True):
    most_lines: Annotated[int, option("The most lines.", least=1)] = 3
    layout: Annotated[Literal["mod", "file"], option("Where files go.", flag="where")] = "mod"
    twice: Annotated[bool, option("Do it twice.", settled=False)] = False
    by_path: Annotated[dict[str, Literal["a", "b"]], option("By path.")] = msgspec.field(default_factory=dict)
    names: Annotated[tuple[str, ...], option("Which.")] = ()


def test_a_field_is_a_flag_and_a_key() -> None:
    found = [(o.name, o.key, o.flag, o.kind, o.choices, o.least, o.settled) for o in described(Some)]
    assert found == [
        ("most_lines", "most-lines", "most-lines", "number", (), 1, True),
        ("layout", "layout", "where", "choice", ("mod", "file"), None, True),
        ("twice", "twice", "twice", "flag", (), None, False),
        ("by_path", "by-path", "", "table", ("a", "b"), None, True),
        ("names", "names", "names", "texts", (), None, True),
    ]


def test_a_table_becomes_the_struct() -> None:
    found = converted(Some, {"most-lines": 4, "by-path": {"src/*": "b"}, "names": ["x"]})
    assert found == Some(most_lines=4, by_path={"src/*": "b"}, names=("x",))


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"most_lines": 4}, "there is no key `most_lines`"),
        ({"most-lines": 0}, "`most-lines` has to be a number of at least 1"),
        ({"most-lines": "many"}, "`most-lines` has to be a number, not a text"),
        ({"layout": "flat"}, "`layout` cannot be 'flat'"),
        ({"layout": 3}, "`layout` has to be a text, not a number"),
        ({"by-path": {"x": "c"}}, "`by-path"),
        ({"twice": True}, "`twice` is asked for on the command line only"),
    ],
)
def test_what_is_not_known_is_refused(table: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=r".") as refused:
        converted(Some, table)
    assert words in str(refused.value)


def test_the_command_line_leaves_open_what_is_none() -> None:
    assert replaced(Some(most_lines=4), {"most_lines": None, "layout": "file"}) == Some(
        most_lines=4, layout="file"
    )


def test_the_reference_names_what_a_key_takes() -> None:
    assert keys(Some)[:2] == ["most-lines (a number from 1)", "layout (mod, file)"]


def test_a_field_without_a_sentence_is_a_mistake_of_the_codemod() -> None:
    class Silent(Options, frozen=True):
        most: int = 3

    with pytest.raises(TypeError, match="says nothing of what it does"):
        described(Silent)


@pytest.mark.parametrize("name", sorted(codemods()))
def test_every_installed_codemod_describes_its_options(name: str) -> None:
    assert all(option.sentence for option in described(codemods()[name].OPTIONS))


def test_a_value_on_demand_is_made_once_and_only_when_it_is_asked_for() -> None:
    made: list[str] = []
    found = OnDemand(("a", "b"), lambda name: made.append(name) or name.upper())  # type: ignore[func-returns-value]
    assert (list(found), len(found), made) == (["a", "b"], 2, [])
    assert (found["b"], found["b"], made) == ("B", "B", ["b"])
    assert (found.get("c"), "a" in found) == (None, True)
    with pytest.raises(KeyError):
        found["c"]
