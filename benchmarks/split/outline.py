"""List a split's files with what is in each: what a reader sees before opening one.

python -m benchmarks.split.outline CRATE:PATH ... plans the split of corpus files without cargo and prints it.
"""

import sys
from collections.abc import Iterator, Mapping
from pathlib import Path

from benchmarks.registry_crates import fetch, pinned
from benchmarks.split.corpus import PINS
from remediate.codemods import split_file
from remediate.codemods.split_file.options import SplitOptions
from remediate.edits import Change
from remediate.model import Finding, Skip
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package, Target
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source

_SHOWN = 14
"""Members of one impl that an outline names."""
_UNLISTED = {"use", "extern crate"}


def outline(path: str, text: bytes) -> list[str]:
    """Return a file's name and size, and a line for each of its items."""
    source = Source(path, text)
    found = [f"{path} ({source.line_count} lines)"]
    imports = sum(i.kind in _UNLISTED for i in items(source))
    if imports:
        found.append(f"    {imports} imports and re-exports")
    listed = [i for i in items(source) if i.kind not in _UNLISTED]
    if "/tests" in path or path.endswith("tests.rs"):
        return [*found, f"    {len(listed)} items, tests"]
    return found + [f"    {_title(source, i)}" for i in listed]


def planned_split(package: Package, path: str, planned: tuple = ()) -> Change | Skip:  # type: ignore[type-arg]
    """Return the change that the program plans for a file, no compiler asked."""
    finding = Finding("1", "0" * 16, "large-file", path, path, planned=planned)
    return split_file.plan(Codebase.of(package), finding, SplitOptions())


def package_of(folder: Path) -> Package:
    """Return a crate's folder as a package, as far as planning needs it."""
    files = {p.relative_to(folder).as_posix(): p.read_bytes() for p in sorted(folder.rglob("*.rs"))}
    files["Cargo.toml"] = (folder / "Cargo.toml").read_bytes()
    name = folder.name.rpartition("-")[0]
    root = "src/lib.rs" if "src/lib.rs" in files else "src/main.rs"
    edition = "2021" if b'edition = "20' in files["Cargo.toml"] else "2015"
    targets = [Target(name, ("lib" if root.endswith("lib.rs") else "bin",), root, edition)]
    for path in files:
        top, _, rest = path.partition("/")
        if top in ("tests", "benches", "examples") and "/" not in rest:
            targets.append(Target(Path(path).stem, (top.rstrip("es") or top,), path, edition))
    return Package(name, "", "", edition, tuple(targets), files)


def _title(source: Source, item: Item) -> str:
    lines = source.text.count(b"\n", item.lead, item.end) + 1
    seen = "pub " if item.visibility and source.text[slice(*item.visibility)] == b"pub" else ""
    if item.kind == "impl":
        head = f"impl {item.trait} for {item.self_type}" if item.trait else f"impl {item.self_type}"
        names = [m.name or m.kind for m in children(source, item)] if not item.trait else []
        more = f", {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
        inside = f" {{ {', '.join(names[:_SHOWN])}{more} }}" if names else ""
        return f"{' '.join(head.split())}{inside} ({lines})"
    bang = "!" if item.kind in ("macro", "macro_rules") else ""
    return f"{seen}{item.kind}{bang} {item.name or ''} ({lines})"


def outlines(files: Mapping[str, bytes | None]) -> Iterator[str]:
    """Yield the lines of the outlines of Rust files that a change makes, by their paths."""
    for name, text in sorted(files.items()):
        if text is not None and name.endswith(".rs"):
            yield from outline(name, text)


def main() -> None:
    """Print the planned split of each file named."""
    versions = pinned(PINS)
    for argument in sys.argv[1:]:
        crate, _, path = argument.partition(":")
        package = package_of(fetch({crate: versions[crate]})[crate])
        change = planned_split(package, path)
        print(f"=== {argument}")
        if isinstance(change, Skip):
            print(change.reason, change.sentence)
            continue
        print(*outlines(change.result(package.files)), sep="\n")
        print(*change.remarks, change.partial, sep="\n")


if __name__ == "__main__":
    main()
