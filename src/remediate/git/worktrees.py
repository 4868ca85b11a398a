"""Worktrees of the tool's own: made once, kept warm, leased to one run at a time.

Everything lies below ``<git common dir>/remediate/``: ``worktrees/N`` (a checkout, at the end of a copy of
the folders above the user's, see ``mirror``), ``target/N`` (its build results; two checkouts never share one,
cargo would call stale results fresh), ``cache/`` and ``lock``, which the kernel releases when its process
ends. Submodules are there as plain files: ``git worktree add`` leaves them empty.
"""

import fcntl
import hashlib
import io
import os
import shutil
import tarfile
import time
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from remediate.errors import InputError, LeaseError, ToolError
from remediate.git.command import Git

# Going up in search of a workspace, cargo stops at a folder of this name, as it has to for packages that it
# verifies itself; else it would come to the manifest of the user's checkout, whatever is edited there.
_CARGO_STOPS = "target/package"
# Switching a checkout of ours is no event for the user's hooks; committing is.
_NO_HOOKS = ("core.hooksPath=/dev/null",)
_LINK = "160000"
_MARK = "remediate-submodules"


@dataclass(frozen=True, slots=True)
class Worktree:
    """A leased checkout.

    Attributes:
        path: Its top folder.
        target: Where its build results go.
        git: git in it.
        stand_ins: Files that no commit holds and cargo needs, with their text, by paths below ``path``.
    """

    path: Path
    target: Path
    git: Git
    stand_ins: dict[str, bytes] = field(default_factory=dict)

    def switch(self, commit: str) -> None:
        """Make the checkout exactly what a commit says. Changed files get the time of now.

        A Cargo.lock that is not committed stays: it decides which versions every later check compares.
        """
        self.git.run("checkout", "--force", "--quiet", "--detach", commit, settings=_NO_HOOKS)
        self.git.run("clean", "-ffdxq", "-e", "Cargo.lock")
        _fill_submodules(self.git, commit)
        self.stand_in()

    def stand_in(self) -> None:
        """Write the files that no commit holds; a commit of ours does not take them along."""
        for path, text in self.stand_ins.items():
            if not (self.path / path).exists():
                (self.path / path).parent.mkdir(parents=True, exist_ok=True)
                (self.path / path).write_bytes(text)


def unpack(git: Git, tree: str) -> None:
    """Make the index and the files what a tree says, without moving from the commit."""
    git.run("read-tree", "--reset", "-u", tree)


def restage(git: Git, tree: str) -> None:
    """Make the index what a tree says, and leave the files."""
    git.run("read-tree", "--reset", tree)


def home(git: Git) -> Path:
    """Return the tool's own folder in a repository; it need not exist."""
    return git.common / "remediate"


@contextmanager
def leased(git: Git, *, only_to_plan: bool = False) -> Iterator[Worktree]:
    """Lease a worktree, making it at the first use. It stands on whatever commit it was left at.

    One that is only looked at is another one, where a run is at work already.

    Raises:
        LeaseError: Another run holds it.
        ToolError: git refused to make it.
    """
    with ExitStack() as stack:
        number = _number(git)
        try:
            stack.enter_context(held(home(git) / "lock"))
        except LeaseError:
            if not only_to_plan:
                raise
            number += "-plan"
            stack.enter_context(held(home(git) / "lock-plan", wait=True))
        slot = home(git) / "worktrees" / number
        path = slot.joinpath(_CARGO_STOPS, *git.top.parts[1:])
        with _opened(git, slot, path) as mine:
            _drop_stale_locks(mine)
            yield Worktree(path, home(git) / "target" / slot.name, mine)


def remove(git: Git) -> tuple[Path, ...]:
    """Remove the tool's folder with every worktree in it, and return the worktrees that were there.

    Raises:
        LeaseError: A run is at work.
    """
    if not home(git).is_dir():
        return ()
    with held(home(git) / "lock"), held(home(git) / "lock-plan"):
        found = tuple(sorted(p for p in _ours(git).values() if p.is_dir()))
        for path in found:
            git.run("worktree", "remove", "--force", "--force", "--", str(path), allow=(0, 128))
        shutil.rmtree(home(git))
        _forget(git)
    return found


def _number(git: Git) -> str:
    """Return the number of a checkout's worktree: 0, or digits of its own for one that git has linked."""
    if git.top == git.common.parent:
        return "0"
    return hashlib.sha256(os.fsencode(git.top)).hexdigest()[:8]


def _ours(git: Git) -> dict[Path, Path]:
    """Return the worktrees of ours, whole or broken, by the folder in which git keeps its notes on each."""
    found = {}
    for file in git.common.glob("worktrees/*/gitdir"):
        path = Path(os.path.normpath(file.parent / file.read_text().strip())).parent
        if path.is_relative_to(home(git) / "worktrees"):
            found[file.parent] = path
    return found


def _forget(git: Git) -> None:
    """Drop git's notes on worktrees of ours that are gone; ``git worktree prune`` could hit others too."""
    for note, path in _ours(git).items():
        if not path.exists():
            shutil.rmtree(note)


def _opened(git: Git, slot: Path, path: Path) -> Git:
    mine = _existing(git, path)
    if mine is not None:
        return mine
    if slot.exists():
        # Left by a checkout that stood elsewhere, or broken.
        shutil.rmtree(slot)
    _forget(git)
    path.parent.mkdir(parents=True, exist_ok=True)
    # --force: git may still know a worktree here that somebody removed by hand.
    git.run("worktree", "add", "--force", "--detach", "--", str(path), "HEAD", settings=_NO_HOOKS)
    made = _existing(git, path)
    if made is None:
        # Never go on with a git that stands elsewhere: the next step is a forced checkout.
        raise ToolError(f"git made no usable worktree in {path}")
    return made


def _existing(git: Git, path: Path) -> Git | None:
    """Return git in a worktree that is whole, None when it is missing or broken (a moved repository)."""
    if not (path / ".git").is_file():
        return None
    try:
        mine = Git(path)
    except (InputError, ToolError):
        return None
    whole = mine.top == path and mine.common == git.common
    if whole and mine.run("rev-parse", "--verify", "--quiet", "HEAD^{tree}", allow=(0, 1, 128)).code == 0:
        return mine
    mine.close()
    return None


def _drop_stale_locks(mine: Git) -> None:
    """Remove what a killed git left behind in our worktree; nobody else can be at work in it now."""
    for name in ("index.lock", "HEAD.lock"):
        (mine.own / name).unlink(missing_ok=True)


@contextmanager
def held(file: Path, *, wait: bool = False) -> Iterator[None]:
    """Hold the lock inside the block. The file stays; only the kernel's lock on it counts.

    ``wait`` is for what takes seconds: it waits for its holder rather than refuse.

    Raises:
        LeaseError: Another process holds it.
    """
    file.parent.mkdir(parents=True, exist_ok=True)
    descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    try:
        _take(descriptor, wait=wait)
        yield
    finally:
        os.close(descriptor)


def _take(descriptor: int, *, wait: bool) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | (0 if wait else fcntl.LOCK_NB))
    except BlockingIOError as error:
        holder = os.pread(descriptor, 32, 0).decode("ascii", "replace").strip() or "unknown"
        raise LeaseError(
            f"another run of remediate (process {holder}) is at work in this repository",
            "Wait for it to end, or end it.",
        ) from error
    os.ftruncate(descriptor, 0)
    os.pwrite(descriptor, f"{os.getpid()}\n".encode(), 0)


def _fill_submodules(mine: Git, commit: str) -> None:
    """Put the files of every submodule that the user's checkout has into the worktree; others stay empty."""
    links = _links(mine, commit)
    mark = mine.own / _MARK
    wanted = "".join(f"{oid} {path}\n" for path, oid in links.items())
    if (mark.read_text() if mark.is_file() else "") == wanted:
        return
    mark.unlink(missing_ok=True)
    for path, oid in links.items():
        shutil.rmtree(mine.top / path, ignore_errors=True)
        (mine.top / path).mkdir(parents=True)
        _unpack(_archive(_users_checkout(mine) / path, oid), mine.top / path)
    mark.write_text(wanted)


def _links(mine: Git, commit: str) -> dict[str, str]:
    """Return the commit id of every submodule by its path."""
    has = mine.run("cat-file", "-e", f"{commit}:.gitmodules", allow=(0, 1, 128))
    if has.code:
        return {}
    entries = (line.partition("\t") for line in mine.run("ls-tree", "-r", "-z", commit).parts)
    return {path: facts.split()[2] for facts, _, path in entries if facts.startswith(_LINK)}


def _users_checkout(mine: Git) -> Path:
    """Return the repository's main checkout, the first that git lists."""
    first = mine.run("worktree", "list", "--porcelain", "-z").parts[0]
    return Path(first.removeprefix("worktree "))


def _archive(folder: Path, oid: str) -> bytes:
    """Return a submodule's tree as a tar file, b"" when the user has not got it."""
    if not (folder / ".git").exists():
        return b""
    try:
        with Git(folder) as git:
            return git.run("archive", "--format=tar", oid).out
    except (InputError, ToolError):
        return b""


def _unpack(archive: bytes, folder: Path) -> None:
    if not archive:
        return
    with tarfile.open(fileobj=io.BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
    now = time.time_ns()
    for path in folder.rglob("*"):
        # The archive's times are the commit's: cargo would take the files for long built.
        os.utime(path, ns=(now, now), follow_symlinks=False)
