"""Where the comments on M's imports go: with the imports, if none of their paragraph stays."""

from collections.abc import Iterator

from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imported import Place, Wiring
from remediate.codemods.split_file.wiring import cfg_of
from remediate.rust.items import Item
from remediate.rust.lexer import TokenKind, tokens


def comments_of(draft: Draft, item: Item) -> list[str]:
    """Return the comments on and in a declaration, each with a line end."""
    stream = tokens(draft.survey.ground.source.text, item.lead, item.tail)
    return [t.text.decode().rstrip() + "\n" for t in stream if t.kind is TokenKind.COMMENT]


def place_comments(draft: Draft, wiring: Wiring) -> None:
    """Note with one place for each declaration that its comments stand there."""
    for paragraph in _paragraphs(draft):
        # What stands at the very top may be about the file: a licence, a title.
        stays = paragraph[0].gap == 0 or any(_takes(draft, FACADE, wiring.facade, i) for i in paragraph)
        for item in paragraph:
            takers = (p for name, p in wiring.children.items() if _takes(draft, name, p, item))
            home = wiring.facade if stays else next(takers, wiring.facade)
            home.comments.add(item.start)


def _paragraphs(draft: Draft) -> Iterator[list[Item]]:
    """Yield M's ``use`` declarations, those together that no empty line parts."""
    text = draft.survey.ground.source.text.replace(b"\r", b" ")
    paragraph: list[Item] = []
    for item in draft.survey.ground.items:
        apart = not paragraph or any(
            not line.strip() for line in text[paragraph[-1].tail : item.lead].split(b"\n")[1:-1]
        )
        if item.kind != "use" or apart:
            yield from [paragraph] if paragraph else []
            paragraph = []
        if item.kind == "use":
            paragraph.append(item)
    yield from [paragraph] if paragraph else []


def _takes(draft: Draft, here: str, place: Place, item: Item) -> bool:
    """Whether a place keeps any name of a declaration; the facade keeps all that is not private."""
    for one in draft.survey.ground.scope.imports:
        if one.item.start == item.start:
            if here == FACADE and not one.visibility.private:
                return True
            cfgs = place.leaves.get(one.leaf.start)
            if cfgs is not None and cfg_of(draft, here, f"use:{one.leaf.start}", cfgs, ()) is not None:
                return True
    return False
