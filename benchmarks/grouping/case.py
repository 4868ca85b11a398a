"""A case: a file, and which module a person put each of its items in."""

import re
from dataclasses import dataclass, replace
from random import Random

from remediate.rust.syntax.items import Item, head_end, items
from remediate.rust.syntax.source import Source

LEFT_OUT = {"use", "extern crate", "mod"}
FACADE = ""


@dataclass(frozen=True)
class Case:
    """One file to be split.

    Attributes:
        name: Crate and folder or file, for the table.
        text: The file before the split.
        truth: Module by index of the item; FACADE for what stayed; items that say nothing are missing.
    """

    name: str
    text: bytes
    truth: dict[int, str]

    @property
    def crate(self) -> str:
        """The crate's name without its version."""
        return re.split(r"-\d", self.name)[0]


def opaque(case: Case) -> set[int]:
    """Return the indexes of macros and their calls: their place is not the grouping's to choose."""
    found = enumerate(items(Source("lib.rs", case.text)))
    return {index for index, item in found if item.kind in ("macro", "macro_rules", "error")}


def shuffled(case: Case, seed: int) -> Case:
    """Return the case with its items in random order; section comments, which then mean nothing, are gone."""
    source = Source("lib.rs", case.text)
    found = list(enumerate(items(source)))
    order = [pair for pair in found if pair[1].kind in LEFT_OUT]
    movable = [pair for pair in found if pair[1].kind not in LEFT_OUT]
    Random(f"{case.name}{seed}").shuffle(movable)  # noqa: S311 - repeatable, no secret
    order += movable
    text = case.text[: head_end(source)] + b"\n" + b"".join(_text(source, item) for _, item in order)
    truth = {new: case.truth[old] for new, (old, _) in enumerate(order) if old in case.truth}
    return replace(case, text=text, truth=truth)


def _text(source: Source, item: Item) -> bytes:
    return source.text[item.lead : item.tail] + b"\n\n"
