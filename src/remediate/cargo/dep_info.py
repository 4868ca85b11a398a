"""rustc's dep-info: the files a compilation read, as it wrote them down itself."""

import re
from collections.abc import Sequence
from pathlib import Path

from remediate.cargo.diagnostics import relative

_BLANK = re.compile(r"(?<!\\) ")


def files_read(artifacts: Sequence[str], root: Path) -> frozenset[str] | None:
    """Return the files behind an artifact, relative to ``root`` where below it.

    ``artifacts`` are cargo's "filenames" of one unit; the record lies beside the first that has one. rustc's
    own is in ``deps``: what cargo puts beside the copies above it is written only when the build has ended.
    A build script's is named by its crate and the hash of its folder. None when rustc left no record.
    """
    for artifact in sorted(map(Path, artifacts), key=lambda path: path.parent.name != "deps"):
        script = f"{artifact.stem.replace('-', '_')}-{artifact.parent.name.rpartition('-')[2]}"
        for stem in (artifact.stem, artifact.stem.removeprefix("lib"), artifact.name, script):
            record = artifact.with_name(f"{stem}.d")
            if record.is_file():
                return frozenset(relative(p, root) for p in parse(record.read_text(errors="replace")))
    return None


def parse(text: str) -> list[str]:
    """Return the dependencies of the rules of a dep-info file, in order, once each."""
    found: dict[str, None] = {}
    for line in text.splitlines():
        target, separator, rest = line.partition(": ")
        if separator and not target.startswith("#"):
            found.update(dict.fromkeys(part.replace("\\ ", " ") for part in _BLANK.split(rest) if part))
    return list(found)
