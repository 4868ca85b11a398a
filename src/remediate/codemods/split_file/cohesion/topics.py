"""What a set of methods, functions or trait impls is about, when no word of their names says it."""

from collections import Counter
from collections.abc import Iterator, Sequence

from remediate.codemods.split_file.cohesion.model import Part
from remediate.codemods.split_file.cohesion.vocabulary import VERBS

_MOST = 0.6
"""The share of a group's parts that must be of one kind for it to name the group."""
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
_FAMILIES = {
    name: family
    for family, names in {
        "capacity": "capacity reserve reserve_exact try_reserve try_reserve_exact shrink_to_fit shrink_to "
        "with_capacity with_capacity_in spare_capacity_mut max_capacity remaining_capacity",
        "removal": "remove swap_remove shift_remove pop pop_first pop_last pop_if take clear truncate retain "
        "retain_mut drain split_off dedup dedup_by dedup_by_key extract_if pop_at remove_entry",
        "insertion": "insert push push_str push_back push_front append extend extend_from_slice try_push "
        "try_insert insert_before insert_sorted insert_full extend_from_within push_unchecked replace splice",
        "views": "as_slice as_mut_slice as_ptr as_mut_ptr as_str as_bytes deref deref_mut as_ref as_mut",
        "search": "find rfind position contains contains_key binary_search binary_search_by "
        "binary_search_by_key partition_point starts_with ends_with",
        "rounding": "ceil floor round trunc fract expand round_ties_even",
        "locking": "lock try_lock unlock lock_arc try_lock_arc is_locked force_unlock",
    }.items()
    for name in names.split()
}
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


def full_topic(word: str) -> str:
    """Return a longer word for the same, for when the short one is taken; "" where there is none.

    "formatting" for ``fmt``, "parsing" for ``parse``, "query_parsing" for ``parse_query``.
    """
    if word in _FULL_WORDS:
        return _FULL_WORDS[word]
    first, _, rest = word.partition("_")
    if first in VERBS:
        doing = _FULL_WORDS.get(first) or _gerund(first)
        return f"{rest}_{doing}" if rest else doing
    return ""


def kinds(parts: Sequence[Part], least: float = _MOST) -> Iterator[str]:
    """Yield what most of the parts are, if they are trait impls or methods of one kind.

    ``least`` is the share of the parts that must be of it.
    """
    topics = Counter(found for part in parts if (found := _kind(part)))
    for found, count in sorted(topics.items(), key=lambda pair: (-pair[1], pair[0])):
        if count >= least * len(parts):
            yield found


def _kind(part: Part) -> str:
    if part.trait:
        return _TRAITS.get(part.trait, "")
    if part.kind in ("const", "static"):
        return "constants"
    name = part.name or "" if part.kind in ("member", "fn") else ""
    return _FAMILIES.get(name) or _PREFIXES.get(name.partition("_")[0], "")


def _gerund(verb: str) -> str:
    stem = verb + verb[-1] if verb in _DOUBLED else verb
    return (stem[:-1] if stem.endswith("e") and not stem.endswith("ee") else stem) + "ing"
