"""What a set of methods, functions or trait impls is about, when no word of their names says it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.vocabulary import VERBS

_DOUBLED = frozenset(
    {
        "emit",
        "format",
        "get",
        "log",
        "map",
        "plan",
        "reset",
        "run",
        "scan",
        "set",
        "skip",
        "split",
        "submit",
        "trim",
        "wrap",
    }
)
_FULL_WORDS = {
    "iter": "iterators",
    "fmt": "formatting",
    "err": "errors",
    "ser": "serialization",
    "de": "deserialization",
    "alloc": "allocation",
    "str": "strings",
    "vec": "vectors",
    "ptr": "pointers",
    "cmp": "comparison",
    "opt": "options",
    "attr": "attributes",
    "config": "configuration",
    "init": "initialization",
}
_PREFIXES = {
    "new": "construction", "from": "construction", "with": "builder", "set": "setters", "get": "accessors",
    "is": "predicates", "has": "predicates", "can": "predicates", "as": "views", "to": "conversions",
    "into": "conversions", "try": "fallible", "iter": "iteration", "drain": "iteration", "keys": "iteration",
    "values": "iteration",
}  # fmt: skip
_TRAITS = {
    trait: kind
    for kind, traits in {
        "ops": "Add Sub Mul Div Rem Neg Not Shl Shr BitAnd BitOr BitXor AddAssign SubAssign MulAssign "
        "DivAssign RemAssign Sum Product Index IndexMut",
        "comparison": "PartialEq Eq PartialOrd Ord Hash",
        "formatting": "Display Debug Write LowerHex UpperHex Binary",
        "conversions": "From Into TryFrom TryInto FromStr AsRef AsMut Borrow ToOwned",
        "serialization": "Serialize Deserialize Serializer Deserializer Visitor",
        "iteration": "Iterator IntoIterator FromIterator Extend DoubleEndedIterator",
    }.items()
    for trait in traits.split()
}
_MOST = 0.6
"""The share of a group's parts that must be of one kind for it to name the group."""


def full_topic(word: str) -> str:
    """Return a longer word for the same, for when the short one is taken; "" where there is none.

    "formatting" for ``fmt``, "parsing" for ``parse``, "query_parsing" for ``parse_query``.
    """
    if word in _FULL_WORDS:
        return _FULL_WORDS[word]
    first, _, rest = word.partition("_")
    if first in VERBS:
        return f"{rest}_{_gerund(first)}" if rest else _gerund(first)
    return ""


def kinds(parts: Sequence[Part]) -> Iterator[str]:
    """Yield what most of the parts are, if they are trait impls or methods of one kind."""
    topics = Counter(found for part in parts if (found := _kind(part)))
    for found, count in sorted(topics.items(), key=lambda pair: (-pair[1], pair[0])):
        if count >= _MOST * len(parts):
            yield found


def _kind(part: Part) -> str:
    if part.trait:
        return _TRAITS.get(part.trait, "")
    if part.kind in ("const", "static"):
        return "constants"
    name = (part.name or "").partition("_")[0] if part.kind in ("member", "fn") else ""
    return _PREFIXES.get(name, "")


def _gerund(verb: str) -> str:
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    return (stem[:-1] if stem.endswith("e") and not stem.endswith("ee") else stem) + "ing"
