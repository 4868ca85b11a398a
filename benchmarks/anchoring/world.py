"""A tree whose lines know who they are: whatever a scripted edit does, the truth about a line is at hand."""

import re
from dataclasses import dataclass, field
from itertools import zip_longest
from pathlib import Path
from random import Random

_TOP = re.compile(r"^(?:pub(?:\([\w ]+\))? )?(?:async )?fn \w|^impl\b|^(?:pub )?(?:struct|enum) \w")
_ITEM = re.compile(r"^(?:///|#\[|pub |fn |impl|struct|enum|use |mod |const |static |trait )")


@dataclass(eq=False)
class Line:
    """One line; its identity survives moves and small changes."""

    text: str


@dataclass(eq=False)
class File:
    """One file; its identity survives renames. ``tests`` says whether it may hold embedded tests."""

    path: str
    lines: list[Line]


@dataclass
class World:
    """All files by path."""

    files: dict[str, File] = field(default_factory=dict)

    @classmethod
    def of(cls, folders: dict[str, Path]) -> "World":
        world = cls()
        for name, folder in folders.items():
            for source in sorted((folder / "src").rglob("*.rs")):
                path = f"crates/{name}/{source.relative_to(folder).as_posix()}"
                text = source.read_text()
                if re.search(r"^\s*/\*", text, re.MULTILINE):
                    continue  # a block comment may hold any line: beyond an oracle that sees lines
                world.files[path] = File(path, [Line(line) for line in text.split("\n")])
        return world

    def where(self, line: Line) -> tuple[File, int] | None:
        for file in self.files.values():
            for number, other in enumerate(file.lines, 1):
                if other is line:
                    return file, number
        return None

    def write(self, root: Path) -> None:
        for old in sorted(root.glob("crates/*/src/**/*.rs")):
            if old.relative_to(root).as_posix() not in self.files:
                old.unlink()
        for path, file in self.files.items():
            target = root / path
            target.parent.mkdir(parents=True, exist_ok=True)
            text = "\n".join(line.text for line in file.lines)
            if not target.exists() or target.read_text() != text:
                target.write_text(text)


def insertion_points(file: File) -> list[int]:
    """Indexes in front of top-level items that a blank line precedes: no string or comment is cut there."""
    lines = file.lines
    return [i for i in range(1, len(lines)) if not lines[i - 1].text and _ITEM.match(lines[i].text)]


def blocks(file: File) -> list[tuple[int, int]]:
    """Top-level items with a body: start and end (excluded), their docs and attributes included."""
    found = []
    lines = file.lines
    for start in range(len(lines)):
        if _TOP.match(lines[start].text) and lines[start].text.endswith("{"):
            end = next((i for i in range(start, len(lines)) if lines[i].text == "}"), None)
            if end is not None:
                first = start
                while first and re.match(r"///|#\[|//", lines[first - 1].text):
                    first -= 1
                found.append((first, end + 1))
    follows = [start for start, _ in found[1:]] + [len(lines)]
    return [(a, b) for (a, b), c in zip_longest(found, follows[: len(found)]) if b <= c]


def pick(random: Random, world: World, fewest: int = 1) -> File:
    """A file with at least that many top-level items with a body."""
    candidates = [f for f in world.files.values() if len(blocks(f)) >= fewest]
    return random.choice(sorted(candidates, key=lambda f: f.path))
