"""Dead tests wired in: a file that no target reaches becomes a module of the one that would look for it.

It is declared under ``cfg(test)``, so no other build sees it. The tests this adds are declared by name; the
proof accepts these and no others.
"""

import posixpath
from dataclasses import replace

from remediate.codemods.extract_tests.discovery import attribute_names
from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.edits import Change, Edit, apply
from remediate.model import Finding, Skip
from remediate.quantities import quantity
from remediate.rust.modules.module import Module, candidates, items_of, normalised
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import requires_test
from remediate.rust.syntax.indent import line_end
from remediate.rust.syntax.items import Item, items
from remediate.rust.syntax.known_names import COMPILER_TESTS

_GENERATING = {"rstest", "test_case", "case", "quickcheck", "proptest", "parameterized", "test_each"}


def adopted(package: Package, finding: Finding, options: ExtractOptions) -> Change | Skip:
    """Plan the declaration of a file with dead tests, or decline."""
    path = finding.path
    if not options.adopt:
        return Skip("not-adopted", f"{path} has tests that never run; `extract-tests --adopt` wires them in")
    if (skip := _unfit(package, finding)) is not None:
        return skip
    parent = _parent(package, path)
    if parent is None:
        return Skip("no-parent", f"no module of {package.name} would find {path} by `mod {_name(path)};`")
    edit = _declaration(package, parent, _name(path))
    after = replace(package, files={**package.files, parent.file: apply(package.files[parent.file], [edit])})
    tests = _added(package, after)
    if isinstance(tests, Skip):
        return tests
    return Change(
        summary=f"Run the tests of {path}, which no target reached",
        edits={parent.file: (edit,)},
        new_modules=frozenset({_name(path)}),
        adds_tests=tests,
        notes=(f"{quantity(len(tests), 'test')} that never ran now run: {', '.join(sorted(tests)[:8])}",),
    )


def _unfit(package: Package, finding: Finding) -> Skip | None:
    path = finding.path
    if path not in package.files or not path.endswith(".rs"):
        return Skip("unknown-file", f"{path or 'the package'} is no readable Rust file of {package.name}")
    if module_tree(package).of_file(path) or path in module_tree(package).included:
        return Skip("already-reached", f"a target of {package.name} reaches {path}")
    if any(site.severity == "note" for site in finding.sites):
        return Skip("test-data", f"{path} looks like data of a test, not like a test")
    return None


def _name(path: str) -> str:
    """Return the module that plain ``mod x;`` makes of a file."""
    base = posixpath.basename(path)
    name = posixpath.basename(posixpath.dirname(path)) if base == "mod.rs" else base.removesuffix(".rs")
    return name if name.isidentifier() else ""


def _parent(package: Package, path: str) -> Module | None:
    """Return the module whose ``mod x;`` leads to the file; a library's goes before a program's."""
    name = _name(path)
    found = (
        m
        for m in module_tree(package).modules
        if name and m.span is None and m.certain and path in map(normalised, candidates(m.location, name))
        if any(t.test and t.harness for t in m.targets)
    )
    return min(found, key=lambda m: (all("lib" not in t.kinds for t in m.targets), m.file), default=None)


def _declaration(package: Package, parent: Module, name: str) -> Edit:
    """Return ``mod x;`` behind the last such declaration of the file, else at its end."""
    source = package.source(parent.file)
    declared = [item for item in items(source) if item.kind == "mod" and item.body is None]
    end = line_end(source.text)
    in_tests = requires_test(parent.cfg) or all("test" in t.kinds for t in parent.targets)
    text = (b"" if in_tests else b"#[cfg(test)]" + end) + f"mod {name};".encode()
    if declared:
        last = declared[-1].tail
        line = source.text[last:].splitlines()[:1]
        place = last + len(line[0] if line else b"")
        return Edit(place, place, end + text)
    begun = not source.text or source.text.endswith(b"\n")
    gap = (b"" if begun else end) + (end if source.text.strip() else b"")
    return Edit(len(source.text), len(source.text), gap + text + end)


def _added(package: Package, after: Package) -> frozenset[str] | Skip:
    """Return the harness's names of all tests in modules that only ``after`` has."""
    old = {(m.root, m.path) for m in module_tree(package).modules}
    tests: set[str] = set()
    for module in module_tree(after).modules:
        if (module.root, module.path) in old:
            continue
        source = after.source(module.file)
        for item in items_of(source, module):
            if _is_generating(item):
                line = source.line_of(item.start)
                sentence = f"a macro makes the tests of {module.file}:{line}; their names are not known"
                return Skip("generated-tests", sentence)
            if item.kind == "fn" and item.name and attribute_names(item) & COMPILER_TESTS:
                tests.add("::".join([*module.path[1:], item.name]))
    return frozenset(tests) or Skip("no-embedded-tests", "no test would be added")


def _is_generating(item: Item) -> bool:
    """Whether a macro makes tests here."""
    if item.kind == "macro":
        return (item.name or "").rpartition("::")[2] in _GENERATING
    return item.kind == "fn" and not _GENERATING.isdisjoint(attribute_names(item))
