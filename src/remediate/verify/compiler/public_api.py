"""The public API as paths and what each path leads to, from rustdoc's JSON (rustdoc-types).

Two definitions are the same when everything rustdoc says of them is: kind, signature, generics, members,
impls, attributes. Where they stand in the source does not matter; which type a name in a signature resolves
to does.
"""

import hashlib
import re
from collections import Counter
from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import msgspec

from remediate.cargo import compiler_output
from remediate.cargo.check import Configuration
from remediate.cargo.command import Cargo
from remediate.gates import GateResult, failed, passed, unverified

# What rustdoc says of an item that is about its place and its text, not its meaning.
_PLACES = {"id", "crate_id", "span", "docs", "links", "visibility", "name"}
# Who else implements a trait is not part of the trait.
_ELSEWHERE = {"implementations"}
# Attributes that rustdoc has no shape for are given as the compiler's own debug text, places and all.
_SPAN = re.compile(r"[^\s\"]+\.rs:\d+:\d+: \d+:\d+(?: \(#\d+\))?")


@dataclass(frozen=True, slots=True, order=True)
class Public:
    """One public path: ``small::a::Thing``, its kind, and a digest of the definition it leads to."""

    path: str
    kind: str
    digest: str


@dataclass(frozen=True, slots=True)
class ApiBaseline:
    """The API under one feature set before the change; ``problem`` says why there is none."""

    configuration: Configuration
    items: tuple[Public, ...] = ()
    problem: str = ""


def measure(cargo: Cargo, configuration: Configuration, spec: str, library: str) -> ApiBaseline:
    """Document a library as it stands on the disk and read its API. Raises as ``public_items``."""
    check, document = compiler_output.public_items(cargo, configuration, spec, library)
    if document is None:
        why = "rustdoc's JSON is of an unknown format" if check.success else "rustdoc cannot read it"
        return ApiBaseline(configuration, problem=why)
    return ApiBaseline(configuration, public_api(document))


def public_api(document: Mapping[str, Any]) -> tuple[Public, ...]:
    """Return every public path of a crate, sorted, with the methods of types by the type's path.

    One path may stand there once per namespace. Methods of traits are part of their trait or impl.
    """
    reader = _Reader(document["index"], document["paths"])
    root = str(document["root"])
    reader.walk(root, document["index"][root]["name"], ())
    found = [Public(path, kind, reader.digest(target)) for path, kind, target in reader.found]
    methods = [one for path, _, target in reader.found for one in reader.methods(path, target)]
    return tuple(sorted((*found, *methods)))


def compare(before: ApiBaseline, after: ApiBaseline, declared: Collection[str] = ()) -> GateResult:
    """Return the gate "public API": the same paths, leading to the same definitions, but for declared ones.

    What is below a declared path is declared with it. A definition that only mentions a declared one has a
    digest of its own, and has to be declared as well.
    """
    name = f"public API ({before.configuration.name})"
    if before.problem or after.problem:
        return unverified(name, before.problem or after.problem)
    old, new = (Counter(i for i in side.items if not is_within(i.path, declared)) for side in (before, after))
    lost, added = sorted((old - new).elements()), sorted((new - old).elements())
    if not lost and not added:
        told = f"; {len(declared)} declared to change" if declared else ""
        return passed(name, f"the same {old.total()} public paths to the same definitions{told}")
    changed = {(p.path, p.kind) for p in lost} & {(p.path, p.kind) for p in added}
    words = [f"{path} changed" for path, _ in sorted(changed)]
    words += [f"{p.path} is gone" for p in lost if (p.path, p.kind) not in changed]
    words += [f"{p.path} is new" for p in added if (p.path, p.kind) not in changed]
    return failed(name, f"{len(words)} differ: {'; '.join(words[:6])}")


def is_within(path: str, declared: Collection[str]) -> bool:
    """Whether a path is a declared one or below one."""
    return any(path == one or path.startswith(f"{one}::") for one in declared)


@dataclass
class _Reader:
    index: Mapping[str, Any]
    paths: Mapping[str, Any]
    found: list[tuple[str, str, str]] = field(default_factory=list)
    _digests: dict[str, str] = field(default_factory=dict)
    _names: dict[str, str] | None = None

    def walk(self, module: str, path: str, above: Sequence[str]) -> None:
        """Record all that a module offers under ``path``; ``above`` are the modules being walked."""
        for identity in _items(self.index[module]):
            self._offer(str(identity), path, (*above, module))

    def _offer(self, identity: str, path: str, above: Sequence[str]) -> None:
        item = self.index.get(identity)
        if item is None:
            return
        ((kind, inner),) = item["inner"].items()
        if kind == "use":
            self._use(inner, path, above)
        else:
            self._record(identity, kind, f"{path}::{item['name']}", above)

    def _use(self, use: Mapping[str, Any], path: str, above: Sequence[str]) -> None:
        target = str(use["id"])
        if target not in self.index:
            name = f"{path}::{'*' if use['is_glob'] else use['name']}"
            self.found.append((name, "reexport", f"external {use['source']}"))
            return
        item = self.index[target]
        ((kind, inner),) = item["inner"].items()
        if use["is_glob"]:
            for identity in () if target in above else _items(item):
                self._offer(str(identity), path, (*above, target))
        elif kind == "use":
            self._use({**inner, "name": use["name"]}, path, above)
        else:
            self._record(target, kind, f"{path}::{use['name']}", above)

    def _record(self, identity: str, kind: str, path: str, above: Sequence[str]) -> None:
        self.found.append((path, kind, identity))
        if kind == "module" and identity not in above:
            self.walk(identity, path, above)

    def digest(self, identity: str) -> str:
        """Return a digest of a definition and its members."""
        if identity not in self._digests:
            self._digests[identity] = "in itself"
            item = self.index.get(identity)
            self._digests[identity] = _digest(self._plain(item) if item else identity)
        return self._digests[identity]

    def _plain(self, value: Any) -> Any:
        """Return JSON with every id replaced by what it leads to, and without what is about places."""
        if isinstance(value, list):
            members = [part for part in value if isinstance(part, int)]
            # What has an id stands in source order, which means nothing; the rest is as it was written.
            return sorted(m for i in members for m in self._members(str(i))) + [
                self._plain(part) for part in value if not isinstance(part, int)
            ]
        if not isinstance(value, dict):
            return _SPAN.sub("", value) if isinstance(value, str) else value
        if "inner" in value and "crate_id" in value:
            ((kind, inner),) = value["inner"].items()
            said = {key: self._plain(part) for key, part in value.items() if key not in {*_PLACES, "inner"}}
            return {**said, "kind": kind, "inner": kind if kind == "module" else self._plain(inner)}
        plain = {key: self._plain(part) for key, part in value.items() if key not in _ELSEWHERE}
        if "id" in plain:
            plain |= {"id": self._name(value), "path": ""}
        return plain

    def methods(self, path: str, identity: str) -> Iterator[Public]:
        """Yield what a type's impl blocks without a trait hold, each by itself: one block may become two."""
        ((_, inner),) = self.index[identity]["inner"].items() if identity in self.index else (("", None),)
        for number in inner.get("impls", ()) if isinstance(inner, dict) else ():
            item = self.index.get(str(number))
            block = item["inner"]["impl"] if item else None
            if block is None or block["blanket_impl"] or block["trait"]:
                continue
            head = _digest(self._plain({**block, "items": []}))
            for held in filter(None, (self.index.get(str(i)) for i in block["items"])):
                ((kind, _),) = held["inner"].items()
                digest = _digest(f"{head} {self.digest(str(held['id']))}")
                yield Public(f"{path}::{held['name']}", kind, digest)

    def _members(self, identity: str) -> Iterator[str]:
        """Yield a member; what impl blocks without a trait hold has paths of its own."""
        item = self.index.get(identity)
        block = item["inner"].get("impl") if item else None
        if item is not None and (not block or (block["trait"] and not block["blanket_impl"])):
            yield f"{item['name']} {self.digest(identity)}"

    def _name(self, reference: Mapping[str, Any]) -> str:
        """Return what a reference leads to: a path, public or of another crate, or a private item's name."""
        if self._names is None:
            self._names = {}
            for path, _, target in sorted(self.found, reverse=True):
                self._names[target] = path
        identity = str(reference["id"])
        summary = self.paths.get(identity)
        if identity in self._names:
            return self._names[identity]
        if summary is None:
            return str(reference.get("path", ""))
        return "::".join(summary["path"]) if summary["crate_id"] else f"private {summary['path'][-1]}"


def _items(item: Mapping[str, Any]) -> Iterator[int]:
    """Yield what a module, or an enum by a glob, holds."""
    inner = item["inner"]
    yield from inner.get("module", {}).get("items", ())
    yield from inner.get("enum", {}).get("variants", ())


def _digest(value: Any) -> str:
    return hashlib.sha256(msgspec.json.encode(value, order="sorted")).hexdigest()[:16]
