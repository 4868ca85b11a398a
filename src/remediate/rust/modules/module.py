"""One module of one crate, and one declaration that leads nowhere."""

from collections.abc import Iterator
from dataclasses import dataclass

from remediate.rust.modules.module_files import Place
from remediate.rust.package import Target
from remediate.rust.syntax.cfg import Predicate
from remediate.rust.syntax.items import Item


@dataclass(frozen=True)
class Module:
    """One module of one target root.

    Attributes:
        path: ("crate", "a", "b"), without ``r#``.
        targets: The cargo targets whose root file this tree begins in; several may share one root.
        file: The file its items stand in.
        span: Where in ``file`` an inline module's body is, between its braces; None for a whole file.
        cfg: All that must hold for it to be compiled, from the root down, its own ``#![cfg]`` included.
        place: Where its own ``mod x;`` and ``#[path]`` lead.
        parent: The enclosing module; None for a crate root.
        item: Its declaration in the parent's file; None for roots and for modules that macros declare.
        loaded_by: How its file was found: "root", "name", "path" (``#[path]``), "inline", "include",
            "call" (a plain ``mod x;`` in a macro's call), "macro" (otherwise by one).
        certain: Whether plain syntax declares it; False below a macro that may not do what it seems to.
    """

    path: tuple[str, ...]
    targets: tuple[Target, ...]
    file: str
    span: tuple[int, int] | None
    cfg: tuple[Predicate, ...]
    place: Place
    parent: "Module | None"
    item: Item | None
    loaded_by: str
    certain: bool = True

    @property
    def root(self) -> str:
        """The root file of its targets."""
        return self.targets[0].root

    @property
    def directory(self) -> str:
        """Where its plain ``mod x;`` are searched."""
        return self.place.directory

    @property
    def name(self) -> str:
        """The last segment of its path."""
        return self.path[-1]

    def ancestors(self) -> Iterator["Module"]:
        """Yield the enclosing modules, innermost first."""
        module = self.parent
        while module is not None:
            yield module
            module = module.parent


@dataclass(frozen=True, slots=True)
class Missing:
    """A ``mod x;`` without a file: the module it would be, who declares it, where it was searched."""

    path: tuple[str, ...]
    declared_in: str
    searched: tuple[str, ...]
