"""The submodules an audit plans for a file: its "Create" lists, its trees, and the sketch of ``mod.rs``."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from remediate.model import PlannedModule
from remediate.rust.syntax.lexer import TokenKind, tokens

_BRANCH = re.compile(r"^(?P<indent>[│|\s]*)(?:[├└|`]\s*[─-]{1,3}\s?)(?P<rest>.*)$")
_NAME = re.compile(r"[^\W\d]\w*(?:/[^\W\d]\w*)*")
_MARK = re.compile(r"^(?://+|#+|--|[-\u2013\u2014])\s*")
_BEFORE = re.compile(r"^[`*\s]*(?:[-\u2013\u2014:]\s+)?")
_SIZE = re.compile(r"\s*\(~?\d[\d,+\u2013-]* lines?\)\s*$", re.IGNORECASE)


def description(text: str) -> str:
    """Return what an audit says behind a planned file: " (query parsing)", " - Query parsing (20 lines)"."""
    words = _BEFORE.sub("", _SIZE.sub("", text.strip()))
    if words.startswith("(") and words.endswith(")"):
        words = words[1:-1]
    return words.strip().strip("*,;").strip()


def module_name(planned: str, subject: str) -> str:
    """Return the module a planned path stands for, relative to the file that is to be split.

    ``src/chat/search/engine.rs`` for ``domain/src/chat/search.rs`` is "engine"; nested ones keep their folder
    ("core/parser"); "" for ``mod.rs`` and for what is no Rust file, or none with the name of a module.
    """
    parts = [p for p in planned.replace("\\", "/").split("/") if p not in ("", ".")]
    if not parts or not parts[-1].endswith(".rs"):
        return ""
    folder = _folder(subject)
    inside = folder in parts[:-1]
    behind = parts[:-1][::-1].index(folder) if inside else 0
    parts = parts[len(parts) - 1 - behind :]
    stem = parts[-1].removesuffix(".rs")
    if not inside and parts == [subject.replace("\\", "/").rpartition("/")[2]]:
        return ""
    name = "/".join(parts[:-1]) if stem == "mod" else "/".join([*parts[:-1], stem])
    return name if _NAME.fullmatch(name) else ""


def belongs(planned: str, subject: str) -> bool:
    """Whether a planned path lies in the folder that the subject would become."""
    folder = _folder(subject)
    return bool(folder) and folder in planned.replace("\\", "/").split("/")[:-1]


def _folder(subject: str) -> str:
    parts = [p for p in subject.replace("\\", "/").split("/") if p]
    if not parts:
        return ""
    stem = parts[-1].removesuffix(".rs")
    return parts[-2] if stem in ("mod", "lib", "main") and len(parts) > 1 else stem


def is_tree(text: str) -> bool:
    """Whether a block of text is a folder drawn with box characters."""
    return any(mark in text for mark in ("├", "└"))


def tree_files(text: str) -> Iterator[tuple[str, str, int]]:
    """Yield path, description and line (from 0) of each file of a drawn tree, folders put in front."""
    base, above = "", list[tuple[int, str]]()
    for number, line in enumerate(text.split("\n")):
        branch = _BRANCH.match(line)
        name, note = _parted(branch.group("rest") if branch else line)
        if not branch:
            base, above = (name, []) if name.endswith("/") else (base, above)
            continue
        depth = len(branch.group("indent"))
        above = [(d, folder) for d, folder in above if d < depth]
        path = base + "".join(folder for _, folder in above) + name
        if name.endswith("/"):
            above.append((depth, name))
        elif name:
            yield path, description(note), number


def _parted(text: str) -> tuple[str, str]:
    """Return the name at the start of a line, and what is said behind it."""
    name, _, rest = text.strip().partition(" ")
    return name.strip("`*"), _MARK.sub("", rest.strip())


def sketched(code: str) -> Iterator[PlannedModule]:
    """Yield the modules a sketch of ``mod.rs`` declares, with what it exports from them."""
    words = [
        t.text.decode(errors="replace") for t in tokens(code.encode()) if t.kind is not TokenKind.COMMENT
    ]
    statements = list(_statements(words))
    modules = {s[-1]: s[0] == "pub" for s in statements if len(s) in (2, 3) and s[-2] == "mod"}
    exports: dict[str, list[str]] = {}
    for statement in statements:
        if statement[:2] == ["pub", "use"]:
            module, names = _exported(statement[2:])
            exports.setdefault(module, []).extend(names)
    for name, public in modules.items():
        yield PlannedModule(name, public=public, exports=tuple(exports.get(name, ())))


def _statements(words: list[str]) -> Iterator[list[str]]:
    statement: list[str] = []
    for word in words:
        if word == ";":
            yield statement
            statement = []
        elif word == "}" and statement[:2] != ["pub", "use"]:
            statement = []
        else:
            statement.append(word)


def _exported(words: list[str]) -> tuple[str, list[str]]:
    """Return the module of ``engine::{A, B}`` and the names it exports; of nested trees the last names."""
    path = [w for w in words if w != ":"]
    if path and path[0] in ("self", "crate", "super"):
        path = path[1:]
    if not path:
        return "", []
    names = [
        w
        for w, after in zip(path[1:], [*path[2:], ","], strict=True)
        if after in (",", "}") and w not in "{},"
    ]
    return path[0], names or path[-1:]


def merged(planned: Iterable[PlannedModule]) -> tuple[PlannedModule, ...]:
    """Join what several places of an audit say of the same module; the first to name it gives the order."""
    found: dict[str, PlannedModule] = {}
    for module in planned:
        known = found.get(module.name, module)
        if _NAME.fullmatch(module.name):
            found[module.name] = replace(
                known,
                description=known.description or module.description,
                public=known.public or module.public,
                exports=tuple(dict.fromkeys([*known.exports, *module.exports])),
            )
    return tuple(found.values())
