"""Split each pinned file with the program and its peers; judge each result from outside. One run goes on.

    python -m benchmarks.split.run [crate[:path] ...] [--tool NAME] [--again]
    python -m benchmarks.split.run --table

What is known stands in ``benchmarks/work/split/results``: one JSON per file and tool, written when complete,
so a run that was killed goes on where it was. ``--again`` measures anew what is named. A run over all files,
or ``--table`` alone, writes the table into the README.
"""

import argparse
import json
from collections.abc import Callable
from dataclasses import asdict
from pathlib import Path
from typing import Any

from benchmarks.repository import git
from benchmarks.split import judge, table, tools
from benchmarks.split.corpus import WORK, Case, cases, copied, difference, put, read, renamed
from benchmarks.split.meaning import Meaning
from benchmarks.split.texts import text
from benchmarks.split.tools import Made

RESULTS = WORK / "results"
OURS = "remediate"
RENAMING = "remediate-renaming"
"""The program where the names of tests may change: for files of nothing but tests, no column of the table."""
ASK: dict[str, Callable[[Case], Made]] = {OURS: tools.remediate} | {n: tools.peer(n) for n in tools.PEERS}


def main() -> None:
    arguments = _arguments()
    if arguments.table:
        print(table.written(RESULTS, list(tools.PEERS), RENAMING))
        return
    tools.install(arguments.tool or ASK)
    RESULTS.mkdir(parents=True, exist_ok=True)
    bare = renamed()
    chosen = [c for c in cases() if _is_chosen(c, arguments.only)]
    courts: dict[str, Court] = {}
    for case in chosen:
        for tool in arguments.tool or [*ASK, *([RENAMING] if case in bare else [])]:
            file = RESULTS / f"{case.slug}.{tool}.json"
            if file.exists() and not arguments.again:
                continue
            court = courts.setdefault(case.crate, Court(case.crate))
            row = court.judged(case, tool)
            _write(file, row)
            print(table.line(row), flush=True)
    if not arguments.only:
        print(table.written(RESULTS, list(tools.PEERS), RENAMING))


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    parser.add_argument("only", nargs="*")
    parser.add_argument("--tool", action="append", choices=[*ASK, RENAMING])
    parser.add_argument("--again", action="store_true")
    parser.add_argument("--table", action="store_true", help="only write the table, of what is known")
    return parser.parse_args()


def _is_chosen(case: Case, only: list[str]) -> bool:
    return not only or case.crate in only or f"{case.crate}:{case.path}" in only


def _is_blind(verdict: judge.Verdict, case: Case) -> bool:
    """Whether what the file belongs to did not compile before either, so that nothing is shown by it."""
    folder, _, name = case.path.partition("/")
    of_test = f"test {name.removesuffix('.rs')}"
    return any(t == of_test if folder == "tests" else t.startswith(("lib", "rlib")) for t in verdict.failed)


class Court:
    """Where the results of one crate are judged: a copy of it that cargo builds nothing else in."""

    def __init__(self, crate: str) -> None:
        self._folder = copied(crate, "judge")
        self._files = read(self._folder)
        self._crate = crate
        self._meaning: Meaning | None = None

    def judged(self, case: Case, tool: str) -> dict[str, Any]:
        """Let a tool split a file; return all that is known of the result."""
        before = self._before()
        made = tools.renaming(case) if tool == RENAMING else ASK[tool](case)
        row: dict[str, Any] = {"crate": case.crate, "path": case.path, "tool": tool} | {
            "lines": self._files[case.path].count(b"\n"), "outcome": made.outcome, "said": made.said,
            "claims": made.claims, "seconds": round(made.seconds, 2), "report": made.report,
            "cpu": made.cpu, "commit": git(Path(__file__).parent, "rev-parse", "--short", "HEAD").strip(),
        }  # fmt: skip
        if made.outcome != "split":
            return row
        row["text"] = asdict(text(self._files, case.path, made.changes))
        try:
            put(self._folder, made.changes)
            row |= self._verdict(case, *before, tool)
        finally:
            put(self._folder, difference(read(self._folder), self._files))
        return row

    def _verdict(self, case: Case, before: judge.Facts, lints: judge.Facts, tool: str) -> dict[str, Any]:
        now = judge.compiled(self._folder, before)
        broken = judge.broken(before, now)
        found: dict[str, Any] = {"broken": broken, "errors": judge.new_errors(before, now)}
        found["unproven"] = [n for n, v in before.commands.items() if _is_blind(v, case)]
        if broken or self._meaning is None:
            return found
        after = judge.linted(self._folder)
        warnings = judge.new_messages(before, now, "warning") | judge.new_messages(lints, after, "warning")
        found |= {"warnings": warnings, "broken_lints": judge.broken(lints, after)}
        found["tests"] = judge.different_tests(lints, after, by_path=tool != RENAMING)
        found["test_count"], found["test_problem"] = sum(lints.tests.values()), lints.test_problem
        found["api"] = self._meaning.api()
        if tool in {OURS, RENAMING}:
            found["mir"] = self._meaning.mir()
        return found

    def _before(self) -> tuple[judge.Facts, judge.Facts]:
        """Return what was true of the crate, measured once."""
        file = RESULTS / f"{self._crate}.base.json"
        if not file.exists():
            found = [judge.compiled(self._folder).as_json(), judge.linted(self._folder).as_json()]
            _write(file, found)
        self._meaning = self._meaning or Meaning(self._folder, RESULTS / f"{self._crate}.meaning.json")
        compiled, linted = json.loads(file.read_text())
        return judge.facts(compiled), judge.facts(linted)


def _write(file: Path, value: object) -> None:
    scratch = file.with_suffix(".new")
    scratch.write_text(json.dumps(value, indent=1))
    scratch.replace(file)


if __name__ == "__main__":
    main()
