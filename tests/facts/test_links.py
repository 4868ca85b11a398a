"""rustdoc's pages of the source, read; also where some of the code has errors."""

import pytest
import rustc_samples as samples

from remediate.facts.hir import read_hir
from remediate.facts.links import read_links
from remediate.facts.model import UNKNOWN, Definition, Form, Origin, UnreadableError
from remediate.facts.query import Facts
from remediate.facts.thir import read_thir

_FILES = samples.files()
_LIB = "src/lib.rs"
_PAGE = "".join(samples.sample(samples.PAGE))
_TYPED = read_thir("lib", samples.sample(samples.THIR), _FILES)
_ITEMS = read_hir("lib", samples.sample(samples.HIR), _FILES).items


def _facts(page: str = _PAGE, lib: bytes = _FILES[_LIB]) -> Facts:
    files = {**_FILES, _LIB: lib}
    return Facts((read_links("lib", {_LIB: page}, files, _ITEMS),), files)


def test_links_and_types_agree_about_methods() -> None:
    linked, typed = _facts(), Facts((_TYPED,))
    known = 0
    for call in _TYPED.calls:
        if call.form is Form.METHOD and not call.expanded and call.name.file == _LIB:
            answer = linked.trait_of_method(_LIB, call.name.start)
            known += answer is not UNKNOWN
            assert answer in (UNKNOWN, typed.trait_of_method(_LIB, call.name.start))
    assert known >= 8


def test_a_path_leads_to_its_last_name_and_its_own_items() -> None:
    found = _facts().definition_of(_LIB, _FILES[_LIB].index(b"Go, Named"))
    assert found == Definition("sample::inner::Go")
    assert _facts().definition_of(_LIB, _FILES[_LIB].index(b"std::fmt")) is UNKNOWN
    assert _facts().source_for(_LIB) is Origin.LINKS


def test_places_are_bytes_whatever_ends_the_lines() -> None:
    windows = b"\xef\xbb\xbf" + _FILES[_LIB].replace(b"\n", b"\r\n")
    answer = _facts(lib=windows).trait_of_method(_LIB, windows.index('write_str("é'.encode()))
    assert answer == Definition("core::fmt::Write")


def test_a_page_of_another_text_is_refused() -> None:
    with pytest.raises(UnreadableError):
        _facts(lib=_FILES[_LIB].replace(b"outer", b"inner"))


@pytest.mark.slow
def test_errors_in_bodies_leave_the_others_linked() -> None:
    broken = '\nfn bad() -> u8 { "x" }\nfn worse() { nowhere(); }\n'
    pages = samples.fresh_pages(broken)
    facts = _facts(pages[_LIB], _FILES[_LIB] + broken.encode())
    assert facts.trait_of_method(_LIB, _FILES[_LIB].index(b"read(")) == Definition("std::io::Read")
    assert samples.fresh_pages()[_LIB] == _PAGE
