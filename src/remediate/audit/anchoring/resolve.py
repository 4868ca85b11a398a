"""From a path as an audit wrote it to the path in today's tree, by suffix; never a guess.

An audit's root may be a foreign machine's, a sub-folder, or left out. Two paths are the same file when one of
them ends with the whole of the other, or when their common end includes the package's folder: ``a/src/b.rs``.
``src/lib.rs`` alone is every package's, so that much in common proves nothing.
"""

import re
from dataclasses import dataclass
from enum import StrEnum

from remediate.audit.tree import CODE_FOLDERS, Tree
from remediate.sanitize import named

_CONTAINERS = {"packages", "crates", "libs", "members", "apps", "components"}
_ELSEWHERE = {".cargo", ".rustup"}  # dependencies and the standard library, in cargo's messages
_LONGEST = 4096
_GLOB = re.compile(r"[*{]")


class Kind(StrEnum):
    """What a written path turned out to be."""

    FILE = "file"
    MODULE = "module"  # the file has become a folder of submodules, or the other way round
    FOLDER = "folder"
    FILES = "files"  # a pattern
    AMBIGUOUS = "ambiguous"
    OUTSIDE = "outside"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Resolution:
    """``paths``: the file; the module's files, its own first; the folder; or the candidates."""

    kind: Kind
    paths: tuple[str, ...] = ()


def resolve(tree: Tree, written: str) -> Resolution:
    """Find what a written path means in the tree; nothing outside of it is ever named."""
    if len(written) > _LONGEST:
        return Resolution(Kind.NONE)
    written = named(written)
    parts = _parts(written)
    if parts is None or _ELSEWHERE.intersection(parts):
        return Resolution(Kind.OUTSIDE)
    if not parts:
        return Resolution(Kind.FOLDER, ("",)) if tree.everything else Resolution(Kind.NONE)
    if _GLOB.search(written) and written not in tree.everything:
        found = _matching(tree, parts)
        return Resolution(Kind.FILES, found) if found else Resolution(Kind.NONE)
    return _named(tree, parts) or _as_module(tree, parts) or Resolution(Kind.NONE)


def _parts(written: str) -> list[str] | None:
    """Return the path's segments without ``.`` and ``..``; None when it climbs out of what it names."""
    parts: list[str] = []
    for part in re.split(r"[/\\]", re.sub(r"^(?:[A-Za-z]:|~)(?=[/\\])", "", written)):
        if part == ".." and not parts:
            return None
        if part == "..":
            parts.pop()
        elif part not in ("", "."):
            parts.append(part)
    return parts


def _named(tree: Tree, parts: list[str]) -> Resolution | None:
    scored = [(_common(parts, path.split("/"), tree), path) for path in tree.by_name.get(parts[-1], ())]
    best = max((score for score, _ in scored), default=0)
    if not best:
        return None
    paths = tuple(path for score, path in scored if score == best)
    if len(paths) > 1:
        exact = "/".join(parts)
        return (
            Resolution(_kind(tree, exact), (exact,)) if exact in paths else Resolution(Kind.AMBIGUOUS, paths)
        )
    return Resolution(_kind(tree, paths[0]), paths)


def _kind(tree: Tree, path: str) -> Kind:
    return Kind.FOLDER if path in tree.folders else Kind.FILE


def _common(written: list[str], real: list[str], tree: Tree) -> int:
    """Return how many last segments two paths share, 0 when that does not make them the same file."""
    count = 0
    while count < min(len(written), len(real)) and written[-1 - count] == real[-1 - count]:
        count += 1
    if count == len(written):
        return count
    if count == len(real):
        return count if _may_be_root(written[: len(written) - count], tree) else 0
    shared = real[len(real) - count :]
    start = next((i for i, part in enumerate(shared) if part in CODE_FOLDERS), None)
    return count if start else 0


def _may_be_root(foreign: list[str], tree: Tree) -> bool:
    """Whether a foreign folder may stand for this workspace's root, and not for a member that is not here."""
    if len(foreign) < 2 or foreign[-2] not in _CONTAINERS:
        return True
    name = tree.packages.get("", "").replace("-", "_")
    folder = foreign[-1].replace("-", "_")
    return bool(name) and (folder in name or name in folder)


def _as_module(tree: Tree, parts: list[str]) -> Resolution | None:
    """Find ``x.rs`` as ``x/mod.rs`` with all that is in ``x/``, and ``x/mod.rs`` as ``x.rs``."""
    if parts[-1] == "mod.rs" and len(parts) > 1:
        other = [*parts[:-2], f"{parts[-2]}.rs"]
    elif parts[-1].endswith(".rs"):
        other = [*parts[:-1], parts[-1].removesuffix(".rs"), "mod.rs"]
    else:
        return None
    found = _named(tree, other)
    if found is None or found.kind is not Kind.FILE:
        return found
    own = found.paths[0]
    folder = own.removesuffix("/mod.rs") if own.endswith("/mod.rs") else own.removesuffix(".rs")
    rest = tuple(path for path in tree.below(folder) if path != own)
    return Resolution(Kind.MODULE, (own, *rest))


def _matching(tree: Tree, parts: list[str]) -> tuple[str, ...]:
    """Return the files a pattern matches; leading segments that match nothing are a foreign root."""
    while parts and len([p for p in parts if p == "**"]) <= 3:
        pattern = re.compile("(?:.*/)?" + _translated(parts) + r"\Z")
        found = tuple(path for path in tree.rust_files if pattern.match(path))
        if found or parts[0] in CODE_FOLDERS or _GLOB.search(parts[0]):
            return found
        parts = parts[1:]
    return ()


def _translated(parts: list[str]) -> str:
    folders = ("(?:[^/]+/)*" if part == "**" else _segment(part) + "/" for part in parts[:-1])
    return "".join(folders) + (".*" if parts[-1] == "**" else _segment(parts[-1]))


def _segment(part: str) -> str:
    def one(match: re.Match[str]) -> str:
        if match.group(1) is not None:
            return "(?:" + "|".join(map(re.escape, match.group(1).split(","))) + ")"
        return "[^/]*" if match.group().startswith("*") else re.escape(match.group())

    return re.sub(r"\{([^{}]*)\}|\*+|[^*{]+|\{", one, part)
