"""What is written is current, and names nothing of the machine it was written on."""

import configparser
import importlib
import importlib.util
import os
import re
import subprocess
import tomllib
from collections.abc import Iterator
from pathlib import Path
from types import ModuleType
from urllib.parse import urlsplit

import pytest
from fixture_case import cases

from remediate.contract import codemods

ROOT = Path(__file__).parents[1]
# Public registries, written so that this file does not name them itself.
REGISTRIES = r"pypi\.org|pythonhosted\.org|(index|static)\.crates\.io|proxy\.golang\.org|registry\.npmjs\.org"
MACHINE_PATHS = r"(?<![\w.$}])/(work|tmp|root)/\w"


def _generator() -> ModuleType:
    spec = importlib.util.spec_from_file_location("generate", ROOT / "docs" / "generate.py")
    assert spec
    assert spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_the_schema_of_the_configuration_is_current() -> None:
    generator = _generator()
    assert (ROOT / generator.SCHEMA).read_text("utf-8") == generator.schema(), "run `make docs`"


@pytest.mark.parametrize("document", _generator().DOCUMENTS)
def test_generated_parts_are_current(document: str) -> None:
    text = (ROOT / document).read_text("utf-8")
    assert "<!-- generated: " in text
    assert _generator().filled(text) == text, "run `make docs`"


@pytest.mark.parametrize("document", sorted(p.relative_to(ROOT).as_posix() for p in ROOT.glob("*.md")))
def test_links_lead_somewhere(document: str) -> None:
    targets = re.findall(r"\]\(([^)#]+)", (ROOT / document).read_text("utf-8"))
    assert not [t for t in targets if "://" not in t and not (ROOT / t).exists()]


def test_the_two_commands_of_the_readme_are_targets() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    named = set(
        re.findall(r"(?:`|^    )make ([a-z-]+)", (ROOT / "README.md").read_text("utf-8"), re.MULTILINE)
    )
    assert {"demo", "test"} <= named
    assert not [target for target in named if not re.search(rf"^{target}:", makefile, re.MULTILINE)]


def test_every_reason_of_the_workflow_is_explained() -> None:
    told = re.compile(r"(?:Skip|Faulty|RolledBack|Problem|tell)\((?:\w[\w.]*, )?\"([a-z0-9-]+)\"")
    sources = "".join(p.read_text("utf-8") for p in (ROOT / "src/remediate/workflow").rglob("*.py"))
    codes = {match[1] for match in told.finditer(sources)}
    explained = (ROOT / "docs/reasons.md").read_text("utf-8")
    assert {"no-codemod", "check-failed", "too-large", "branch-taken", "empty-change"} <= codes
    assert not {code for code in codes if f"`{code}`" not in explained}


@pytest.mark.parametrize("name", codemods())
def test_every_reason_of_a_codemod_is_explained(name: str) -> None:
    module = codemods()[name].__name__  # type: ignore[attr-defined]
    sources = (ROOT / "src" / module.replace(".", "/")).glob("**/*.py")
    used = {c for p in sources for c in re.findall(r'Skip\(\s*"([a-z0-9-]+)"', p.read_text("utf-8"))}
    used |= {c.reason.partition(":")[0] for c in cases(module.rpartition(".")[2]) if c.declines}
    assert used
    assert used <= set(importlib.import_module(f"{module}.reasons").REASONS)


def test_the_changelog_has_this_version() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    assert f"## [{project['version']}]" in (ROOT / "CHANGELOG.md").read_text("utf-8")


def test_committed_text_names_no_registry_and_no_path_of_a_machine() -> None:
    here = [re.escape(text) for text in (str(ROOT), *_hosts()) if len(text) > 3]
    wrong = re.compile("|".join([REGISTRIES, MACHINE_PATHS, *here]))
    found = {p: hit[0] for p, text in _committed() if (hit := wrong.search(text))}
    assert not found


def _committed() -> Iterator[tuple[str, str]]:
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, check=True, capture_output=True)
    for name in filter(None, listed.stdout.decode().split("\0")):
        path = ROOT / name
        if path.is_file() and not path.is_symlink():
            yield name, path.read_bytes().decode(errors="replace")


def _hosts() -> Iterator[str]:
    """The hosts that this machine's pip and cargo are told to use instead of the public registries."""
    settings = [value for name, value in os.environ.items() if name in ("PIP_INDEX_URL", "UV_INDEX_URL")]
    for path in (Path("/etc/pip.conf"), Path.home() / ".config/pip/pip.conf", Path.home() / ".pip/pip.conf"):
        parser = configparser.ConfigParser(interpolation=None)
        parser.read(path)
        settings += [value for section in parser.values() for value in section.values()]
    cargo = Path.home() / ".cargo" / "config.toml"
    settings += re.findall(r'"([^"]+://[^"]+)"', cargo.read_text("utf-8") if cargo.is_file() else "")
    hosts = (urlsplit(word.removeprefix("sparse+")).hostname for line in settings for word in line.split())
    yield from (host for host in hosts if host)


def test_every_row_of_the_splitting_checklist_names_what_shows_it() -> None:
    """A row names a case or a test, all of them exist, and each of the 64 traps has its row."""
    text = (ROOT / "docs" / "splitting-checklist.md").read_text("utf-8")
    known = {c.name for c in cases("split_file")}
    rows = {int(row[0]): row[3] for row in re.findall(r"(?m)^\| (\d+) \| (.+?) \| (.+?) \| (.+) \|$", text)}
    assert sorted(rows) == list(range(1, 65))
    for number, shown in rows.items():
        named = set(re.findall(r"`([a-z0-9_]+)`", shown))
        tests = re.findall(r"tests/[\w/]+\.py", shown)
        assert named | set(tests), number
        assert named <= known, number
        assert all((ROOT / test).exists() for test in tests), number


def test_an_example_of_a_command_is_a_line_of_code() -> None:
    reference = (ROOT / "docs/commands.md").read_text("utf-8")
    assert "\b" not in reference
    assert "\n\n    remediate resolve-markers --list\n    remediate resolve-markers src/" in reference
