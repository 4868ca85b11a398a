import subprocess
from pathlib import Path

import pytest
from crates import crate, manifest
from scratch import repository, write

from remediate.cargo import toolchain
from remediate.cargo.check import ALL_FEATURES, DEFAULT, merged
from remediate.cargo.command import Cargo
from remediate.cargo.metadata import dependents
from remediate.errors import BaselineError, ToolError
from remediate.model import Diagnostic


def about(diagnostics: tuple[Diagnostic, ...], word: str) -> Diagnostic:
    [found] = [d for d in diagnostics if word in d.message]
    return found


def test_units_are_compiled_and_then_found_fresh(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "mod a;\n", "src/a.rs": "", "tests/it.rs": ""})
    first, second = cargo.check(), cargo.check()
    assert {u.label: u.fresh for u in first.units} == {"lib": False, "lib test": False, 'test "it"': False}
    assert all(unit.fresh for unit in second.units)
    assert [u.files for u in first.units if u.label == "lib"] == [frozenset({"src/lib.rs", "src/a.rs"})]
    assert cargo.runs == 2
    assert cargo.seconds > 0


def test_an_import_only_tests_use_is_not_unused_everywhere(tmp_path: Path) -> None:
    library = (
        "use std::fmt::Debug;\nuse std::fmt::Display;\n"
        "#[cfg(test)]\nmod tests {\n use super::*;\n #[test]\n fn t() { fn f(_: impl Debug) {} f(1); }\n}\n"
    )
    said = merged([crate(tmp_path, {"src/lib.rs": library}).check()])
    only_in_lib, everywhere = about(said, "Debug"), about(said, "Display")
    assert (only_in_lib.reports, only_in_lib.units) == (1, 2)
    assert (everywhere.reports, everywhere.units) == (2, 2)


def test_an_import_only_a_feature_uses_is_not_unused_everywhere(tmp_path: Path) -> None:
    library = 'use std::fmt::Debug;\n#[cfg(feature = "x")]\npub fn f(_: impl Debug) {}\n'
    cargo = crate(tmp_path, {"Cargo.toml": manifest(more="[features]\nx = []\n"), "src/lib.rs": library})
    default, everything = cargo.check(DEFAULT), cargo.check(ALL_FEATURES)
    assert about(merged([default]), "Debug").units == 2
    assert (
        about(merged([default, everything]), "Debug").reports,
        about(merged([default, everything]), "Debug").units,
    ) == (2, 4)
    assert about(merged([default], outstanding=1), "Debug").units == 3


def test_a_failed_unit_counts_as_one_that_could_have_said_it(tmp_path: Path) -> None:
    library = "use std::fmt::Debug;\n#[cfg(test)]\nmod tests { fn f() { missing(); } }\n"
    check = crate(tmp_path, {"src/lib.rs": library, "tests/it.rs": "#[test] fn t() {}"}).check()
    assert not check.success
    assert [u.label for u in check.unmade] == ["lib test"]
    assert {u.label for u in check.units} == {"lib", 'test "it"'}
    assert about(merged([check]), "Debug").units == 2
    assert about(merged([check]), "missing").code == "E0425"


def test_a_macros_error_is_where_the_user_wrote_the_call(tmp_path: Path) -> None:
    library = (
        "macro_rules! m {\n    () => { nothing_here() };\n}\npub fn é() { let é = 1; m!(); assert!(no); }\n"
    )
    said = merged([crate(tmp_path, {"src/lib.rs": library}).check()])
    [call, body] = about(said, "nothing_here").spans
    assert (call.line, call.primary, body.line, body.primary) == (4, True, 2, False)
    text = library.encode()
    assert text[call.start : call.end] == b"m!()"
    in_std = about(said, "`no`").spans[0]
    assert text[in_std.start : in_std.end] == b"no"
    assert in_std.column == len(text[: in_std.start].rpartition(b"\n")[2]) + 1


def test_a_users_shared_folders_are_not_used(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("CARGO_TARGET_DIR", "CARGO_BUILD_TARGET_DIR", "CARGO_BUILD_BUILD_DIR"):
        monkeypatch.setenv(name, str(tmp_path / "shared"))
    cargo = crate(tmp_path / "w", {"src/lib.rs": ""})
    assert cargo.check().success
    assert not (tmp_path / "shared").exists()
    assert (tmp_path / "w/target/debug").is_dir()


def test_a_broken_manifest_names_the_next_step(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"Cargo.toml": "[package\n", "src/lib.rs": ""})
    for call in (cargo.metadata, cargo.check):
        with pytest.raises(BaselineError, match=r"Cargo\.toml|manifest") as caught:
            call()
        assert "manifest" in caught.value.hint


def test_a_dependency_that_cannot_be_had_names_the_next_step(tmp_path: Path) -> None:
    more = '[dependencies]\nno-such-crate-anywhere-at-all = "1"\n'
    with pytest.raises(BaselineError) as caught:
        crate(tmp_path, {"Cargo.toml": manifest(more=more), "src/lib.rs": ""}).check()
    assert "cargo fetch" in caught.value.hint


def test_a_stale_lock_file_names_the_next_step(tmp_path: Path) -> None:
    crate(tmp_path, {"src/lib.rs": ""})
    with pytest.raises(BaselineError) as caught:
        Cargo(tmp_path, arguments=("--locked", "--offline")).check()
    assert "Cargo.lock" in caught.value.hint


def test_a_missing_cargo_names_the_next_step(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("CARGO", str(tmp_path / "no-cargo"))
    with pytest.raises(ToolError) as caught:
        crate(tmp_path, {"src/lib.rs": ""}).check()
    assert "rustup.rs" in caught.value.hint


def test_a_build_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": "", "build.rs": "fn main() { loop {} }"})
    cargo.timeout = 2.0
    with pytest.raises(ToolError, match="longer than 2 s"):
        cargo.check()


def test_dependents_are_found_over_paths(tmp_path: Path) -> None:
    files = {"Cargo.toml": '[workspace]\nmembers = ["a", "b", "c", "d"]\nresolver = "2"\n'}
    for name, more in (("a", ""), ("b", '[dependencies]\na = { path = "../a" }\n'), ("d", "")):
        files |= {f"{name}/Cargo.toml": manifest(name, more), f"{name}/src/lib.rs": ""}
    files |= {
        "c/Cargo.toml": manifest("c", '[dev-dependencies]\nb = { path = "../b" }\n'),
        "c/src/lib.rs": "",
    }
    cargo = crate(tmp_path, files)
    assert dependents(cargo.metadata(), "a") == ("a", "b", "c")
    assert {u.package for u in cargo.check(packages=("a", "b")).units} == {"a", "b"}
    assert {u.package for u in cargo.check().units} == {"a", "b", "c", "d"}


def test_a_member_that_a_dependency_shares_its_name_and_version_with(tmp_path: Path) -> None:
    helper = repository(
        tmp_path / "helper",
        {
            "Cargo.toml": manifest("helper", '[dependencies]\nsmall = { path = "small" }\n'),
            "src/lib.rs": "",
            "small/Cargo.toml": manifest(),
            "small/src/lib.rs": "",
        },
    )
    more = f'[dev-dependencies]\nhelper = {{ git = "{helper.as_uri()}" }}\n'
    cargo = crate(tmp_path / "own", {"Cargo.toml": manifest("small", more), "src/lib.rs": ""})
    cargo.arguments = ()
    check = cargo.check(packages=("small@0.1.0",))
    assert {u.label for u in check.units if u.package == "small"} >= {"lib", "lib test"}
    starts = cargo.runs
    cargo.check(packages=("small@0.1.0",))
    assert cargo.runs == starts + 1


def test_cfgs_of_build_scripts_and_of_the_platform(tmp_path: Path) -> None:
    script = (
        'fn main() { println!("cargo::rustc-check-cfg=cfg(made)"); println!("cargo::rustc-cfg=made"); }\n'
    )
    cargo = crate(tmp_path, {"src/lib.rs": "", "build.rs": script})
    assert cargo.check().cfgs == (("small", "made"),)
    assert any(cfg.startswith("target_os=") for cfg in toolchain.cfgs(cargo))


def test_cfgs_are_those_of_what_cargo_is_configured_to_build(tmp_path: Path) -> None:
    plain = crate(tmp_path / "plain", {"src/lib.rs": ""})
    asked = subprocess.run(["rustc", "--print", "cfg"], check=True, capture_output=True, text=True)
    assert toolchain.cfgs(plain) == set(asked.stdout.splitlines())
    files = {
        "Cargo.toml": '[workspace]\nmembers = ["a", "b"]\n',
        **{f"{name}/Cargo.toml": manifest(name) for name in "ab"},
        **{f"{name}/src/lib.rs": "" for name in "ab"},
        ".cargo/config.toml": '[build]\nrustflags = ["--cfg", "mine", "-C", "panic=abort"]\n',
    }
    found = toolchain.cfgs(crate(tmp_path / "flags", files))
    assert {"mine", 'panic="abort"'} <= found
    assert 'panic="unwind"' not in found
    assert not (tmp_path / "flags/Cargo.lock").exists()


def test_a_cargo_that_cannot_print_cfgs_leaves_it_to_rustc(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(toolchain, "_PRINT", ("--no-such-option",))
    monkeypatch.setenv("RUSTFLAGS", "--cfg mine")
    assert {"mine", "unix"} <= toolchain.cfgs(crate(tmp_path, {"src/lib.rs": ""}))


def test_what_a_build_script_was_compiled_from_is_known(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"build.rs": "mod more;\nfn main() {}\n", "more.rs": "", "src/lib.rs": ""})
    found = {u.label: u.files for u in cargo.check().units}
    assert found["build script"] == frozenset({"build.rs", "more.rs"})


def test_the_toolchain_is_part_of_the_cache_key(tmp_path: Path) -> None:
    identity = toolchain.identity(crate(tmp_path, {"src/lib.rs": ""}))
    assert "rustc " in identity
    assert "host: " in identity


def test_a_member_is_asked_for_again_only_when_a_manifest_is_another(tmp_path: Path) -> None:
    cargo = crate(tmp_path, {"src/lib.rs": ""})
    assert cargo.member("small").version == cargo.member("small").version == "0.1.0"
    assert cargo.runs == 1
    write(tmp_path, {"Cargo.toml": manifest().replace("0.1.0", "0.2.0")})
    assert cargo.member("small").version == "0.2.0"
    assert cargo.runs == 2
