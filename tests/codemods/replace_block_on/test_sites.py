"""Every labelled call of ``sites/``: judged as labelled, and the programs say the same after.

A line's label is ``//~`` with a class (M0 to M5) or a reason code for each call on it. A program with the
line ``//~ before: panics`` (or hangs) does so before, and runs through after.
"""

import re
import shutil
import subprocess
from collections import Counter
from pathlib import Path

import pytest

from remediate.cargo.command import Cargo
from remediate.codemods import replace_block_on
from remediate.codemods.replace_block_on.options import BlockingOptions
from remediate.edits import Change
from remediate.model import Explained, Finding
from remediate.rust.codebase import Codebase
from remediate.verify.report import Level
from remediate.workflow.sources.workspace import load
from remediate.workflow.tree.gathering import asked
from remediate.workflow.tree.session import Session

_SITES = Path(__file__).with_name("sites")
_OPTIONS = BlockingOptions()
_ARGUMENTS = {"panics": ("own", "current", "load", "channels", "locks")}
_LIMIT_S = 20.0
_LIMIT_OF_A_HANG_S = 2.0
_HANG = -1
_ENDS = {b"panics": 101, b"hangs": _HANG}


@pytest.mark.slow
def test_sites_are_judged_as_labelled_and_programs_say_the_same(
    tmp_path: Path, pytestconfig: pytest.Config
) -> None:
    # Without their times: cargo would take what an earlier test left for a build of these.
    root = shutil.copytree(_SITES, tmp_path / "sites", copy_function=shutil.copyfile)
    results = pytestconfig.cache.mkdir("async-sites") if pytestconfig.cache else None
    cargo = Cargo(root, results, extra={"CARGO_PROFILE_DEV_DEBUG": "0"})
    before = _ran(cargo, root)
    session = Session(load(root), cargo, Level.STANDARD, tree="", cache=tmp_path / "cache")
    right = 0
    for path in sorted(p for p in session.workspace.files if p.endswith(".rs")):
        finding = Finding("1", "0" * 16, "block-on", "", path)
        codebase = session.workspace.codebase
        known = session.informed(codebase, asked(replace_block_on, codebase, finding, _OPTIONS))
        right += _judged(known, finding)
        _applied(known, finding, root)
    assert right >= 150
    for name, (code, said) in _ran(cargo, root).items():
        assert code == 0, name
        assert before[name] == (0, said) or before[name][0], name
        failed = re.search(rb"//~ before: (panics|hangs)", _source(root, name))
        assert before[name][0] == (_ENDS[failed[1]] if failed else 0), name


def _source(root: Path, name: str) -> bytes:
    (path,) = root.glob(f"*/src/bin/{name.partition(' ')[0]}.rs")
    return path.read_bytes()


def _judged(codebase: Codebase, finding: Finding) -> int:
    """Return how many labels a file has, all of them right."""
    found: dict[int, list[Explained]] = {}
    for site in replace_block_on.explain(codebase, finding, _OPTIONS):
        found.setdefault(site.line, []).append(site)
    text = codebase.files[finding.path].decode().splitlines()
    labels = {n: re.search(r"//~ (?!before)(.+)", line) for n, line in enumerate(text, 1)}
    wanted = {n: Counter(label[1].split()) for n, label in labels.items() if label}
    seen = {n: Counter(s.reason or s.kind for s in some) for n, some in found.items()}
    assert seen == wanted, finding.path
    return sum(counter.total() for counter in wanted.values())


def _applied(codebase: Codebase, finding: Finding, root: Path) -> None:
    planned = replace_block_on.plan(codebase, finding, _OPTIONS)
    if isinstance(planned, Change):
        for path, text in planned.result(codebase.files).items():
            assert text is not None
            (root / path).write_bytes(text)


def _ran(cargo: Cargo, root: Path) -> dict[str, tuple[int, str]]:
    """Return how each program ends and what it says, by its name and argument."""
    assert not cargo.run(("build", "--quiet")).code
    found = {}
    for source in sorted(root.glob("*/src/bin/*.rs")):
        for argument in _ARGUMENTS.get(source.stem, ("",)):
            program = cargo.results / "debug" / source.stem
            limit = _LIMIT_OF_A_HANG_S if b"before: hangs" in source.read_bytes() else _LIMIT_S
            try:
                done = subprocess.run([program, argument], capture_output=True, check=False, timeout=limit)
            except subprocess.TimeoutExpired:
                found[f"{source.stem} {argument}"] = _HANG, ""
            else:
                found[f"{source.stem} {argument}"] = done.returncode, done.stdout.decode()
    return found
