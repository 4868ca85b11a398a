"""The literals and definitions of a target after macro expansion, as rustc writes it."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from remediate.rust.syntax.lexer import Token, TokenKind, tokens

CALLER = "Location::caller"
_NAMED = {b"fn", b"const", b"static"}
_DEFINES = {*_NAMED, b"struct", b"enum", b"union", b"trait", b"type"}
_NO_NAMES = {b"fn", b"unsafe", b"extern", b"async", b"mut", b"_", b"super", b"self", b"crate"}
_ABI = b'"C"'


@dataclass(frozen=True, slots=True)
class Word:
    """A literal, a definition (``fn name``), or ``Location::caller``.

    Attributes:
        module: The path of the module around it, without the crate.
        owner: The function, constant or static that was begun last before it.
    """

    text: str
    module: tuple[str, ...] = ()
    owner: str = ""


def words(text: bytes) -> Iterator[Word]:
    """Yield the words of an expansion, without what the test harness says of tests."""
    code = [t for t in tokens(text) if t.kind is not TokenKind.COMMENT]
    modules: list[tuple[str, int]] = []
    depth, index, owner = 0, 0, ""
    while index < len(code):
        index += _passed_over(code, index)
        if index >= len(code):
            return
        token, following = code[index], [t.text for t in code[index + 1 : index + 4]]
        depth += (token.text == b"{") - (token.text == b"}")
        while modules and token.text == b"}" and depth < modules[-1][1]:
            modules.pop()
        found = _word(code, index, following)
        if token.text == b"mod" and following[1:2] == [b"{"]:
            modules.append((following[0].decode(errors="replace"), depth + 1))
        if token.text in _NAMED and found:
            owner = found.partition(" ")[2]
        if found:
            yield Word(found, tuple(name for name, _ in modules), owner)
        index += 1


def _word(code: Sequence[Token], index: int, following: Sequence[bytes]) -> str:
    token = code[index]
    before = code[index - 1].text if index else b""
    name = following[0].decode(errors="replace") if following else ""
    if token.kind is TokenKind.LITERAL:
        # rustfmt writes out the ABI that `extern fn` has anyway.
        return "" if token.text == _ABI and before == b"extern" else token.text.decode(errors="replace")
    if token.text == b"Location" and following == [b":", b":", b"caller"]:
        return CALLER
    if token.text == b"macro_rules" and following[:1] == [b"!"] and len(following) > 1:
        return f"macro_rules {following[1].decode(errors='replace')}"
    if token.text == b"fn" and following[:1] == [b"main"]:
        return ""  # the harness makes one for each test target
    if token.text in _DEFINES and before not in {b"*", b"'", b"<", b","} and following:
        is_name = following[0][:1].isalpha() or following[0][:1] == b"_"
        return f"{token.text.decode()} {name}" if is_name and following[0] not in _NO_NAMES else ""
    return ""


def _passed_over(code: Sequence[Token], index: int) -> int:
    """Return how many tokens say nothing of what the program does and may differ after a move.

    The harness's description of a test tells where it stands, and every target with tests has a ``main`` of
    the harness; ``#[path]`` and documentation are no code; an impl may be divided, and then its header stands
    there twice.
    """
    done = index
    while done < len(code):
        texts = [t.text for t in code[done : done + 3]]
        before = code[done - 1].text if done else b";"
        if texts == [b"#", b"[", b"rustc_test_marker"]:
            done = _end(code, done, b";")
        elif texts == [b"#", b"[", b"rustc_main"]:
            opening = next((i for i in range(done, len(code)) if code[i].text == b"{"), done)
            done = _end(code, opening, b"}")
        elif texts[:2] == [b"#", b"["] and texts[2:] in ([b"path"], [b"doc"]):
            done = _end(code, done + 1, b"]")
        elif texts[:1] == [b"impl"] and before in {b"}", b";", b"]", b"{", b"unsafe", b"default"}:
            done = _end(code, done, b"{") - 1
            break
        else:
            break
    return done - index


def _end(code: Sequence[Token], start: int, end: bytes) -> int:
    """Return the index behind the next ``end`` that stands in no bracket opened after ``start``."""
    depth = 0
    for index in range(start + 1, len(code)):
        text = code[index].text
        if text == end and not depth:
            return index + 1
        depth += (text in {b"(", b"[", b"{"}) - (text in {b")", b"]", b"}"})
    return len(code)
