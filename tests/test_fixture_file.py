"""A case as a file says what its folder says, and is no file where a reader would not see the bytes."""

from pathlib import Path

import pytest
from fixture_case import Case
from fixture_file import SUFFIX, main, parts, text, to_folder, write

_CASE = {
    "finding.json": b'{"rule": "large-file", "path": "src/lib.rs"}\n',
    "before/Cargo.toml": b"[package]\n",
    "before/src/lib.rs": b"mod a;\n",
    "before/src/a.rs": b"",
    "before/src/b.rs": b"// kept\n",
    "after/Cargo.toml": b"[package]\n",
    "after/src/lib.rs": b"mod a;\nmod c;\n",
    "after/src/b.rs": b"// kept\n",
    "after/src/c.rs": b"// new\n",
}


def _folder(root: Path, changes: dict[str, bytes]) -> Path:
    folder = root / "split_file" / "case"
    write(folder, {**_CASE, **changes})
    return folder


def test_a_file_holds_what_changes_and_becomes_the_same_folder_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = _folder(tmp_path, {})
    whole = Case(folder).expected()
    monkeypatch.setattr("sys.argv", ["convert", str(folder)])
    main()
    assert not folder.exists()
    file = folder.with_name(folder.name + SUFFIX)
    after = {name for name in parts(file) if name.startswith("after/")}
    assert after == {"after/src/c.rs", "after/src/lib.rs", "after/src/a.rs (removed)"}
    case = Case(file)
    assert (case.name, case.codemod, case.expected()) == ("case", "split-file", whole)
    assert (case.before / "src/a.rs").read_bytes() == b""
    to_folder(file, parts(file))
    found = {p.relative_to(folder).as_posix(): p.read_bytes() for p in folder.rglob("*") if p.is_file()}
    assert found == _CASE


@pytest.mark.parametrize("odd", [b"a\r\n", b"\xef\xbb\xbfa\n", b"no line end", b"\xff\n", b"//- a head\n"])
def test_bytes_that_a_reader_does_not_see_need_a_folder(odd: bytes) -> None:
    assert text({**_CASE, "before/odd": odd, "after/odd": odd}) is None


def test_an_update_is_written_in_the_form_of_the_case(tmp_path: Path) -> None:
    file = tmp_path / f"case{SUFFIX}"
    file.write_bytes(text(_CASE) or b"")
    Case(file).update(None, {"skip.txt": b"large: why\n"})
    assert Case(file).declines
    assert Case(file).reason == "large: why"
    assert Case(file).expected() == {}
    Case(file).update({"src/lib.rs": b"a\r\n"}, {"skip.txt": None})
    assert not file.exists()
    folder = Case(tmp_path / "case")
    assert (folder.declines, folder.expected()) == (False, {"src/lib.rs": b"a\r\n"})
