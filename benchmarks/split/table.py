"""The table: one row per bar, one column per tool, from the results of all files so far."""

import json
import subprocess
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

from benchmarks.split.texts import SHORT

Row = dict[str, Any]
OURS = "remediate"
README, PEERS = (Path(__file__).parent / name for name in ("README.md", "peers.json"))
_BEGIN, _END = "<!-- generated: table -->\n", "<!-- end of table -->"


def line(row: Row) -> str:
    """Return one result in a line."""
    head = f"{row['crate']:<18} {row['path']:<38} {row['lines']:>5} {row['tool']:<20} {row['outcome']:<9}"
    if row["outcome"] != "split":
        return f"{head} {row['said'][:200]!r}"
    text = row["text"]
    lost, changed = len(text["comments_lost"]), len(text["literals_changed"])
    return (
        f"{head} {'BROKEN' if row['broken'] else 'compiles'} unproven {row['unproven']} "
        f"largest {_largest(row)} new {len(text['new'])} warnings {_warnings(row)} "
        f"widened {text['widened']} super {text['supers']} "
        f"comments {lost} literals {changed} globs {len(text['globs'])} unrelated {len(text['unrelated'])} "
        f"tests {len(row.get('tests', []))} api {row.get('api', ['-'])[0]} "
        f"mir {[v[0] for v in row.get('mir', {}).values()]} runs {_runs(row)} {row['seconds']:.0f} s"
    )


def written(results: Path, peers: Sequence[str], renaming: str) -> str:
    """Write the table into the README between its marks, and return it.

    The peers' figures are those of their own results where each has one for every file of ours, and are then
    kept in ``peers.json``; else those that are kept there stand, with their date.
    """
    rows = [json.loads(f.read_text()) for f in sorted(results.glob("*.json")) if _is_row(f)]
    ours = [r for r in rows if r["tool"] == OURS]
    files = {(r["crate"], r["path"]) for r in ours}
    theirs = {p: [r for r in rows if r["tool"] == p and (r["crate"], r["path"]) in files] for p in peers}
    if all(len(found) == len(files) for found in theirs.values()):
        figures = {
            name: {p: figure(found) for p, found in theirs.items()} for name, figure in _FIGURES.items()
        }
        PEERS.write_text(json.dumps({**_when(ours), "figures": figures}, indent=1) + "\n")
    text = "\n".join(_page(results, ours, [r for r in rows if r["tool"] == renaming])) + "\n"
    before, begin, rest = README.read_text().partition(_BEGIN)
    _, end, after = rest.partition(_END)
    README.write_text(f"{before}{begin}{text}{end}{after}")
    return text


def _page(results: Path, ours: list[Row], renamed: list[Row]) -> Iterator[str]:
    kept = json.loads(PEERS.read_text())
    peers = list(next(iter(kept["figures"].values())))
    commits = Counter(r.get("commit", "?") for r in ours)
    made = ", ".join(f"{commit} ({count})" for commit, count in commits.most_common())
    for name, one in ((f"`remediate` at {made}", _when(ours)), ("the peers", kept)):
        yield f"{name}: {one['measured']}, {one['files']} files of {one['crates']} crates, {one['rustc']}."
    yield from ("", f"| | remediate | {' | '.join(peers)} |", "|---" * (len(peers) + 2) + "|")
    for name, figure in _FIGURES.items():
        theirs = kept["figures"].get(name, {})
        yield f"| {name} | {figure(ours)} | {' | '.join(theirs.get(p, '-') for p in peers)} |"
    yield from ("", *_own(results, ours))
    if renamed:
        yield from (
            "",
            "Files of nothing but tests, with --rename-tests (tests compared by their own names):",
            "",
        )
        yield from (f"- {line(row)}" for row in renamed)


def _when(rows: list[Row]) -> dict[str, Any]:
    crates, today = {r["crate"] for r in rows}, time.strftime("%Y-%m-%d")
    return {"measured": today, "files": len(rows), "crates": len(crates), "rustc": _toolchain()}


def _is_row(file: Path) -> bool:
    return file.stem.rpartition(".")[2] not in {"base", "meaning", "determinism"}


def _toolchain() -> str:
    said = subprocess.run(["rustc", "--version"], check=True, capture_output=True, text=True).stdout
    return " ".join(said.split()[:2])


def _good(rows: list[Row]) -> list[Row]:
    """Return the splits that compile wherever the crate did before."""
    return [r for r in rows if r["outcome"] == "split" and not r["broken"]]


def _split(rows: list[Row]) -> list[Row]:
    return [r for r in rows if r["outcome"] == "split"]


def _share(part: int, whole: int) -> str:
    return f"{part} of {whole} ({100 * part / whole:.0f} %)" if whole else "-"


def _largest(row: Row) -> int:
    sizes: dict[str, int] = row["text"]["sizes"]
    return max(sizes.values())


def _warnings(row: Row) -> int:
    return sum(len(said) for said in row.get("warnings", {}).values())


def _runs(row: Row) -> int:
    timings: dict[str, int] = row["report"].get("timings", {})
    return timings.get("cargo_runs", 0) - timings.get("baseline_runs", 0)


def _within(limit: int, rows: list[Row]) -> str:
    good = _good(rows)
    fit = [r for r in good if all(n <= limit or _is_listed(r, p) for p, n in r["text"]["sizes"].items())]
    return _share(len(fit), len(good))


def _is_listed(row: Row, path: str) -> bool:
    """Whether the tool itself says of a long file why it is."""
    return any(path in note for note in row["report"].get("notes", ()))


def _counted(key: str) -> Callable[[list[Row]], str]:
    """Return what counts the entries of a list, and the files that have any."""

    def figure(rows: list[Row]) -> str:
        found = [len(r["text"][key]) for r in _split(rows)]
        return f"{sum(found)} in {sum(map(bool, found))} files"

    return figure


def _widened(rows: list[Row]) -> str:
    return f"{sum(r['text']['widened'] for r in _split(rows))}"


def _supers(rows: list[Row]) -> str:
    return _median([1000 * r["text"]["supers"] / r["lines"] for r in _split(rows)])


def _short(rows: list[Row]) -> str:
    sizes = [r["text"]["sizes"][p] for r in _good(rows) for p in r["text"]["new"]]
    return _share(sum(n < SHORT for n in sizes), len(sizes))


def _globs(rows: list[Row]) -> str:
    good = _good(rows)
    return _share(sum(len(r["text"]["globs"]) for r in good), sum(len(r["text"]["new"]) for r in good))


def _same(key: str) -> Callable[[list[Row]], str]:
    def figure(rows: list[Row]) -> str:
        verdicts = [r[key][0] for r in _good(rows) if key in r]
        return _share(verdicts.count("passed"), sum(v != "unverified" for v in verdicts))

    return figure


def _tests(rows: list[Row]) -> str:
    judged = [r for r in _good(rows) if r.get("test_count")]
    return _share(sum(not r["tests"] for r in judged), len(judged))


def _false(rows: list[Row]) -> str:
    claimed = [r for r in _split(rows) if r["claims"]]
    return (
        f"{sum(bool(r['broken'] or r.get('tests')) for r in claimed)} of {len(claimed)}"
        if claimed
        else "no claim"
    )


def _median(values: list[float], digits: int = 1) -> str:
    if not values:
        return "-"
    ordered = sorted(values)
    late = ordered[min(len(ordered) - 1, int(0.95 * len(ordered)))]
    return f"{ordered[len(ordered) // 2]:.{digits}f} / {late:.{digits}f}"


_FIGURES: dict[str, Callable[[list[Row]], str]] = {
    "split, and compiles (all targets, default and all features)": lambda r: _share(len(_good(r)), len(r)),
    "split, but does not compile": lambda r: str(len(_split(r)) - len(_good(r))),
    "declined or gave up": lambda r: str(len(r) - len(_split(r))),
    "reported as verified, and is not": _false,
    "every file <= 300 lines, or listed with the reason": lambda r: _within(300, r),
    "every file <= 500 lines, or listed": lambda r: _within(500, r),
    "new files under 30 lines": _short,
    "files with new rustc, clippy or rustdoc warnings": lambda r: _share(
        sum(_warnings(x) > 0 for x in _good(r)), len(_good(r))
    ),
    "definitions visible further than before": _widened,
    "`pub(super)` per 1,000 lines, median / 95 %": _supers,
    "comment lines lost": _counted("comments_lost"),
    "literals lost or changed": _counted("literals_changed"),
    "unrelated files changed": _counted("unrelated"),
    "same public paths": _same("api"),
    "same tests, same results": _tests,
    "new files with `use super::*`, tests aside": _globs,
}


def _own(results: Path, rows: list[Row]) -> Iterator[str]:
    """Yield what only the program itself tells."""
    good = _good(rows)
    timings = [r["report"]["timings"] for r in good]
    shares = [100 * (t["total_s"] - t["cargo_s"]) / t["total_s"] for t in timings if t["total_s"]]
    plans = [r["report"]["timings"]["plan_s"] for r in rows if r["report"]]
    rounds = [t["rounds"] for t in timings if t.get("rounds")]
    verdicts = [v for r in good for name, (v, _) in r.get("mir", {}).items() if ": " not in name]
    yield "`remediate` alone:"
    yield ""
    yield f"- rounds of checks of a fix, median / 95 %: {_median(rounds, 0)}, over {len(rounds)} files"
    runs = _median([_runs(r) for r in good], 0)
    yield f"- starts of cargo (each feature set, tests, doctests), the baseline aside, median / 95 %: {runs}"
    yield f"- MIR modulo paths: {_share(verdicts.count('passed'), len(verdicts))} the same"
    yield f"- planning, s, median / 95 %: {_median(plans, 2)}; longest {max(plans, default=0):.2f}"
    yield f"- own share of the wall time, %, median / 95 %: {_median(shares)}"
    cpu = [100 * own / (own + others) for own, others in (r["cpu"] for r in good if r.get("cpu"))]
    yield f"- own share of the CPU time, %, median / 95 %: {_median(cpu)}, over {len(cpu)} files"
    file = results / "determinism.json"
    if file.exists():
        found = [n for crate in json.loads(file.read_text()).values() for n in crate.values()]
        yield f"- the same bytes under 20 hash seeds: {_share(found.count(1), len(found))}"
    for row in rows:
        if row not in good:
            yield f"- {row['crate']} {row['path']}: {row['outcome']}, {row['said'][:200]}"
        elif row["unproven"]:
            yield f"- {row['crate']} {row['path']}: nothing is shown by {', '.join(row['unproven'])}"
