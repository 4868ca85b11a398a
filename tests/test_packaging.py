"""The wheel works without the checkout: code, templates and the demo workspace are all in it."""

import os
import subprocess
import sys
import sysconfig
import tomllib
import venv
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement

ROOT = Path(__file__).parents[1]


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


@pytest.fixture(scope="module")
def installed(wheel: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A fresh environment with the wheel in it; its dependencies are borrowed from this one, offline."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder, with_pip=False, symlinks=True)
    (site,) = folder.glob("lib/python*/site-packages")
    (site / "borrowed.pth").write_text(sysconfig.get_path("purelib"), "utf-8")
    command = [sys.executable, "-m", "pip", "--python", str(folder), "install", "--no-deps", "--no-index"]
    subprocess.run([*command, "--force-reinstall", str(wheel)], check=True, capture_output=True)
    return folder / "bin"


def _run(installed: Path, where: Path, *command: str) -> str:
    environment = {k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "COV_"))}
    line = [str(installed / command[0]), *command[1:]]
    done = subprocess.run(line, cwd=where, env=environment, check=True, capture_output=True, text=True)
    return done.stdout


def test_the_wheel_holds_the_demo_and_the_templates_and_no_more(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    data = {n.removeprefix("remediate/data/") for n in names if n.startswith("remediate/data/")}
    assert {"demo/AUDIT.md", "demo/Cargo.toml", "demo/packages/tally/src/journal.rs"} <= data
    templates = {p.relative_to(ROOT).as_posix() for p in (ROOT / "templates").rglob("*") if p.is_file()}
    assert templates
    assert templates <= data
    assert not [n for n in names if "target/" in n or "tests/test_" in n]
    assert any(n.endswith("licenses/LICENSE") for n in names)
    code = [n for n in names if n.startswith("remediate/") and not n.startswith("remediate/data/")]
    assert not [n for n in code if not n.endswith((".py", "/py.typed"))], "notes do not travel in a wheel"


def test_the_distribution_is_not_called_like_another_project(wheel: Path) -> None:
    assert wheel.name.startswith("cargo_remediate-")
    metadata = (
        zipfile.ZipFile(wheel).read(f"{'-'.join(wheel.name.split('-')[:2])}.dist-info/METADATA").decode()
    )
    assert "Name: cargo-remediate\n" in metadata
    assert "Requires-Dist: fast-sugiyama" in metadata
    assert "Provides-Extra: picture" not in metadata


@pytest.mark.parametrize("program", [["remediate"], ["cargo-remediate", "remediate"]])
def test_the_programs_start_outside_of_the_checkout(
    installed: Path, tmp_path: Path, program: list[str]
) -> None:
    assert "findings" in _run(installed, tmp_path, *program, "--help")


def test_an_installed_program_finds_its_resources_and_codemods(installed: Path, tmp_path: Path) -> None:
    script = (
        "from remediate import contract, resources\n"
        "print(resources.__file__, resources.templates(), resources.demo_workspace(), *contract.codemods())"
    )
    module, templates, demo, *codemods = _run(installed, tmp_path, "python", "-c", script).split()
    package = Path(module).parent
    assert ROOT not in package.parents
    assert Path(templates) == package / "data" / "templates"
    assert Path(demo) == package / "data" / "demo"
    assert {"split-file", "extract-tests"} <= set(codemods)


def test_every_tool_and_library_that_is_developed_with_is_locked() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]
    lines = (ROOT / "constraints.txt").read_text("utf-8").splitlines()
    locked = {
        name.lower().replace("_", "-"): version for name, _, version in (x.partition("==") for x in lines)
    }
    for text in (*project["dependencies"], *project["optional-dependencies"]["dev"]):
        wanted = Requirement(text)
        assert wanted.specifier.contains(locked.get(wanted.name, "0")), f"{text}: run `make lock`"
