"""From the drafts of one item to its claims: rules, quotes, limits, planned modules."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from remediate.audit.document import Claim
from remediate.audit.readers import plans
from remediate.audit.readers.drafts import Draft, Drafts, wide_rules
from remediate.audit.readers.mentions import mentions, names_path, size_allowed, without_paths
from remediate.audit.rules.catalog import Evidence, rule, rules_named
from remediate.audit.rules.phrases import identifiers
from remediate.model import PlannedModule

_QUOTED = re.compile(r"[\"\u201c]([^\"\u201c\u201d]{3,200})[\"\u201d]|`{1,2}([^`]{3,200})`{1,2}")
_SYMBOL = re.compile(r"`?\b((?:\w+(?:::|\.))*\w+)(?:\(\))?`? (?:function|method|fn|struct|enum|trait|impl)\b")
_TELLING = re.compile(r"_|::|\.|[a-z][A-Z]")
_TITLE_LABEL = re.compile(r"^(?:files?|location|path)\s*:\s*", re.IGNORECASE)
_SKETCH_LIMIT = 20_000
_MANY = 50
_LONGEST_TITLE = 120
_LONGEST_TEXT = 2000


def claims(id_: str, result: Drafts) -> Iterator[Claim]:
    """Yield the claims of an item, in its order; one about the whole workspace when it names no file."""
    item, wide = _Item(result), wide_rules(result)
    drafts = [Draft("", result.unit.line)] if wide else []
    for number, draft in enumerate([*drafts, *result.drafts], 1):
        yield item.claim(f"{id_}.{number}", draft, wide if draft in drafts else item.rules(draft))


@dataclass(frozen=True)
class _Item:
    """What the claims of an item share, worked out once."""

    result: Drafts

    def claim(self, id_: str, draft: Draft, rules: tuple[str, ...]) -> Claim:
        quotes = dict.fromkeys([*(q for text in draft.texts for q in _quotes(text)), *self._quotes])
        symbols = dict.fromkeys([*(s for text in draft.texts for s in _symbols(text)), *self._symbols])
        few = len(self.result.drafts) <= _MANY or draft is self.result.drafts[0]
        return Claim(
            id=id_,
            title=self._title(draft, rules),
            rule=rules[0] if rules else "unclassified",
            path=draft.path,
            audit_line=draft.line,
            rules=rules or ("unclassified",),
            lines=tuple(dict.fromkeys(draft.lines)),
            size=draft.size,
            count=draft.count,
            limit=self._limit(draft),
            quotes=tuple(quotes),
            words=tuple(self._words(draft)),
            symbols=tuple(symbols),
            names=tuple(self._names(draft)),
            excerpt=self._excerpt if few else (),
            planned=plans.merged([*draft.planned, *self._sketched(draft)]),
            sketch=self._sketch,
            related=self._related if few else (),
            done=self.result.unit.done or draft.done,
            new=draft.new,
        )

    def rules(self, draft: Draft) -> tuple[str, ...]:
        """The rules a draft is about: what title, description and its own lines name, in this order.

        An entry's own lines lead where they name code and the title names none of it, or where they name one
        of what the title names; one marker's word may well stand beside another's. Of the rules one of them
        names, one that a heading above names too leads.
        A size makes a large file.
        """
        if draft.new:
            return ("new-file",)
        own = rules_named(" ".join(draft.texts))
        above = [self._title_rules, self._violation_rules]
        apart = draft.rules.isdisjoint(self._title_rules) and any(
            rule(id_).evidence is Evidence.CODE for id_ in draft.rules
        )
        one_of = len(draft.rules) == 1 and draft.rules < set(self._title_rules)
        named = [own, *above, self._prose_rules] if apart or one_of else [*above, own, self._prose_rules]
        ranked = [id_ for ids in named for id_ in sorted(ids, key=lambda i: i not in self._above)]
        sized = ["large-file"] if draft.size is not None and not draft.lines else []
        return tuple(dict.fromkeys([*sized, *ranked])) or self._above

    @cached_property
    def _title_rules(self) -> tuple[str, ...]:
        return rules_named(without_paths(self.result.unit.title))

    @cached_property
    def _violation_rules(self) -> tuple[str, ...]:
        return rules_named(" ".join(self.result.violation))

    @cached_property
    def _prose_rules(self) -> tuple[str, ...]:
        return rules_named(" ".join(self.result.prose))

    @cached_property
    def _above(self) -> tuple[str, ...]:
        """What the headings above name; of a list entry only the nearest, others are not about it."""
        titles = self.result.unit.parents[:1] if self.result.unit.entry else self.result.unit.parents
        return next((ids for title in titles if (ids := rules_named(title))), ())

    @cached_property
    def _texts(self) -> tuple[str, ...]:
        return (self.result.unit.title, *self.result.violation, *self.result.prose)

    @cached_property
    def _quotes(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(quote for text in self._texts for quote in _quotes(text)))

    @cached_property
    def _symbols(self) -> tuple[str, ...]:
        return tuple(dict.fromkeys(symbol for text in self._texts for symbol in _symbols(text)))

    def _names(self, draft: Draft) -> Iterator[str]:
        """The identifiers in backticks of the lines about the path, or else those of the whole item."""
        own = dict.fromkeys(name for text in draft.texts for name in identifiers(text))
        yield from own or dict.fromkeys(name for text in self._texts for name in identifiers(text))

    @cached_property
    def _excerpt(self) -> tuple[str, ...]:
        lines = (line.strip() for code in self.result.excerpts for line in code.split("\n"))
        return tuple(dict.fromkeys(line for line in lines if line))[:_MANY] if self._is_alone else ()

    @cached_property
    def _sketch(self) -> str:
        return "\n\n".join(self.result.sketches)[:_SKETCH_LIMIT]

    @cached_property
    def _related(self) -> tuple[str, ...]:
        loose = (mention.text for mention in self.result.loose)
        return tuple(dict.fromkeys([*self.result.related, *loose]))

    def _words(self, draft: Draft) -> Iterator[str]:
        """What is said of one place alone: of several lines nobody could tell which one is meant."""
        if len(draft.lines) == 1 and draft.lines[0].first == draft.lines[0].last:
            shared = (self.result.unit.title, *self.result.violation) if self._is_alone else ()
            yield from (text[:_LONGEST_TEXT] for text in (*draft.texts, *shared))

    def _limit(self, draft: Draft) -> int | None:
        """The size that the lines about the file name, or what is said to be wrong, or else a heading."""
        said = (size_allowed(text) for text in (*draft.texts, *self.result.violation, *self.result.prose))
        return next((limit for limit in said if limit), self._limit_of_titles)

    @cached_property
    def _limit_of_titles(self) -> int | None:
        titles = (self.result.unit.title, *self.result.unit.parents)
        return next((m.number for title in titles for m in mentions(title) if m.kind == "limit"), None)

    def _sketched(self, draft: Draft) -> Iterator[PlannedModule]:
        if self._is_alone and not draft.new:
            for code in self.result.sketches:
                yield from plans.sketched(code)

    @cached_property
    def _is_alone(self) -> bool:
        return len(self.result.subjects()) == 1

    def _title(self, draft: Draft, rules: tuple[str, ...]) -> str:
        """The item's title; where that is a path only, what the item says is wrong, or the rule's title."""
        title = _TITLE_LABEL.sub("", self.result.unit.title).strip()
        if re.search(r"[^\W\d_]{3}", without_paths(title)):
            return title
        said = next((text.strip() for text in (*self.result.violation, *draft.texts) if text.strip()), "")
        return (said or (rule(rules[0]).title if rules else title))[:_LONGEST_TITLE]


def _quotes(text: str) -> Iterator[str]:
    for match in _QUOTED.finditer(text):
        quote = (match.group(1) or match.group(2)).strip()
        if not names_path(quote):
            yield quote


def _symbols(text: str) -> Iterator[str]:
    yield from (symbol for symbol in _SYMBOL.findall(text) if _TELLING.search(symbol))
