"""Where the comments on M's imports go: with the imports, if none of their paragraph stays."""

from collections.abc import Iterator
from dataclasses import dataclass

from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.import_planner import cfg_of
from remediate.codemods.split_file.imports.imported import Place, Wiring
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.lexer import TokenKind, tokens


@dataclass(frozen=True)
class Comments:
    """The comments on one declaration that go to a place, as text: those above it, and that behind it."""

    above: str = ""
    behind: str = ""

    def around(self, use: str) -> str:
        """Return a declaration, which ends its line, with its comments."""
        return f"{self.above}{use.rstrip()}{self.behind}\n" if self.behind else self.above + use


def comments_at(draft: Draft, place: Place, item: Item) -> Comments:
    """Return the comments on a declaration of M that stand in a place."""
    text = draft.survey.ground.source.text
    found = [t for t in tokens(text, item.lead, item.tail) if t.kind is TokenKind.COMMENT]
    top = _top(draft, item)
    wanted = [t for t in found if (item.start, t.end <= top) in place.comments]
    above = "".join(t.text.decode().rstrip() + "\n" for t in wanted if t.start < item.end)
    behind = [t.text.decode().rstrip() for t in wanted if t.start >= item.end]
    return Comments(above, "".join(f" {one}" for one in behind))


def place_comments(draft: Draft, wiring: Wiring) -> None:
    """Note with one place for each declaration that its comments stand there.

    What stands above a paragraph of them may be about all: it stays as long as one of them does. Every other
    comment is about its declaration, and goes with it.
    """
    for paragraph in _paragraphs(draft):
        # What stands at the very top may be about the file: a licence, a title.
        stays = paragraph[0].gap == 0 or any(_takes(draft, FACADE, wiring.facade, i) for i in paragraph)
        for item in paragraph:
            home = _home(draft, wiring, item)
            above = wiring.facade if stays and item is paragraph[0] else home
            above.comments.add((item.start, True))
            home.comments.add((item.start, False))


def _home(draft: Draft, wiring: Wiring, item: Item) -> Place:
    """Return the first place that keeps a declaration; the facade where none does."""
    if _takes(draft, FACADE, wiring.facade, item):
        return wiring.facade
    takers = (p for name, p in wiring.children.items() if _takes(draft, name, p, item))
    return next(takers, wiring.facade)


def _top(draft: Draft, item: Item) -> int:
    """Return where the comments above a declaration end, and its attributes or itself begin."""
    stream = tokens(draft.survey.ground.source.text, item.lead, item.tail)
    return next(t.start for t in stream if t.kind is not TokenKind.COMMENT)


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
