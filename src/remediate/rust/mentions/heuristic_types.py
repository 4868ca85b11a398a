"""What syntax alone tells of types: local names, written types, and the chain an expression is made of.

A heuristic for code that the compiler was not asked about: only enough of the standard library is known to
follow containers to what they hold. A type as text is without what does not matter to members:
``Vec<State>`` for ``&'a mut Vec<Box<State>>``.
"""

import re
from functools import lru_cache

from tree_sitter import Node

from remediate.rust.mentions.references import Space
from remediate.rust.syntax.items import COMMENTS
from remediate.rust.syntax.known_names import table
from remediate.rust.syntax.source import Source

_UNWRAP = table("""
    unwrap expect unwrap_or unwrap_or_else unwrap_or_default unwrap_unchecked get_or_insert_with ?
""")
_SAME = table("clone as_ref as_mut to_owned take cloned copied as_deref as_deref_mut by_ref")
_LISTS = table("Vec VecDeque SmallVec ArrayVec BinaryHeap [] Iter LinkedList")
_MAPS = table("HashMap BTreeMap IndexMap FxHashMap AHashMap")
_ONE = table("""
    get get_mut first first_mut last last_mut pop pop_front pop_back next peek remove back front back_mut
    front_mut next_back nth find
""")
_MANY = table("iter iter_mut into_iter drain values values_mut rev skip take as_slice filter")
_CELLS = table("RefCell Cell UnsafeCell OnceCell OnceLock MaybeUninit ManuallyDrop")
_LOCKED = table("lock read write try_lock get_mut into_inner")
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
    if name in ("Mutex", "RwLock") and method in _LOCKED:
        return f"Result<{held[0]}>"
    return held[0] if name in _CELLS else None


def _of_map(value: str, method: str) -> str | None:
    if method == "[]":
        return value
    if method in ("get", "get_mut", "remove"):
        return f"Option<{value}>"
    return f"Iter<{value}>" if method in ("values", "values_mut", "into_values") else None


Chain = tuple[str, ...]


class Scopes:
    """A stack of block scopes, innermost last. A nested function sees local items but no bindings."""

    def __init__(self) -> None:
        self._bindings: list[dict[str, Chain]] = [{}]
        self._items: list[dict[str, Space]] = [{}]
        self._walls: list[int] = [0]

    def open(self, *, wall: bool = False) -> None:
        """Enter a block; behind a ``wall`` outer bindings and generics are out of sight."""
        self._bindings.append({})
        self._items.append({})
        if wall:
            self._walls.append(len(self._bindings) - 1)

    def close(self) -> None:
        """Leave the innermost block."""
        self._bindings.pop()
        self._items.pop()
        if self._walls[-1] >= len(self._bindings):
            self._walls.pop()

    def bind(self, name: str, chain: Chain = ()) -> None:
        """Add a binding, with what is known of its type."""
        self._bindings[-1][name] = chain

    def declare(self, name: str, space: Space) -> None:
        """Add a local item, a local import or a generic parameter."""
        self._items[-1][name] = self._items[-1].get(name, Space(0)) | space

    def hides(self, name: str, space: Space) -> bool:
        """Whether the name, looked up in one of the namespaces, is certainly local."""
        if space & Space.VALUE and not space & Space.MACRO and self.binding(name) is not None:
            return True
        return any(space & ~found.get(name, Space(0)) == Space(0) for found in self._items)

    def hides_any(self, name: str) -> bool:
        """Whether a name in tokens of unknown grammar is most likely local."""
        return self.binding(name) is not None or any(name in found for found in self._items)

    def binding(self, name: str) -> Chain | None:
        """Return what is known of a visible binding's type, None if there is no such binding."""
        for scope in reversed(self._bindings[self._walls[-1] :]):
            if name in scope:
                return scope[name]
        return None


_STEPS = 12
_TRANSPARENT = {"Box", "Rc", "Arc", "Pin", "MutexGuard", "RefMut", "Ref"}
_INNER = {"parenthesized_expression", "reference_expression", "unary_expression", "await_expression"}


def head(source: Source, node: Node | None) -> str:
    """Return the name a type is known by: ``Foo`` of ``&mut m::Foo<'a>`` and of ``Box<Foo>``; "" if none."""
    return name_of(written(source, node))


def written(source: Source, node: Node | None, depth: int = 4) -> str:
    """Return a written type as this module knows types; "" for what it does not."""
    while node is not None and depth:
        if node.type in ("reference_type", "pointer_type"):
            node = node.child_by_field_name("type")
        elif node.type == "generic_type":
            return _generic(source, node, depth)
        elif node.type == "array_type":
            inner = written(source, node.child_by_field_name("element"), depth - 1)
            return f"[]<{inner}>" if inner else ""
        elif node.type == "scoped_type_identifier":
            node = node.child_by_field_name("name")
        elif node.type in ("type_identifier", "identifier", "primitive_type"):
            return source.name_of(node)
        else:
            return ""
    return ""


def _generic(source: Source, node: Node, depth: int) -> str:
    name = written(source, node.child_by_field_name("type"), depth - 1)
    arguments = node.child_by_field_name("type_arguments")
    types = [n for n in arguments.named_children if n.type != "lifetime"] if arguments is not None else []
    held = [written(source, n, depth - 1) or "_" for n in types]
    if name in _TRANSPARENT and held and not _defines(source.text, name):
        return held[0]
    return f"{name}<{','.join(held)}>" if held else name


@lru_cache(maxsize=256)
def _defines(text: bytes, name: str) -> bool:
    """Whether a file has a type of its own that is called so."""
    return re.search(rb"\b(?:struct|enum|union|type)\s+" + name.encode() + rb"\b", text) is not None


def chain(  # noqa: PLR0911 - one return per kind of expression
    source: Source, node: Node | None, scopes: Scopes, self_type: str, steps: int = _STEPS
) -> Chain:
    """Return what an expression is made of, from a known type on: ("Foo", "x", "f()"); () if unknown.

    Chains of more than ``steps`` count as unknown: this runs for every link of a long one.
    """
    if node is None or steps == 0:
        return ()
    kind = node.type
    if kind == "self":
        return (self_type,) if self_type else ()
    if kind == "identifier":
        return scopes.binding(source.name_of(node)) or ()
    if kind in _INNER:
        return chain(source, _operand(node), scopes, self_type, steps - 1)
    if kind == "struct_expression":
        return _type(source, node.child_by_field_name("name"), self_type)
    if kind in ("field_expression", "try_expression", "index_expression", "call_expression"):
        return _step(source, node, scopes, self_type, steps)
    return ()


def _step(source: Source, node: Node, scopes: Scopes, self_type: str, steps: int) -> Chain:
    if node.type == "call_expression":
        return _call(source, node.child_by_field_name("function"), scopes, self_type, steps)
    inner = node.child_by_field_name("value") or node.named_children[0]
    before = chain(source, inner, scopes, self_type, steps - 1)
    if not before:
        return ()
    if node.type == "field_expression":
        field = node.child_by_field_name("field")
        return (*before, source.name_of(field)) if field else ()
    return (*before, "?" if node.type == "try_expression" else "[]")


def _call(source: Source, function: Node | None, scopes: Scopes, self_type: str, steps: int) -> Chain:
    if function is not None and function.type == "generic_function":
        function = function.child_by_field_name("function")
    if function is None:
        return ()
    if function.type == "identifier":
        return (source.name_of(function) + "()",)
    if function.type == "field_expression":
        before = chain(source, function.child_by_field_name("value"), scopes, self_type, steps - 1)
        field = function.child_by_field_name("field")
        return (*before, source.name_of(field) + "()") if before and field else ()
    if function.type == "scoped_identifier":
        owner = _type(source, function.child_by_field_name("path"), self_type)
        name = function.child_by_field_name("name")
        return (*owner, "::" + source.name_of(name) + "()") if owner and name else ()
    return ()


def _type(source: Source, node: Node | None, self_type: str) -> Chain:
    if node is None:
        return ()
    if node.type == "generic_type_with_turbofish":
        node = node.child_by_field_name("type")
    name = head(source, node) if node is not None and node.type != "scoped_identifier" else ""
    if node is not None and node.type == "scoped_identifier":
        name = source.name_of(node.child_by_field_name("name"))
    name = self_type if name == "Self" else name
    return (name,) if name else ()


def _operand(node: Node) -> Node | None:
    parts = (c for c in node.named_children if c.type not in ("mutable_specifier", *COMMENTS))
    return node.child_by_field_name("value") or next(parts, None)
