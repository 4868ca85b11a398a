"""Values that a comment calls hard-coded: given a name, as a constant beside the function."""

import re

from remediate.audit.markers.beside import Beside
from remediate.codemods.resolve_markers.comments import extent
from remediate.codemods.resolve_markers.fix import Fix, around, declared
from remediate.codemods.resolve_markers.places import Place
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.lexer import Token, TokenKind, tokens

_CONSTANT = re.compile(rb"\A(?:pub(?:\s*\([^)]*\))?\s+)?(?:const|static)\s+(?!fn\b)")
_BOUND = re.compile(
    rb"\A(?:let\s+(?:mut\s+)?)?(?:r#)?(?P<name>[a-z_]\w*)\s*(?::\s*(?P<type>[\w:&' ]+?)\s*)?(?:=(?!=)|:)\s*"
)
_MACRO = re.compile(rb"\w\s*!\s*[(\[{]")
_TEXT = re.compile(rb'\A(?:r#*)?"')
_SUFFIX = re.compile(rb"\d(?P<type>[iu](?:8|16|32|64|128|size)|f(?:32|64))\Z")
_NUMBERS = re.compile(rb"[iu](?:8|16|32|64|128|size)|f(?:32|64)")
_HARD = re.compile(rb"hard-?coded?", re.IGNORECASE)


def is_about_a_literal(place: Place) -> bool:
    """Whether a marker calls a value hard-coded."""
    return _HARD.match(place.text, place.start) is not None


def constant(place: Place) -> Fix | Skip:
    """Return the value as a constant of its own, named for what it is bound to."""
    beside = Beside(place.outline, place.start, place.span[1])
    statement, at = beside.statement, beside.at
    if _CONSTANT.match(statement):
        return Skip("named-constant", f"{place.location}: {place.said}", mistaken=True)
    item, function, comment = _owner(place), around(place), extent(place)
    bound = _BOUND.match(statement)
    literals = [t for t in tokens(place.text, at, at + len(statement)) if t.kind is TokenKind.LITERAL]
    if not (item and function and comment and bound) or len(literals) != 1 or _MACRO.search(statement):
        return Skip("not-simple", f"{place.location}: it is no single value that is bound to a name.")
    kind = _type(literals[0], bound, statement)
    name = bound["name"].upper().strip(b"_")
    if not kind or not name or re.search(rb"\b%b\b" % name, place.text):
        return Skip("not-simple", f"{place.location}: no type or no free name for the value.")
    start, end = item.lead, max(literals[0].end, comment.end)
    if item.lead > comment.start:
        return Skip("not-simple", f"{place.location}: the comment is not in the function.")
    new = _hoisted(
        place, (start, end), literals[0], (comment.start, comment.end), b"const %b: %b" % (name, kind)
    )
    return Fix(
        (Edit(start, end, new),),
        f"name a hard-coded value `{name.decode()}`",
        functions=declared(place, function),
    )


def _hoisted(
    place: Place, span: tuple[int, int], value: Token, comment: tuple[int, int], head: bytes
) -> bytes:
    """Return the text of a span with its value replaced by a constant that its comment moves to."""
    text, indent = place.text, _indent(place.text, span[0])
    said = [line.strip() for line in text[slice(*comment)].strip().split(b"\n")]
    declaration = (b"\n" + indent).join([*said, b"%b = %b;" % (head, value.text)])
    blanks = len(text[: comment[0]]) - len(text[: comment[0]].rstrip(b" \t")) if place.is_trailing else 0
    name = head.split(b":")[0].removeprefix(b"const ")
    pieces, done = [declaration + b"\n\n" + indent], span[0]
    for start, end, new in sorted([(value.start, value.end, name), (comment[0] - blanks, comment[1], b"")]):
        pieces += [text[done:start], new]
        done = end
    return b"".join([*pieces, text[done : span[1]]])


def _type(value: Token, bound: "re.Match[bytes]", statement: bytes) -> bytes:
    """Return the type of a literal, as far as the statement says it; b"" where it does not."""
    if _TEXT.match(value.text):
        return b"&str"
    if suffix := _SUFFIX.search(value.text):
        return suffix["type"]
    whole = statement[bound.end() :].strip(b"; ,\n\t") == value.text
    annotated = bound["type"] or b""
    return annotated if whole and _NUMBERS.fullmatch(annotated) else b""


def _owner(place: Place) -> Item | None:
    """Return the item, of a file or an inline module, that the marker is in."""
    found: tuple[Item, ...] = items(place.source)
    while True:
        item = next((i for i in found if i.lead <= place.start < i.end), None)
        if item is None or item.kind != "mod":
            return item
        found = children(place.source, item)


def _indent(text: bytes, at: int) -> bytes:
    line = text[text.rfind(b"\n", 0, at) + 1 : at]
    return line if not line.strip() else b""
