"""The contract probe with real crates: what ships passes, and each way to break the contract is seen."""

import os
import shutil
from dataclasses import replace
from pathlib import Path

import pytest

from remediate.cargo.command import Cargo
from remediate.streams import BACKENDS, Backend, Crate, project_backend, project_future_backend
from remediate.workflow.streams.probe import CHECKS, Verdict, example, probe

_PROJECT = Path(__file__).with_name("streams")
_AWAITED = "sender.send(produced).await.is_err()"
_AT_ONCE = "sender.send(produced).is_err()"
_FORBIDDEN = (".unwrap(", ".expect(", "unsafe", ".lock(", "unbounded", "panic!")


@pytest.fixture(scope="module")
def cargo(tmp_path_factory: pytest.TempPathFactory, pytestconfig: pytest.Config) -> Cargo:
    # Every probe is called alike, so two workers would run each other's program.
    worker = os.environ.get("PYTEST_XDIST_WORKER", "alone")
    target = pytestconfig.cache.mkdir(f"async-probe-{worker}") if pytestconfig.cache else None
    return Cargo(tmp_path_factory.mktemp("probe"), target, extra={"CARGO_PROFILE_DEV_DEBUG": "0"})


@pytest.mark.slow
@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.name)
def test_what_ships_keeps_its_contract(backend: Backend, cargo: Cargo) -> None:
    verdict = probe(backend, cargo.root, cargo)
    assert verdict.broken == {}
    assert verdict.checked[1:] == tuple(CHECKS) if backend.streams else "ends" in verdict.checked


@pytest.mark.slow
@pytest.mark.parametrize(
    ("stream", "refused", "broken"),
    [
        ("Good", _AWAITED, set()),
        ("NeverEnds", _AWAITED, {"ends", "bounded", "error-reaches", "panic-ends"}),
        ("Lossy", "!sender.send(produced)", {"bounded"}),
        ("Unbounded", _AT_ONCE, {"bounded"}),
        ("Plain", _AWAITED, {"compiles"}),
    ],
)
def test_a_projects_own_type(
    stream: str, refused: str, broken: set[str], cargo: Cargo, tmp_path: Path
) -> None:
    verdict = _of_project(tmp_path, cargo, stream, refused)
    assert set(verdict.broken) == broken
    assert verdict.passed == (not broken)


@pytest.mark.slow
@pytest.mark.parametrize(("once", "broken"), [("of_future", set()), ("endless", {"ends", "error-reaches"})])
def test_a_projects_own_type_of_one_future(once: str, broken: set[str], cargo: Cargo, tmp_path: Path) -> None:
    project = shutil.copytree(_PROJECT, tmp_path / "streams")
    crate = Crate("streams", "0.1", path=str(project))
    backend = project_future_backend(crate, "streams::One", f"streams::One::{once}", "$stream.next().await")
    verdict = probe(backend, cargo.root, cargo)
    assert set(verdict.broken) == broken
    assert "bounded" not in verdict.checked


def _of_project(folder: Path, cargo: Cargo, stream: str, refused: str) -> Verdict:
    project = shutil.copytree(_PROJECT, folder / "streams")
    crate = Crate("streams", "0.1", path=str(project))
    backend = project_backend(crate, f"streams::{stream}", f"streams::{stream}::channel(16)", refused)
    return probe(backend, cargo.root, cargo)


@pytest.mark.slow
@pytest.mark.parametrize("form", ["tokio-mpsc", "async-stream", "futures", "channel"])
def test_a_stream_of_one_value_keeps_its_contract(form: str, cargo: Cargo, tmp_path: Path) -> None:
    trait = "futures::Stream" if form == "futures" else "futures_core::Stream"
    values: dict[str, str] = {"form": form, "trait": trait}
    if form == "channel":
        project = shutil.copytree(_PROJECT, tmp_path / "streams")
        crate, sent = Crate("streams", "0.1", path=str(project)), "sender.send(produced).await.ok()"
        good = project_backend(crate, "streams::Good", "streams::Good::channel(1)", _AWAITED)
        values = {"form": form, "stream": "streams::Good", "channel": good.values["channel"], "sent": sent}
    else:
        good = next(backend for backend in BACKENDS if backend.name == form)
    verdict = probe(replace(good, single=True, values=values), cargo.root, cargo)
    assert verdict.broken == {}


@pytest.mark.parametrize("backend", BACKENDS, ids=lambda backend: backend.name)
def test_generated_code_holds_none_of_what_audits_forbid(backend: Backend) -> None:
    text = example(backend)
    assert not [word for word in _FORBIDDEN if word in text]
    assert ("#[must_use" in text) == backend.streams
    assert "/// Produces numbers.\n///\n" in text
