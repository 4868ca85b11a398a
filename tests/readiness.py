"""The fixture `fixtures/readiness`: a small workspace, with an audit of the shape of the large ones."""

from pathlib import Path

import scratch

FOLDER = Path(__file__).parent.parent / "fixtures" / "readiness"


def workspace(folder: Path) -> Path:
    """Make a repository of the fixture, with one commit."""
    files = {
        path.relative_to(FOLDER).as_posix(): path.read_text() for path in FOLDER.rglob("*") if path.is_file()
    }
    return scratch.repository(folder, files)


def commit(folder: Path, files: dict[str, str], subject: str = "Work") -> str:
    """Commit some files, and return the commit."""
    scratch.write(folder, files)
    scratch.git(folder, "add", "--all")
    scratch.git(folder, "commit", "--quiet", "--message", subject)
    return scratch.git(folder, "rev-parse", "HEAD")
