"""Un-merge: the files of a well-designed folder of modules as one file, to be split again.

What a merge by hand would leave out is left out: imports of one another, visibility that only siblings need,
paths through siblings, module docs and unit tests. The true grouping is the files that the items came from.
"""

import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.grouping.case import FACADE, LEFT_OUT, Case
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.source import Source

FEWEST_FILES, MOST_FILES = 4, 14
FEWEST_LINES, MOST_LINES = 800, 6000
_SUPER = re.compile(rb"\bpub\s*\(\s*(?:in\s+)?(?:super|self)\s*\)\s+")


def cases(crate: Path) -> Iterator[Case]:
    """Yield every folder of a crate that is a case: the rules below decide, nobody picks."""
    for folder in sorted({p.parent for p in (crate / "src").rglob("*.rs")}):
        if "test" in folder.name:
            continue
        if (found := _case(crate, folder)) is not None:
            yield found


def _case(crate: Path, folder: Path) -> Case | None:
    files = _files(folder, ["lib.rs"] if folder == crate / "src" else ["mod.rs", f"../{folder.name}.rs"])
    if not FEWEST_FILES <= len(files) - 1 <= MOST_FILES:
        return None
    sources = {module: Source(path.name, path.read_bytes()) for module, path in files.items()}
    pieces = [(module, source, item) for module, source in sources.items() for item in _own(source)]
    if not _well_designed(pieces) or any(b"@generated" in s.text[:1000] for s in sources.values()):
        return None
    siblings = re.compile(rb"\b(?:(?:self|super)::)*(?:%s)::(?=\w)" % "|".join(filter(None, files)).encode())
    head = b"\n".join(_imports(sources, siblings))
    text, truth = head + b"\n", {}
    index = sum(1 for i in items(Source("lib.rs", text)))
    for module, source, item in pieces:
        truth[index] = module
        index += 1
        text += siblings.sub(b"", _SUPER.sub(b"", source.text[_start(source, item) : item.tail])) + b"\n"
    name = f"{crate.name} {folder.relative_to(crate).as_posix()}"
    return Case(name, text, truth) if _is_whole(text, truth, pieces) else None


def _files(folder: Path, own_names: list[str]) -> dict[str, Path]:
    """Return the module's own file and its children by name; children with folders of their own are out."""
    own = [folder / name for name in own_names if (folder / name).exists()][:1]
    named = {"mod", "lib", "main", "test", "tests", "macros"}
    children = [
        p for p in sorted(folder.glob("*.rs")) if p.stem not in named and not (folder / p.stem).is_dir()
    ]
    return {FACADE: own[0], **{p.stem: p for p in children if p not in own}} if own else {}


def _own(source: Source) -> list[Item]:
    return [item for item in items(source) if item.kind not in LEFT_OUT]


def _well_designed(pieces: list[tuple[str, Source, Item]]) -> bool:
    """Whether sizes are those of a careful person, and one file could hold all the names."""
    lines: Counter[str] = Counter()
    for module, source, item in pieces:
        lines[module] += source.text.count(b"\n", item.lead, item.tail) + 1
    total, sizes = lines.total(), [n for module, n in lines.items() if module != FACADE]
    names = Counter(item.name for *_, item in pieces if item.name and item.kind != "macro")
    opaque = sum(item.kind in ("macro", "error") for *_, item in pieces)
    return (
        FEWEST_LINES <= total <= MOST_LINES
        and len(pieces) >= 5 * len(sizes) // 2
        and max(sizes) <= total / 2
        and lines[FACADE] <= total / 3
        and sum(30 <= n <= 500 for n in sizes) * 4 >= 3 * len(sizes)
        and sum(n - 1 for n in names.values()) <= len(pieces) / 25
        and opaque <= len(pieces) / 10
    )


def _imports(sources: dict[str, Source], siblings: re.Pattern[bytes]) -> list[bytes]:
    found = {
        source.text[item.start : item.end]
        for source in sources.values()
        for item in items(source)
        if item.kind == "use" and not item.attributes
    }
    return sorted(
        i for i in found if not re.search(rb"\b(?:super|self|crate)\b", i) and not siblings.search(i)
    )


def _start(source: Source, item: Item) -> int:
    """Return where an item's text begins, its section comment included, a file's imports and head not."""
    gap = source.text[item.gap : item.lead]
    return (
        item.gap
        if gap.strip()
        else item.lead - len(gap[gap.rfind(b"\n\n") + 1 :])
        if b"\n\n" in gap
        else item.lead
    )


def _is_whole(text: bytes, truth: dict[int, str], pieces: list[tuple[str, Source, Item]]) -> bool:
    """Whether the joined file still reads as the same items."""
    found = items(Source("lib.rs", text))
    kinds = [found[index].kind if index < len(found) else "" for index in truth]
    return kinds == [item.kind for *_, item in pieces]
