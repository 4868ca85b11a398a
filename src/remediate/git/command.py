"""The only place that runs git: a repository, and its commands by name through GitPython.

What in the environment would redirect git away from the repository at hand is taken out.
"""

import os
import re
import tempfile
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from time import perf_counter
from types import TracebackType
from typing import Any, Self

# Without it the import fails where git is not installed; that is told when git is needed.
os.environ.setdefault("GIT_PYTHON_REFRESH", "quiet")

import git
from git.exc import GitCommandNotFound

from remediate.errors import InputError, MachineError, NoRepositoryError, ToolError

# Who commits, how to reach and to trust: the user's own choices. Everything else that begins with GIT_
# (GIT_DIR, GIT_INDEX_FILE, ... as set inside a hook) would make git work on something else than it is told.
_KEPT = (
    "GIT_AUTHOR_NAME", "GIT_AUTHOR_EMAIL", "GIT_AUTHOR_DATE", "GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_DATE", "GIT_CONFIG_GLOBAL", "GIT_CONFIG_SYSTEM", "GIT_CONFIG_NOSYSTEM", "GIT_SSH",
    "GIT_SSH_COMMAND", "GIT_ASKPASS", "GIT_EXEC_PATH",
)  # fmt: skip
_KEPT_BEGINNINGS = ("GIT_CONFIG_COUNT", "GIT_CONFIG_KEY_", "GIT_CONFIG_VALUE_", "GIT_PYTHON_")

ADDED = {
    # `git status` would otherwise refresh, and so write, the user's index.
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
    "GIT_EDITOR": "true",
}
# Ours only, on the command line: the user's configuration file is never written.
_SETTINGS = (
    "gc.auto=0", "maintenance.auto=false", "core.quotePath=false", "core.fsmonitor=false",
    "core.safecrlf=false", "submodule.recurse=false", "advice.detachedHead=false", "color.ui=false",
)  # fmt: skip
_FAULT = re.compile(
    "No space left on device|Out of diskspace|Disk quota exceeded|Input/output error|Read-only file system"
    "|File too large|Cannot allocate memory|[Oo]ut of memory|died of signal (?:9|15|25)"
)


def of_user() -> dict[str, str]:
    """Return what undoes this program's own settings, for commands that run the user's hooks."""
    return {name: os.environ.get(name, "") for name in ("LC_ALL", "LANGUAGE")} | {"GIT_OPTIONAL_LOCKS": "1"}


def clean() -> None:
    """Take the variables out of this process's environment, so that cargo and build scripts run clean too."""
    for name in [name for name in os.environ if name.startswith("GIT_") and not _is_kept(name)]:
        del os.environ[name]


def _is_kept(name: str) -> bool:
    return name in _KEPT or name.startswith(_KEPT_BEGINNINGS)


@dataclass(frozen=True, slots=True)
class Answer:
    """What a git command said: its exit code, its output as bytes, its errors as text."""

    code: int
    out: bytes
    errors: str

    @property
    def text(self) -> str:
        """The output as text; bytes that are not UTF-8 survive as surrogates."""
        return self.out.decode("utf-8", "surrogateescape").rstrip("\n")

    @property
    def parts(self) -> list[str]:
        """The parts of a ``-z`` output."""
        return [p.decode("utf-8", "surrogateescape") for p in self.out.split(b"\0") if p]


class Git:
    """git in one checkout. Close it, or use it as a context manager.

    GitPython's command object is used without its ``Repo``: that looks for the repository by its own rules
    and expands ``$`` in paths, so that it could stand on another repository than git would.

    Attributes:
        top: The checkout's top folder, without symbolic links; commands run in it.
        seconds: The wall time of all commands so far.
    """

    def __init__(self, path: Path) -> None:
        """Open the repository that holds ``path``.

        Raises:
            InputError: There is no repository, or it has no checkout.
            ToolError: git is missing, or does not trust the repository.
        """
        clean()
        self.seconds = 0.0
        self.top = path.resolve()
        self._git = _commands(self.top)
        self.top = self._found(path)
        self._git = _commands(self.top)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the child processes."""
        self._git.clear_cache()

    @cached_property
    def common(self) -> Path:
        """The folder that all worktrees of the repository share (``.git``)."""
        answer = self.run("rev-parse", "--path-format=absolute", "--git-common-dir")
        return Path(answer.text).resolve()

    @cached_property
    def own(self) -> Path:
        """The folder of what is this checkout's alone: its HEAD, its index, their locks."""
        return Path(self.run("rev-parse", "--absolute-git-dir").text)

    def run(
        self,
        command: str,
        *arguments: str,
        settings: Sequence[str] = (),
        stdin: bytes | None = None,
        environment: Mapping[str, str] | None = None,
        allow: Collection[int] = (0,),
    ) -> Answer:
        """Run ``git COMMAND ARGUMENTS``; a refusal with an exit code outside ``allow`` is an error.

        Raises:
            ToolError: git refused; its first words are in the message.
            MachineError: The disk is full or fails.
        """
        started = perf_counter()
        try:
            answer = self._answer(command, arguments, settings, stdin, environment)
        finally:
            self.seconds += perf_counter() - started
        if answer.code and (fault := _FAULT.search(answer.errors)):
            raise MachineError(
                f"the machine failed, not the code: git {command}: {fault[0]}",
                "See to it, then run the same command again: nothing of this was remembered.",
            )
        if answer.code not in allow:
            raise ToolError(f"git {command} failed: {_first_lines(answer) or f'exit code {answer.code}'}")
        return answer

    def _answer(
        self,
        command: str,
        arguments: Sequence[str],
        settings: Sequence[str],
        stdin: bytes | None,
        environment: Mapping[str, str] | None,
    ) -> Answer:
        how: dict[str, Any] = {
            "env": environment,
            "with_extended_output": True,
            "with_exceptions": False,
            "stdout_as_string": False,
            "strip_newline_in_stdout": False,
        }
        if not os.access(self.top, os.X_OK):
            # GitPython would silently run the command in the current folder instead.
            raise ToolError(f"{self.top} is gone or cannot be entered")
        call = getattr(self._git(c=list(settings)), command.replace("-", "_"))
        with tempfile.TemporaryFile() as sent:
            if stdin is not None:
                sent.write(stdin)
                sent.seek(0)
                how["istream"] = sent
            code, out, errors = call(*arguments, **how)
        return Answer(code, out, errors if isinstance(errors, str) else errors.decode("utf-8", "replace"))

    def _found(self, path: Path) -> Path:
        """Return the top folder of the checkout that holds the path, as git finds it."""
        if not path.is_dir():
            raise InputError(f"{path} is no folder")
        try:
            answer = self.run("rev-parse", "--show-toplevel", allow=(0, 128))
        except GitCommandNotFound as error:
            raise ToolError("git is not installed", "Install git.") from error
        if answer.code == 0:
            return Path(answer.text).resolve()
        if "not a git repository" in answer.errors:
            hint = "Run it inside a git repository, or make one: git init, git add, git commit."
            raise NoRepositoryError(f"{path} is not in a git repository", hint)
        if "work tree" in answer.errors:
            hint = "Clone it, and work in the clone."
            raise InputError(f"{path} is in a bare repository: there are no files to work on", hint)
        raise ToolError(f"git refuses to work in {path}: {_first_lines(answer)}")


def _commands(folder: Path) -> git.Git:
    # A Path is taken as it is; text would have its `$` and `~` expanded.
    commands = git.Git(folder)
    commands.update_environment(**ADDED)
    commands.set_persistent_git_options(c=list(_SETTINGS))
    return commands


def literal(path: str) -> str:
    """Return the pathspec of one path below the checkout's top: a file may be called ``*`` or ``:x``."""
    return f":(top,literal){path}"


def _first_lines(answer: Answer) -> str:
    lines = [line for line in answer.errors.splitlines() if line.strip() and not line.startswith("hint:")]
    return "; ".join(lines[:3])
