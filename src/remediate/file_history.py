"""The past of source files as values: steps, and what each of them changed."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class FileChange:
    """One file in one step of the past: path and content id before and after; None where there is none."""

    old: str | None
    new: str | None
    old_id: str | None
    new_id: str | None


@dataclass(frozen=True, slots=True)
class Step:
    """A commit of the past, its day ("2024-05-31"), its changed sources; "" is what is not committed yet."""

    commit: str
    day: str
    changes: tuple[FileChange, ...]

    @property
    def name(self) -> str:
        """The step for a person."""
        return f"commit {self.commit[:10]} of {self.day}" if self.commit else "the uncommitted changes"
