"""What stubs leave to be written, as ignored tests named after the finding.

Of public functions in ``tests/``, of others in the test module beside them.
"""

import posixpath
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from remediate.codemods.resolve_markers.error_types import split
from remediate.codemods.resolve_markers.places import Place
from remediate.codemods.resolve_markers.publication import public_path, takes_tests_apart
from remediate.edits import Edit
from remediate.model import Finding, WaitingTest
from remediate.quantities import some
from remediate.rust.modules.module import Module
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.resolution.names import snake
from remediate.rust.resolution.resolver import resolver
from remediate.rust.syntax.bodies import Function
from remediate.rust.syntax.cfg import predicates, requires_test
from remediate.rust.syntax.indent import line_end
from remediate.rust.syntax.items import items
from remediate.rust.syntax.source import Source

_LIFETIMES = re.compile(r"'\w+(?:\s*:\s*[^,>]*)?|[\s,<>]")
_SAMPLES = {
    "&str": '""',
    "String": "String::new()",
    "&String": "&String::new()",
    "bool": "false",
    "char": "' '",
    "&Path": 'std::path::Path::new("")',
    "PathBuf": "std::path::PathBuf::new()",
}
_WRITTEN = (
    rb"#\[test\]\s*#\[ignore = \"finding [^\"]* is not written yet\"\]\s*"
    rb"fn %b\(\)\s*(?:-> Result<\(\), &'static str>\s*)?\{\s*"
    rb"(?:let answer = [^;]*;\s*assert!\(\s*answer\.is_ok\(\),[^;]*;"
    rb"|(?:let _ = [^;]*;\s*)?Err\(\s*\"say here [^\"]*\"\s*\))\s*\}"
)
_MOST_TASKS = 3  # told one by one
_NUMBER = re.compile(r"[iu](?:8|16|32|64|128|size)\Z")
_EMPTY = ((re.compile(r"&\[.*\]\Z", re.DOTALL), "&[]"), (re.compile(r"Vec<.*>\Z", re.DOTALL), "Vec::new()"))


class Pending(NamedTuple):
    """A function that is to be written, or a part of one, and whether it refuses from now on."""

    place: Place
    function: Function
    refuses: bool
    part: bool = False

    @property
    def name(self) -> str:
        """Its name, behind its type's for a method."""
        own = self.function.self_type.partition("<")[0].rpartition("::")[2].strip()
        return f"{own}::{self.function.name}" if own else self.function.name


@dataclass(frozen=True)
class PendingTests:
    """Tests that wait for what is to be written.

    Attributes:
        creations: New files of tests.
        edits: Of the file that the stubs are in.
        names: The harness's names of the tests.
        work: What a person has to do: a sentence each, of many one for all.
    """

    creations: dict[str, bytes] = field(default_factory=dict)
    edits: tuple[Edit, ...] = ()
    names: frozenset[str] = frozenset()
    work: tuple[str, ...] = ()


def test_of(place: Place, function: Function) -> WaitingTest | None:
    """Return the test that waits for a function already; None for none."""
    one = Pending(place, function, refuses=False)
    package = place.codebase.home(place.path)
    name = re.escape(_slug(one).encode())
    pattern = re.compile(rb"\bfn\s+(finding_\w*_%b(?:_\d+)?)\s*\(" % name)
    for path in (place.path, *(p for p in package.rust_files if "/tests/" in f"/{p}")):
        if found := pattern.search(package.files[path]):
            return WaitingTest(path, found[1].decode(), one.name)
    return None


def is_as_written(text: bytes, test: WaitingTest) -> bool:
    """Whether a test in the text of its file is still as ``tests_for`` wrote it, but for its layout."""
    return re.search(_WRITTEN % re.escape(test.name.encode()), text) is not None


def tests_for(finding: Finding, found: Sequence[Pending], *, plain: bool) -> PendingTests:
    """Return the tests for the stubs of a finding.

    ``plain`` is whether they say nothing of the code, where rustc does not take what they said.
    """
    if not found:
        return PendingTests()
    codebase, package = found[0].place.codebase, found[0].place.codebase.home(finding.path)
    source = package.source(finding.path)
    modules = module_tree(package).of_file(finding.path)
    written: dict[bool, list[str]] = {True: [], False: []}
    names: set[str] = set()
    work: list[str] = []
    module, edit_for = _beside(source, finding)
    folder = _tests_folder(package, finding)
    for one in found:
        outside = _public(package, one) if folder else ""
        apart = bool(outside) or (folder != "" and _is_conditional(package, one))
        name = _free(f"finding_{_word(finding.id)}_{_slug(one)}", names)
        reference = "" if plain or (apart and not outside) else outside or _inside(package, one)
        text = codebase.render(
            "markers/pending-test.rs.j2",
            id=finding.id,
            name=one.name,
            path=outside or one.name,
            said=one.place.note
            + (f', where "{one.place.said}" stands' if one.part and one.place.is_comment else ""),
            what=f"a part of `{one.name}`" if one.part else f"`{one.name}`",
            test=name,
            reference=reference,
            call=_call(one, source, reference) if one.refuses else "",
        )
        written[apart].append(text.rstrip("\n"))
        work.append(_work(one, f"`{name}` in {folder if apart else finding.path}"))
        inner = [(*m.path[1:], module, name) for m in modules]
        names |= {name} if apart else {"::".join(path) for path in inner}
    creations: dict[str, bytes] = {}
    edits: tuple[Edit, ...] = ()
    if written[True]:
        text = codebase.render("markers/pending-file.rs.j2", id=finding.id, tests="\n\n".join(written[True]))
        creations[folder] = text.encode()
    if written[False]:
        edits = (edit_for("\n\n".join(written[False])),)
    if len(work) > _MOST_TASKS:
        home = " and ".join((*creations, *([finding.path] if edits else [])))
        listed = some(tuple(dict.fromkeys(one.name for one in found)))
        work = [
            f"to do: write {listed}; say in the tests of {home} what each gives, and drop its `#[ignore]`"
        ]
    return PendingTests(creations, edits, frozenset(names), tuple(work))


def _work(one: Pending, test: str) -> str:
    """Return what a person has to do about a stub, as the text of a task."""
    where, said = f"{one.place.path}:{one.place.line}", one.place.said.rstrip(".")
    what = f"a part of `{one.name}`" if one.part else f"`{one.name}`"
    return (
        f"to do: write {what} ({where}: {said!r}), say in the test {test} what it gives, and drop its "
        "`#[ignore]`"
    )


def _free(name: str, taken: set[str]) -> str:
    last = {one.rpartition("::")[2] for one in taken}
    numbers = (f"{name}_{number}" if number > 1 else name for number in range(1, len(taken) + 2))
    return next(one for one in numbers if one not in last)


def _word(text: str) -> str:
    return re.sub(r"\W+", "_", text).strip("_").lower()


def _slug(one: Pending) -> str:
    return "_".join(snake(part) for part in one.name.split("::"))


def _tests_folder(package: Package, finding: Finding) -> str:
    """Return the new file for tests from outside; "" where not every run would find it."""
    if not takes_tests_apart(package):
        return ""
    name = f"finding_{_word(finding.id)}"
    paths = [
        posixpath.join(package.root, "tests", f"{one}.rs")
        for one in (name, f"{name}_{finding.fingerprint[:8]}")
    ]
    return next((path for path in paths if not package.exists(path)), "")


def _module(package: Package, one: Pending) -> Module | None:
    modules = module_tree(package).at(one.place.path, one.function.span[0])
    return modules[0] if modules else None


def _can_be_named(module: Module | None, function: Function) -> bool:
    """Whether a function has one name and one type in every build."""
    attributes = {a.path for a in function.attributes}
    bare = function.owner in ("", "impl") and not function.nested and "<" not in function.self_type
    return (
        module is not None and not module.cfg and bare and not attributes & {"cfg", "deprecated", "cfg_attr"}
    )


def _is_conditional(package: Package, one: Pending) -> bool:
    """Whether some builds are without a function: a test beside it would be missing there as well."""
    module = _module(package, one)
    varied = {a.path for a in one.function.attributes} & {"cfg", "cfg_attr"}
    return bool(varied) or (module is not None and bool(module.cfg))


def _is_generic(source: Source, function: Function) -> bool:
    start = function.name_span[1]
    header = source.text[start : function.body[0] if function.body else start].decode(errors="replace")
    own = header.partition("(")[0]
    return bool(_LIFETIMES.sub("", own)) or re.search(r"\bimpl\b", header.partition("->")[0]) is not None


def _public(package: Package, one: Pending) -> str:
    """Return the path by which another crate names a function; "" where none does."""
    module, function = _module(package, one), one.function
    if module is None or function.visibility != "pub" or not _can_be_named(module, function):
        return ""
    if _is_generic(package.source(one.place.path), function):
        return ""
    if function.owner != "impl":
        return public_path(package, (*module.path[1:], function.name))
    path = tuple(function.self_type.split("::"))
    meaning = resolver(package, module).of_path(module, path)
    owner = (
        public_path(package, meaning.path) if meaning.known and meaning.path and not meaning.outside else ""
    )
    return f"{owner}::{function.name}" if owner else ""


def _inside(package: Package, one: Pending) -> str:
    """Return the path by which the test module of a function's file names it."""
    module, function = _module(package, one), one.function
    if module is None or module.span is not None or not _can_be_named(module, function):
        return ""
    if _is_generic(package.source(one.place.path), function):
        return ""
    return f"super::{function.self_type}::{function.name}" if function.owner else f"super::{function.name}"


def _call(one: Pending, source: Source, reference: str) -> str:
    """Return a call of a function with the simplest of values; "" where it needs others."""
    function = one.function
    if not reference or function.owner or function.modifiers:
        return ""
    values = [_sample(kind) for kind in parameter_types(source, function)]
    return f"{reference}({', '.join(values)})" if all(values) else ""


def parameter_types(source: Source, function: Function) -> list[str]:
    """Return the types of a function's parameters as written, without that of ``self``."""
    end = function.body[0] if function.body else function.span[1]
    header = source.text[function.name_span[1] : end].decode(errors="replace")
    arrow = header.find("->") if "->" in header else len(header)
    inside = header[header.find("(") + 1 : header.rfind(")", 0, arrow)]
    return [part.partition(":")[2].strip() for part in split(inside) if ":" in part]


def _sample(kind: str) -> str:
    bare = re.sub(r"&\s*'\w+\s+", "&", " ".join(kind.split())).replace("std::path::", "")
    if _NUMBER.match(bare):
        return "0"
    if bare in {"f32", "f64"}:
        return "0.0"
    if bare.startswith("Option<"):
        return "None"
    return _SAMPLES.get(bare) or next((value for pattern, value in _EMPTY if pattern.match(bare)), "")


def _beside(source: Source, finding: Finding) -> "tuple[str, _Insert]":
    """Return the test module of a file, the last that is written in it or a new one, and how tests get in."""
    found = items(source)
    inner = [
        i for i in found if i.kind == "mod" and i.body and requires_test(predicates(i.attributes)) and i.name
    ]
    if inner:
        last = inner[-1]
        assert last.body is not None  # noqa: S101 - only those with one were taken
        return last.name or "", _Insert(source, last.body[1], "")
    taken = {i.name for i in found}
    name = "tests" if "tests" not in taken else f"finding_{_word(finding.id)}"
    return name, _Insert(source, len(source.text), name)


class _Insert(NamedTuple):
    """Where tests go in a file, and the module that is made for them: "" where there is one."""

    source: Source
    at: int
    module: str

    def __call__(self, tests: str) -> Edit:
        end = line_end(self.source.text).decode()
        lines = "\n".join(f"    {line}" if line else "" for line in tests.split("\n"))
        before = self.source.text[: self.at]
        begun = "" if before.endswith(b"\n") else "\n"
        head, tail = ("\n", "\n") if not self.module else (f"\n#[cfg(test)]\nmod {self.module} {{\n", "\n}\n")
        return Edit(self.at, self.at, f"{begun}{head}{lines}{tail}".replace("\n", end).encode())
