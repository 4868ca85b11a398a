"""Draw the places to label, without our scanner: ``python -m benchmarks.labels.draw blocking dev``.

A wide net of plain words over all text, comments and strings too; of each crate at most so many places, in
the order of a hash, and at most three of one word in its sources, one in tests and examples; of the blocking
words one in a comment. "stubs" and "constants" are comments beside a line that could be a
stub's, in an empty block, or above a constant; "pretences" are comments outside of tests that say of the code
that it simulates, "conditionals" those that say what real code would do. Prints path, line, column and word;
``--show`` the lines around.
"""

import argparse
import hashlib
import re
import tomllib
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.labels.blind import GROUPS
from benchmarks.registry_crates import fetch

HERE = Path(__file__).parent
NETS = {
    "blocking": re.compile(
        r"block_on\w*|block_in_place|block_until\w*|blocking_\w+|\w+_blocking\w*|SyncIoBridge|run_until\w*|spin_on"
    ),
    "markers": re.compile(
        r"todo|fixme|xxx|hack|placeholder|for now|in a real|legacy|shim|temporar|production would"
        r"|in production"
        r"|stub|mock|simplif|simulat|dummy|fake|work ?around|not (yet )?implemented|unimplemented|hard-?coded"
        r"|backwards? compat",
        re.IGNORECASE,
    ),
    "comments": re.compile(
        r"//.*\b(?:TODO|FIXME|HACK|XXX|for now|placeholder|stub|hard-?coded|workaround|temporary|legacy|shim"
        r"|(?:not|un)(?: yet |-| )?(?:implemented|supported)|simplified|dummy|fake|mock)\b"
        r"|\b(?:todo|unimplemented)!"
    ),
}
NETS["unfinished"] = re.compile(
    r"//.*\b(?:TODO|FIXME|HACK|for now|in a real|in production|production would|placeholders?|stub(?:s|bed)?"
    r"|mock(?:s|ed)?|fake|dummy|simulat(?:e|es|ed|ing|ion)|hard-?coded|simplified|temporary|legacy|shim"
    r"|work-?around|backwards? compat\w*|not (?:yet )?implemented|dead_code)\b",
    re.IGNORECASE,
)
NETS["stubs"] = re.compile(NETS["comments"].pattern.partition(r"|\b(?:todo|")[0])
NETS["constants"] = NETS["unfinished"]
NETS["pretences"] = re.compile(
    r"//[/!]*\s*(?:we\s+|just\s+|for now,?\s+)*simulat(?:e[sd]?|ing)\b"
    r"|//.*\((?:[\w ]+ )?simulat(?:ed|ing|e)\b"
    r"|//.*\b(?:we|just|only|to)\s+simulate\b",
    re.IGNORECASE,
)
NETS["conditionals"] = re.compile(
    r"//.*\b(?:in a real|in production|would (?:call|query|use|make|send|connect|run|execute))\b",
    re.IGNORECASE,
)
NETS["imitations"] = re.compile(r"//.*\bsimulat(?:e|es|ed|ing|ion)\b", re.IGNORECASE)
_CONSTANT = re.compile(
    r"\s*(?:.*=>\s*)?(?:return\s+)?(?:Ok\()?"
    r"(?:false|true|None|\{\s*\}|\(\)|0(?:\.0)?|\"\"|vec!\[\]|\w+::new\(\))\)?[;,]?\s*(?://.*)?"
)
BESIDE = ("stubs", "constants")
PER_WORD = 3


def drawn(net: str, group: str) -> Iterator[tuple[str, int, int, str]]:
    """Yield path, line, column (from 1, in characters) and word of each place, by path and line."""
    table = tomllib.loads((HERE / "crates.toml").read_text())
    wanted = table["draw"][net][group]
    folders = fetch({name: table["crates"][name] for name in wanted})
    for name, number in wanted.items():
        yield from sorted(_of_crate(folders[name], NETS[net], number, beside=net in BESIDE))


def _of_crate(
    folder: Path, net: re.Pattern[str], number: int, *, beside: bool = False
) -> list[tuple[str, int, int, str]]:
    found = [
        (f"{folder.name}/{path.relative_to(folder).as_posix()}", at, match.start() + 1, _word(match))
        for path in sorted(folder.rglob("*.rs"))
        for at, line in enumerate(path.read_text(errors="replace").split("\n"), 1)
        for match in net.finditer(line)
    ]
    if net in (NETS["pretences"], NETS["conditionals"]):
        found = [one for one in found if _is_before_tests(folder.parent / one[0], one[1])]
    if beside:
        found = [one for one in found if _could_be_stub(folder.parent / one[0], one[1])]
    found.sort(key=lambda one: hashlib.sha256(repr(one).encode()).digest())
    seen: Counter[tuple[str, ...]] = Counter()
    kept = []
    for stratum, one in ((_stratum(one, folder.parent), one) for one in found):
        seen[stratum] += 1
        if seen[stratum] <= (PER_WORD if stratum[1:] == ("source",) else 1):
            kept.append(one)
    return kept[:number]


def _could_be_stub(path: Path, line: int) -> bool:
    """Whether a comment stands behind or above a constant, or is all that a block holds."""
    lines = path.read_text(errors="replace").split("\n")
    code = (one.strip() for one in reversed(lines[: line - 1]))
    above = next((one for one in code if not one.startswith("//")), "")
    below = next((one for one in lines[line:] if not one.lstrip().startswith("//")), "")
    if above.endswith("{") and below.strip().startswith("}"):
        return True
    return any(_CONSTANT.fullmatch(one) for one in (lines[line - 1], below))


def _is_before_tests(path: Path, line: int) -> bool:
    """Whether a line of ``src`` stands above the first test module of its file."""
    above = path.read_text(errors="replace").split("\n")[:line]
    return "/src/" in str(path) and "test" not in path.name and "#[cfg(test)]" not in "\n".join(above)


def _word(match: re.Match[str]) -> str:
    """Return what was found: of a comment only the word itself."""
    text = match.group().lower()
    return re.split(r"\W+", text)[-1] if text.startswith("//") else text.rstrip("!")


def _stratum(one: tuple[str, int, int, str], corpus: Path) -> tuple[str, ...]:
    path, line, _, word = one
    folder = "source" if "/src/" in path else "other"
    text = (corpus / path).read_text(errors="replace").split("\n")[line - 1]
    aside = NETS["blocking"].fullmatch(word) and text.lstrip().startswith("//")
    return (word, folder, "comment") if aside else (word, folder)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("net", choices=sorted(NETS))
    parser.add_argument(
        "group",
        choices=GROUPS,
    )
    parser.add_argument("--show", type=int, default=0)
    options = parser.parse_args()
    corpus = HERE.parent / "corpus"
    for path, line, column, word in drawn(options.net, options.group):
        print(path, line, column, word, sep="\t")
        if options.show:
            lines = (corpus / path).read_text(errors="replace").split("\n")
            for at in range(max(0, line - 1 - options.show), min(len(lines), line + options.show)):
                print("   >" if at == line - 1 else "    ", lines[at][:170])


if __name__ == "__main__":
    main()
