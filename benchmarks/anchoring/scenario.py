"""An audit of a tree with a past, written at several moments of it, and the truth about its claims."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from random import Random

from benchmarks.anchoring.edits import edit
from benchmarks.anchoring.sites import RULES, is_lookalike, is_site
from benchmarks.anchoring.world import File, Line, World
from benchmarks.repository import git

COMMITS, SNAPSHOTS, EDITS_PER_COMMIT = 40, (3, 14, 27), 6
ROOT = "/home/ines/somewhere/else"
LIMIT = 600


@dataclass(frozen=True)
class Truth:
    """What the reader must say of a claimed line: status, and today's path and line of what moved."""

    item: str
    rule: str
    path: str
    line: int
    status: str
    today: tuple[str, int] | None = None


@dataclass
class Claimed:
    """A claim while the history goes on: who its line or file is."""

    item: str
    rule: str
    path: str
    number: int
    line: Line | None
    file: File | None = None
    mistaken: bool = False
    fixed_status: str = ""


@dataclass
class Scenario:
    """The repository, the audit's text, and the truths."""

    root: Path
    audit: str
    truths: list[Truth]


def play(folders: dict[str, Path], root: Path, seed: int) -> Scenario:
    """Write the history into a repository at ``root`` and return the audit of it."""
    random, world = Random(seed), World.of(folders)  # noqa: S311 - repeatable, no secret
    claims: list[Claimed] = []
    sections: list[str] = []
    git(root, "init", "-q")
    for number in range(COMMITS + 1):
        for _ in range(EDITS_PER_COMMIT if number else 0):
            edit(random, world)
        world.write(root)
        if number == COMMITS:
            break  # the last edits stay uncommitted
        git(root, "add", "-A")
        git(root, "commit", "-q", "--allow-empty", "-m", f"Step {number}")
        if number in SNAPSHOTS:
            new = list(_claims(random, world, number))
            claims += new
            sections.append(_section(random, number, new))
    truths = [_truth(world, claim) for claim in claims]
    return Scenario(root, "# Audit of several days\n\n" + "\n".join(sections), truths)


def _claims(random: Random, world: World, day: int) -> Iterator[Claimed]:
    files = sorted(world.files.values(), key=lambda f: f.path)
    for rule in RULES:
        for kind, share in ((is_site, 16), (is_lookalike, 5)):
            found = [
                (f, n, line) for f in files for n, line in enumerate(f.lines, 1) if kind(rule, line.text)
            ]
            for file, number, line in random.sample(found, min(share, len(found))):
                item = f"D{day} {RULES[rule].title} {'seen' if kind is is_site else 'said'}"
                yield Claimed(item, rule, file.path, number, line, mistaken=kind is is_lookalike)
    large = [f for f in files if len(f.lines) > LIMIT and not f.path.endswith("error.rs")]
    for file in random.sample(large, 5):
        yield Claimed(f"D{day} Large files", "large-file", file.path, len(file.lines), None, file)
    for number in range(3):
        gone = f"crates/h2/src/never_there_{day}_{number}.rs"
        yield Claimed(
            f"D{day} unwrap() calls elsewhere", "unwrap", gone, 10 + number, None, fixed_status="unresolvable"
        )
    away = "crates/h2/src/../../../../etc/passwd.rs"
    yield Claimed(f"D{day} unwrap() calls away", "unwrap", away, 3, None, fixed_status="unresolvable")
    clean = [f for f in files if not any("unsafe" in line.text for line in f.lines)]
    file = random.choice(clean)
    yield Claimed(
        f"D{day} unsafe blocks imagined", "unsafe", file.path, 5, None, fixed_status="mistaken|fixed"
    )
    yield Claimed(
        f"D{day} Large files by name", "large-file", "error.rs", 900, None, fixed_status="ambiguous"
    )


def _section(random: Random, day: int, claims: list[Claimed]) -> str:
    items: dict[str, dict[str, list[Claimed]]] = defaultdict(lambda: defaultdict(list))
    for claim in claims:
        items[claim.item][claim.path].append(claim)
    text = [f"## As of day {day} (>{LIMIT} LINES is large)\n"]
    for number, (item, by_path) in enumerate(items.items(), 1):
        text.append(f"### {day}.{number}. {item}\n")
        for path, some in by_path.items():
            text += _lines(random, path, sorted(some, key=lambda c: c.number))
        text.append("")
    return "\n".join(text)


def _lines(random: Random, path: str, claims: list[Claimed]) -> list[str]:
    """Spell a claim as audits do; each time another way."""
    numbers = ", ".join(str(claim.number) for claim in claims)
    written = f"{ROOT}/{path}" if random.random() < 0.5 and "/" in path else path
    if claims[0].rule == "large-file":
        return [f"- `{written}` ({claims[0].number} lines)"]
    if random.random() < 0.5:
        return [f"- `{written}` (lines {numbers})"]
    return [f"- `{written}:{numbers.replace(' ', '')}` - see there"]


def _truth(world: World, claim: Claimed) -> Truth:
    if claim.fixed_status:
        return Truth(claim.item, claim.rule, claim.path, claim.number, claim.fixed_status)
    if claim.file is not None:
        return _file_truth(world, claim, claim.file)
    assert claim.line is not None
    where = world.where(claim.line)
    if claim.mistaken:
        return Truth(claim.item, claim.rule, claim.path, claim.number, "mistaken")
    if where is None or not is_site(claim.rule, claim.line.text):
        return Truth(claim.item, claim.rule, claim.path, claim.number, "fixed")
    file, number = where
    stayed = file.path == claim.path and number == claim.number
    return Truth(
        claim.item,
        claim.rule,
        claim.path,
        claim.number,
        "present" if stayed else "moved",
        (file.path, number),
    )


def _file_truth(world: World, claim: Claimed, file: File) -> Truth:
    kept = world.files.get(file.path) is file
    count = len(file.lines) - (not file.lines[-1].text)
    if not kept or count <= LIMIT:
        return Truth(claim.item, claim.rule, claim.path, claim.number, "fixed")
    status = "present" if file.path == claim.path else "moved"
    return Truth(claim.item, claim.rule, claim.path, claim.number, status, (file.path, 0))
