"""What lets tree-sitter-rust read what rustc reads: same-length masks, and repairs.

The grammar (0.24) rejects a few valid spellings. Each is overwritten by bytes of the same length before
parsing, so every offset stays valid; text is always read from the original bytes. Strings and comments may
be hit too, which is harmless: a mask never adds or removes a delimiter, quote or line end. Patterns that
would hide things the tree should show (an attribute of a field, say) if they were applied everywhere are
repairs: they are tried where an ERROR is and kept only if less is broken afterwards.
"""

import re
from collections.abc import Callable, Iterator

from tree_sitter import Node, Tree

from remediate.rust.syntax.lexer import preamble_end

_PRIMITIVE_MACRO = re.compile(
    rb"(?<![A-Za-z0-9_#])(?:[iu](?:8|16|32|64|128|size)|f(?:32|64)|bool|str|char|try)(?=\s*![ \t]*[(\[{])"
)
_SAFE_FOREIGN_ITEM = re.compile(rb"(?<![A-Za-z0-9_#])safe(?=\s+(?:fn|static)\b)")
_UNIT_STRUCT_WHERE = re.compile(rb"(\bstruct\s+(?:r#)?\w+\s*(?:<[^;{}()]*>)?\s*)(\bwhere\b[^;{}()]*)(?=;)")
_BARE_DOLLAR = re.compile(rb"\$(?=[\s)\]},;{])")
_TILDE = re.compile(rb"~const\b|~")
_NOT_SPACE = re.compile(rb"[^\s]")


def masked(text: bytes) -> bytes:
    """Return ``text`` as tree-sitter-rust can read it; same length, same line ends."""
    if head := preamble_end(text):
        text = blank(text[:head]) + text[head:]
    if b"!" in text:
        text = _PRIMITIVE_MACRO.sub(lambda m: b"_" * len(m.group()), text)
    if b"safe" in text:
        text = _SAFE_FOREIGN_ITEM.sub(b"    ", text)
    if b"where" in text:
        text = _UNIT_STRUCT_WHERE.sub(lambda m: m.group(1) + blank(m.group(2)), text)
    if b"~" in text:
        text = _TILDE.sub(lambda m: b"+" if m.group() == b"~" else b"      ", text)
    return _BARE_DOLLAR.sub(b"_", text) if b"$" in text else text


def blank(text: bytes) -> bytes:
    """Return as many blanks, line ends kept."""
    return _NOT_SPACE.sub(b" ", text)


_REACH = 400
_ROUNDS = 6
_WORTH = 10_000_000  # one second or two
_BLANKED = re.compile(
    rb"(?<=dyn)\s+'\w+\s*\+"  # Box<dyn 'a + Send>
    rb"|for\s*<[^<>]*>(?=\s*(?:(?:move|async|static)\s+)*\|)"  # for<'a> |x: &'a u8| ..
    rb"|(?<=\()\s*for\s*<[^<>]*>"  # dyn (for<'a> Fn(&'a u8))
    rb"|(?<=[<,\s])-(?=\d+\s*[,>])"  # Foo<-1>
    rb"|(?:::)?<\s*>"  # f::<>() and Foo<>
    rb"|::<[^<>]*>(?=\s*\{)"  # let Foo::<u8> { x } = ..
    rb"|\b\w+\s*:\s*,(?=\s*\w)"  # where T:, U: X
    rb"|(?<=[,{(])\s*\.\.(?=\s*\}\s*=[^=>])"  # X { a, .. } = y;
    rb"|(?<=pub )auto(?=\s+trait\b)|(?<=unsafe )auto(?=\s+trait\b)"
    rb"|\bunsafe(?=\s+mod\b)"
    rb"|(?<=[\s>])const(?=\s+[A-Z][\w:<>, ]*\s+for\b)"  # impl const Default for X
    rb"|\[const\]"  # T: [const] X
    rb"|(?<=extern )r(?=\")"
)
_RENAMED = re.compile(
    rb"\(\)(?=\s*:[^:])"  # where (): Sized
    rb"|\bfn\(\)(?=\s*:[^:])"
    rb"|\b\w+!\([^()]*\)(?=\s*:[^:])"  # where m!(Self): Send
    rb"|(?<=[{,\s])\d+(?=\s*:[^:])"  # Tuple { 0: x }
)
_ANY_ATTRIBUTE = rb"#\s*\[(?:[^\[\]\"]|\"(?:[^\"\\]|\\.)*\"|\[[^\[\]]*\])*\]"
_FIELD_ATTRIBUTE = re.compile(_ANY_ATTRIBUTE + rb"(?=\s*(?:ref\s+|mut\s+)*[a-z_]\w*\s*[,:}])", re.DOTALL)
_ATTRIBUTE = re.compile(_ANY_ATTRIBUTE, re.DOTALL)
_LAST_EMPTY_BOUND = re.compile(rb":,(?=\s*[{;])")
_TRAIT_ALIAS = re.compile(rb"\btrait(?=\s+\w+\s*(?:<[^<>]*>)?\s*=)")
_FOREIGN_TYPE = re.compile(rb"(\bpub(?:\s*\([^()]*\))?\s+)type(\s+\w+\s*)((?:<[^<>]*>)?)(?=\s*;)")
_WIDE_FLOAT = re.compile(rb"(?<=[0-9_])f(?:16|128)\b")

_Patch = tuple[int, bytes]
_REPAIRS: tuple[tuple[re.Pattern[bytes], Callable[[re.Match[bytes]], bytes]], ...] = (
    (_BLANKED, lambda m: blank(m.group())),
    (_RENAMED, lambda m: b"_" * len(m.group())),
    (_LAST_EMPTY_BOUND, lambda _: b":A"),
    (_TRAIT_ALIAS, lambda _: b"type "),
    (_WIDE_FLOAT, lambda m: b"_f64"[-len(m.group()) :]),
    (_FOREIGN_TYPE, lambda m: m[1] + b"use " + m[2] + blank(m[3])),
    (_FIELD_ATTRIBUTE, lambda m: blank(m.group())),  # X { #[cfg(a)] field, .. } as a pattern
    (_ATTRIBUTE, lambda m: blank(m.group())),
)


def repaired(text: bytes, tree: Tree, parse: Callable[[bytes], Tree]) -> Tree:
    """Return the tree of ``text`` with as little broken as the repairs can make it.

    ``text`` is masked, ``tree`` its tree with errors, ``parse`` makes another one.
    """
    for _ in range(_ROUNDS):
        before = damage(tree)
        for pattern, substitute in _REPAIRS:
            patches = list(_near(text, tree, pattern, substitute))
            helps = patches and damage(parse(_patched(text, patches))) < damage(tree)
            if helps and (needed := _needed(text, patches, parse)):
                text = _patched(text, needed)
                tree = parse(text)
            if not tree.root_node.has_error:
                return tree
        if damage(tree) == before:
            return tree
    return tree


def _needed(text: bytes, patches: list[_Patch], parse: Callable[[bytes], Tree]) -> list[_Patch]:
    """Return a part of the patches that does as much good: an attribute is hidden only where it must be.

    None where finding out costs more than ``_WORTH`` bytes of parsing: what stays broken is declined later.
    """
    goal = damage(parse(_patched(text, patches)))
    size, left = len(patches) // 2, _WORTH // len(text)
    while size:
        start = 0
        while start < len(patches):
            rest = patches[:start] + patches[start + size :]
            left -= 1
            if left < 0:
                return []
            if damage(parse(_patched(text, rest))) <= goal:
                patches = rest
            else:
                start += size
        size //= 2
    return patches


def _patched(text: bytes, patches: list[_Patch]) -> bytes:
    pieces, done = [], 0
    for start, new in patches:
        pieces += [text[done:start], new]
        done = start + len(new)
    return b"".join([*pieces, text[done:]])


def broken(node: Node) -> Iterator[Node]:
    """Yield the outermost ERROR and MISSING nodes below a node, in source order."""
    waiting = [node]
    while waiting:
        node = waiting.pop()
        if node.is_error or node.is_missing:
            yield node
        elif node.has_error:
            waiting += reversed(node.children)


def damage(tree: Tree) -> tuple[int, int]:
    """Return how many bytes and places are broken: fewer is better."""
    nodes = list(broken(tree.root_node))
    return sum(n.end_byte - n.start_byte for n in nodes) + len(nodes), len(nodes)


def _near(
    text: bytes, tree: Tree, pattern: re.Pattern[bytes], substitute: Callable[[re.Match[bytes]], bytes]
) -> Iterator[_Patch]:
    """Yield what the pattern would substitute in the neighbourhood of what is broken, in order."""
    done = 0
    for node in broken(tree.root_node):
        end = min(len(text), node.end_byte + _REACH)
        for match in pattern.finditer(text, max(done, node.start_byte - _REACH), end):
            new = substitute(match)
            if new != match.group():
                yield match.start(), new
        done = max(done, end)
