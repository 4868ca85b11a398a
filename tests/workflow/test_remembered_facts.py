"""What the compiler knows is remembered; what the machine kept it from telling is asked for again."""

from pathlib import Path

import pytest
import scratch

from remediate.cargo.command import Cargo
from remediate.errors import MachineError
from remediate.facts.model import Origin, Wanted
from remediate.verify.report import Level
from remediate.workflow.sources.workspace import load
from remediate.workflow.tree.session import Session

_FILES = {
    "Cargo.toml": """\
[package]
name = "small"
version = "0.1.0"
edition = "2024"

[dependencies]
native = { path = "native", optional = true }

[features]
far = ["dep:native"]

[workspace]
""",
    "src/lib.rs": """\
fn one() -> u32 {
    1
}

#[cfg(feature = "far")]
pub fn two() -> u32 {
    one() + native::one()
}
""",
    "native/Cargo.toml": '[package]\nname = "native"\nversion = "0.1.0"\nedition = "2024"\n',
    "native/src/lib.rs": "pub fn one() -> u32 {\n    1\n}\n",
    "native/build.rs": """\
fn main() {
    let tool = std::env::var("NATIVE_TOOL").unwrap_or_default();
    assert!(std::path::Path::new(&tool).exists(), "the tool is not installed");
}
""",
}
_AT = _FILES["src/lib.rs"].rindex("one()")
_WANTED = Wanted("small", ("lib",), tests=True, types=True, names=(("src/lib.rs", _AT),), gates=("far",))


def _is_known(root: Path) -> bool:
    """Whether a run of its own knows the call that is under the feature."""
    cargo = Cargo(root, arguments=("--offline",))
    session = Session(load(root), cargo, Level.STANDARD, tree="tree", cache=root.with_name("cache"))
    known = session.knowing(session.workspace.codebase.by_name["small"], _WANTED)
    assert any(target.origin is Origin.TYPED for target in known.learned.targets)
    return bool(known.learned.calls_named("src/lib.rs", _AT))


@pytest.mark.slow
def test_a_feature_set_that_lacks_a_tool_is_asked_for_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    root = tmp_path / "small"
    scratch.write(root, _FILES)
    tool = tmp_path / "tool"
    monkeypatch.setenv("NATIVE_TOOL", str(tool))
    assert not _is_known(root)
    tool.touch()
    assert _is_known(root)
    tool.unlink()
    assert _is_known(root)  # from the cache


@pytest.mark.slow
def test_a_compiler_that_is_killed_tells_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    root = tmp_path / "small"
    scratch.write(root, _FILES)
    wrapper = tmp_path / "wrapper"
    wrapper.write_text('#!/bin/sh\ncase " $* " in *" small "*) kill -9 $$ ;; esac\nexec "$@"\n')
    wrapper.chmod(0o755)
    with monkeypatch.context() as patched:
        patched.setenv("RUSTC_WRAPPER", str(wrapper))
        with pytest.raises(MachineError):
            _is_known(root)
    monkeypatch.setenv("NATIVE_TOOL", str(wrapper))
    assert _is_known(root)
