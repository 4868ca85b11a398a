"""A type as text without what does not matter to members: ``Vec<State>`` of ``&'a mut Vec<Box<State>>``.

Only enough of the standard library is known to follow containers to what they hold.
"""

import re

_UNWRAP = {
    "unwrap",
    "expect",
    "unwrap_or",
    "unwrap_or_else",
    "unwrap_or_default",
    "unwrap_unchecked",
    "get_or_insert_with",
    "?",
}
_SAME = {
    "clone",
    "as_ref",
    "as_mut",
    "to_owned",
    "take",
    "cloned",
    "copied",
    "as_deref",
    "as_deref_mut",
    "by_ref",
}
_LISTS = {"Vec", "VecDeque", "SmallVec", "ArrayVec", "BinaryHeap", "[]", "Iter", "LinkedList"}
_MAPS = {"HashMap", "BTreeMap", "IndexMap", "FxHashMap", "AHashMap"}
_ONE = {
    "get",
    "get_mut",
    "first",
    "first_mut",
    "last",
    "last_mut",
    "pop",
    "pop_front",
    "pop_back",
    "next",
    "peek",
}
_ONE |= {"remove", "back", "front", "back_mut", "front_mut", "next_back", "nth", "find"}
_MANY = {
    "iter",
    "iter_mut",
    "into_iter",
    "drain",
    "values",
    "values_mut",
    "rev",
    "skip",
    "take",
    "as_slice",
    "filter",
}
_CELLS = {"RefCell", "Cell", "UnsafeCell", "OnceCell", "OnceLock", "MaybeUninit", "ManuallyDrop"}
_HEAD = re.compile(r"[^<]*")


def name_of(text: str) -> str:
    """Return the name of a type: "Vec" of ``Vec<State>``."""
    match = _HEAD.match(text)
    return match.group() if match else ""


def arguments(text: str) -> list[str]:
    """Return the arguments of a type, split at its own commas."""
    inner = text[len(name_of(text)) + 1 : -1]
    parts, depth, start = [], 0, 0
    for index, char in enumerate(inner):
        depth += (char == "<") - (char == ">")
        if char == "," and not depth:
            parts.append(inner[start:index])
            start = index + 1
    return [p for p in (*parts, inner[start:]) if p]


def step(text: str, method: str) -> str | None:  # noqa: PLR0911 - one return per family of types
    """Return what a call of the standard library, ``?``, ``[]`` or a ``for`` loop gets out of a type."""
    name, held = name_of(text), arguments(text)
    if not held:
        return text if method in ("clone", "to_owned", "by_ref") else None
    if name in ("Option", "Result") and method in _UNWRAP | {"for"}:
        return held[0]
    if name in ("Option", "Result") and method in _SAME:
        return text
    if method in ("[]", "for") and name in _LISTS:
        return held[0]
    if name in _MAPS and len(held) > 1:
        return _of_map(held[1], method)
    if name in _LISTS and method in _ONE:
        return f"Option<{held[0]}>"
    if name in _LISTS and method in _MANY:
        return f"Iter<{held[0]}>"
    if name in ("Mutex", "RwLock") and method in (
        "lock",
        "read",
        "write",
        "try_lock",
        "get_mut",
        "into_inner",
    ):
        return f"Result<{held[0]}>"
    return held[0] if name in _CELLS else None


def _of_map(value: str, method: str) -> str | None:
    if method == "[]":
        return value
    if method in ("get", "get_mut", "remove"):
        return f"Option<{value}>"
    return f"Iter<{value}>" if method in ("values", "values_mut", "into_values") else None
