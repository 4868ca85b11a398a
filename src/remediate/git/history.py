"""The past of a folder's source files, along the first parents of the checked-out commit."""

import hashlib
import os
from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from pathlib import Path

from remediate.file_history import FileChange, Step
from remediate.git.command import Git
from remediate.git.revisions import blobs

MOST_STEPS = 3000
_SOURCES = ":(top,glob){}**/*.rs"
_COMMIT = "\x01"


class SourceHistory:
    """Which commit changed which ``.rs`` file below a folder; paths are relative to the folder.

    Renames are as git detects them. A merge is one step: what it brought to its first parent.
    """

    def __init__(self, git: Git, folder: Path) -> None:
        self._git = git
        self._folder = folder
        inside = folder.resolve().relative_to(git.top).as_posix()
        self._prefix = "" if inside == "." else f"{inside}/"

    def steps(self) -> tuple[Step, ...]:
        """Return the commits that changed a source file, the newest first, at most ``MOST_STEPS``."""
        return self._steps

    def head(self) -> Mapping[str, str]:
        """Return the content id of every source file in the newest commit, by path."""
        answer = self._git.run(
            "ls-tree", "-r", "-z", "--full-tree", "HEAD", "--", self._prefix or ".", allow=(0, 128)
        )
        found = (entry.partition("\t") for entry in answer.parts)
        return {
            path.removeprefix(self._prefix): fields.split()[2]
            for fields, _, path in found
            if path.startswith(self._prefix) and path.endswith(".rs") and fields.split()[1] == "blob"
        }

    def texts(self, ids: Iterable[str]) -> dict[str, bytes]:
        """Return the contents with these ids; ids nobody knows are left out."""
        return blobs(self._git, ids)

    def id_of(self, text: bytes) -> str:
        """Return the content id that a text would have."""
        return hashlib.new(self._algorithm, b"blob %d\0" % len(text) + text).hexdigest()

    def exists(self, path: str) -> bool:
        """Whether a source file is checked out, be it one that nobody reads (in a hidden folder)."""
        return os.path.lexists(self._folder / path)

    def is_complete(self) -> bool:
        """Whether ``steps`` go back to the first commit: not so in a shallow clone."""
        return len(self._steps) < MOST_STEPS and not self._is_shallow

    @cached_property
    def _is_shallow(self) -> bool:
        return self._git.run("rev-parse", "--is-shallow-repository").text == "true"

    @cached_property
    def _algorithm(self) -> str:
        return self._git.run("rev-parse", "--show-object-format").text

    @cached_property
    def _steps(self) -> tuple[Step, ...]:
        answer = self._git.run(
            "log",
            "--first-parent",
            "--diff-merges=first-parent",
            "--raw",
            "-M",
            "-z",
            "--no-abbrev",
            f"--max-count={MOST_STEPS}",
            f"--format={_COMMIT}%H %cs",
            "--",
            _SOURCES.format(self._prefix),
            allow=(0, 128),  # a repository without commits
        )
        return tuple(self._read(answer.parts)) if answer.code == 0 else ()

    def _read(self, parts: list[str]) -> Iterator[Step]:
        commit, day, changes = "", "", list[FileChange]()
        fields = iter(parts)
        for field in fields:
            if _COMMIT in field:
                if commit:
                    yield Step(commit, day, tuple(changes))
                commit, _, day = field.strip(f"\n{_COMMIT}").partition(" ")
                changes = []
            elif field.strip("\n").startswith(":"):
                changes.append(self._change(field.strip("\n"), fields))
        if commit:
            yield Step(commit, day, tuple(changes))

    def _change(self, field: str, fields: Iterator[str]) -> FileChange:
        """Read ``:mode mode id id STATUS`` and the paths behind it: two of a rename, else one."""
        _, _, old_id, new_id, status = field.split(" ")
        first = next(fields, "").removeprefix(self._prefix)
        second = next(fields, "").removeprefix(self._prefix) if status[0] in "RC" else first
        old = None if status[0] in "AC" else first
        new = None if status[0] == "D" else second
        return FileChange(old, new, old_id if old else None, new_id if new else None)
