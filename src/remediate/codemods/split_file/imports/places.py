"""Which place of a split a file of its result is."""

from collections.abc import Mapping
from functools import cached_property

from remediate.codemods.split_file.draft import FACADE, Draft
from remediate.codemods.split_file.imports.import_planner import wire
from remediate.codemods.split_file.imports.imported import Wiring
from remediate.model import Diagnostic, Span


class Places:
    """The files of one attempt, as the compiler saw them."""

    def __init__(self, draft: Draft, texts: Mapping[str, bytes | None]) -> None:
        ground = draft.survey.ground
        self.draft, self.texts = draft, texts
        self._place = {ground.child_path(g.name): g.name for g in draft.alive}
        self._place[ground.facade] = FACADE
        for item in ground.items:
            if item.kind == "mod" and item.body is not None:
                self._place[ground.child_path(item.name or "")] = f"mod {item.name}"

    @cached_property
    def wiring(self) -> Wiring:
        """Who imported what in this attempt."""
        return wire(self.draft)

    def here(self, path: str) -> str | None:
        """Return the place a file is: a group's name, "" for the facade, "mod x"; None for another file."""
        return self._place.get(path)

    def text(self, diagnostic: Diagnostic) -> str:
        """Return the source text a message points at."""
        span = next((s for s in diagnostic.spans if s.primary), None)
        return self.at(span) if span is not None else ""

    def at(self, span: Span) -> str:
        """Return the source text under a span."""
        text = self.texts.get(span.path) or b""
        return text[span.start : span.end].decode(errors="replace")
