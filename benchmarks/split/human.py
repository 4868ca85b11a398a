"""Files that people have split since: their grouping of the old source, as a plan for the program.

Items that the later version has no more, or has in several files, go with their type, else with the item
before.
"""

import re
import tomllib
from pathlib import Path

from benchmarks.grouping.history import cases as splits
from benchmarks.split.corpus import PINS, WORK, Case, base
from remediate.codemods.split_file.analyze.survey import survey
from remediate.codemods.split_file.analyze.units import type_name
from remediate.codemods.split_file.arranging import keys
from remediate.codemods.split_file.options import SplitOptions
from remediate.codemods.split_file.plans.plan_text import digest
from remediate.codemods.split_file.taken_names import taken_names
from remediate.model import Finding, Skip
from remediate.workflow.sources.workspace import load

_TYPES = {"struct", "enum", "union", "trait"}


def names() -> list[str]:
    """Return the pinned ones as CRATE:PATH."""
    return [f"{crate}:{one['path']}" for crate, one in _pinned().items()]


def plan(case: Case) -> Path | None:
    """Return a file with the plan that people's split of a file is; None if nobody has split it."""
    one = _pinned().get(case.crate)
    if one is None or one["path"] != case.path:
        return None
    repository = base(case.crate)
    package = next(p for p in load(repository).packages if case.path in p.files)
    finding = Finding("1", "0" * 16, "large-file", case.path, case.path)
    known = survey(package, finding, SplitOptions())
    found = [c for c in splits(case.crate, one["old"], one["new"]) if c.name.endswith(f" {case.path}")]
    if isinstance(known, Skip) or not found:
        return None
    items, truth = known.ground.items, found[0].truth
    numbers = {item.start: number for number, item in enumerate(items)}
    homes = {i.name: truth[n] for n, i in enumerate(items) if i.kind in _TYPES and n in truth}
    taken, modules, last = taken_names(known), dict[str, list[str]](), ""
    for key, index in keys(known).items():
        unit = known.units[index]
        where = truth.get(numbers[unit.item.start], homes.get(type_name(unit.item.self_type), last))
        last = where
        if where and index not in known.pins:
            modules.setdefault(_name(where, one["path"], taken), []).append(key)
    file = WORK / "review" / f"{case.slug}.plan.toml"
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(_written(case.path, package.files[case.path], modules))
    return file


def before(crate: str) -> str:
    """Return the version of a crate before people split it."""
    return _pinned()[crate]["old"]


def _pinned() -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = tomllib.loads(PINS.read_text())["split_by_people"]
    return found


def _name(path: str, before: str, taken: frozenset[str]) -> str:
    """Return a module's name: new modules are not nested, so folders below the old one become words."""
    below = re.sub(r"^src/", "", path.removeprefix(before.removesuffix(".rs").removesuffix("/mod") + "/"))
    name = below.removesuffix(".rs").removesuffix("/mod").replace("/", "_").replace("-", "_")
    return f"{name}_module" if name in taken else name


def _written(path: str, text: bytes, modules: dict[str, list[str]]) -> str:
    lines = [
        f'file = "{path}"',
        f'digest = "{digest(text)}"',
        "max_lines = 300",
        "min_lines = 30",
        'layout = "mod"',
    ]
    for name, items in modules.items():
        listed = "".join(f"    {_quoted(item)},\n" for item in items)
        lines += ["", "[[module]]", f'name = "{name}"', f"items = [\n{listed}]"]
    return "\n".join(lines) + "\n"


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
