"""The picture of a split: nothing of it is cut off."""

import re
from xml.etree import ElementTree as ET

import pytest

from remediate.codemods.split_file.plans.arrangement import FACADE, Arrangement, Tie
from remediate.codemods.split_file.plans.picture import svg
from remediate.model import PlannedModule
from remediate.templates import render

_SPACE = "{http://www.w3.org/2000/svg}"


def _arrangement(names: str, ties: list[tuple[str, str]]) -> Arrangement:
    modules = tuple(PlannedModule(name) for name in names)
    used = tuple(Tie(a, b, ("f",)) for a, b in ties)
    return Arrangement(
        "src/x.rs", "src/x/mod.rs", modules, (), used, dict.fromkeys([FACADE, *names], 9), frozenset()
    )


@pytest.mark.parametrize(
    ("names", "ties"),
    [
        (
            "abcd",
            [("", "a"), ("a", "b"), ("b", "c"), ("c", "d"), ("", "d"), ("a", "d"), ("", "c"), ("b", "d")],
        ),
        (
            "abcdef",
            [("", n) for n in "abcdef"] + [("a", "b"), ("b", "c"), ("c", "f"), ("a", "f"), ("d", "f")],
        ),
        ("ab", [("", "a")]),
    ],
)
def test_all_of_it_is_inside_of_the_view_box(names: str, ties: list[tuple[str, str]]) -> None:
    picture = ET.fromstring(svg(_arrangement(names, ties), render))  # noqa: S314 - our own
    _, _, width, height = map(float, picture.attrib["viewBox"].split())
    points = [
        (float(x), float(y))
        for path in picture.iter(f"{_SPACE}path")
        if path.get("class") == "arrow"
        for x, y in re.findall(r"(-?[\d.]+) (-?[\d.]+)", path.attrib["d"])
    ]
    for box in picture.iter(f"{_SPACE}rect"):
        if "box" in box.get("class", ""):
            x, y, w, h = (float(box.attrib[k]) for k in ("x", "y", "width", "height"))
            points += [(x, y), (x + w, y + h)]
    assert all(0 <= x <= width and 0 <= y <= height for x, y in points)
