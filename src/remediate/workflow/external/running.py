"""A fixer run for one finding: a repository of its own, the work order, a limit, and what it handed in."""

import json
import os
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from remediate.cargo.foreign import Foreign, can_contain, clean_environment
from remediate.errors import InputError, ToolError
from remediate.git.command import Git
from remediate.git.mirror import Mirror
from remediate.git.repositories import Entry, differences, handed_in, identity, lend
from remediate.git.revisions import blob
from remediate.git.worktrees import home
from remediate.model import Finding
from remediate.workflow.external.guard import Guard
from remediate.workflow.external.protocol import Answer, answer, variables
from remediate.workflow.orders.order import WorkOrder
from remediate.workflow.sources.settings import FixerSettings, Sandbox
from remediate.workflow.tree.disk import replace_file

# Going up, cargo stops at a folder of this name: see ``git.worktrees``.
_CARGO_STOPS = "target/package"


@dataclass(frozen=True, slots=True)
class HandedIn:
    """What a fixer left.

    Attributes:
        answer: What it said.
        entries: The paths that differ from the base, as the repository names them.
        texts: What each of them is now, None for one that is gone; nothing where it failed.
        violations: What it touched that it may not.
        contained: Whether the kernel kept it from writing elsewhere.
        kept: Where what it wrote elsewhere is kept, if it did.
    """

    answer: Answer
    entries: tuple[Entry, ...] = ()
    texts: Mapping[str, bytes | None] | None = None
    violations: tuple[str, ...] = ()
    contained: bool = False
    kept: Path | None = None


@dataclass(frozen=True)
class Runner:
    """Runs one fixer in one repository.

    Attributes:
        git: git in the user's checkout.
        mine: git in the worktree of ours whose repository reads what is handed in.
        base: The commit that it works on.
        prefix: Where the workspace lies in the repository.
        root: The workspace's folder in the user's checkout, from where a command is meant.
        offline: Whether cargo must not use the network.
    """

    name: str
    settings: FixerSettings
    git: Git
    mine: Git
    base: str
    prefix: str
    root: Path
    offline: bool = False

    def contains(self) -> bool:
        """Whether the kernel will keep the fixer from writing elsewhere.

        Raises:
            InputError: It has to, and cannot.
        """
        asked = self.settings.sandbox
        can = asked is not Sandbox.OFF and can_contain()
        if asked is Sandbox.REQUIRED and not can:
            raise InputError(
                f"the fixer {self.name} was not started: this machine cannot keep it from writing anywhere",
                'Linux 6.2 with Landlock can. With `sandbox = "auto"` it runs all the same: then your '
                "repository is compared before and after, and nothing watches the rest of the disk.",
            )
        return can

    def run(self, finding: Finding, order: WorkOrder) -> HandedIn:
        """Run it for one finding, and read what it hands in; its repository is removed again.

        Raises:
            InputError: The program is not there, or a sandbox is required and there is none.
            ToolError: git refused.
        """
        contained = self.contains()
        with _scratch() as scratch:
            tree = scratch.joinpath(_CARGO_STOPS, *self.git.top.parts[1:])
            tree.mkdir(parents=True)
            lend(self.git, tree, self.base)
            with Git(tree) as own:
                Mirror(self.git.top, tree, home(self.git)).link(own)
            told, result = _write(order, scratch / "order"), scratch / "answer" / "result.json"
            result.parent.mkdir()
            resume = self._resumed(finding)
            guard = (
                None
                if contained
                else Guard(self.git, self._git_folder(), home(self.git) / "kept" / order.name)
            )
            if guard is not None:
                guard.begin()
            foreign = Foreign(
                command=self._command(),
                folder=tree / self._inside(),
                environment=self._environment(scratch, told, variables(result, self._committer(), resume)),
                writable=self._writable(tree, scratch),
                seconds=self.settings.timeout,
            )
            ended = foreign.run(told.read_bytes(), contained=contained)
            said = answer(ended, result, self.settings.timeout)
            violations = guard.violations() if guard is not None else ()
            kept = guard.kept if guard is not None and violations else None
            if said.raw and not violations:
                replace_file(self._memory(finding), json.dumps(said.raw).encode())
            if said.failed or violations:
                return HandedIn(said, violations=violations, contained=contained, kept=kept)
            return self._read(said, tree, scratch / "index", contained=contained)

    def _read(self, said: Answer, tree: Path, index: Path, *, contained: bool) -> HandedIn:
        try:
            new, _ = handed_in(self.mine, tree, self.base, index)
        except ToolError as error:
            return HandedIn(Answer("no-repository", f"{error}"), contained=contained)
        entries = tuple(differences(self.mine, self.base, new))
        texts = {
            entry.path: blob(self.mine, new.removesuffix("^{tree}"), entry.path)
            for entry in entries
            if not entry.odd
        }
        return HandedIn(said, entries, texts, contained=contained)

    def _command(self) -> tuple[str, ...]:
        """Return the command, its program found: on the path, or from the workspace's root."""
        asked = self.settings.command
        program, *arguments = ("/bin/sh", "-c", asked) if isinstance(asked, str) else asked
        if "/" in program:
            found = (self.root / os.path.expanduser(program)).resolve()  # noqa: PTH111 - `~` may be absent
            there = found.is_file() and os.access(found, os.X_OK)
        else:
            where = shutil.which(program)
            there, found = where is not None, Path(where or program)
        if not there:
            raise InputError(
                f"the fixer {self.name} cannot be started: there is no program {program!r}",
                f"See `command` of [fixers.{self.name}].",
            )
        return (str(found), *arguments)

    def _environment(self, scratch: Path, told: Path, protocol: Mapping[str, str]) -> dict[str, str]:
        own = scratch / "home"
        for folder in (own, scratch / "tmp"):
            folder.mkdir()
        (own / ".gitconfig").touch()
        found = {
            "HOME": str(own),
            "TMPDIR": str(scratch / "tmp"),
            "GIT_CONFIG_GLOBAL": str(own / ".gitconfig"),
            "GIT_CONFIG_NOSYSTEM": "1",
            "GIT_CEILING_DIRECTORIES": str(scratch),
            "GIT_TERMINAL_PROMPT": "0",
            "CARGO_TARGET_DIR": str(self._target()),
            "REMEDIATE_WORK_ORDER": str(told),
            "REMEDIATE_WORK_ORDER_JSON": str(told.with_suffix(".json")),
            **({"CARGO_NET_OFFLINE": "true"} if self.offline else {}),
        }
        return {**found, **clean_environment(self.settings.inherit), **protocol, **self.settings.env}

    def _writable(self, tree: Path, scratch: Path) -> list[Path]:
        named = [Path(folder).expanduser() for folder in self.settings.writable]
        for folder in named:
            watched = (self.git.top, self.git.common)
            if any(w == folder or w.is_relative_to(folder) or folder.is_relative_to(w) for w in watched):
                raise InputError(
                    f"[fixers.{self.name}]: {folder} may not be writable: it holds the repository"
                )
        own = [tree, *(scratch / name for name in ("answer", "home", "tmp"))]
        return [*own, self._target(), *(folder for folder in named if folder.exists())]

    def _target(self) -> Path:
        folder = home(self.git) / "target" / f"fixer-{self.name}"
        folder.mkdir(parents=True, exist_ok=True)
        return folder

    def _memory(self, finding: Finding) -> Path:
        return home(self.git) / "cache" / f"fixer-{self.name}-{finding.fingerprint}.json"

    def _resumed(self, finding: Finding) -> Path | None:
        file = self._memory(finding)
        return file if self.settings.resume and file.is_file() else None

    def _committer(self) -> str:
        return "{} <{}>".format(*identity(self.git))

    def _inside(self) -> str:
        return "" if self.prefix.startswith("../") else self.prefix

    def _git_folder(self) -> Path:
        return Path(self.mine.run("rev-parse", "--absolute-git-dir").text)


@contextmanager
def _scratch() -> Iterator[Path]:
    """Lend a folder outside of every repository, and remove it whatever stands in it."""
    folder = Path(tempfile.mkdtemp(prefix="remediate-fixer-")).resolve()
    try:
        yield folder
    finally:
        _make_removable(folder)
        shutil.rmtree(folder, ignore_errors=True)


def _make_removable(folder: Path) -> None:
    for path, folders, _ in os.walk(folder):
        for name in folders:
            inner = Path(path, name)
            if not inner.is_symlink():
                inner.chmod(0o700)


def _write(order: WorkOrder, folder: Path) -> Path:
    """Write a work order's files, and return the Markdown one."""
    folder.mkdir()
    text = folder / "work-order.md"
    text.write_text(order.markdown(), "utf-8")
    text.with_suffix(".json").write_text(json.dumps(order.data(), indent=2), "utf-8")
    return text
