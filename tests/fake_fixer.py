"""Fixers of every kind: ``fake_fixer.py KIND CHECKOUT`` works in the current folder as its kind does."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

LIB = Path("src/lib.rs")
RIGHT = ("// TODO: round half up\nfn tax(cents: i64) -> i64 {\n    cents * 7 / 100\n}",
         "fn tax(cents: i64) -> i64 {\n    (cents * 7 + 50) / 100\n}")  # fmt: skip


def replace(old: str, new: str, path: Path = LIB) -> None:
    text = path.read_text()
    assert old in text, old
    path.write_text(text.replace(old, new, 1))


def right() -> None:
    replace(*RIGHT)


def told(**result: object) -> None:
    Path(os.environ["SVP_RESULT"]).write_text(json.dumps(result))


def git(*arguments: str) -> None:
    subprocess.run(["git", *arguments], check=True, capture_output=True)


def attempt(path: Path, text: str) -> None:
    """Write a file, where the kernel lets it be."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    except OSError:
        sys.stderr.write(f"refused: {path}\n")


def behave(kind: str) -> int:  # noqa: C901
    """Be right, wrong, or say how it went; return the exit code."""
    if kind == "right":
        order = sys.stdin.read()
        assert order == Path(os.environ["REMEDIATE_WORK_ORDER"]).read_text()
        assert json.loads(Path(os.environ["REMEDIATE_WORK_ORDER_JSON"]).read_text())["advice"]
        assert os.environ["SVP_API"] == "1"
        assert os.environ["COMMITTER"] == "A Person <person@example.org>"
        assert "SECRET" not in os.environ
        assert os.environ["GIVEN"] == "yes"
        right()
        told(code="success", description="rounds half up", value=1)
    elif kind == "commits":
        right()
        git("commit", "--quiet", "--all", "--message", "Mine")
        LIB.write_text("not committed, and so dropped")
    elif kind == "loud":
        right()
        piece = "x" * 1_000_000
        for _ in range(40):
            sys.stdout.write(piece)
            sys.stderr.write(piece + "\n")
    elif kind == "wrong":
        replace(RIGHT[0], RIGHT[1].replace("+ 50", "+ 950"))
    elif kind == "broken":
        replace(RIGHT[0], "fn tax(cents: i64) -> i64 {\n    cents.rounded()\n}")
    elif kind == "reworded":
        replace("// TODO: round half up", "// TODO: round")
    elif kind == "idle":
        told(code="nothing-to-do", description="already fine")
    elif kind == "no-change":
        pass
    elif kind == "fails":
        right()
        told(code="no-route", description="the service is away", transient=True, stage=["ask", "connect"])
        return 1
    elif kind == "crashes":
        right()
        sys.stderr.write("Traceback\nValueError: bad order\n")
        return 3
    elif kind == "no-json":
        right()
        Path(os.environ["SVP_RESULT"]).write_text("{")
    return 0


def overstep(kind: str) -> None:
    """Change what is not the finding's."""
    if kind == "other-file":
        right()
        replace("1", "2", Path("src/store.rs"))
    elif kind == "new-program":
        right()
        attempt(Path("src/bin/tool.rs"), "fn main() {}\n")
    elif kind == "deletes-test":
        right()
        replace("    #[test]\n    fn adds() {\n        assert_eq!(super::with_tax(100), 107);\n    }\n", "")
    elif kind == "weakens-test":
        right()
        replace("assert_eq!(super::with_tax(100), 107)", "assert!(super::with_tax(100) > 0)")
    elif kind == "widens":
        right()
        replace("fn tax", "pub(crate) fn tax")
    elif kind == "adds-unwrap":
        replace(RIGHT[0], RIGHT[1].replace("/ 100", "/ i64::try_from(100u8).unwrap()"))
    elif kind == "adds-dependency":
        right()
        with Path("Cargo.toml").open("a") as manifest:
            manifest.write('\n[dependencies]\ncfg-if = "1"\n')
    elif kind == "link":
        right()
        Path("src/link.rs").symlink_to("/etc/hostname")
    elif kind == "program":
        right()
        LIB.chmod(0o755)


def escape(kind: str, checkout: Path) -> None:
    """Try to do something outside of the repository it was given."""
    if kind == "hangs":
        right()
        for detached in (False, True):
            later = f"import time; time.sleep(4); open({str(checkout / 'late.txt')!r}, 'w').write('late')"
            subprocess.Popen([sys.executable, "-c", later], start_new_session=detached)
        time.sleep(600)
    elif kind == "leaves-children":
        right()
        later = f"import time; time.sleep(3); open({str(checkout / 'late.txt')!r}, 'w').write('late')"
        subprocess.Popen([sys.executable, "-c", later], start_new_session=True, stdout=subprocess.DEVNULL,
                         stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)  # fmt: skip
    elif kind == "drops-repository":
        right()
        subprocess.run(["rm", "-rf", ".git"], check=True)
        subprocess.run(["git", "config", "user.name", "Nobody"], check=False, capture_output=True)
    elif kind == "own-repository":
        git("config", "core.fsmonitor", "touch pwned; false")
        git("config", "--global", "user.name", "Nobody")
        Path(".git/hooks").mkdir(exist_ok=True)
        git("branch", "remediate/todo-marker/other")
        git("tag", "v1")
        right()
    elif kind == "writes-outside":
        right()
        attempt(checkout / "src" / "lib.rs", "// overwritten\n")
        attempt(checkout / "new.txt", "new")
        attempt(checkout / ".git" / "config", "[user]\n\tname = Nobody\n")
        attempt(checkout / ".git" / "hooks" / "pre-commit", "#!/bin/sh\nexit 1\n")
        attempt(
            checkout / ".git" / "refs" / "heads" / "stolen", (checkout / ".git/refs/heads/main").read_text()
        )
        attempt(checkout / ".git" / "index", "")


def work(kind: str, checkout: Path) -> int:
    overstep(kind)
    escape(kind, checkout)
    return behave(kind)


if __name__ == "__main__":
    sys.exit(work(sys.argv[1], Path(sys.argv[2])))
