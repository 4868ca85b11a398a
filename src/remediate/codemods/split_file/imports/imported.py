"""What modules import: the values that the import planner makes and the texts are written from."""

from dataclasses import dataclass, field
from typing import TypeVar

from remediate.rust.resolution.names import Import
from remediate.rust.syntax.cfg import Cfg, without
from remediate.rust.syntax.known_names import INTEGERS

_K = TypeVar("_K", int, tuple[str, str])


@dataclass
class ModuleImports:
    """What one place imports.

    Attributes:
        leaves: Leaves of M's own ``use`` declarations, by offset, with the cfg the place needs them under.
        names: M's own items that stand elsewhere, by name and place, with the cfg.
        docs: The same for what only documentation links.
        comments: Whose comments stand here: declarations by offset, with whether it is those above them.
    """

    leaves: dict[int, list[Cfg]] = field(default_factory=dict)
    names: dict[tuple[str, str], list[Cfg]] = field(default_factory=dict)
    docs: dict[tuple[str, str], list[Cfg]] = field(default_factory=dict)
    comments: set[tuple[int, bool]] = field(default_factory=set)


@dataclass
class Wiring:
    """What every place imports: each new module by name, the facade, and the modules below M by path."""

    children: dict[str, ModuleImports]
    facade: ModuleImports
    below: dict[tuple[str, ...], ModuleImports]


def under(found: dict[_K, list[Cfg]], known: Cfg) -> dict[_K, list[Cfg]]:
    """Return needs without the conditions that hold wherever they arise."""
    return {key: [without(cfg, known) for cfg in cfgs] for key, cfgs in found.items()}


def merge(target: ModuleImports, other: ModuleImports) -> None:
    """Add to a place what another one needs."""
    for name in ("leaves", "names", "docs"):
        mine, theirs = getattr(target, name), getattr(other, name)
        for key, cfgs in theirs.items():
            mine.setdefault(key, []).extend(cfgs)


def is_legacy(one: Import) -> bool:
    """Whether an import is ``use std::usize;``: clippy warns wherever it stands.

    Without it ``usize::MAX`` is the associated constant, which the module's own is a name for.
    """
    return len(one.leaf.path) == 2 and one.leaf.path[0] in {"std", "core"} and one.leaf.path[1] in INTEGERS
