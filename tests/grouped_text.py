"""Texts of functions and types, and what the grouping makes of them."""

from made_package import package

from remediate.codemods.split_file.analyze.survey import survey
from remediate.codemods.split_file.grouping import Grouper, Grouping
from remediate.codemods.split_file.options import SplitOptions
from remediate.model import Finding, PlannedModule, Skip

LIMITS = SplitOptions(max_lines=80, min_lines=15)
CUT_TYPES = SplitOptions(max_lines=80, min_lines=15, cut_types=True)


def body(lines: int, *calls: str) -> str:
    said = "".join(f"    {call};\n" for call in calls)
    return said + "".join(f"    let step{n} = {n};\n" for n in range(lines - len(calls)))


def function(name: str, *calls: str, lines: int = 12, public: bool = True) -> str:
    return f"{'pub ' if public else ''}fn {name}() {{\n{body(lines, *calls)}}}\n\n"


def method(name: str, *uses: str, lines: int = 8, takes: str = "&self", gives: str = "") -> str:
    inside = body(lines, *uses).replace("\n", "\n    ").rstrip(" ")
    result = f" -> {gives}" if gives else ""
    return f"    pub fn {name}({takes}){result} {{\n    {inside}    }}\n\n"


def grouped(
    text: str, planned: tuple[PlannedModule, ...] = (), options: SplitOptions = LIMITS, module: str = "search"
) -> dict[str, list[str]]:
    """Return the titles in each new module; the facade's are under ""."""
    return titled(*grouping(text, planned, options, module))


def answer(text: str, *planned: PlannedModule) -> Grouping:
    return grouping(text, planned, LIMITS, "search")[0]


def grouping(
    text: str, planned: tuple[PlannedModule, ...], options: SplitOptions, module: str
) -> tuple[Grouping, list[str]]:
    path = f"src/{module}.rs"
    files = {"src__lib": f"mod {module};\n", f"src__{module}": text}
    known = survey(package("", (), **files), Finding("1", "0" * 16, "large-file", "", path), options)
    assert not isinstance(known, Skip), known.sentence
    found = Grouper(known).grouped(planned)
    places = [index for group in found.groups for index in group.units]
    assert len(places) == len(set(places)), "every unit is in one module at most"
    return found, [u.title for u in known.units if u.item.kind != "use"]


def titled(found: Grouping, titles: list[str]) -> dict[str, list[str]]:
    moved = {index for group in found.groups for index in group.units}
    named = {group.name: [titles[i] for i in group.units] for group in found.groups}
    return named | {"": [title for index, title in enumerate(titles) if index not in moved]}
