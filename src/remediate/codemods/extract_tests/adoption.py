"""Dead tests wired in: a file that no target reaches becomes a module of the one that would look for it.

It is declared under ``cfg(test)``, so no other build sees it. The tests this adds are declared by name; the
proof accepts these and no others.
"""

import posixpath
from collections.abc import Iterator
from dataclasses import replace

from remediate.codemods.extract_tests.options import ExtractOptions
from remediate.edits import Change, Edit
from remediate.model import Finding, Skip
from remediate.quantities import quantity
from remediate.rust.modules.module import Module, candidates, normalised
from remediate.rust.modules.module_tree import module_tree
from remediate.rust.package import Package
from remediate.rust.syntax.cfg import requires_test, resolved
from remediate.rust.syntax.indent import line_end
from remediate.rust.syntax.items import Item, children, items
from remediate.rust.syntax.source import Source

_TESTS = {"test", "bench"}
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
    after = replace(package, files={**package.files, parent.file: _edited(package, parent, edit)})
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
        if name and m.span is None and m.certain and path in map(normalised, candidates(m.place, name))
    )
    return min((m for m in found if any(t.test and t.harness for t in m.targets)), key=_rank, default=None)


def _rank(module: Module) -> tuple[bool, str]:
    kinds = {kind for target in module.targets for kind in target.kinds}
    return "lib" not in kinds, module.file


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


def _edited(package: Package, parent: Module, edit: Edit) -> bytes:
    text = package.files[parent.file]
    return text[: edit.start] + edit.new + text[edit.end :]


def _added(package: Package, after: Package) -> frozenset[str] | Skip:
    """Return the harness's names of all tests in modules that only ``after`` has."""
    old = {(m.root, m.path) for m in module_tree(package).modules}
    tests: set[str] = set()
    for module in module_tree(after).modules:
        if (module.root, module.path) not in old:
            source = after.source(module.file)
            if (offset := _generated(source, module)) is not None:
                line = source.line_of(offset)
                sentence = f"a macro makes the tests of {module.file}:{line}; their names are not known"
                return Skip("generated-tests", sentence)
            tests |= {"::".join([*module.path[1:], name]) for name in _names(source, module)}
    return frozenset(tests) or Skip("no-embedded-tests", "no test would be added")


def _declared(source: Source, module: Module) -> tuple[Item, ...]:
    if module.span is None:
        return items(source)
    return children(source, module.item) if module.item is not None else ()


def _names(source: Source, module: Module) -> Iterator[str]:
    for item in _declared(source, module):
        if item.kind == "fn" and item.name and _last_segments(item) & _TESTS:
            yield item.name


def _generated(source: Source, module: Module) -> int | None:
    for item in _declared(source, module):
        if (item.kind == "fn" and _last_segments(item) & _GENERATING) or (
            item.kind == "macro" and (item.name or "").rpartition("::")[2] in _GENERATING
        ):
            return item.start
    return None


def _last_segments(item: Item) -> set[str]:
    return {c.path.rpartition("::")[2] for a in item.attributes for c in resolved(a)}
