"""The rows as a table in Markdown, and the sum of it against the bars."""

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any


def print_table(files: Sequence[Path]) -> None:
    rows = [json.loads(file.read_text()) for file in files if file.exists()]
    print("| crate | embedded tests | same in | inline modules | relocated | rounds | cost | ejectest |")
    print("|---|---|---|---|---|---|---|---|")
    for row in rows:
        print(_line(row))
    _sum(rows)


def _line(row: dict[str, Any]) -> str:
    sets = ", ".join(f"{name} {count}" for name, count in row["same"].items())
    moved = row["modules"] - len(row["left"])
    cells = (
        row["crate"], row["embedded"], sets or row["reason"], row["modules"], moved, row["rounds"],
        f"{_ratio(row):.1f}x", _peer(row["peer"]),
    )  # fmt: skip
    return "| " + " | ".join(map(str, cells)) + " |"


def _ratio(row: dict[str, Any], clock: str = "cpu") -> float:
    ratio: float = row["cost"][clock] / row["cost_of_tests"][clock]
    return ratio


def _peer(peer: dict[str, Any]) -> str:
    if not peer:
        return ""
    if peer["exit"] not in (0, None) and peer["left"] == peer["modules"]:
        return "refuses"
    moved = f"{peer['modules'] - peer['left']} moved"
    if not peer["builds"]:
        return f"{moved}, does not build"
    wrong = {k: peer[k] for k in ("lost", "added", "other_result", "literals_changed") if peer[k]}
    return moved + "".join(f", {n} {k.replace('_', ' ')}" for k, n in wrong.items())


def _sum(rows: Sequence[dict[str, Any]]) -> None:
    modules, left = sum(r["modules"] for r in rows), [f"{r['crate']}: {m}" for r in rows for m in r["left"]]
    different = [f"{r['crate']}: {d}" for r in rows for d in r["different"]]
    print(f"\n{len(rows)} crates, {sum(r['embedded'] for r in rows)} embedded tests")
    print(f"tests lost, added, renamed or with another result: {sum(': flaky' not in d for d in different)}")
    for words in different:
        print(f"  {words}")
    print(f"inline test modules: {modules}, relocated {modules - len(left)} ({_share(modules, left)})")
    for words in left:
        print(f"  left: {words}")
    for row in rows:
        if row["outcome"] != "fixed" or row["unverified"]:
            print(f"  {row['crate']}: {row['outcome']}, {row['reason']}: {row['detail'][:300]}")
            print("".join(f"      {u[:200]}\n" for u in row["unverified"]), end="")
    print(f"rounds: most {max((r['rounds'] for r in rows), default=0)}")
    for clock in ("cpu", "wall"):
        whole, tests = (sum(r[key][clock] for r in rows) for key in ("cost", "cost_of_tests"))
        found = sorted(_ratio(r, clock) for r in rows)
        over = sum(f > 3 for f in found)
        print(f"cost, {clock}: {whole / tests:.2f}x of all, median {found[len(found) // 2]:.2f}x", end=", ")
        print(f"largest {found[-1]:.2f}x, above 3x: {over}")
    wrong = [r["crate"] for r in rows if r["literals"] and not r["literals"].endswith("same")]
    print(
        f"literals: {sum(int(r['literals'].split()[0]) for r in rows if r['literals'].endswith('same'))}",
        end=" ",
    )
    print(f"the same; crates with a difference: {wrong}")
    print(
        f"second run worked: {[r['crate'] for r in rows if r['second_run'] != 'nothing' and r['branch']]}",
        end="; ",
    )
    print(f"result would change again: {[r['crate'] for r in rows if r['on_its_result'] != 'nothing']}")


def _share(modules: int, left: Sequence[str]) -> str:
    return f"{100 * (modules - len(left)) / modules:.2f} %" if modules else "none"
