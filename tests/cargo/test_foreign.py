"""Commands that are not trusted: what the kernel keeps them from, and what they see."""

import sys
from pathlib import Path

import pytest

from remediate.cargo.foreign import Foreign, can_contain, clean_environment


def _ran(tmp_path: Path, code: str, *, contained: bool) -> str:
    own = tmp_path / "own"
    own.mkdir(exist_ok=True)
    command = (sys.executable, "-c", code)
    done = Foreign(command, own, clean_environment(), (own,), 30).run(b"", contained=contained)
    return f"{done.code} {done.stdout}{done.stderr.splitlines()[-1] if done.stderr else ''}".strip()


@pytest.mark.skipif(not can_contain(), reason="this kernel has no Landlock 3: no sandbox to test")
@pytest.mark.parametrize(
    "code",
    [
        "open('../other', 'w')",
        "open('../there', 'r+').truncate()",
        "__import__('os').truncate('../there', 0)",
        "__import__('os').unlink('../there')",
        "__import__('os').rename('../there', 'mine')",
        "__import__('os').link('../there', 'mine')",
        "__import__('os').mkdir('../folder')",
        "__import__('os').symlink('x', '../link')",
        "import subprocess; subprocess.run(['touch', '../other'], check=True)",
    ],
)
def test_what_the_kernel_refuses(tmp_path: Path, code: str) -> None:
    there = tmp_path / "there"
    there.write_text("text")
    assert not _ran(tmp_path, code, contained=True).startswith("0")
    assert there.read_text() == "text"
    assert sorted(p.name for p in tmp_path.iterdir()) == ["own", "there"]


@pytest.mark.skipif(not can_contain(), reason="this kernel has no Landlock 3: no sandbox to test")
def test_what_the_kernel_allows(tmp_path: Path) -> None:
    (tmp_path / "there").write_text("text")
    code = "open('mine', 'w').write(open('../there').read()); open('/dev/null', 'w').write('x'); print(1)"
    assert _ran(tmp_path, code, contained=True) == "0 1"
    assert (tmp_path / "own" / "mine").read_text() == "text"


@pytest.mark.skipif(not can_contain(), reason="this kernel has no Landlock 3: no sandbox to test")
def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    done = Foreign(("/no/such/program",), tmp_path, clean_environment(), (tmp_path,), 30).run(
        b"", contained=True
    )
    assert done.code == 127
    assert "/no/such/program" in done.stderr


def test_the_environment_is_clean(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SECRET", "GIT_DIR", "RUSTFLAGS", "KEY"):
        monkeypatch.setenv(name, "x")
    found = clean_environment(["KEY", "ABSENT"])
    assert found["KEY"] == "x"
    assert {"PATH", "CARGO_HOME", "RUSTUP_HOME"} <= set(found)
    assert not {"SECRET", "GIT_DIR", "RUSTFLAGS", "ABSENT", "HOME"} & set(found)
