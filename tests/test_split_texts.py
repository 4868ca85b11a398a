"""What the benchmark of splits counts as a lost comment."""

from benchmarks.split.texts import text

_BEFORE = b"""\
/// See [`Map`], [the map][Map], [`fn@open`], [open](Map::open()) and [docs](https://docs.rs/x).
///
/// [limit]: crate::LIMIT
pub fn look() {}
// Kept.
"""


def lost(after: bytes) -> list[str]:
    return text(
        {"src/a.rs": _BEFORE}, "src/a.rs", {"src/a.rs": b"mod b;\n", "src/a/b.rs": after}
    ).comments_lost


def test_a_link_with_another_path_is_no_lost_comment() -> None:
    after = _BEFORE.replace(b"[`Map`]", b"[`Map`](super::Map)").replace(
        b"[the map][Map]", b"[the map](super::Map)"
    )
    after = after.replace(b"[`fn@open`]", b"[`open`](fn@super::open)").replace(
        b"(Map::open())", b"(super::Map::open())"
    )
    after = after.replace(b"crate::LIMIT", b"super::LIMIT")
    assert lost(after) == []


def test_what_is_gone_or_leads_elsewhere_is_lost() -> None:
    assert lost(_BEFORE.replace(b"// Kept.\n", b"")) == ["// Kept."]
    assert len(lost(_BEFORE.replace(b"See", b"Look at"))) == 1
    assert len(lost(_BEFORE.replace(b"[`Map`]", b"[`Map`](super::Set)"))) == 1
    assert len(lost(_BEFORE.replace(b"[`Map`]", b"`Map`"))) == 1
    assert len(lost(_BEFORE.replace(b"::LIMIT", b"::MOST"))) == 1
    assert len(lost(_BEFORE.replace(b"docs.rs/x", b"docs.rs/y"))) == 1
