"""What Cargo.toml becomes where a rewrite needs a crate: its values are declared, all other lines stay."""

import tomllib

import pytest
from fixture_case import case

from remediate.codemods import replace_block_on
from remediate.codemods.replace_block_on.dependencies import Added, added, missing, release
from remediate.codemods.replace_block_on.options import BlockingOptions
from remediate.edits import Change, apply
from remediate.rust.codebase import Codebase
from remediate.rust.package import Package
from remediate.streams import Crate
from remediate.verify.text.manifests import undeclared
from remediate.workflow.sources.workspace import load

_NEEDS = (Crate("tokio", "1", ("rt", "sync")), Crate("futures", "0.3"))
_HEAD = '[package]\nname = "small"\n\n'
_BOTH = {"tokio": {"version": "1", "features": ["rt", "sync"]}, "futures": "0.3"}


def _package(manifest: str) -> Package:
    return Package("small", "", "", "2021", (), {"Cargo.toml": manifest.encode()})


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", _BOTH),
        ("[dependencies]\n", _BOTH),
        ('[dependencies]\ntokio = "1" # kept\n', _BOTH),
        (
            '[dependencies]\ntokio = { version = "1.2", features = ["sync"] } # kept\nfutures = "0.3"\n',
            {"tokio": {"version": "1.2", "features": ["sync", "rt"]}, "futures": "0.3"},
        ),
        (
            '[dependencies.tokio]\nversion = "1"\nfeatures = ["sync", "rt"]\n\n[features]\nx = []\n',
            _BOTH | {"tokio": {"version": "1", "features": ["sync", "rt"]}},
        ),
    ],
)
def test_what_is_missing_is_added_and_declared(before: str, after: object) -> None:
    package = _package(_HEAD + before)
    lacking = missing(Codebase.of(package), package, _NEEDS)
    found = added(package, lacking)
    assert isinstance(found, Added)
    old = package.files["Cargo.toml"]
    new = apply(old, (found.edit,))
    assert tomllib.loads(new.decode())["dependencies"] == after
    assert undeclared("Cargo.toml", old, new, found.manifest) == ()
    assert ("# kept" in before) == (b"# kept" in new)
    assert missing(Codebase.of(package), _package(new.decode()), _NEEDS) == ()


@pytest.mark.parametrize("features", ['["full"]', '["rt-multi-thread", "sync"]'])
def test_a_feature_that_brings_another_is_enough(features: str) -> None:
    package = _package(f'{_HEAD}[dependencies]\ntokio = {{ version = "1", features = {features} }}\n')
    assert missing(Codebase.of(package), package, _NEEDS[:1]) == ()


def test_what_is_inherited_counts_and_is_not_edited() -> None:
    shared = b'[workspace.dependencies]\ntokio = { version = "1", features = ["sync"] }\n'
    package = _package(f"{_HEAD}[dependencies]\ntokio.workspace = true\n")
    codebase = Codebase((package,), {**package.files, "Cargo.toml": shared})
    assert missing(codebase, package, _NEEDS[:1]) == (Crate("tokio", "1", ("rt",)),)
    assert not isinstance(added(package, (Crate("tokio", "1", ("rt",)),)), Added)


@pytest.mark.parametrize(
    ("said", "series"),
    [
        ('"1.35"', "1"),
        ('"=0.2.22"', "0.2"),
        ('{ version = "^1", features = ["rt"] }', "1"),
        ("{ workspace = true }", "1"),
        ('"*"', ""),
        ('{ path = "tokio" }', ""),
    ],
)
def test_the_series_of_a_crate_is_told_where_it_is_known(said: str, series: str) -> None:
    shared = b'[workspace.dependencies]\ntokio = { version = "1.40" }\n'
    package = _package(f"{_HEAD}[dependencies]\ntokio = {said}\n")
    assert release(Codebase((package,), {"Cargo.toml": shared}), package, "tokio") == series


def test_notes_say_which_tokio_has_to_run_what_becomes_async() -> None:
    one = case("replace_block_on/runtime_of_an_older_tokio")
    codebase = one.informed(load(one.before).codebase)
    planned = replace_block_on.plan(codebase, one.finding(), BlockingOptions())
    assert isinstance(planned, Change)
    assert "what becomes async in small waits for what only a runtime of tokio 0.4 drives" in planned.notes
