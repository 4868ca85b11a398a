"""The plan of a split as a TOML file, written for a person to change."""

import hashlib
from collections.abc import Iterable, Mapping
from typing import Any

import tomlkit
from tomlkit.items import Array, Table

from remediate import __version__
from remediate.codemods.split_file.plans.arrangement import FACADE, Arrangement, Piece
from remediate.model import PlannedModule
from remediate.sanitize import one_line

_HEAD = """\
How {path} is to be cut, planned by remediate {version}. Change it, then:

    remediate split-file {path} --plan {name}

- Move a line from one list to another: the item goes to that module.
- Change a `name`: the module and its file are called so.
- Add a [[module]] with a name and items, or delete one: what is in no list stays.
- `public = true` makes it `pub mod`.

Comments are for you. "uses" and "used by" are told by name, not by type: `a.get()` counts as
a use of each `get` of the file. `digest` is that of the file the plan was made for: when the
file has changed, make a new plan.
"""


def written(arrangement: Arrangement, text: bytes, limits: Mapping[str, Any], name: str = "plan.toml") -> str:
    """Return the plan of a file with these bytes, to be saved as ``name``.

    ``limits`` are what the split keeps to: ``max_lines``, ``min_lines`` and ``layout``.
    """
    document = tomlkit.document()
    for line in _HEAD.format(path=arrangement.path, version=__version__, name=name).splitlines():
        document.add(tomlkit.comment(line))
    document.add(tomlkit.nl())
    for key, value in (
        ("file", arrangement.path),
        ("digest", digest(text)),
        *((key, limits[key]) for key in ("max_lines", "min_lines", "layout")),
    ):
        document.add(key, value)
    modules = tomlkit.aot()
    for module in arrangement.modules:
        modules.append(_table(arrangement, module.name, module.description, module))
    if arrangement.modules:
        document.add("module", modules)
    document.add("facade", _table(arrangement, FACADE, f"stays in {arrangement.facade}", None))
    return tomlkit.dumps(document)


def digest(text: bytes) -> str:
    """Return what tells one text from another."""
    return f"sha256:{hashlib.sha256(text).hexdigest()}"


def _table(arrangement: Arrangement, place: str, reason: str, module: PlannedModule | None) -> Table:
    table = tomlkit.table()
    pieces = [p for p in arrangement.pieces if p.module == place]
    if module is not None:
        table.add("name", module.name)
        table.add("public", module.public)
    words = f"{arrangement.sizes[place]} lines, {len(pieces)} item{'s' * (len(pieces) != 1)}"
    table.add(tomlkit.comment(f"{words}: {one_line(reason, 300)}" if reason else words))
    table.add("items", _array(pieces))
    table.add(tomlkit.nl())
    return table


def _array(pieces: Iterable[Piece]) -> Array:
    array = tomlkit.array()
    for piece in pieces:
        stays = f"has to stay ({one_line(piece.held)})" if piece.held else one_line(piece.why)
        array.add_line(piece.key, indent="    ", comment=f"{_where(piece)}: {stays}")
    array.add_line(indent="")
    return array


def _where(piece: Piece) -> str:
    return f"line {piece.line}, {piece.lines} line{'s' * (piece.lines != 1)}"
