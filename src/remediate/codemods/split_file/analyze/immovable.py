"""What has to stay in the facade, each with a reason code.

| code | what stays |
|---|---|
| declaration | `use`, `extern crate`, `mod`, `macro_rules!` (textual scope), foreign items with a cfg |
| item-macro | a macro call in item position of which it is not known what it defines, or how visible |
| made-declaration | a macro call that makes imports, modules or macros |
| made-by-cfg | a macro call that defines different names under different cfgs, or makes tests |
| made-private | a macro call that makes something private which others use, and takes no visibility |
| parse-error | an item that could not be read |
| entry-point | `main`, procedural macros, panic handlers, exported symbols |
| test-id | a `#[test]` outside a test module: its name holds its module's path |
| generated-names | an attribute or derive that may define names which others use |
| deprecated | a deprecated item, and what names it: a `use` of it warns |
| uncompiled-use | a private item that a file below M names which belongs to no target |
| file-relative | `file!`, `line!`, a file name that is no literal: they depend on the file they stand in |
| macro-order | a call of a macro that is defined again or only later: the new module would see another one |
| macro-path | a call whose macro names `self::` or `super::`, or `super::` in a call of unknown grammar |
| absolute-path | a private item that a `use` of the file reaches through its own absolute path |

Tests outside of test modules move only where that is asked. What then gets which name is known before
anything runs: ``m::works`` in a new module is ``m::new::works``. Attributes that make several tests of one
function (``rstest``, ``test_case``) name them as they like: those stay. So do tests of a module that is
also compiled without tests: their new module would be empty there.
"""

import posixpath
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from remediate.codemods.split_file.analyze.company import BELOW
from remediate.codemods.split_file.analyze.macros import Macros
from remediate.codemods.split_file.analyze.made_items import Made
from remediate.codemods.split_file.analyze.preconditions import Ground
from remediate.codemods.split_file.analyze.relative_files import depends_on_file
from remediate.codemods.split_file.analyze.units import Unit
from remediate.codemods.split_file.draft import Draft
from remediate.codemods.split_file.options import SplitOptions
from remediate.edits import RenamedTest
from remediate.facts.model import UNKNOWN, Span, Unknown
from remediate.rust.mentions.index import spelled_behind, words_of_orphans
from remediate.rust.mentions.references import Mention, References, paths
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.cfg import requires_test, resolved
from remediate.rust.syntax.items import inner_attributes
from remediate.rust.syntax.known_names import (
    ATTRIBUTE_TOOLS,
    BUILTIN_ATTRIBUTES,
    HEURISTIC_EXPRESSION_MACROS,
    HEURISTIC_IMPL_ONLY_DERIVES,
)

_MAKES_ONE = {"test", "bench", "wasm_bindgen_test"}
_MAKES_TESTS = {*_MAKES_ONE, "rstest", "test_case", "quickcheck"}


def is_test(attribute: str) -> bool:
    """Whether an attribute of this path makes tests: ``test``, ``tokio::test``, ``rstest``."""
    return attribute.rsplit("::", maxsplit=1)[-1] in _MAKES_TESTS


def is_free_test(ground: Ground, unit: Unit) -> bool:
    """Whether a unit is one test whose new name is known, of a module that is there for tests only."""
    made = [c.path.split("::")[-1] for a in unit.own.attributes for c in resolved(a) if is_test(c.path)]
    tested = all("test" in t.kinds for t in ground.module.targets) or requires_test(ground.module.cfg)
    return tested and bool(made) and set(made) <= _MAKES_ONE


def renamed_tests(draft: Draft) -> Iterator[RenamedTest]:
    """Yield each test that moves, once for each target that has it."""
    ground = draft.survey.ground
    inside = ground.module.path[1:]
    for group in draft.alive:
        for unit in (draft.survey.units[i] for i in group.units):
            name = unit.own.name or ""
            if any(is_test(c.path) for a in unit.own.attributes for c in resolved(a)):
                old, new = "::".join((*inside, name)), "::".join((*inside, group.name, name))
                yield from (RenamedTest(target.label, old, new) for target in ground.module.targets)


_LINT = "deprecated"


def deprecated_names(ground: Ground) -> frozenset[str]:
    """Return the names of M's deprecated items, none where M or its crate allow to use them throughout."""
    if _is_allowed(ground):
        return frozenset()
    old = (i for i in ground.items if i.name and any(_names(a, _LINT) for a in i.attributes))
    return frozenset(i.name for i in old if i.name)


def _is_allowed(ground: Ground) -> bool:
    heads = (ground.source, ground.package.source(ground.module.root))
    attributes = [c for s in heads for a in inner_attributes(s) for c in resolved(a)]
    return any(c.path == "allow" and any(t.text == _LINT.encode() for t in c.arguments) for c in attributes)


def _names(attribute: Attribute, path: str) -> bool:
    return any(c.path == path for c in resolved(attribute))


def named_in_text(ground: Ground) -> frozenset[str]:
    """Return the names that any file of the package says behind M's, and all words of files of no target."""
    spelled = spelled_behind(ground.package, ground.module.name, ground.path)
    return spelled | named_by_orphans(ground)


def named_by_orphans(ground: Ground) -> frozenset[str]:
    """Return the words of the files that no target reaches and that name M, or lie below it."""
    words = words_of_orphans(ground.package)
    named = (found for path, found in words.items() if ground.module.name in found or _is_below(ground, path))
    return frozenset().union(*named)


def named_by_orphans_below(ground: Ground) -> frozenset[str]:
    """Return the words of the files that no target reaches in M's own folder: they may say ``super::``."""
    words = words_of_orphans(ground.package)
    return frozenset().union(*(w for path, w in words.items() if _is_below(ground, path) and "super" in w))


def _is_below(ground: Ground, path: str) -> bool:
    return ground.module.parent is not None and posixpath.dirname(path) == ground.module.directory


SENTENCES = {
    "declaration": "it declares modules or macros, whose place counts, or foreign items under a cfg",
    "item-macro": "only the macro knows what it defines",
    "made-declaration": "its macro makes imports, modules or macros, whose place counts",
    "made-by-cfg": "what its macro defines depends on a cfg, or is a test",
    "made-private": "others use what its macro makes private",
    "parse-error": "it could not be read",
    "entry-point": "it is an entry point or an exported symbol",
    "test-id": "its test's name holds its module's path",
    "generated-names": "an attribute or derive may define names that others use",
    "deprecated": "a `use` of a deprecated item would warn",
    "uncompiled-use": "a file that belongs to no target names it",
    "file-relative": "it depends on the file it stands in",
    "macro-order": "it calls a macro that is defined again or only later",
    "macro-path": "a macro call in it names `self::` or `super::`",
    "absolute-path": "a `use` of the file names it by an absolute path",
}
NOUNS = {
    "declaration": "declarations",
    "item-macro": "macro calls",
    "made-declaration": "macro calls that make imports, modules or macros",
    "made-by-cfg": "macro calls that define names by cfg",
    "made-private": "macro calls that make private what others use",
    "parse-error": "text that could not be read",
    "entry-point": "entry points",
    "test-id": "bare tests",
    "generated-names": "items whose attributes may define names",
    "deprecated": "deprecated items",
    "uncompiled-use": "items that files of no target name",
    "file-relative": "code that depends on its file",
    "macro-order": "calls of macros defined again or later",
    "macro-path": "macro calls with relative paths",
    "absolute-path": "items that a `use` reaches by an absolute path",
}
"""What of a file is held by each reason, behind a number of lines."""
_STAY = {"use", "extern crate", "mod", "macro_rules"}
_ENTRY = {
    "no_mangle",
    "export_name",
    "unsafe",
    "global_allocator",
    "panic_handler",
    "proc_macro",
    "proc_macro_attribute",
    "proc_macro_derive",
    "link_section",
}
_MACRO_USE = re.compile(rb"#\s*\[\s*macro_use\b[^\]]*\]\s*extern\s+crate")
_HEURISTIC_IMPL_ONLY_ATTRIBUTES = {
    "async_trait",
    "instrument",
    "serde",
    "serde_as",
    "skip_serializing_none",
    "error",
    "clap",
    "arg",
    "command",
    "must_use",
    "track_caller",
    "derivative",
    "cfg_eval",
    "inline_always",
    "tokio::main",
    "rustversion",
}


@dataclass(frozen=True)
class Calls:
    """What is known of the file's macro calls: by syntax, by the compiler, and who uses what they hide."""

    macros: Macros
    made: Mapping[int, Made]
    using: Mapping[int, frozenset[int]]


def pins(
    ground: Ground, units: tuple[Unit, ...], references: References, calls: Calls, options: SplitOptions
) -> dict[int, str]:
    """Return the units that stay, by index, with the reason code."""
    found: dict[int, str] = {}
    deprecated, below = deprecated_names(ground), named_by_orphans_below(ground)
    for unit in units:
        free = options.rename_tests and is_free_test(ground, unit)
        here = references.within(unit.own.lead, unit.end)
        code = next((c for c in _reasons(ground, unit, here, calls) if not (free and c == "test-id")), "")
        if not code and any(_imported_by(m) in deprecated for m in here.mentions if m.origin != "doc"):
            code = "deprecated"
        if not code and any(name in below and unit.visible(name).private for name, _ in unit.names):
            code = "uncompiled-use"
        if code:
            found[unit.index] = code
    return found


def _imported_by(mention: Mention) -> str:
    """Return the name of M that a mention needs: of ``old`` and ``self::old``, not of ``Store::old``."""
    own = mention.path[0] == "self" and len(mention.path) > 1
    return mention.path[1] if own else mention.path[0]


def _reasons(ground: Ground, unit: Unit, here: References, calls: Calls) -> Iterator[str]:
    item, own, text, macros = unit.item, unit.own, ground.source.text, calls.macros
    if item.kind in _STAY or (item.kind == "extern" and not unit.made):
        yield "declaration"
    if own.kind == "macro":
        yield from _by_call(ground, unit, calls)
    if item.kind == "error" or item.node.has_error:
        yield "parse-error"
    if _is_entry(ground, unit):
        yield "entry-point"
    yield from _by_attribute(ground, unit)
    if depends_on_file(ground.package, ground.source, (own.lead, own.tail)):
        yield "file-relative"
    yield from macros.obstacles(own, here)
    if _has_unknown_relative(ground, here, macros):
        yield "macro-path"
    if own.visibility is None and own.name in _reached_absolutely(ground):
        yield "absolute-path"
    if re.search(rb"\bmod\s+\w+\s*[{;]", text[own.start : own.end]) and b"super" in text[own.start : own.end]:
        yield "macro-path"


def _by_call(ground: Ground, unit: Unit, calls: Calls) -> Iterator[str]:
    made = calls.made.get(unit.item.start) if unit.member is None else None
    if made is None:
        if _may_define_names(ground, unit, calls.macros):
            yield "item-macro"
    elif made.problem:
        yield made.problem
    elif BELOW in calls.using.get(unit.index, ()):
        yield "made-private"


def _may_define_names(ground: Ground, unit: Unit, macros: Macros) -> bool:
    """Whether a macro's call may make something that others name: no impl, or a private member of one."""
    name = unit.own.name or ""
    leads = {i.leaf.path[0] for i in ground.scope.imports if i.leaf.path[-1] == name}
    if "::" in name or leads - {"crate", "self", "super"}:
        return True
    if unit.member is not None:
        return not macros.adds_public_members(ground, unit.member)
    return macros.implemented(name) is None


def _reached_absolutely(ground: Ground) -> set[str]:
    """Return the names behind ``crate::path::of::M`` in M's own imports: the path leads through M."""
    above = ground.module.path
    longer = (i.leaf.path for i in ground.scope.imports if len(i.leaf.path) > len(above))
    return {path[len(above)] for path in longer if path[: len(above)] == above}


def _is_entry(ground: Ground, unit: Unit) -> bool:
    attributes = {c.path for a in unit.own.attributes for c in resolved(a)}
    return bool(attributes & _ENTRY) or (
        ground.is_root and unit.item.kind == "fn" and unit.item.name == "main"
    )


def _by_attribute(ground: Ground, unit: Unit) -> Iterator[str]:
    makes_names = _makes_names(ground, unit)
    for attribute in unit.own.attributes:
        for conditional in resolved(attribute):
            path = conditional.path
            if is_test(path):
                yield "test-id"
            elif path == "deprecated" and unit.member is None and unit.item.kind != "impl":
                yield "deprecated"
            elif not conditional.when and not isinstance(makes_names, Unknown):
                if makes_names:
                    yield "generated-names"
            elif path == "derive":
                if any(d[0][-1] not in HEURISTIC_IMPL_ONLY_DERIVES for d in paths(conditional.arguments)):
                    yield "generated-names"
            elif unit.item.kind != "impl" and not (_makes_impls_only(path) or _is_helper(ground, unit, path)):
                yield "generated-names"


def _makes_names(ground: Ground, unit: Unit) -> bool | Unknown:
    """Whether attributes and derives made items with names beside the unit's own; UNKNOWN if not compiled."""
    found = ground.package.facts.items_in(Span(ground.path, unit.own.lead, unit.end))
    own = next((i.definition for i in found if i.definition.name == unit.own.name), None)
    if own is None or unit.member is not None:
        return UNKNOWN
    beside = {i.definition.name for i in found if i.definition.parent == own.parent} - {own.name}
    return any(not name.startswith(("{", "_")) for name in beside)


def _is_helper(ground: Ground, unit: Unit, path: str) -> bool:
    """Whether an attribute can only be a derive's own: nothing in scope is called so."""
    if (
        "::" in path
        or path in ground.scope.imported
        or not any(a.path == "derive" for a in unit.own.attributes)
    ):
        return False
    globs = (ground.resolver.names_by_glob(ground.module, glob) for glob in ground.scope.globs)
    if any(names is None or path in names for names in globs):
        return False
    root = [ground.module, *ground.module.ancestors()][-1].file
    return not _MACRO_USE.search(ground.package.files.get(root, b""))


def _makes_impls_only(path: str) -> bool:
    first = path.partition("::")[0]
    heuristic = {path, first} & _HEURISTIC_IMPL_ONLY_ATTRIBUTES or first == "tracing"
    return path in BUILTIN_ATTRIBUTES or first in ATTRIBUTE_TOOLS or bool(heuristic)


def _has_unknown_relative(ground: Ground, here: References, macros: Macros) -> bool:
    """Whether ``super::`` stands in an attribute, a string, or a macro call that may do anything with it."""
    relative = [m for m in here.mentions if m.path[0] == "super"]
    if any(m.origin in ("attribute", "string") for m in relative):
        return True
    in_macro = [m for m in relative if m.origin == "macro"]
    if not in_macro:
        return False
    called = {m.path[-1] for m in here.mentions if _is_call(ground.source.text, m)}
    return not called <= HEURISTIC_EXPRESSION_MACROS | macros.plain


def _is_call(text: bytes, mention: Mention) -> bool:
    """Whether a mention is what a macro call names."""
    length = sum(len(p) + 4 for p in mention.path) + 4
    return re.match(rb"[\w:\s#]+!\s*[(\[{]", text[mention.start : mention.start + length]) is not None
