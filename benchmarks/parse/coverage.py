"""How much of what rustc's parser accepts do ours read, and do the items of a file print it back?

``python -m benchmarks.parse.coverage`` fetches the pinned crates, asks rustc about every file (remembered in
``benchmarks/work``) and prints the figures of the bar. Exit code 1 when one of them is missed.
"""

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from multiprocessing import Pool
from pathlib import Path

from benchmarks.registry_crates import fetch, pinned
from remediate.rust.syntax.items import Item, children, head_end, items
from remediate.rust.syntax.lexer import preamble_end, tokens
from remediate.rust.syntax.source import Source, walk

HERE = Path(__file__).parent
WORK = HERE.parent / "work"
LEAF = {"string_literal", "raw_string_literal", "char_literal", "line_comment", "block_comment", "lifetime",
        "label", "float_literal", "integer_literal", "shebang"}  # fmt: skip
MACRO = {"token_tree", "token_tree_pattern", "ERROR"}
BAR = 0.999


@dataclass(frozen=True)
class Verdict:
    """What our readers make of one file; texts are evidence for a person, empty when all is well."""

    path: str
    lines: int
    unread: str = ""
    confined: bool = False
    untiled: str = ""
    unlexed: str = ""
    disagree: str = ""


def main() -> int:
    folders = fetch(pinned(HERE / "crates.toml"))
    files = [(path, _edition(folder)) for folder in folders.values() for path in sorted(folder.rglob("*.rs"))]
    accepted = _accepted(files)
    with Pool(2) as pool:
        verdicts = pool.map(judge, sorted(accepted), chunksize=20)
    lines = sum(v.lines for v in verdicts)
    print(f"{len(folders)} crates, {len(files)} files; rustc accepts {len(verdicts)} of them, {lines} lines")
    unsure = [v for v in verdicts if v.unread and not v.confined]
    good = [
        _report("read without ERROR", verdicts, [v for v in verdicts if v.unread], BAR),
        _report("read, or damage confined to a macro", verdicts, unsure, BAR),
        _report("printed back byte for byte from items", verdicts, [v for v in verdicts if v.untiled], 1),
        _report("tokens tile the file", verdicts, [v for v in verdicts if v.unlexed], 1),
        _report("lexer and parser agree outside macros", verdicts, [v for v in verdicts if v.disagree], BAR),
    ]  # fmt: skip
    return 0 if all(good) else 1


def _report(what: str, all_: list[Verdict], wrong: list[Verdict], bar: float) -> bool:
    share = 1 - len(wrong) / len(all_)
    print(f"{what:40} {share:9.4%}  ({len(wrong)} not)")
    for v in wrong[:20]:
        print(f"    {v.path}: {v.unread or v.untiled or v.unlexed or v.disagree}")
    return share >= bar


def _edition(folder: Path) -> str:
    package = tomllib.loads((folder / "Cargo.toml").read_text("utf-8"))["package"]
    edition: str = package.get("edition", "2015")
    return edition


def _accepted(files: list[tuple[Path, str]]) -> list[Path]:
    """Return the files that rustc parses; the crate root's text alone, macros unexpanded."""
    memory = WORK / "accepted.json"
    known: dict[str, bool] = json.loads(memory.read_text()) if memory.exists() else {}
    new = [(path, edition) for path, edition in files if str(path.relative_to(HERE.parent)) not in known]
    with ThreadPoolExecutor(2) as pool:
        answers = pool.map(_rustc_parses, [path for path, _ in new], [edition for _, edition in new])
        for (path, _), answer in zip(new, answers, strict=True):
            known[str(path.relative_to(HERE.parent))] = answer
    WORK.mkdir(exist_ok=True)
    memory.write_text(json.dumps(known))
    return [path for path, _ in files if known[str(path.relative_to(HERE.parent))]]


def _rustc_parses(path: Path, edition: str) -> bool:
    command = ["rustc", "-Zparse-crate-root-only", "--edition", edition, str(path)]
    environment = {**os.environ, "RUSTC_BOOTSTRAP": "1"}
    return subprocess.run(command, env=environment, capture_output=True, check=False).returncode == 0


def judge(path: Path) -> Verdict:
    """Read one file every way we can."""
    source = Source(path.relative_to(HERE.parent).as_posix(), path.read_bytes())
    return Verdict(
        path=source.path,
        lines=source.line_count,
        unread="; ".join(_shown(source, *span) for span in source.errors[:3]),
        confined=source.confined,
        untiled=_untiled(source),
        unlexed=_unlexed(source),
        disagree=_disagreement(source),
    )


def _shown(source: Source, start: int, end: int) -> str:
    return f"line {source.line_of(start)} {source.text[start : min(end, start + 40)]!r}"


def _untiled(source: Source) -> str:
    """Return where gap + item + .. + rest is not the file, or something hides between the items."""
    printed = source.text[: head_end(source)]
    for item in items(source):
        printed += source.text[item.gap : item.lead] + source.text[item.lead : item.tail]
        if fault := _misplaced(source, item):
            return fault
    rest = source.text[len(printed) :]
    if printed + rest != source.text or _holds_code(source, len(printed), len(source.text)):
        return f"line {source.line_of(len(printed))}: rest {rest[:40]!r}"
    return ""


def _misplaced(source: Source, item: Item) -> str:
    if not item.gap <= item.lead <= item.start < item.end <= item.tail:
        return f"line {source.line_of(item.start)}: positions"
    if _holds_code(source, item.gap, item.lead) or _holds_code(source, item.end, item.tail):
        return f"line {source.line_of(item.start)}: code outside of items"
    end = item.body[0] if item.body else 0
    for child in children(source, item):
        if child.gap < end:
            return f"line {source.line_of(child.start)}: overlap"
        if fault := _misplaced(source, child):
            return fault
        end = child.tail
    return ""


def _holds_code(source: Source, start: int, end: int) -> bool:
    """Whether anything but blanks, comments, ``;`` and inner attributes is there."""
    found = [t for t in tokens(source.text, start, end) if t.kind != "comment" and t.text != b";"]
    return bool(found) and [t.text for t in found[:2]] != [b"#", b"!"]


def _unlexed(source: Source) -> str:
    end = preamble_end(source.text)
    for token in source.tokens:
        if source.text[end : token.start].strip(b" \t\r\n\x0b\x0c") or token.start < end:
            return _shown(source, end, token.start)
        end = token.end
    return _shown(source, end, end + 40) if source.text[end:].strip(b" \t\r\n\x0b\x0c") else ""


def _disagreement(source: Source) -> str:
    """Return the first leaf of the tree that cuts a token of the lexer in two."""
    ends = {t.start: t.end for t in source.tokens}
    for start, end in _leaves(source):
        at = start
        while at in ends and at < end:
            at = ends[at]
            while at < end and source.text[at : at + 1].isspace():
                at += 1
        if at != end:
            return _shown(source, start, end)
    return ""


def _leaves(source: Source) -> Iterator[tuple[int, int]]:
    skip = 0
    for node in walk(source.tree.root_node):
        if node.start_byte < skip:
            continue
        if node.type in MACRO:
            skip = node.end_byte
        elif node.type in ("integer_literal", ".") and node.parent and node.parent.type == "field_expression":
            continue  # the 0.1 of x.0.1 is one float to rustc's lexer and ours
        elif (node.type in LEAF or not node.children) and node.end_byte > node.start_byte:
            skip = node.end_byte
            length = len(source.text[node.start_byte : node.end_byte].rstrip(b"\r\n"))
            yield node.start_byte, node.start_byte + length


if __name__ == "__main__":
    sys.exit(main())
