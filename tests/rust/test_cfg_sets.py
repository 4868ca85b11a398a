import pytest

from remediate.rust.syntax.cfg import Predicate, attribute, needed, parse, without
from remediate.rust.syntax.lexer import tokens


def cfg(*texts: str) -> tuple[Predicate, ...]:
    return tuple(parse(tuple(tokens(t.encode()))) for t in texts)


@pytest.mark.parametrize(
    ("places", "expected"),
    [
        ([()], ""),
        ([], ""),
        ([cfg("test")], "#[cfg(test)]\n"),
        ([cfg("test"), ()], ""),
        ([cfg("test"), cfg("test")], "#[cfg(test)]\n"),
        ([cfg("unix"), cfg("not(unix)")], ""),
        ([cfg("test", "unix"), cfg("test", "not(unix)")], "#[cfg(test)]\n"),
        ([cfg("test", "unix"), cfg("test")], "#[cfg(test)]\n"),
        ([cfg("unix"), cfg("windows")], "#[cfg(any(unix, windows))]\n"),
        ([cfg("windows"), cfg("unix")], "#[cfg(any(unix, windows))]\n"),
        ([cfg("test", "unix")], "#[cfg(all(test, unix))]\n"),
        ([cfg("unix"), cfg("windows"), cfg("not(any(unix, windows))")], ""),
        ([cfg("any(unix, windows)"), cfg("unix")], "#[cfg(any(unix, windows))]\n"),
        ([cfg("unix", "test"), cfg("windows"), cfg("unix")], "#[cfg(any(unix, windows))]\n"),
        ([cfg("unix", "test"), cfg("not(unix)", "test"), cfg("windows", "test")], "#[cfg(test)]\n"),
        ([cfg('feature = "color"')], '#[cfg(feature = "color")]\n'),
        ([cfg("version(1)")], ""),
    ],
)
def test_when_one_of_the_places_is_compiled(places: list[tuple[Predicate, ...]], expected: str) -> None:
    assert attribute(needed(places)) == expected


def test_what_is_known_need_not_be_said() -> None:
    assert without(cfg("test", "unix"), cfg("test")) == cfg("unix")
