"""Today's tree as a value: what an audit's claims are held against; and what its paths say. No disk."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property

from remediate.model import Files
from remediate.rust.syntax.source import Source

CODE_FOLDERS = ("src", "tests", "examples", "benches")
_TEST_FOLDERS = {"tests", "benches", "examples", "fuzz", "testing"}


@dataclass(frozen=True)
class Tree:
    """The files of a workspace.

    Attributes:
        files: The text of every file that may be looked at, by workspace-relative path.
        paths: All other existing paths: data, links, files that are not UTF-8.
        packages: Package names by the root of the package; where empty, the folder above ``src`` stands in.
    """

    files: Files
    paths: frozenset[str] = frozenset()
    packages: Mapping[str, str] = field(default_factory=dict)
    _sources: dict[str, Source] = field(default_factory=dict, repr=False, compare=False)

    def source(self, path: str) -> Source:
        """Return a file as source; the same object every time.

        Raises:
            KeyError: The tree has no such text.
        """
        if path not in self._sources:
            self._sources[path] = Source(path, self.files[path])
        return self._sources[path]

    def package_of(self, path: str) -> tuple[str, str]:
        """Return the root and name of the package a path belongs to."""
        roots = [root for root in self.packages if _below(path, root)]
        if roots:
            root = max(roots, key=len)
            return root, self.packages[root]
        parts = path.split("/")[:-1]
        stop = next((i for i, part in enumerate(parts) if part in CODE_FOLDERS), len(parts))
        return "/".join(parts[:stop]), parts[stop - 1] if stop else ""

    def inside(self, path: str) -> str:
        """Return a path relative to its package."""
        root = self.package_of(path)[0]
        return path[len(root) + 1 :] if root else path

    def in_src(self, path: str) -> bool:
        """Whether a file is production code of its package: not tests, benchmarks or examples."""
        return path.endswith(".rs") and self.inside(path).partition("/")[0] not in CODE_FOLDERS[1:]

    @cached_property
    def rust_files(self) -> tuple[str, ...]:
        """All ``.rs`` paths with text, sorted."""
        return tuple(sorted(path for path in self.files if path.endswith(".rs")))

    @cached_property
    def everything(self) -> frozenset[str]:
        """Every existing path."""
        return self.paths | self.files.keys()

    @cached_property
    def folders(self) -> frozenset[str]:
        """Every folder that holds something."""
        return frozenset(
            path[: match.start()] for path in self.everything for match in re.finditer("/", path)
        )

    @cached_property
    def by_name(self) -> dict[str, tuple[str, ...]]:
        """Files and folders by their last name."""
        found: dict[str, list[str]] = {}
        for path in sorted(self.everything | self.folders):
            found.setdefault(path.rpartition("/")[2], []).append(path)
        return {name: tuple(paths) for name, paths in found.items()}

    def below(self, folder: str) -> tuple[str, ...]:
        """Return the ``.rs`` files below a folder ("" is everything), sorted."""
        return tuple(path for path in self.rust_files if _below(path, folder))


def _below(path: str, folder: str) -> bool:
    return not folder or path.startswith(f"{folder}/")


def is_test_path(path: str) -> bool:
    """Whether a path is that of tests, benchmarks, examples or a build script: not production code."""
    parts = path.split("/")
    return (
        (bool(_TEST_FOLDERS & set(parts[:-1])) and "src" not in parts[:-1])
        or parts[-1] == "build.rs"
        or _is_outside_src(parts)
    )


def _is_outside_src(parts: list[str]) -> bool:
    """Whether a test folder stands outside of the innermost ``src``."""
    folders = parts[:-1]
    last = max((i for i, p in enumerate(folders) if p == "src"), default=-1)
    return any(p in _TEST_FOLDERS for p in folders[:last]) if last >= 0 else False
