from pathlib import Path

from remediate.cargo.environment import environment


def test_where_results_go_is_not_the_users_setting() -> None:
    user = {"CARGO_TARGET_DIR": "/shared", "CARGO_BUILD_TARGET_DIR": "/s", "CARGO_BUILD_BUILD_DIR": "/b"}
    found = environment(user, Path("/own"), {})
    assert "CARGO_TARGET_DIR" not in found
    assert "CARGO_BUILD_TARGET_DIR" not in found
    assert found["CARGO_BUILD_BUILD_DIR"] == "/own"


def test_how_the_project_builds_is_kept() -> None:
    user = {"RUSTFLAGS": "--cfg tokio_unstable", "CARGO_HOME": "/h", "RUSTUP_TOOLCHAIN": "1.90", "PATH": "/p"}
    assert user.items() <= environment(user, Path("/own"), {}).items()


def test_what_a_calling_cargo_or_git_set_is_dropped() -> None:
    user = {
        "CARGO_PKG_NAME": "x",
        "CARGO_MANIFEST_DIR": "/m",
        "MAKEFLAGS": "-j",
        "GIT_DIR": "/g",
        "NEXTEST": "1",
    }
    assert not user.keys() & environment(user, Path("/own"), {}).keys()


def test_a_runs_own_variables_win() -> None:
    assert environment({"A": "1"}, Path("/own"), {"A": "2"})["A"] == "2"
