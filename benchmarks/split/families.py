"""Measure planned splits by what a reader asks for: types with their methods, a facade that is an index.

python -m benchmarks.split.families [CRATE[:PATH] ...] plans every pinned file without cargo and prints,
beside a line for each file with ``--files``:

- types whose definition and inherent impls share a file, of those that would fit one together;
- lines of code in the facade that are no ``use``, ``mod``, documentation, attribute or textual macro;
- new files under 30 lines, and over 300.
"""

import sys
from collections import defaultdict
from dataclasses import dataclass
from statistics import median

from benchmarks.registry_crates import fetch, pinned
from benchmarks.split.corpus import PINS, cases
from benchmarks.split.outline import package_of, planned_split
from remediate.codemods.split_file.draft import Draft
from remediate.codemods.split_file.options import SplitOptions
from remediate.edits import Change
from remediate.model import Skip
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.lexer import TokenKind
from remediate.rust.syntax.source import Source

_TYPES = {"struct", "enum", "union"}
_INDEX = {"use", "extern crate", "macro_rules"}
_LIMIT = SplitOptions().max_lines
_SMALL = SplitOptions().min_lines
_ROOM = 25
"""Lines of imports and frames that a file of one type may need."""
Texts = dict[str, bytes]


@dataclass(frozen=True)
class Measured:
    """One split: its types that fit a file, those apart, the facade's code lines, the new files' sizes."""

    case: str
    types: int
    apart: tuple[str, ...]
    facade: int
    sizes: tuple[int, ...]
    names: tuple[str, ...]


def measured(case: str, before: bytes, facade: str, after: Texts) -> Measured:
    """Measure one split."""
    homes: dict[str, set[str]] = defaultdict(set)
    for path, text in after.items():
        for item in _top(Source(path, text)):
            home = item.name if item.kind in _TYPES else _inherent(item)
            if home:
                homes[home].add(path)
    fitting = sorted(
        name for name, lines in _families(Source("m.rs", before)).items() if lines + _ROOM <= _LIMIT
    )
    apart = tuple(name for name in fitting if len(homes[name]) > 1)
    new = {path: text for path, text in after.items() if path != facade}
    sizes = tuple(text.count(b"\n") for text in new.values())
    names = tuple(sorted(path.rpartition("/")[2].removesuffix(".rs") for path in new))
    return Measured(case, len(fitting), apart, facade_lines(Source(facade, after[facade])), sizes, names)


def facade_lines(source: Source) -> int:
    """Return on how many lines of a facade there is code of items that are no index."""
    count = 0
    for item in items(source):
        if item.kind in _INDEX or (item.kind == "mod" and not item.body):
            continue
        lines: set[int] = set()
        for token in source.tokens:
            if item.start <= token.start < item.end and token.kind is not TokenKind.COMMENT:
                lines.add(source.text.count(b"\n", item.start, token.start))
        count += len(lines)
    return count


def _families(source: Source) -> dict[str, int]:
    """Return the lines of each type that has inherent impls, and of these."""
    found: dict[str, int] = {}
    for item in _top(source):
        if item.kind in _TYPES and item.name:
            found[item.name] = found.get(item.name, 0) + _length(source, item)
    behaving: set[str] = set()
    for item in _top(source):
        if (home := _inherent(item)) in found:
            found[home] += _length(source, item)
            behaving.add(home)
    return {name: lines for name, lines in found.items() if name in behaving}


def _top(source: Source) -> list[Item]:
    return [item for item in items(source) if item.kind in {*_TYPES, "impl"}]


def _inherent(item: Item) -> str:
    if item.kind != "impl" or item.trait:
        return ""
    return item.self_type.split("<", maxsplit=1)[0].rpartition("::")[2].strip("& ")


def _length(source: Source, item: Item) -> int:
    return source.text.count(b"\n", item.lead, item.tail) + 1


def main() -> None:
    """Measure the files named, or all."""
    wanted = [a for a in sys.argv[1:] if not a.startswith("--")]
    found: list[Measured] = []
    skipped: list[str] = []
    versions = pinned(PINS)
    for case in cases():
        name = f"{case.crate}:{case.path}"
        if wanted and case.crate not in wanted and name not in wanted:
            continue
        package = package_of(fetch({case.crate: versions[case.crate]})[case.crate])
        change = planned_split(package, case.path)
        if isinstance(change, Skip):
            skipped.append(f"{name}: {change.reason}")
            continue
        found.append(_of_change(name, package.files[case.path], change, dict(package.files)))
        if "--files" in sys.argv:
            print(_line(found[-1]), flush=True)
    _report(found, skipped)


def _of_change(name: str, before: bytes, change: Change, files: Texts) -> Measured:
    assert isinstance(change.memo, Draft)
    facade = change.memo.survey.ground.facade
    alive = {change.memo.survey.ground.child_path(g.name) for g in change.memo.alive}
    after = {p: t for p, t in change.result(files).items() if t is not None and p in {facade, *alive}}
    return measured(name, before, facade, after)


def _line(one: Measured) -> str:
    return f"{one.case}: facade {one.facade}, {', '.join(one.names)}" + (
        f"; apart: {', '.join(one.apart)}" if one.apart else ""
    )


def _report(found: list[Measured], skipped: list[str]) -> None:
    types = sum(one.types for one in found)
    together = types - sum(len(one.apart) for one in found)
    facades = sorted(one.facade for one in found)
    sizes = [n for one in found for n in one.sizes]
    print(f"{len(found)} files split, {len(skipped)} declined: {'; '.join(skipped)}")
    share, most = together / max(1, types), facades[int(0.95 * (len(facades) - 1))]
    print(f"types with their inherent impls, where they fit: {together} of {types} ({share:.1%})")
    print(f"code lines in the facade: median {median(facades):.0f}, 95 % {most}")
    small, large = sum(n < _SMALL for n in sizes), sum(n > _LIMIT for n in sizes)
    print(f"new files: {len(sizes)}; under {_SMALL} lines {small}, over {_LIMIT} {large}")


if __name__ == "__main__":
    main()
