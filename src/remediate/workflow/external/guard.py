"""What no fixer may touch, watched while one runs: the user's checkout, the git directory, personal settings.

Where the machine offers a sandbox, the kernel refuses such writes, and nothing is watched: what changes then
is somebody else's work. Where it does not, they are found afterwards: the change is refused, and what stood
there is restored. What was found there instead is kept: it may be the user's own work of these minutes. Not
watched are build results, git's objects, and the rest of the machine.
"""

import os
import shutil
import stat
from collections.abc import Collection, Iterator
from dataclasses import dataclass, field
from pathlib import Path

from remediate.git.command import Git
from remediate.git.worktrees import home

_LARGEST = 8_000_000
_MOST = 512_000_000
"""Bytes that are remembered at most, all files together."""
_UNWATCHED = {"objects", "remediate", "lfs", "FETCH_HEAD"}
_PERSONAL = (
    ".gitconfig", ".config/git/config", ".config/git/ignore", ".config/git/attributes",
    ".cargo/config", ".cargo/config.toml", ".cargo/env",
)  # fmt: skip
_SHOWN = 5


@dataclass(frozen=True, slots=True)
class _State:
    """A path as it was.

    Attributes:
        mode: Its type and permissions.
        signature: What changes whenever its contents do: size, times, inode.
        content: Its bytes, or where a link leads; None of a folder, and of a file that is too large.
    """

    mode: int
    signature: tuple[int, ...]
    content: bytes | None


@dataclass
class Guard:
    """The watched paths of one repository.

    Attributes:
        git: git in the user's checkout.
        mine: The git directory of our own worktree, which is not watched.
        kept: Where what was found instead is kept.
    """

    git: Git
    mine: Path
    kept: Path
    _before: dict[Path, _State] = field(default_factory=dict)
    _ignored: frozenset[Path] = frozenset()

    def begin(self) -> None:
        """Remember everything as it is."""
        names = self.git.run(
            "ls-files", "--others", "--ignored", "--exclude-standard", "--directory", "-z"
        ).parts
        self._ignored = frozenset(self.git.top / name.rstrip("/") for name in names)
        held = 0
        for path in self._paths():
            state = _state(path, whole=self._is_restored(path) and held < _MOST)
            held += len(state.content or b"")
            self._before[path] = state

    def violations(self) -> tuple[str, ...]:
        """Return what has changed since ``begin``, in order, a few words each; everything is restored."""
        now = set(self._paths())
        changed = [path for path in sorted({*now, *self._before}) if self._differs(path)]
        # What is new goes from the inside out, so that all of it is kept; the rest is restored outside in.
        new = [path for path in reversed(changed) if path not in self._before]
        told = [self._undone(path) for path in (*new, *(path for path in changed if path in self._before))]
        return tuple(told[:_SHOWN]) + ((f"and {len(told) - _SHOWN} more",) if len(told) > _SHOWN else ())

    def _paths(self) -> Iterator[Path]:
        top, common, own = self.git.top, self.git.common, home(self.git)
        unwatched = {top / ".git", common, *self._ignored}
        yield from _below(top, unwatched)
        yield from _below(common, {common / name for name in _UNWATCHED} | {self.mine})
        yield from _below(own, {own / "target"})
        yield from (Path.home() / name for name in _PERSONAL if os.path.lexists(Path.home() / name))

    def _is_restored(self, path: Path) -> bool:
        """Whether a path's bytes are remembered; what is in our worktrees and caches can be made anew."""
        return not path.is_relative_to(home(self.git))

    def _differs(self, path: Path) -> bool:
        old, now = self._before.get(path), _state(path, whole=False)
        if old is None or now.mode != old.mode or stat.S_ISDIR(now.mode):
            return old is None or now.mode != old.mode
        if now.signature == old.signature:
            return False
        return old.content is None or _state(path, whole=True).content != old.content

    def _undone(self, path: Path) -> str:
        """Restore a path, keep what stands there now, and say what it was."""
        old = self._before.get(path)
        if path.is_symlink() or path.is_file():
            copy = self.kept / path.relative_to(path.anchor)
            copy.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy2(path, copy, follow_symlinks=False)
        if not self._is_restored(path):
            return f"{path} was changed; `remediate clean` makes it anew"
        if old is not None and old.content is None and not stat.S_ISDIR(old.mode):
            return f"{path} was changed, and is too large to be restored"
        if old is None or stat.S_IFMT(old.mode) != stat.S_IFMT(_state(path, whole=False).mode):
            _remove(path)
        if old is None:
            return f"{path} was written"
        path.parent.mkdir(parents=True, exist_ok=True)
        if stat.S_ISDIR(old.mode):
            path.mkdir(exist_ok=True)
        elif stat.S_ISLNK(old.mode):
            path.unlink(missing_ok=True)
            path.symlink_to(os.fsdecode(old.content or b""))
            return f"{path} was changed"
        else:
            path.write_bytes(old.content or b"")
        path.chmod(stat.S_IMODE(old.mode))
        return f"{path} was changed"


def _below(folder: Path, left_out: Collection[Path]) -> Iterator[Path]:
    """Yield all below a folder, folders and links among it, but what is left out."""
    waiting = [folder]
    while waiting:
        try:
            found = sorted(os.scandir(waiting.pop()), key=lambda entry: entry.name)
        except (FileNotFoundError, NotADirectoryError, PermissionError):
            continue
        for entry in found:
            path = Path(entry.path)
            if path not in left_out:
                yield path
                if entry.is_dir(follow_symlinks=False):
                    waiting.append(path)


def _remove(path: Path) -> None:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    else:
        path.unlink(missing_ok=True)


def _state(path: Path, *, whole: bool) -> _State:
    """Return how a path is now; of one that is not there the mode is 0."""
    try:
        about = path.lstat()
        signature = (about.st_size, about.st_mtime_ns, about.st_ctime_ns, about.st_ino)
        content = None
        if whole and stat.S_ISLNK(about.st_mode):
            content = os.fsencode(path.readlink())
        elif whole and stat.S_ISREG(about.st_mode) and about.st_size <= _LARGEST:
            content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return _State(0, (), None)
    except PermissionError:
        return _State(about.st_mode, signature, None)
    return _State(about.st_mode, signature, content)
