"""What a codemod is given: one cargo package as text and data, no disk."""

from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Self, TypeVar, cast

from remediate.facts.query import Facts
from remediate.model import Files
from remediate.rust.syntax.source import Source, shared

_T = TypeVar("_T")
LIBRARIES = frozenset({"lib", "rlib", "dylib", "cdylib", "staticlib", "proc-macro"})
"""The kinds that cargo's messages all call `lib`."""
_LINKABLE = frozenset({"lib", "rlib", "dylib"})


@dataclass(frozen=True, slots=True)
class Target:
    """A cargo target.

    Attributes:
        kinds: cargo's words: "lib", "bin", "test", "example", "bench", "proc-macro", "custom-build", ...
        root: The workspace-relative path of its root file.
        required_features: The features without which cargo passes over it.
    """

    name: str
    kinds: tuple[str, ...]
    root: str
    edition: str = "2021"
    test: bool = True
    doctest: bool = True
    harness: bool = True
    required_features: tuple[str, ...] = ()

    @property
    def is_linkable(self) -> bool:
        """Whether it is a library that other Rust crates can link."""
        return not _LINKABLE.isdisjoint(self.kinds)

    @property
    def label(self) -> str:
        """What cargo's messages call it: ``lib``, ``test "it"``."""
        kind = self.kinds[0] if self.kinds else ""
        return "lib" if kind in LIBRARIES else f'{kind} "{self.name}"'


class Deriving:
    """A value of which things are computed, each once. A copy with other contents begins with none."""

    @cached_property
    def _derived(self) -> dict[object, object]:
        return {}

    def derived(self, compute: Callable[[Self], _T]) -> _T:
        """Return ``compute(self)``, computed once per object and function."""
        if compute not in self._derived:
            self._derived[compute] = compute(self)
        return cast("_T", self._derived[compute])


@dataclass(frozen=True)
class Package(Deriving):
    """One package of the workspace.

    Attributes:
        name: The package name (not the crate name).
        id: cargo's package id; "" where cargo could not say.
        root: Workspace-relative folder of its Cargo.toml; "" when it is the workspace root.
        edition: The package's edition.
        targets: All its targets.
        files: Every text file of the package the tool may look at, by workspace-relative path: ``.rs`` files,
            snapshots, Cargo.toml, ``.config/nextest.toml``, rustfmt.toml, clippy.toml.
        paths: All other existing paths under ``root`` (data), for collisions and re-anchoring.
        features: The package's feature names.
        others: The other packages of the workspace, for what is settled for all of them in one file.
        members: Roots of the other workspace packages; what is below one of them is not this package's.
        learned: What the compiler knows of the package; read it as ``facts``.
    """

    name: str
    id: str
    root: str
    edition: str
    targets: tuple[Target, ...]
    files: Files
    paths: frozenset[str] = frozenset()
    features: tuple[str, ...] = ()
    members: tuple[str, ...] = ()
    others: tuple["Package", ...] = field(default=(), compare=False, repr=False)
    learned: Facts = field(default=Facts(), compare=False, repr=False)
    # Not part of the value: `dataclasses.replace` with other files starts with empty ones.
    _sources: dict[str, Source] = field(default_factory=dict, init=False, repr=False, compare=False)

    def source(self, path: str) -> Source:
        """Return a file parsed; the same object every time, for every package that holds the same text.

        Raises:
            KeyError: The package has no such file.
        """
        if path not in self._sources:
            self._sources[path] = shared(path, self.files[path])
        return self._sources[path]

    @cached_property
    def facts(self) -> Facts:
        """What the compiler knows of the package as it stands here; nothing where it was not asked."""
        return self.learned if self.learned.files == self.files else Facts()

    def exists(self, path: str) -> bool:
        """Whether the path is taken by any file."""
        return path in self.files or path in self.paths

    @cached_property
    def rust_files(self) -> tuple[str, ...]:
        """The package's ``.rs`` paths, sorted."""
        return tuple(sorted(p for p in self.files if p.endswith(".rs")))
