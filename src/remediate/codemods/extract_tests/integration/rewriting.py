"""A test module's text as it stands in the integration test: imports by public paths, ``crate::`` by name.

Only paths change, and only to public ones that lead to the same definitions; what cannot be said so is a
reason to leave the module where it is.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from itertools import pairwise

from remediate.codemods.extract_tests.integration.imports import (
    Imports,
    Use,
    always,
    is_under,
    macros_called,
    macros_defined,
    rendered,
)
from remediate.edits import Edit
from remediate.model import Skip
from remediate.rust.modules.module import Module
from remediate.rust.resolution.resolver import Meaning, Path
from remediate.rust.syntax.indent import indentation_at
from remediate.rust.syntax.items import Item
from remediate.rust.syntax.lexer import Token
from remediate.rust.syntax.relative import Relative, relatives


@dataclass(frozen=True, slots=True)
class Rewritten:
    """The edits of a test module's text, and the claims they rest on; see ``Imports``."""

    edits: tuple[Edit, ...]
    claims: tuple[tuple[Path, Path], ...]


@dataclass
class Rewriting:
    """The work on one module's text, of which ``code`` are the tokens without comments.

    Attributes:
        dropped: Imports that rustc has called unused, or could not resolve.
        unresolved: Those that it could not.
    """

    imports: Imports
    text: bytes
    code: list[Token]
    dropped: frozenset[str] = frozenset()
    unresolved: frozenset[str] = frozenset()
    _edits: list[Edit] = field(default_factory=list)

    def result(self) -> Rewritten | Skip:
        """Return the edits, or the first reason why there are none."""
        imports, names = self.imports, self.imports.names
        if imports.target.crate in names.own:
            imports.stays(Skip("name-clash", f"the tests have a {imports.target.crate} of their own"))
        self._write_imports(sorted({*self._by_super(), *self._by_macro()}))
        self._name_crate()
        if imports.problems:
            return imports.problems[0]
        # Imports that lead nowhere are left out: nothing rests on them.
        gone = {path.partition(" as ")[0] for path in self.unresolved}
        held = (one for one in imports.claims if "::".join((imports.target.crate, *one[0])) not in gone)
        return Rewritten(tuple(sorted(self._edits)), tuple(sorted(held)))

    def _write_imports(self, needed: list[str]) -> None:
        """Write anew each declaration that leads out of the module; the first also holds what is needed."""
        imports = self.imports
        written = [
            (use, [path for leaf in use.leaves for path in imports.of_leaf(use, leaf)])
            for use in imports.uses
            if use.reduced or any(imports.leads_out(use, leaf) for leaf in use.leaves)
        ]
        for use, _ in written:
            if self._is_in(use, "macro", "macro_rules"):
                why = "an import in a macro leads out of the tests, or out of a module that the macro makes"
                imports.stays(Skip("relative-path", why))
        there = {path for use, paths in written if self._is_in(use, "use") for path in paths}
        needed = [path for path in needed if path not in there]
        for use, paths in written:
            takes = bool(needed) and not use.single and self._is_in(use, "use")
            every, needed = ([*paths, *needed], []) if takes else (paths, needed)
            self._replace(use, [path for path in every if always(path) not in self.dropped])
        if kept := [path for path in needed if always(path) not in self.dropped]:
            start = max(self._items()[0].lead, imports.names.spans[0][0])
            gap = b"\n" + indentation_at(self.text, start)
            new = rendered(kept, Use(start, start, single=False, prefix="", leaves=()), gap[1:])
            self._edits.append(Edit(start, start, new + gap + gap))

    def _replace(self, use: Use, paths: list[str]) -> None:
        inside = [t for t in self.code if use.start <= t.start < use.end]
        if not use.reduced and any(b"/" in self.text[a.end : b.start] for a, b in pairwise(inside)):
            self.imports.stays(
                Skip("comment-in-import", "a comment stands inside of an import that has to change")
            )
        elif (use.single or use.prefix) and any(map(is_under, paths)):
            why = "an import with attributes or a visibility brings another thing in other builds"
            self.imports.stays(Skip("conditional-import", why))
        elif paths:
            new = rendered(paths, use, indentation_at(self.text, use.start))
            self._edits.append(Edit(use.start, use.end, new))
        elif use.single or use.prefix:
            self.imports.stays(
                Skip("empty-import", "an import with attributes or a visibility brings nothing")
            )
        else:
            self._edits.append(self._without_line(use))

    def _without_line(self, use: Use) -> Edit:
        """Return the removal of a declaration, with its line if nothing else stands there."""
        indent = len(indentation_at(self.text, use.start))
        following = self.text[use.end :].lstrip(b" \t")
        begins = self.text[: use.start - indent].endswith(b"\n")
        if begins and following.startswith((b"\n", b"\r\n")):
            start, end = use.start - indent, self.text.index(b"\n", use.end) + 1
            scope = self.imports.public.resolver.scope_of(self.imports.names.module_at(use.start))
            statement = not any(i.kind == "use" and i.start <= use.start < i.end for i in scope.items)
            if statement or self.text[:start].rstrip().endswith(b"{"):
                behind = self.text[end:]
                end += behind[: len(behind) - len(behind.lstrip())].rfind(b"\n") + 1
            return Edit(start, end, b"")
        return Edit(use.start, use.end, b"")

    def _by_super(self) -> Iterator[str]:
        """Drop ``super::`` where it leads out of the module, and yield the imports that then are needed."""
        names = self.imports.names
        for path in relatives(self.code):
            depth = names.depth_at(path.start)
            if path.supers <= depth or self._is_in_use(path.start):
                continue
            around = [names.module, *names.module.ancestors()]
            module = around[path.supers] if path.supers < len(around) else None
            if depth or not path.first or module is None:
                self.imports.stays(
                    Skip("relative-path", "`super` in a module below the tests leads out of them")
                )
            elif path.first in names.own:
                self._edits += self._past_the_tests_own(module, path)
            else:
                yield from self._needed(module, path)
                self._edits.append(Edit(path.start, self._behind_supers(path).start, b""))

    def _needed(self, module: Module, path: Relative) -> Iterator[str]:
        public = self.imports.public
        meaning = public.resolver.member(module, path.first)
        if meaning is None and public.is_macro((path.first,)):
            meaning = Meaning((path.first,))
        if meaning is None:
            self.imports.stays(Skip("unknown-name", f"what `super::{path.first}` means cannot be told"))
        else:
            yield from self.imports.bring(meaning, path.first)

    def _past_the_tests_own(self, module: Module, path: Relative) -> Iterator[Edit]:
        """Yield the edits that name what an import would have to call as the tests' own.

        By the crate's name where its root offers it, else by an import in the body of the function.
        """
        public, first = self.imports.public, self._behind_supers(path)
        meaning = Meaning((path.first,)) if public.is_macro((path.first,)) else None
        meaning = meaning or public.resolver.member(module, path.first)
        mine = meaning is not None and meaning.known and not (meaning.outside or meaning.test_only)
        found = public.path_to(meaning.path) if meaning is not None and mine else None
        body = self._body_around(path)
        root = b"::" if self.imports.names.package.edition == "2015" else b""
        crate = self.imports.target.crate
        if meaning is not None and public.leads_to((path.first,)) == meaning.path:
            self.imports.claims.add(((path.first,), meaning.path))
            yield Edit(path.start, first.start, root + f"{crate}::".encode())
        elif meaning is not None and found is not None and found[-1] == path.first and body is not None:
            self.imports.claims.add((found, meaning.path))
            line = f"use {'::'.join((crate, *found))};".encode()
            following = self.text[body:]
            gap = following[: len(following) - len(following.lstrip())]
            if not any(edit.start == body and line in edit.new for edit in self._edits):
                yield Edit(body, body, gap + line)
            yield Edit(path.start, first.start, b"")
        else:
            why = f"`super::{path.first}` is not the tests' own {path.first}, and cannot be named otherwise"
            self.imports.stays(Skip("name-clash", why))

    def _body_around(self, path: Relative) -> int | None:
        """Return where the body of the function around a path begins, unless it says the name elsewhere."""
        around = (i for i in self._items() if i.kind == "fn" and i.body)
        body = next((i.body for i in around if i.body and i.body[0] <= path.start < i.body[1]), None)
        inside = [m for m in self.imports.names.mentions if body and body[0] <= m.start < body[1]]
        return body[0] if body and not any(m.path[0] == path.first for m in inside) else None

    def _behind_supers(self, path: Relative) -> Token:
        """Return the first name behind ``super::``."""
        at, *_ = (i for i, t in enumerate(self.code) if t.start == path.start)
        while self.code[at].text in (b"super", b"self"):
            at += 3
        return self.code[at]

    def _by_macro(self) -> Iterator[str]:
        """Yield the imports of the library's macros that the text calls by their plain names."""
        public, own = self.imports.public, {*macros_defined(self.code), *self.imports.names.own}
        for name in sorted({name for name, _ in macros_called(self.code)} - own):
            if public.is_macro((name,)):
                yield from self.imports.bring(Meaning((name,)), name)
            elif name in public.private_macros:
                self.imports.stays(Skip("private-macro", f"{name}! is a macro of the crate alone"))

    def _name_crate(self) -> None:
        """Give ``crate::`` its name; each path that begins so has to be public."""
        crate = self.imports.target.crate.encode()
        prefix = b"::" if self.imports.names.package.edition == "2015" else b""
        for index, token in enumerate(self.code):
            following = [t.text for t in self.code[index + 1 : index + 3]]
            edited = any(edit.start <= token.start < edit.end for edit in self._edits)
            if token.text == b"crate" and following == [b":", b":"] and not edited:
                if index and self.code[index - 1].text == b"in":
                    self.imports.stays(Skip("needs-its-crate", "a visibility is `pub(in crate::..)`"))
                self._edits.append(Edit(token.start, token.end, prefix + crate))
        for mention in self.imports.names.mentions:
            written = "::".join(mention.path)
            if mention.path[0] in ("crate", "super") and mention.origin == "string":
                self.imports.stays(Skip("needs-its-crate", f"a string holds the path {written}"))
            elif mention.path[0] == "crate" and not self._is_in_use(mention.start):
                if not self._is_public(mention.path[1:]):
                    self.imports.stays(Skip("private-item", f"`{written}` is no public path"))
            elif mention.path[0] == "" and self.imports.names.package.edition == "2015":
                self.imports.stays(Skip("relative-path", f"`{written}` begins at the crate's root"))

    def _is_public(self, path: Path) -> bool:
        """Whether a path below the crate root, as it is written, leads outside to what it means inside."""
        public = self.imports.public
        for length in range(len(path), 0, -1):
            front = path[:length]
            definition = public.leads_to(front)
            if definition is not None:
                inside = public.resolver.of_path(self.imports.target.root, ("crate", *front))
                same = inside.known and not inside.outside and inside.path == definition
                self.imports.claims.add((front, definition))
                complete = length == len(path) or definition not in public.resolver.modules
                return complete and (same or public.is_macro(front))
        return False

    def _is_in_use(self, offset: int) -> bool:
        return any(use.start <= offset < use.end for use in self.imports.uses)

    def _is_in(self, use: Use, *kinds: str) -> bool:
        """Whether a declaration is, or stands in, an item of some kinds of the test module itself."""
        return any(i.kind in kinds and i.start <= use.start < i.end for i in self._items())

    def _items(self) -> tuple[Item, ...]:
        return self.imports.public.resolver.scope_of(self.imports.names.module).items
