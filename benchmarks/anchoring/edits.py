"""What happens to code between two audits, as edits of a ``World`` by a seeded random."""

import re
from collections.abc import Callable
from random import Random

from benchmarks.anchoring.sites import RULES, is_site
from benchmarks.anchoring.world import File, Line, World, blocks, insertion_points, pick


def insert(random: Random, world: World) -> None:
    """New lines, some of them with the very words that audits look for."""
    file = pick(random, world)
    points = insertion_points(file)
    if points:
        number = random.randrange(1, 10_000)
        body = ["", f"fn added_{number}(value: u32) -> u32 {{"]
        body += [f"    let step_{i} = value + {number + i};" for i in range(random.randrange(1, 25))]
        if random.random() < 0.4:
            body.append("    // TODO: this fn was added later")
            body.append(f"    let more = Some({number}).unwrap();")
        body += [f"    {number}", "}", ""]
        at = random.choice(points)
        file.lines[at:at] = [Line(text) for text in body]


def move_between_files(random: Random, world: World) -> None:
    """A function moves to the end of another file of the same crate."""
    file = pick(random, world, 2)
    start, end = random.choice(blocks(file))
    crate = file.path.split("/")[1]
    others = [f for f in world.files.values() if f is not file and f.path.split("/")[1] == crate]
    target = random.choice(sorted(others, key=lambda f: f.path))
    moved = file.lines[start:end]
    del file.lines[start:end]
    target.lines += [Line(""), *moved, Line("")]


def move_within_file(random: Random, world: World) -> None:
    """A function moves to another place of its file."""
    file = pick(random, world, 3)
    start, end = random.choice(blocks(file))
    moved = file.lines[start:end]
    del file.lines[start:end]
    points = insertion_points(file) or [len(file.lines)]
    at = random.choice(points)
    file.lines[at:at] = [*moved, Line("")]


def rename(random: Random, world: World) -> None:
    """A file gets another name."""
    file = pick(random, world)
    if file.path.endswith(("lib.rs", "mod.rs")):
        return
    new = file.path.removesuffix(".rs") + f"_{random.randrange(100)}.rs"
    if new not in world.files:
        del world.files[file.path]
        file.path = new
        world.files[new] = file


def delete_block(random: Random, world: World) -> None:
    """A function goes."""
    file = pick(random, world, 3)
    start, end = random.choice(blocks(file))
    del file.lines[start:end]


def fix(random: Random, world: World) -> None:
    """A place is mended: the line goes, or says it another way."""
    file, line, rule = _site(random, world)
    cured = re.sub(RULES[rule].cure[0], RULES[rule].cure[1], line.text)
    if any(cured.count(mark) != line.text.count(mark) for mark in '"{}') or line.text.count('"') % 2:
        return  # it would break the code around it
    if rule == "todo-marker":
        file.lines.remove(line)
    elif random.random() < 0.3:
        file.lines[file.lines.index(line)] = Line("    // mended")
    else:
        line.text = cured


def comment_out(random: Random, world: World) -> None:
    """A place is commented out."""
    _, line, rule = _site(random, world)
    if rule != "todo-marker" and not re.search(r"[\"{}]", line.text):
        line.text = "// " + line.text


def tweak(random: Random, world: World) -> None:
    """A place changes a little and stays what it is."""
    _, line, _ = _site(random, world)
    line.text = (
        line.text.replace("self.", "this.", 1) if "self." in line.text else line.text + " // see above"
    )


def indent(random: Random, world: World) -> None:
    """A function is moved to the right, as by a new module around it."""
    file = pick(random, world)
    start, end = random.choice(blocks(file))
    for line in file.lines[start:end]:
        line.text = "    " + line.text if line.text else line.text


def _site(random: Random, world: World) -> tuple[File, Line, str]:
    found = [
        (file, line, rule)
        for file in sorted(world.files.values(), key=lambda f: f.path)
        for line in file.lines
        for rule in RULES
        if is_site(rule, line.text)
    ]
    return random.choice(found)


EDITS: list[tuple[int, Callable[[Random, World], None]]] = [
    (6, insert),
    (2, move_between_files),
    (2, move_within_file),
    (1, rename),
    (1, delete_block),
    (5, fix),
    (1, comment_out),
    (3, tweak),
    (1, indent),
]


def edit(random: Random, world: World) -> None:
    """Make one edit, chosen by weight."""
    weights, edits = zip(*EDITS, strict=True)
    random.choices(edits, weights)[0](random, world)
