"""Anchoring against a scripted history: how many claims get the right status, how many a wrong "present"."""

import argparse
import tempfile
import time
from collections import Counter
from pathlib import Path

from benchmarks.anchoring.scenario import Scenario, Truth, play
from benchmarks.registry_crates import fetch, pinned
from remediate.audit.anchoring.anchor import Settings, each
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree
from remediate.git.command import Git
from remediate.git.history import SourceHistory
from remediate.model import Finding

HERE = Path(__file__).parent


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    # Seeds below 100 were looked at while the constants of ``audit.snapshots`` were chosen; these were not.
    parser.add_argument("--first", type=int, default=100)
    parser.add_argument("--seeds", type=int, default=3)
    parser.add_argument("--without", action="store_true", help="only without history")
    parser.add_argument("--verbose", action="store_true")
    options = parser.parse_args()
    folders = fetch(pinned(HERE / "crates.toml"))
    print(
        '| seed | history | claims | right | wrong | wrong "present" | seconds |\n'
        "|---|---|---|---|---|---|---|"
    )
    for seed in range(options.first, options.first + options.seeds):
        with tempfile.TemporaryDirectory() as scratch:
            scenario = play(folders, Path(scratch), seed)
            for used in (False,) if options.without else (True, False):
                _report(scenario, seed, with_history=used, verbose=options.verbose)


def _report(scenario: Scenario, seed: int, *, with_history: bool, verbose: bool) -> None:
    start = time.perf_counter()
    findings = _anchored(scenario, with_history=with_history)
    seconds = time.perf_counter() - start
    answers = [(truth, _answer(findings, truth)) for truth in scenario.truths]
    wrong = [(truth, got) for truth, got in answers if not _is_right(truth, got)]
    present = [1 for truth, got in wrong if got and got.status == "present"]
    print(
        f"| {seed} | {'yes' if with_history else 'no'} | {len(answers)} | {len(answers) - len(wrong)} "
        f"| {len(wrong)} | {len(present)} | {seconds:.1f} |"
    )
    if verbose:
        print(Counter((truth.status, got.status.value if got else "none") for truth, got in answers))
        for truth, got in wrong:
            if with_history or (got and got.status == "present"):
                print("  ", truth, "->", got and (got.status.value, got.path, got.moved_to, got.reason))


def _anchored(scenario: Scenario, *, with_history: bool) -> tuple[Finding, ...]:
    root = scenario.root
    files = {p.relative_to(root).as_posix(): p.read_bytes() for p in sorted(root.glob("crates/**/*.rs"))}
    packages = {f"crates/{name}": name for name in ("h2", "hyper")}
    tree, document = Tree(files, packages=packages), read(scenario.audit, "AUDIT.md")
    if not with_history:
        return tuple(each(document, tree))
    with Git(root) as git:
        return tuple(each(document, tree, Settings(history=SourceHistory(git, root))))


def _answer(findings: tuple[Finding, ...], truth: Truth) -> Finding | None:
    claiming = (f for f in findings if truth.line in (f.claimed_lines or (f.claimed_size,)))
    own = (f for f in claiming if f.title == truth.item and f.claimed_path.endswith(truth.path))
    return next(own, None)


def _is_right(truth: Truth, got: Finding | None) -> bool:
    if got is None or got.status.value not in truth.status.split("|"):
        return False
    if truth.today is None:
        return True
    path, line = truth.today
    return got.path == path and (not line or line in {site.line for site in got.sites})


if __name__ == "__main__":
    main()
