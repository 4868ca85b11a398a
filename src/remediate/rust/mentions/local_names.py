"""The names that are local at a point of a function body: bindings, generic parameters, local items."""

from remediate.rust.mentions.references import Space

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
