"""Which impls a ``macro_rules!`` makes, where impls are all it makes.

A call of such a macro in item position defines no name, so it may stand in any module that sees the macro.
What cannot be read as an impl for sure counts as something else.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from remediate.rust.syntax.lexer import BRACKETS, Token, TokenKind, closing

_MODIFIERS = (b"const", b"unsafe", b"async", b"extern", b"default")
_REPEATS = (b"*", b"+", b"?")


@dataclass(frozen=True, slots=True)
class MacroImpls:
    """What a macro makes: the traits it implements, "" for one that a caller names, and what it calls."""

    traits: frozenset[str] = frozenset()
    calls: frozenset[str] = frozenset()

    def __or__(self, other: "MacroImpls") -> "MacroImpls":
        """Return both."""
        return MacroImpls(self.traits | other.traits, self.calls | other.calls)


def macro_impls(stream: Sequence[Token]) -> MacroImpls | None:
    """Return what the rules of a definition make, None if any makes something else than impls.

    Args:
        stream: The definition's tokens from the bracket behind its name on, without comments.
    """
    end = closing(stream, 0)
    found, at = MacroImpls(), 1
    while at < end:
        arrow = closing(stream, at) + 1
        body = arrow + 2
        if body >= end or stream[arrow].text + stream[arrow + 1].text != b"=>":
            return None
        made = _made(stream, body + 1, closing(stream, body))
        if made is None:
            return None
        found, at = found | made, closing(stream, body) + 1
        at += at < end and stream[at].text == b";"
    return found


def names_by_cfg(stream: Sequence[Token], depth: int) -> bool:
    """Whether an attribute at a depth of brackets may take a name away: a cfg on no impl, or one of a test.

    Args:
        stream: A macro's rules from the bracket behind its name on, or a call from its path on.
        depth: That of what is made: 2 in rules, 1 in a call. Brackets behind ``$`` do not count.
    """
    open_brackets: list[bool] = []
    for at, token in enumerate(stream):
        step = BRACKETS.get(token.text, 0)
        if step > 0:
            open_brackets.append(stream[at - 1].text != b"$")
        elif step < 0 and open_brackets:
            open_brackets.pop()
        elif token.text == b"#" and sum(open_brackets) == depth and stream[at + 1 : at + 2]:
            end = closing(stream, at + 1)
            said = {t.text for t in stream[at + 2 : end]}
            behind = end + 1
            while behind < len(stream) and stream[behind].text == b"#":
                behind = closing(stream, behind + 1) + 1
            spared = behind < len(stream) and stream[behind].text in (b"impl", b"unsafe")
            if said & {b"test", b"bench"} or (stream[at + 2].text == b"cfg" and not spared):
                return True
    return False


def only_public_functions(stream: Sequence[Token], start: int = 0, end: int | None = None) -> bool:
    """Whether each function that tokens declare is ``pub`` or ``pub(crate)``, and no constant is private."""
    for at in range(start, len(stream) if end is None else end):
        declares = stream[at].text in (b"fn", b"const", b"type") and _names(stream, at + 1)
        if declares and not _is_public(stream, start, at):
            return False
    return True


def _made(stream: Sequence[Token], at: int, end: int) -> MacroImpls | None:
    """Return what the tokens of a rule's right side make; None unless all of it is read as impls."""
    found = MacroImpls()
    while at < end:
        text, after = stream[at].text, stream[at + 1].text if at + 1 < end else b""
        made: MacroImpls | None = MacroImpls()
        if text == b"$" and after == b"(":
            close = closing(stream, at + 1)
            made = _made(stream, at + 2, close)
            repeat = close + 1
            at = repeat + 1 if repeat < end and stream[repeat].text in _REPEATS else repeat + 2
        elif text == b"#" and after == b"[":
            at = closing(stream, at + 1) + 1
        elif text in (b";", b"unsafe", b"default"):
            at += 1
        elif text == b"impl":
            made, at = _impl(stream, at, end)
        elif text == b"const" and after == b"_":
            at = _next(stream, at, end, b";") + 1
        elif stream[at : at + 4] and b"".join(t.text for t in stream[at : at + 4]) == b"$crate::":
            at += 4
        elif stream[at].kind is TokenKind.IDENT and after == b"!":
            made = MacroImpls(calls=frozenset({stream[at].name}))
            at = closing(stream, at + 2) + 1
        else:
            made = None
        if made is None:
            return None
        found |= made
    return found


def _impl(stream: Sequence[Token], at: int, end: int) -> tuple[MacroImpls | None, int]:
    """Return what an impl at a place implements, and where it ends."""
    body = _next(stream, at, end, b"{")
    close = closing(stream, body) if body < end else end
    after = next(
        (n for n in range(at, body) if stream[n].text == b"for" and stream[n + 1].text != b"<"), None
    )
    if close >= end:
        return None, end
    if after is None:
        own = MacroImpls() if only_public_functions(stream, body + 1, close) else None
        return own, close + 1
    return MacroImpls(traits=frozenset({_trait(stream, at + 1, after)})), close + 1


def _trait(stream: Sequence[Token], start: int, end: int) -> str:
    """Return the name of a path without arguments, behind an impl's own parameters; "" for ``$name``."""
    depth, name = 0, ""
    for at in range(start, end):
        text = stream[at].text
        if text in (b"<", b">") and stream[at - 1].text not in (b"-", b"="):
            depth += 1 if text == b"<" else -1
        elif not depth and stream[at].kind is TokenKind.IDENT and text != b"const":
            name = "" if stream[at - 1].text == b"$" else stream[at].name
    return name


def _next(stream: Sequence[Token], at: int, end: int, text: bytes) -> int:
    """Return where a token is next outside of brackets; ``end`` if nowhere."""
    while at < end and stream[at].text != text:
        at = closing(stream, at) + 1 if BRACKETS.get(stream[at].text, 0) > 0 else at + 1
    return min(at, end)


def _names(stream: Sequence[Token], at: int) -> bool:
    """Whether a name, or a ``$name``, is there: ``fn(`` and ``const fn`` declare none."""
    if at < len(stream) and stream[at].text == b"$":
        return True
    named = at < len(stream) and stream[at].kind is TokenKind.IDENT
    return named and stream[at].text not in (*_MODIFIERS, b"fn")


def _is_public(stream: Sequence[Token], start: int, at: int) -> bool:
    before = at - 1
    while before >= start and (stream[before].text in _MODIFIERS or stream[before].kind is TokenKind.LITERAL):
        before -= 1
    said = b"".join(t.text for t in stream[max(before - 3, start) : before + 1])
    return said.endswith((b"pub", b"pub(crate)"))
