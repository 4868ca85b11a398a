"""Where a run works: a leased worktree at the base commit, or the user's own checkout when asked for."""

import shutil
import tempfile
from collections.abc import Collection, Iterator
from contextlib import contextmanager, nullcontext, suppress
from dataclasses import dataclass
from hashlib import sha256
from pathlib import Path

import msgspec

from remediate.cargo import metadata
from remediate.cargo.command import Cargo
from remediate.cargo.metadata import Metadata
from remediate.errors import BaselineError, DirtyTreeError, InputError, did_you_mean
from remediate.git.command import Git
from remediate.git.mirror import Mirror
from remediate.git.revisions import Base, base, uncommitted
from remediate.git.worktrees import Worktree, held, home, leased
from remediate.quantities import quantity
from remediate.workflow.progress import Progress
from remediate.workflow.request import Mode, Request
from remediate.workflow.sources.roots import manifest_folder, prefix_of, root_of
from remediate.workflow.sources.workspace import built, load
from remediate.workflow.tree.disk import FINISHED, forget_committed, recover, replace_file, standing_paths
from remediate.workflow.tree.session import Session

_JOURNAL = "in-place.json"


@dataclass(frozen=True, slots=True)
class Checkout:
    """A session, and the git around it.

    Attributes:
        git: git in the user's checkout; None for files that no repository holds.
        base: The commit the files stand on; None when they stand on none.
        tree: The leased worktree; None in the user's own checkout.
        prefix: Where the workspace lies in the repository, see ``sources.roots``.
        outside: A digest of the packages outside of the repository that the workspace uses.
    """

    session: Session
    git: Git | None = None
    base: Base | None = None
    tree: Worktree | None = None
    prefix: str = ""
    outside: str = ""


@contextmanager
def worktree(request: Request, progress: Progress) -> Iterator[Checkout]:
    """Work at the base commit, in a worktree of the tool's own.

    Raises:
        InputError: No repository, no commit, or no workspace in it.
        LeaseError: Another run is at work.
        BaselineError: cargo cannot read the workspace.
    """
    folder = manifest_folder(request.start, request.manifest_path)
    with Git(folder) as git:
        on = base(git, request.base)
        _warn(git, folder, on, request, progress)
        progress.step(f"prepare the worktree at {on.commit[:10]}")
        with leased(git, only_to_plan=request.mode is Mode.PLAN) as tree:
            tree.switch(on.commit)
            outside = Mirror(git.top, tree.path, home(git)).link(tree.git)
            progress.step("read the workspace")
            described = _metadata(git, tree, (on, outside), _within(git, folder), request)
            _require_known(described, request)
            described = _with_stand_ins(tree, described, progress)
            root = Path(described.workspace_root)
            prefix = prefix_of(root, tree.path)
            origin = root_of(prefix, git.top)
            _share_lock_file(origin, root)
            session = Session(
                workspace=built(described, origin),
                cargo=Cargo(root, tree.target, request.cargo, on_line=progress.line, on_gate=progress.gate),
                level=request.level,
                tree=f"{on.tree}{outside}",
                cache=home(git) / "cache",
                extra=request.extra,
                git_seconds=lambda: git.seconds + tree.git.seconds,
                constraints=request.constraints,
            )
            yield Checkout(session, git, on, tree, prefix, outside)


@contextmanager
def checkout(request: Request, progress: Progress) -> Iterator[Checkout]:
    """Work in the user's own files.

    Raises:
        DirtyTreeError: There are uncommitted changes and the user has not allowed them.
        InputError: No repository could undo a mistake, and the user has not allowed that.
        BaselineError: cargo cannot read the workspace.
    """
    folder = manifest_folder(request.start, request.manifest_path)
    git = _repository(folder, request)
    with git or nullcontext(), tempfile.TemporaryDirectory() as scratch:
        own = home(git) if git else Path(scratch)
        with held(own / "lock"):
            _recover(own / _JOURNAL, progress)
            progress.step("read the workspace")
            workspace = load(request.start, request.manifest_path, request.cargo)
            _require_known(workspace.metadata, request)
            dirty = uncommitted(git, _inside(git, workspace.root)) if git else ()
            if git:
                forget_committed(own / FINISHED, git)
            ours = set(standing_paths(own / FINISHED))
            work = uncommitted(git, _inside(git, workspace.root), notes=False) if git else ()
            in_the_way = tuple(p for p in _work(git, work, request) if git and git.top / p not in ours)
            if in_the_way and not request.allow_dirty:
                raise DirtyTreeError(
                    f"{_listed(in_the_way)} not committed", "Commit or stash first, or pass --allow-dirty."
                )
            target = own / "target" / "in-place"
            session = Session(
                workspace=workspace,
                cargo=Cargo(
                    workspace.root, target, request.cargo, on_line=progress.line, on_gate=progress.gate
                ),
                level=request.level,
                tree=base(git).tree if git and not dirty else "",
                cache=own / "cache",
                extra=request.extra,
                git_seconds=lambda: git.seconds if git else 0.0,
                journal=own / _JOURNAL,
                constraints=request.constraints,
            )
            yield Checkout(session, git, prefix=prefix_of(workspace.root, git.top) if git else "")


def _require_known(described: Metadata, request: Request) -> None:
    """Make sure that the packages and features that were asked for exist.

    Raises:
        InputError: One does not.
    """
    names = {package.name for package in described.packages}
    for unknown in sorted({*request.packages} - names):
        raise InputError(f"the workspace has no package {unknown!r}", _nearest(unknown, names, "packages"))
    features = {feature for package in described.packages for feature in package.features}
    features |= {d.name for package in described.packages for d in package.dependencies if d.optional}
    named = {f"{p.name}/{feature}" for p in described.packages for feature in p.features}
    for unknown in (one for configuration in request.extra for one in configuration.features):
        package, slash, _ = unknown.partition("/")
        if unknown not in features | named and not (slash and package not in names):
            hint = _nearest(unknown, named if slash else features, "features")
            raise InputError(f"no package of the workspace has a feature {unknown!r}", hint)


def _nearest(unknown: str, known: Collection[str], what: str) -> str:
    listed = f"Its {what} are: {', '.join(sorted(known))}." if known else f"It has no {what}."
    return did_you_mean(unknown, known) + listed


def _recover(journal: Path, progress: Progress) -> None:
    """Revert what a killed in-place run left, before anybody looks at the files."""
    back, edited = recover(journal)
    if back:
        progress.warn(f"an earlier --in-place run was killed; {quantity(len(back), 'file')} restored")
    if edited:
        kept = journal.with_suffix(".kept")
        progress.warn(f"{_listed(tuple(edited))} left as edited since; the text before it is in {kept}")


def _repository(root: Path, request: Request) -> Git | None:
    try:
        return Git(root)
    except InputError:
        if request.allow_dirty:
            return None
        hint = "Put it under version control, or pass --allow-dirty."
        raise InputError(f"{root} is in no git repository that could undo changes", hint) from None


def _within(git: Git, folder: Path) -> str:
    return folder.resolve().relative_to(git.top).as_posix()


def _inside(git: Git, root: Path) -> Path:
    """Return the part of a workspace that the repository holds: all of it, or all of the repository."""
    return root if root.is_relative_to(git.top) else git.top


def _warn(git: Git, folder: Path, on: Base, request: Request, progress: Progress) -> None:
    """Tell of changes that a run on a commit does not see."""
    quiet = request.allow_dirty or request.base != "HEAD"
    dirty = () if quiet else _work(git, uncommitted(git, folder, notes=False), request)
    if dirty:
        progress.warn(f"{_listed(dirty)} not committed and not seen: fixes are made on {on.commit[:10]}")


def _work(git: Git | None, dirty: tuple[str, ...], request: Request) -> tuple[str, ...]:
    """Return the uncommitted paths without audits and settings: a run reads those as they stand."""
    return tuple(path for path in dirty if git and (git.top / path).resolve() not in request.inputs)


def _listed(paths: tuple[str, ...]) -> str:
    more = f" and {len(paths) - 3} more" if len(paths) > 3 else ""
    return f"{', '.join(map(repr, paths[:3]))}{more} {'is' if len(paths) == 1 else 'are'}"


def _metadata(git: Git, tree: Worktree, state: tuple[Base, str], folder: str, request: Request) -> Metadata:
    """Return what cargo says of the workspace at the base; asked once per tree: a re-run starts no cargo."""
    on, outside = state
    if not (tree.path / folder / "Cargo.toml").is_file():
        hint = "Commit the workspace first; fixes are made on commits."
        raise InputError(f"{folder}/Cargo.toml is not in commit {on.commit[:10]}", hint)
    asked = "\0".join((on.tree, outside, str(tree.path), folder))
    file = home(git) / "cache" / f"metadata-{sha256(asked.encode()).hexdigest()[:32]}.json"
    if file.is_file():
        with suppress(msgspec.DecodeError):
            return msgspec.json.decode(file.read_bytes(), type=Metadata)
    try:
        described = Cargo(tree.path / folder, tree.target, request.cargo).metadata()
    except BaselineError as error:
        return metadata.described(tree.path / folder, error)
    root = Path(described.workspace_root)
    if not root.is_relative_to(tree.path) and not tree.path.is_relative_to(root):
        raise InputError(f"the workspace's root {root} is neither in the repository nor above it")
    replace_file(file, msgspec.json.encode(described))
    return described


def _with_stand_ins(tree: Worktree, described: Metadata, progress: Progress) -> Metadata:
    """Give cargo a file for each target that has none, and leave such targets out of what is looked at."""
    missing = [t for t in metadata.missing_targets(described) if Path(t.path).is_relative_to(tree.path)]
    for one in missing:
        path = Path(one.path).relative_to(tree.path).as_posix()
        tree.stand_ins[path] = b"#![allow(warnings)]\nfn main() {}\n"
        progress.warn(f"the {one.kind} {one.name!r} has no file ({path}): it is left out of every check")
    tree.stand_in()
    gone = {one.path for one in missing}
    packages = [
        msgspec.structs.replace(p, targets=[t for t in p.targets if t.src_path not in gone])
        for p in described.packages
    ]
    return msgspec.structs.replace(described, packages=packages)


def _share_lock_file(theirs: Path, ours: Path) -> None:
    """Take over a Cargo.lock that is not committed: checks must not compare two sets of versions."""
    if (theirs / "Cargo.lock").is_file() and not (ours / "Cargo.lock").exists():
        shutil.copyfile(theirs / "Cargo.lock", ours / "Cargo.lock")
