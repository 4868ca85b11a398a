"""Which commit a run starts from, and what of the user's checkout it does not see."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path

from remediate.errors import InputError
from remediate.git.command import Git, literal


@dataclass(frozen=True, slots=True)
class Base:
    """The commit that fixes are made on, and its tree."""

    commit: str
    tree: str


def base(git: Git, revision: str = "HEAD") -> Base:
    """Return the commit a revision names.

    Raises:
        InputError: There is no such commit.
    """
    commit = commit_of(git, revision)
    if commit is None and revision == "HEAD":
        raise InputError("the repository has no commits yet", "Commit your work first: `git commit`.")
    if commit is None:
        raise InputError(f"no commit is called {revision!r} here", "See `git log` and `git branch --all`.")
    return Base(commit, tree_of(git, commit))


def commit_of(git: Git, revision: str) -> str | None:
    """Return the id of the commit a revision names, None when there is none."""
    return _object(git, f"{revision}^{{commit}}")


def tree_of(git: Git, commit: str) -> str:
    """Return the tree id of a commit; "" when the commit is gone."""
    return _object(git, f"{commit}^{{tree}}") or ""


def is_ancestor(git: Git, old: str, new: str) -> bool:
    """Whether a commit is another or one of its ancestors; False when one of them is gone."""
    answer = git.run("merge-base", "--is-ancestor", "--end-of-options", old, new, allow=(0, 1, 128))
    return answer.code == 0


def newest_first(git: Git, commits: Sequence[str]) -> list[str]:
    """Return commits by their date, the newest first."""
    if not commits:
        return []
    return git.run("rev-list", "--no-walk=sorted", *commits).text.splitlines()


def changed_paths(git: Git, old: str, new: str) -> list[str]:
    """Return the paths that differ between two commits, from the repository's top; renames are two paths."""
    return git.run("diff-tree", "-r", "-z", "--no-renames", "--name-only", old, new).parts


def have_same(git: Git, one: str, other: str, paths: Sequence[str]) -> bool:
    """Whether two commits hold the same at some paths, be it nothing; False where one of them is gone."""
    asked = ("diff-tree", "--quiet", "--end-of-options", one, other, "--", *map(literal, paths))
    return git.run(*asked, allow=(0, 1, 128)).code == 0


def blob(git: Git, commit: str, path: str) -> bytes | None:
    """Return a file's bytes in a commit, None when it is not there."""
    answer = git.run("cat-file", "blob", f"{commit}:{path}", allow=(0, 128))
    return answer.out if answer.code == 0 else None


def blobs(git: Git, ids: Iterable[str]) -> dict[str, bytes]:
    """Return the contents with these ids; ids nobody knows are left out."""
    asked = "".join(f"{oid}\n" for oid in sorted(set(ids))).encode()
    out = git.run("cat-file", "--batch", stdin=asked).out if asked else b""
    found, at = {}, 0
    while at < len(out):
        end = out.index(b"\n", at)
        oid, *kind_and_size = out[at:end].decode().split()
        at = end + 1
        if kind_and_size[-1] != "missing":
            size = int(kind_and_size[-1])
            found[oid] = out[at : at + size]
            at += size + 1
    return found


def trailers(git: Git, commit: str) -> dict[str, str]:
    """Return the trailers of a commit's message; of equal keys the last."""
    text = git.run("log", "-1", "--format=%(trailers:only,unfold)", commit).text
    return {key: value for key, _, value in (line.partition(": ") for line in text.splitlines()) if value}


def uncommitted(git: Git, folder: Path, *, notes: bool = True) -> tuple[str, ...]:
    """Return the changed and untracked paths below a folder, relative to the checkout's top, sorted.

    Without ``notes``, untracked files that cargo does not read by itself are left out: an audit, a log.
    """
    where = folder.resolve().relative_to(git.top).as_posix()
    spec = [] if where == "." else ["--", literal(where)]
    answer = git.run("status", "--porcelain=v1", "-z", "--no-renames", "--untracked-files=all", *spec)
    found = ((entry[:2], entry[3:]) for entry in answer.parts)
    return tuple(sorted(path for state, path in found if notes or state != "??" or _is_read_by_cargo(path)))


def _is_read_by_cargo(path: str) -> bool:
    """Whether cargo may read a file without being told to: sources and all beside them, and configuration."""
    *folders, name = path.split("/")
    return name.endswith((".rs", ".toml", ".lock")) or not _READ_BY_CARGO.isdisjoint((*folders, name))


_READ_BY_CARGO = {"src", "tests", "examples", "benches", ".cargo", "rust-toolchain"}


def _object(git: Git, expression: str) -> str | None:
    answer = git.run("rev-parse", "--verify", "--quiet", "--end-of-options", expression, allow=(0, 1, 128))
    return answer.text if answer.code == 0 else None
