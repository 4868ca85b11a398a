"""Splits as audits plan them: who wrote a ``CRATE-n.md`` had seen only the names of the items of a file.

python -m benchmarks.split.plans [CRATE-n ...] plans each without cargo, and prints what is asked for, what
comes of it, and what is said of the rest. The first line of a plan names the crate and its version.

``verdicts.toml`` says of each planned module what a reader found: filled, answered, misfilled, dropped.
"""

import sys
from pathlib import Path

from benchmarks.registry_crates import fetch
from benchmarks.split.outline import outlines, package_of, planned_split
from remediate.audit.readers.read import read
from remediate.model import Skip

_HERE = Path(__file__).parent


def _show(plan: Path) -> None:
    text = plan.read_text()
    crate, version = text.split(":")[0].removeprefix("# ").split()
    (claim,) = (c for c in read(text, plan.name).claims if c.planned)
    package = package_of(fetch({crate: version})[crate])
    change = planned_split(package, claim.path, claim.planned)
    print(f"=== {plan.stem}: {crate} {version}, {claim.path}")
    for module in claim.planned:
        exports = f" (pub use {', '.join(module.exports)})" if module.exports else ""
        print(f"planned {module.name}: {module.description}{exports}")
    if isinstance(change, Skip):
        print(change.reason, change.sentence)
        return
    print(*outlines(change.result(package.files)), sep="\n")
    print("outcome:", "fixed-partly" if change.partial else "fixed")
    print(*(f"note: {note}" for note in change.remarks), sep="\n")
    print("partial:", change.partial)


def main() -> None:
    """Print the plans that are named, or all."""
    chosen = sys.argv[1:]
    for plan in sorted(_HERE.glob("*.md")):
        if not chosen or plan.stem in chosen:
            _show(plan)


if __name__ == "__main__":
    main()
