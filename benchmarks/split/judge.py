"""What cargo alone says of a crate as it stands on the disk: nothing here is the product's."""

import json
import os
import re
import subprocess
from collections import Counter
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

_LIMIT = 1_200
# Clippy says all that check says. A lint the crate denies must not hide what comes behind it.
_CHECKS = {
    "clippy": ["clippy", "--all-targets", "--keep-going", "--", "--cap-lints", "warn"],
    "check all-features": ["check", "--all-targets", "--keep-going", "--all-features"],
}
_LINTS = {"rustdoc": ["doc", "--no-deps", "--document-private-items"]}
_SUMMARY = re.compile(r"\d+ warnings? emitted|aborting due to|For more information")
# Where a thing stands is not what is wrong with it.
_PLACE = re.compile(r"\b(?:\w+::)+")
_UNRESOLVED = {"E0432", "E0433"}
_IMPORT = re.compile(r"\s*(?:pub(?:\([^)]*\))?\s+)?use\s")
_OTHER = "(no import)"
_TEST = re.compile(r"^test (\S+)(?: - should panic)? \.\.\. (\w+)", re.MULTILINE)


@dataclass
class Verdict:
    """What one command said.

    Attributes:
        ended_well: Whether cargo did.
        said: rustc's messages as ``level code: text``, counted.
        failed: The targets with errors, ``lib x``: published crates often lack what their benches need.
        imports: What the imports among them name that does not resolve, with its whole path.
    """

    ended_well: bool
    said: dict[str, int]
    failed: list[str]
    imports: dict[str, list[str]] = field(default_factory=dict)


@dataclass
class Facts:
    """All that cargo said; ``tests`` counts ``target: test is result``."""

    commands: dict[str, Verdict] = field(default_factory=dict)
    tests: dict[str, int] = field(default_factory=dict)
    test_problem: str = ""

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def facts(value: dict[str, Any]) -> Facts:
    """Read ``as_json``'s value."""
    commands = {name: Verdict(**said) for name, said in value["commands"].items()}
    return Facts(commands, value["tests"], value["test_problem"])


def compiled(folder: Path, before: Facts | None = None) -> Facts:
    """Return what clippy says of all targets with default features, and check with all features.

    What is broken already, compared with ``before``, is not checked further.
    """
    found = Facts()
    for name, command in _CHECKS.items():
        found.commands[name] = _verdict(folder, command)
        if before and broken(before, found):
            break
    return found


def linted(folder: Path) -> Facts:
    """Return what rustdoc says, and how the tests end."""
    found = Facts({name: _verdict(folder, command) for name, command in _LINTS.items()})
    found.tests, found.test_problem = _tests(folder)
    return found


def new_messages(before: Facts, after: Facts, level: str) -> dict[str, list[str]]:
    """Return by command what is said after, of a level, and was not before."""
    found = {}
    for name, verdict in after.commands.items():
        excess = Counter(verdict.said) - Counter(before.commands[name].said)
        found[name] = [f"{n}x {text}" for text, n in sorted(excess.items()) if text.startswith(level)]
    return {name: said for name, said in found.items() if said}


def new_errors(before: Facts, after: Facts) -> dict[str, list[str]]:
    """Return by command the errors that are new by their cause.

    Where a command failed before, an import that does not resolve may be there more often: a file that is cut
    imports the same into each part. It has to be one that was said before, with its whole path. One more of
    every other error is a new one.
    """
    found = {}
    for name, said in new_messages(before, after, "error").items():
        old, now = before.commands[name], after.commands[name]
        found[name] = [s for s in said if not _is_repeated(s.partition("x ")[2], old, now)]
    return {name: said for name, said in found.items() if said}


def _is_repeated(text: str, old: Verdict, now: Verdict) -> bool:
    """Whether all there is of an error are imports that did not resolve before."""
    imports = set(now.imports.get(text, ()))
    same = bool(imports) and imports <= set(old.imports.get(text, ()))
    return same and not old.ended_well and _OTHER not in imports


def broken(before: Facts, after: Facts) -> list[str]:
    """Return the commands that ended well before and do not after, or say new errors."""
    errors = new_errors(before, after)
    return [
        name
        for name, verdict in after.commands.items()
        if name in errors
        or set(verdict.failed) - set(before.commands[name].failed)
        or (before.commands[name].ended_well and not verdict.ended_well)
    ]


def different_tests(before: Facts, after: Facts, *, by_path: bool = True) -> list[str]:
    """Return the tests that are gone, new, or end differently, by their paths or by their own names alone."""
    old, now = ((Counter(f.tests) if by_path else _by_name(f.tests)) for f in (before, after))
    gone, new = old - now, now - old
    return [f"gone {t}" for t in sorted(gone)] + [f"new {t}" for t in sorted(new)]


def _by_name(tests: dict[str, int]) -> Counter[str]:
    """Return ``target: test is result`` without the modules the tests are in."""
    found: Counter[str] = Counter()
    for line, count in tests.items():
        found[_PLACE.sub("", line)] += count
    return found


def _verdict(folder: Path, command: list[str]) -> Verdict:
    done = _cargo(folder, command[0], "--message-format", "json", "--offline", *command[1:])
    said: Counter[str] = Counter()
    failed = set()
    imports: dict[str, set[str]] = {}
    for line in _json(done.stdout):
        message: dict[str, Any] = line.get("message") or {}
        if line["reason"] == "compiler-message" and not _SUMMARY.search(message["message"]):
            code = (message["code"] or {}).get("code", "")
            text = _PLACE.sub("", message["message"].partition("\n")[0])
            key = f"{message['level']} {code}: {text}"
            said[key] += 1
            if code in _UNRESOLVED:
                imports.setdefault(key, set()).add(_import(message))
            failed |= {_target(line)} if message["level"] == "error" else set()
    kept = {key: sorted(causes) for key, causes in sorted(imports.items())}
    return Verdict(done.returncode == 0, dict(sorted(said.items())), sorted(failed), kept)


def _import(message: dict[str, Any]) -> str:
    """Return what an import names in vain; ``_OTHER`` for what is said of any other line of code."""
    lines = [line["text"] for s in message["spans"] if s["is_primary"] for line in s["text"]]
    is_import = message["code"]["code"] == "E0432" or all(map(_IMPORT.match, lines))
    return message["message"].partition("\n")[0] if is_import and lines else _OTHER


def _tests(folder: Path) -> tuple[dict[str, int], str]:
    """Build the test binaries and run each; libtest's own lines are the result."""
    done = _cargo(folder, "test", "--no-run", "--message-format", "json", "--offline")
    if done.returncode:
        return {}, "the tests do not compile"
    found: Counter[str] = Counter()
    for line in _json(done.stdout):
        if line["reason"] == "compiler-artifact" and line.get("executable") and line["profile"]["test"]:
            label = _target(line)
            found.update(f"{label}: {name} is {end}" for name, end in _run(folder, line["executable"]))
    return dict(sorted(found.items())), ""


def _target(line: dict[str, Any]) -> str:
    return f"{line['target']['kind'][0]} {line['target']['name']}"


def _run(folder: Path, executable: str) -> list[tuple[str, str]]:
    try:
        done = subprocess.run(
            [executable], cwd=folder, capture_output=True, text=True, check=False, timeout=_LIMIT,
            errors="replace", env={**os.environ, "CARGO_MANIFEST_DIR": str(folder)},
        )  # fmt: skip
    except subprocess.TimeoutExpired:
        return [("all", "unfinished")]
    return _TEST.findall(done.stdout)


def _cargo(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    own = {
        "CARGO_TERM_COLOR": "never",
        "CARGO_TARGET_DIR": str(folder / "target"),
        "CARGO_PROFILE_DEV_DEBUG": "0",
    }
    return subprocess.run(
        ["cargo", *arguments], cwd=folder, capture_output=True, text=True, check=False,
        timeout=_LIMIT, env={**os.environ, **own},
    )  # fmt: skip


def _json(output: str) -> Iterator[dict[str, Any]]:
    for line in output.splitlines():
        if line.startswith("{"):
            yield json.loads(line)
