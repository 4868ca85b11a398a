"""Hold the marker rules to labels given by hand: ``python -m benchmarks.labels.check``.

``markers.tsv`` has path in the corpus, line, the word found, and the class a person gave: "remark", "stub",
"test", .. as the rules' documentation has them; "noun" is what is no marker and must not be reported.
"""

import sys
from collections import Counter
from pathlib import Path

from benchmarks.registry_crates import CORPUS
from remediate.audit.scan.inspect import inspect

HERE = Path(__file__).parent
RULES = {"todo-marker", "placeholder", "temporary-code", "hack", "shim", "legacy"}


def main() -> int:
    right: Counter[str] = Counter()
    total: Counter[str] = Counter()
    for row in (HERE / "markers.tsv").read_text().splitlines():
        path, line, word, label = row.split("\t")
        places = inspect((CORPUS / path).read_bytes()).places
        kinds = {p.kind for p in places if p.line == int(line) and p.rule in RULES} or {"noun"}
        total[label] += 1
        right[label] += kinds == {label}
        if kinds != {label}:
            print(f"{path}:{line} `{word}`: {label}, found as {', '.join(sorted(kinds))}")
    for label, number in sorted(total.items()):
        print(f"{label:14} {right[label]} of {number}")
    share = sum(right.values()) / sum(total.values())
    print(f"classes right: {share:.1%} of {sum(total.values())} (bar 90 %)")
    return int(share < 0.9 or right["noun"] < total["noun"])


if __name__ == "__main__":
    sys.exit(main())
