"""An executor or a processor that an audit sketches, as a tested skeleton for the crate's own types.

The audit's code is read for what it names, never pasted. A skeleton is written only where the types that it
takes and gives are there, public and without parameters, and where other crates reach its module.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from remediate.codemods.resolve_markers.error_types import split
from remediate.codemods.resolve_markers.pending import parameter_types
from remediate.codemods.resolve_markers.publication import public_path, takes_tests_apart
from remediate.edits import Edit
from remediate.model import Finding
from remediate.rust.codebase import Codebase
from remediate.rust.modules.module import Module, candidates, normalised
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.names import snake
from remediate.rust.resolution.resolver import Path, Resolver, resolver
from remediate.rust.syntax.attributes import Attribute
from remediate.rust.syntax.bodies import functions
from remediate.rust.syntax.indent import line_end
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.source import Source

_KINDS = {"executor": "Executor", "processor": "Processor"}
_VERBS = {
    "executor": re.compile(r"execute|run|call|invoke"),
    "processor": re.compile(r"process|handle|transform"),
}
_CAPACITY = re.compile(r"\bArrayVec\s*<[^;]*?,\s*(\d+)\s*>")
_TYPE = re.compile(r"(?:\w+::)*(\w+)")
_STANDARD = re.compile(r"String|bool|char|[iu](?:8|16|32|64|128|size)|f(?:32|64)|\(\)|Vec<u8>")
_DECLARED = re.compile(r"^(?:pub )?(?:struct|enum|trait|type) (\w+)", re.MULTILINE)
_TEST = re.compile(r"#\[test\]\s*fn (\w+)")
_ANY_ERROR = "Box<dyn std::error::Error + Send + Sync>"
_MOST_STEPS = 16


class Sketch(NamedTuple):
    """What an audit's code asks for.

    Attributes:
        kind: "executor" or "processor".
        name: The type's name.
        takes, gives: The types that its main method takes and gives, as written.
    """

    kind: str
    name: str
    takes: str
    gives: str
    most_steps: int


@dataclass(frozen=True)
class Skeleton:
    """A skeleton written for a crate, or why there is none.

    Attributes:
        creations: The module's file and that of its tests.
        edits: Where it is declared, by path.
        names: The harness's names of its tests.
        api, functions: What is new, as ``edits.Change`` says it.
        said: What a person has to do, or why nothing was written; "" where none was sketched.
    """

    creations: dict[str, bytes] = field(default_factory=dict)
    edits: dict[str, tuple[Edit, ...]] = field(default_factory=dict)
    names: frozenset[str] = frozenset()
    api: frozenset[str] = frozenset()
    functions: frozenset[str] = frozenset()
    said: str = ""


def sketched(finding: Finding) -> Sketch | None:
    """Return what kind of type an audit's code for a finding sketches; None for any other code."""
    source = Source("sketch.rs", finding.sketch.encode())
    for function in functions(source):
        owner = function.self_type.partition("<")[0]
        kind = next((kind for kind, ending in _KINDS.items() if owner.endswith(ending)), "")
        if not kind or not _VERBS[kind].match(function.name):
            continue
        takes, gives = (
            _last(parameter_types(source, function)),
            _item(function.output.removeprefix("->").strip()),
        )
        steps = _CAPACITY.search(finding.sketch)
        if takes and gives:
            return Sketch(kind, owner, takes, gives, int(steps[1]) if steps else _MOST_STEPS)
    return None


def skeleton(codebase: Codebase, finding: Finding, errors: Sequence[str]) -> Skeleton:
    """Return the skeleton for what a finding sketches; ``errors`` are the errors that its stubs return."""
    asked = sketched(finding)
    package = codebase.home(finding.path)
    home = _home(package, finding)
    if asked is None or home is None:
        return Skeleton()
    name = snake(asked.name)
    path = normalised(candidates(home.location, name)[0])
    tests = posixpath.join(package.root, "tests", f"{name}.rs")
    names = resolver(package, home)
    parent = public_path(package, home.path[1:])
    types = [_found(names, package, one) for one in (asked.takes, asked.gives)]
    objection = _objection(package, asked, types, parent, (path, tests))
    if objection:
        return Skeleton(said=f"write `{asked.name}` by hand: {objection}")
    module, apart = f"{parent}::{name}", takes_tests_apart(package)
    text = codebase.render(
        f"scaffold/{asked.kind}.rs.j2",
        about=f"`{asked.name}` takes `{asked.takes}` and gives `{asked.gives}`.",
        alias=asked.name,
        imports=(),
        input=types[0],
        output=types[1],
        error=_error(names, package, errors),
        tests="apart" if apart else "inline",
        most_steps=asked.most_steps,
    )
    crates = [target.name.replace("-", "_") for target in home.targets]
    tested = codebase.render("scaffold/tests.rs.j2", kind=asked.kind, module=module)
    inside = "" if apart else "::".join((*home.path[1:], name, "tests", ""))
    return Skeleton(
        creations={path: text.encode(), **({tests: tested.encode()} if apart else {})},
        edits={home.file: (_declaration(package, home, name),)},
        names=frozenset(inside + test for test in _TEST.findall(tested if apart else text)),
        api=frozenset({module}),
        functions=frozenset(
            "::".join((crate, *home.path[1:], name, *item))
            for crate in crates
            for item in ((), *((found,) for found in _DECLARED.findall(text)))
        ),
        said=(f"{_USE[asked.kind]} `{asked.name}` ({path}) and let the callers of {finding.path} use it"),
    )


def misfit(finding: Finding, objection: str) -> Skeleton:
    """Return that the skeleton for what a finding sketches is left out, and what was said of it."""
    asked = sketched(finding)
    return (
        Skeleton(said=f"write `{asked.name}` by hand: of its skeleton was said: {objection}")
        if asked
        else Skeleton()
    )


_USE = {
    "executor": "register the handlers of",
    "processor": "give validators, transformers and the last step to",
}


def _objection(
    package: Package, asked: Sketch, types: Sequence[str], parent: str, paths: Sequence[str]
) -> str:
    taken = [path for path in paths if package.exists(path)]
    if taken:
        return f"{taken[0]} is there already"
    if not parent:
        return "no other crate would reach its module"
    missing = [name for name, found in zip((asked.takes, asked.gives), types, strict=True) if not found]
    if missing:
        return f"the audit's `{missing[0]}` is no public type without parameters of {package.name}"
    return ""


def _home(package: Package, finding: Finding) -> Module | None:
    """Return the module that the skeleton's is declared in: the library's around the finding's file."""
    for module in module_tree(package).of_file(finding.path):
        if any(target.is_linkable for target in module.targets):
            outer = module.parent or module
            return outer if outer.span is None and not outer.cfg else None
    return None


def _last(kinds: Sequence[str]) -> str:
    return kinds[-1].strip(" &").removeprefix("mut ") if kinds else ""


def _item(output: str) -> str:
    """Return what a method gives in the end: the ``X`` of ``impl Stream<Item = X>``, ``Result<X, E>``."""
    inner = re.search(r"\bItem\s*=\s*(.*)", output)
    if inner:
        output = inner[1].rstrip("> +").split(" + ")[0]
    generic = re.fullmatch(r"(?:\w+::)*(\w+)\s*<(.*)>", output.strip(), re.DOTALL)
    if generic is None or generic[1] in {"Vec", "Option", "Box", "Arc", "HashMap", "BTreeMap"}:
        return output.strip()
    return _item(split(generic[2])[0])


def _found(names: Resolver, package: Package, written: str) -> str:
    """Return the path in this crate of a public type without parameters; "" where there is not just one."""
    if _STANDARD.fullmatch(written):
        return written
    named = _TYPE.fullmatch(written)
    found = (
        {
            (*module.path[1:], named[1])
            for module in names.modules.values()
            for definition in names.scope_of(module).defined.get(named[1], ())
            if definition.item.kind in ("struct", "enum", "union", "type")
            and not _has_parameters(package.source(module.file), definition.item)
        }
        if named
        else set[Path]()
    )
    return "::".join(("crate", *found.pop())) if len(found) == 1 and public_path(package, min(found)) else ""


def _has_parameters(source: Source, item: Item) -> bool:
    assert item.name_span is not None  # noqa: S101 - a type has a name
    return source.text[item.name_span[1] :].lstrip().startswith(b"<")


def _error(names: Resolver, package: Package, errors: Sequence[str]) -> str:
    """Return the crate's error: what the stubs return, its one public ``Error``, or any."""
    for error in dict.fromkeys(errors):
        if public_path(package, tuple(error.split("::")[1:])):
            return error
    found = {
        (*module.path[1:], item.name)
        for module in names.modules.values()
        if module.span is None
        for item in items(package.source(module.file))
        if item.kind in ("struct", "enum") and item.name and _is_error(package, item)
    }
    public = [path for path in sorted(found) if public_path(package, path)]
    return "::".join(("crate", *public[0])) if len(public) == 1 else _ANY_ERROR


def _is_error(package: Package, item: Item) -> bool:
    derived = (t.text for a in item.attributes if _is_derive(a) for t in a.arguments)
    implemented = re.compile(rb"\bimpl\s+(?:\w+::)*Error\s+for\s+%b\s*\{" % (item.name or "").encode())
    return b"Error" in derived or any(implemented.search(package.files[p]) for p in package.rust_files)


def _is_derive(attribute: Attribute) -> bool:
    return attribute.path == "derive"


def _declaration(package: Package, home: Module, name: str) -> Edit:
    """Return ``pub mod name;`` behind the last such declaration, else in front of a file's first item."""
    source = package.source(home.file)
    found = items(source)
    end = line_end(source.text)
    declared = [item for item in found if item.kind == "mod" and item.body is None]
    text = f"pub mod {name};".encode()
    if declared:
        return Edit(declared[-1].tail, declared[-1].tail, end + text)
    at = found[0].lead if found else len(source.text)
    return Edit(at, at, text + end + end)
