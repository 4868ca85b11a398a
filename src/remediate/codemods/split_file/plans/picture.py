"""Which module of a split uses which, as a picture: Mermaid for pull requests, SVG for a browser."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from importlib import import_module
from itertools import pairwise
from typing import Any

from remediate.codemods.split_file.plans.arrangement import FACADE, Arrangement, Tie
from remediate.errors import ToolError
from remediate.rust.codebase import Renderer

_MOST_NAMED = 3
_HEIGHT = 46.0
_LETTER = 7.6
_GAP = 36.0
_LAYER = 120.0
_MARGIN = 30.0
_ASIDE = 40.0
"""How far from the middle of a box an arrow may touch it."""


def mermaid(arrangement: Arrangement) -> str:
    """Return the picture as a Mermaid flowchart."""
    ids = _ids(arrangement)
    lines = ["flowchart TD"]
    for name, number in ids.items():
        shape = ("([", "])") if name == FACADE else ("[", "]")
        lines.append(f'    {number}{shape[0]}"{_escaped("<br/>".join(_words(arrangement, name)))}"{shape[1]}')
    lines += [
        f'    {ids[tie.source]} -->|"{_escaped(_listed(tie.names))}"| {ids[tie.target]}'
        for tie in arrangement.ties
    ]
    return "\n".join(lines) + "\n"


def _ids(arrangement: Arrangement) -> dict[str, str]:
    """Return an id for every module: a name of its own, for a module may be called as Mermaid's keywords."""
    return {FACADE: "facade", **{m.name: f"m{n}" for n, m in enumerate(arrangement.modules, 1)}}


def _words(arrangement: Arrangement, name: str) -> tuple[str, str]:
    items = sum(piece.module == name for piece in arrangement.pieces)
    title = arrangement.facade if name == FACADE else name
    return title, f"{arrangement.sizes[name]} lines, {items} item{'s' * (items != 1)}"


def _listed(names: tuple[str, ...]) -> str:
    more = len(names) - _MOST_NAMED
    return ", ".join(names[:_MOST_NAMED]) + (f", {more} more" if more > 0 else "")


def _escaped(text: str) -> str:
    return text.replace("#", "#35;").replace('"', "#quot;")


@dataclass(frozen=True, slots=True)
class _Box:
    x: float
    y: float
    width: float
    height: float
    words: tuple[str, str]
    facade: bool


@dataclass(frozen=True, slots=True)
class _Arrow:
    path: str
    weight: float
    title: str
    both: bool


def svg(arrangement: Arrangement, render: Renderer) -> str:
    """Return the picture as an SVG of its own: no script, no font, no file beside it.

    Raises:
        ToolError: The library that lays the picture out is not installed.
    """
    names = [FACADE, *(m.name for m in arrangement.modules)]
    words = {name: _words(arrangement, name) for name in names}
    width = max(len(line) for pair in words.values() for line in pair) * _LETTER + 24
    pairs = _pairs(arrangement.ties)
    at, bends = _laid_out(names, list(pairs), width + _GAP)
    boxes = [
        _Box(at[n][0] - width / 2, at[n][1] - _HEIGHT / 2, width, _HEIGHT, words[n], n == FACADE)
        for n in names
    ]
    return render(
        "split.svg.j2",
        title=f"The split of {arrangement.path}",
        width=max(*(x for x, _ in at.values()), *_of(bends, 0, width)) + width / 2 + _MARGIN,
        height=max(*(y for _, y in at.values()), *_of(bends, 1, _HEIGHT)) + _HEIGHT / 2 + _MARGIN,
        boxes=boxes,
        arrows=[_arrow(pair, ties, at, bends[pair], words) for pair, ties in pairs.items()],
    )


_Pair = tuple[str, str]
_Point = tuple[float, float]


def _of(bends: Mapping[_Pair, Iterable[_Point]], axis: int, size: float) -> list[float]:
    """Return the middle of a box that would end where a bend is: an arrow needs no more room."""
    return [point[axis] - size / 2 for points in bends.values() for point in points]


def _pairs(ties: Iterable[Tie]) -> dict[_Pair, list[Tie]]:
    """Return one pair of modules for all that ties two of them, in the direction in which more is used."""
    between: dict[frozenset[str], list[Tie]] = {}
    for tie in ties:
        between.setdefault(frozenset((tie.source, tie.target)), []).append(tie)
    found = {}
    for group in between.values():
        first = max(group, key=lambda t: (len(t.names), t.target, t.source))
        found[first.source, first.target] = sorted(group, key=lambda t: t is not first)
    return found


def _laid_out(
    names: list[str], pairs: list[_Pair], spacing: float
) -> tuple[dict[str, _Point], dict[_Pair, list[_Point]]]:
    """Return the middle of every box and the bends of every arrow; what is tied to nothing stands below."""
    try:
        library: Any = import_module("fast_sugiyama")
    except ImportError as error:
        hint = "Install remediate again with its dependencies; or use --mermaid, which needs nothing."
        raise ToolError("an SVG needs the library fast-sugiyama", hint) from error
    numbers = {name: number for number, name in enumerate(names)}
    edges = [(numbers[a], numbers[b]) for a, b in pairs]
    layouts = library.from_edges(edges, vertex_spacing=spacing, dummy_vertices=True) if edges else []
    at: dict[int, _Point] = {}
    bends: dict[tuple[int, int], list[int]] = {}
    right = 0.0
    for positions, wide, high, routes in layouts:
        left = min(x for _, (x, _) in positions)
        placed = {n: (right + x - left, (high - y) / spacing * _LAYER) for n, (x, y) in positions}
        at |= placed
        bends |= dict(_routes(routes or (), placed, len(names)))
        right += wide + spacing
    low = max((y for _, y in at.values()), default=-_LAYER) + _LAYER
    alone = [n for n in numbers.values() if n not in at]
    at |= {n: (position * spacing, low) for position, n in enumerate(alone)}
    half = (spacing - _GAP) / 2
    left = min(x - (half if n < len(names) else 0) for n, (x, _) in at.items())
    top = min(y - (_HEIGHT / 2 if n < len(names) else 0) for n, (_, y) in at.items())
    moved = {n: (x - left + _MARGIN, y - top + _MARGIN) for n, (x, y) in at.items()}
    turns = {(a, b): [moved[d] for d in bends.get((numbers[a], numbers[b]), [])] for a, b in pairs}
    return {name: moved[n] for name, n in numbers.items()}, turns


def _routes(
    routes: Iterable[tuple[int, int]], placed: Mapping[int, _Point], count: int
) -> Iterator[tuple[tuple[int, int], list[int]]]:
    """Yield the dummy nodes that an edge passes, by its ends: nodes from ``count`` on are dummies."""
    after = {a: b for a, b in routes if a >= count}
    for start, node in routes:
        if start < count:
            passed, end = list[int](), node
            while end in after and end in placed:
                passed.append(end)
                end = after[end]
            yield (start, end), passed


def _arrow(
    pair: _Pair,
    ties: list[Tie],
    at: Mapping[str, _Point],
    bends: list[_Point],
    words: Mapping[str, tuple[str, str]],
) -> _Arrow:
    points = [_border(at[pair[0]], (bends or [at[pair[1]]])[0]), *bends]
    points.append(_border(at[pair[1]], points[-1]))
    path = f"M {points[0][0]:.1f} {points[0][1]:.1f}"
    for (x1, y1), (x2, y2) in pairwise(points):
        middle = (y1 + y2) / 2
        path += f" C {x1:.1f} {middle:.1f} {x2:.1f} {middle:.1f} {x2:.1f} {y2:.1f}"
    told = [f"{words[t.source][0]} uses of {words[t.target][0]}: {', '.join(t.names)}" for t in ties]
    weight = 1 + min(3.0, sum(len(t.names) for t in ties) / 6)
    return _Arrow(path, round(weight, 2), "\n".join(told), len(ties) > 1)


def _border(box: _Point, towards: _Point) -> _Point:
    """Return a point of a box's upper or lower border, on the side of where the arrow goes or comes from."""
    aside = max(-_ASIDE, min(_ASIDE, (towards[0] - box[0]) / 4))
    return box[0] + aside, box[1] + (_HEIGHT / 2 if towards[1] > box[1] else -_HEIGHT / 2)
