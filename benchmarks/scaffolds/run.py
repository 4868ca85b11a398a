"""Scaffold published crates, and judge what is written: ``python -m benchmarks.scaffolds.run [CRATE ..]``.

Each crate becomes a repository with two stubs of ours behind the code of its library, one whole and one
inside of a function that works, and an audit that names them and sketches an executor or a processor for
types of the crate. ``remediate run --scaffold`` writes; cargo, clippy (pedantic, for the written lines alone)
and git judge.
"""

import json
import re
import shutil
import subprocess
import sys
import tomllib
from collections.abc import Iterator
from pathlib import Path

from benchmarks.registry_crates import fetch
from benchmarks.repository import begin, git

HERE = Path(__file__).parent
WORK = HERE.parent / "work" / "scaffolds"
STUBS = """
/// Counts the parts of a name.
///
/// # Errors
///
/// Where the name has none.
pub fn parts_of(name: &str) -> RETURNS {
    // Placeholder implementation
    let _ = name;
    NOTHING
}

/// Counts the letters of a name.
#[must_use]
pub fn letters_of(name: &str) -> usize {
    if name.is_empty() {
        // TODO: say where it is from
    }
    name.len()
}
"""
AUDIT = """# Audit

### 1. Placeholders in the library
**File:** `src/lib.rs`
**Line:** LINE
**Violation:** Placeholder implementation of the counting
**Technical Solution:** Write it:
```rust
pub struct ProductionPartsKIND;

impl ProductionPartsKIND {
    pub fn VERB(&self, input: TAKES) -> AsyncStream<GIVES> {
        let (sender, stream) = async_stream_channel();
        stream
    }
}
```

### 2. TODO markers
**File:** `src/lib.rs`
**Line:** TODO
**Violation:** TODO marker
"""


def main() -> int:
    table = tomllib.loads((HERE / "crates.toml").read_text())
    wanted = {
        name: version
        for name, version in table["crates"].items()
        if name in (sys.argv[1:] or table["crates"])
    }
    print(
        "| crate | finding | outcome | written | rustc | pedantic | tests passed / ignored, before | after |"
    )
    print("|---|---|---|---|---|---|---|---|")
    good = True
    for name, folder in fetch(wanted).items():
        for row, fine in _rows(name, wanted[name], folder, table["kinds"][name]):
            good &= fine
            print(row, flush=True)
    return int(not good)


def _rows(name: str, version: str, source: Path, kind: dict[str, str]) -> Iterator[tuple[str, bool]]:
    repo = _repository(name, source, kind)
    before, warned = _tests(repo), set(_messages(repo, "check"))
    tool = str(Path(sys.executable).with_name("remediate"))
    command = [tool, "run", "AUDIT.md", "--scaffold", "--message-format", "json", "--quiet"]
    told = json.loads(subprocess.run(command, cwd=repo, capture_output=True, check=False).stdout)
    for number, outcome in enumerate(told["outcomes"][:2], 1):
        head = f"| {name} {version} | {number} | {outcome['outcome']} ({outcome['reason']})"
        if not outcome["branch"]:
            yield f"{head} | {outcome['detail']} | | | | |", False
            continue
        git(repo, "checkout", "-q", outcome["branch"])
        written = _written(repo)
        new = [m for m in _messages(repo, "check") if m not in warned]
        lints = [m for m in _messages(repo, "clippy", "-W", "clippy::pedantic") if m[1:] in written]
        after = _tests(repo)
        files = ", ".join(sorted({path for path, _ in written}))
        tests = f"{before[0]} / {before[1]} | {after[0]} / {after[1]}"
        yield (
            f"{head} | {len(written)} lines of {files} | {len(new)} new | {len(lints)} | {tests} |",
            not new and not lints and after[0] >= before[0] and after[1] > before[1] and not after[2],
        )
        for message in (*new, *lints):
            print("  ", *message, file=sys.stderr)
        git(repo, "checkout", "-q", "-")


def _repository(name: str, source: Path, kind: dict[str, str]) -> Path:
    repo = WORK / name
    shutil.rmtree(repo, ignore_errors=True)
    shutil.copytree(source, repo, ignore=shutil.ignore_patterns("Cargo.lock", ".cargo*", "target"))
    shutil.move(repo / "Cargo.toml.orig", repo / "Cargo.toml")  # cargo's own says `autotests = false`
    library = repo / "src" / "lib.rs"
    nothing = "Ok(0)" if "Result" in kind["returns"] else "0"
    text = library.read_text().rstrip("\n") + "\n"
    text += STUBS.replace("RETURNS", kind["returns"]).replace("NOTHING", nothing)
    library.write_text(text)
    lines = text.split("\n")
    audit = AUDIT.replace("LINE", str(lines.index("    // Placeholder implementation") + 1))
    audit = audit.replace("** TODO", f"** {lines.index('        // TODO: say where it is from') + 1}")
    verb = "execute" if kind["kind"] == "Executor" else "process"
    for word, value in (
        ("KIND", kind["kind"]),
        ("VERB", verb),
        ("TAKES", kind["takes"]),
        ("GIVES", kind["gives"]),
    ):
        audit = audit.replace(word, value)
    (repo / "AUDIT.md").write_text(audit)
    (repo / ".gitignore").write_text("/target\n")
    subprocess.run(["cargo", "generate-lockfile", "-q"], cwd=repo, check=True)
    begin(repo)
    return repo


def _written(repo: Path) -> set[tuple[str, int]]:
    """Return the lines that the last commit adds, by path and number."""
    found, path, at = set(), "", 0
    for line in git(repo, "show", "--unified=0", "--format=", "HEAD").split("\n"):
        if line.startswith("+++ b/"):
            path = line[6:]
        elif hunk := re.match(r"@@ -\S+ \+(\d+)", line):
            at = int(hunk[1])
        elif line.startswith("+"):
            if path.endswith(".rs"):
                found.add((path, at))
            at += 1
    return found


def _messages(repo: Path, command: str, *more: str) -> list[tuple[str, str, int]]:
    arguments = [
        "cargo",
        command,
        "--all-targets",
        "-q",
        "--message-format",
        "json",
        *(["--", *more] if more else []),
    ]
    lines = subprocess.run(
        arguments, cwd=repo, capture_output=True, text=True, check=False
    ).stdout.splitlines()
    messages = (json.loads(line).get("message") for line in lines)
    return [
        (message["message"], span["file_name"], span["line_start"])
        for message in messages
        if message
        for span in message["spans"]
        if span["is_primary"]
    ]


def _tests(repo: Path) -> tuple[int, int, int]:
    """Return how many tests pass, are ignored, and fail."""
    ran = subprocess.run(
        ["cargo", "test", "-q", "--no-fail-fast"], cwd=repo, capture_output=True, text=True, check=False
    )
    found = re.findall(r"(\d+) passed; (\d+) failed; (\d+) ignored", ran.stdout)
    passed, failed, ignored = (sum(int(row[at]) for row in found) for at in range(3))
    return passed, ignored, failed


if __name__ == "__main__":
    sys.exit(main())
