"""A scan: the texts, what is known of single files, cargo's list of targets, the rules."""

import ast
import hashlib
import multiprocessing
from collections.abc import Callable, Mapping
from dataclasses import replace
from importlib.metadata import entry_points
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING, Any

import msgspec

from remediate import __version__
from remediate.audit.rules.catalog import RULES
from remediate.audit.scan.assembly import assembled
from remediate.audit.scan.cache import FORMAT, Cache, location
from remediate.audit.scan.engine import facts_of
from remediate.audit.scan.facts import Depth
from remediate.audit.scan.settings import FORBIDDEN, Settings, from_table
from remediate.audit.tree import is_test_path
from remediate.cargo.command import Cargo
from remediate.cargo.metadata import Metadata
from remediate.errors import BaselineError, ToolError
from remediate.model import Files
from remediate.workflow.scanning.scanned import Asked, Scanned, narrowed, within
from remediate.workflow.sources.configuration import configuration
from remediate.workflow.sources.reading import Reading, read
from remediate.workflow.sources.workspace import built

if TYPE_CHECKING:
    from remediate.rust.package import Package

_VENDORED = ".cargo-checksum.json"


def full_scan(
    root: Path, folder: Path, asked: Asked, codemod_of: Callable[[str], str | None]
) -> Scanned | Path:
    """Scan below ``root``; return another one if cargo, asked in ``folder``, says that the root is there."""
    found = read(root)
    settings = _settings(root, asked, found.files)
    texts = _texts(found, settings)
    cache = Cache(location(root) if asked.cached else None, f"{__version__} {FORMAT}")
    metadata = _metadata(root, folder, asked, found, cache)
    facts = facts_of({path: (text, _depth(path, settings)) for path, text in texts.items()}, cache)
    described = metadata()
    codemod_of = _takers(cache, codemod_of)
    cache.save()
    if isinstance(described, Metadata):
        there = Path(described.workspace_root).resolve()
        if there != root:
            return there
        packages: tuple[Package, ...] | None = built(described, found=found).packages
        remark = ""
    else:
        packages, remark = (
            None,
            f"cargo cannot read the workspace, so dead tests are not looked for: {described}",
        )
    scan = assembled(facts, texts, packages, settings, codemod_of)
    return Scanned(
        root,
        narrowed(scan, root, asked.start, asked.paths, asked.packages, packages or ()),
        texts,
        within(found.problems, root, asked.start, asked.paths),
        remark,
        found.stamp,
    )


def _takers(cache: Cache, codemod_of: Callable[[str], str | None]) -> Callable[[str], str | None]:
    """Return ``codemod_of`` from memory: importing every codemod to ask it would take as long as a scan."""
    found = entry_points(group="remediate.codemods")
    installed = sorted(f"{e.name} {e.value} {e.dist.version if e.dist else ''}" for e in found)
    known = hashlib.blake2b(msgspec.msgpack.encode(["codemods", installed]), digest_size=16).digest()
    text = cache.note(known)
    if text is None:
        text = msgspec.json.encode(_declared() or {rule.id: codemod_of(rule.id) for rule in RULES})
        cache.add_note(known, text)
    return msgspec.json.decode(text, type=dict[str, str | None]).get


def _declared() -> dict[str, str] | None:
    """Return the codemod of each rule as the codemods' sources say; None if one does not say it plainly."""
    found: dict[str, str] = {}
    for entry in sorted(entry_points(group="remediate.codemods"), key=lambda e: e.name, reverse=True):
        rules = _rules_in(entry.module)
        if rules is None:
            return None
        found.update(dict.fromkeys(rules, entry.name))
    return found


def _rules_in(module: str) -> tuple[str, ...] | None:
    """Return the value of ``RULES = (..)`` in a module's source; None if it is not made of plain strings."""
    spec = find_spec(module)
    if spec is None or spec.origin is None or not spec.origin.endswith(".py"):
        return None
    values = {
        target.id: node.value
        for node in ast.parse(Path(spec.origin).read_bytes()).body
        if isinstance(node, ast.Assign)
        for target in node.targets
        if isinstance(target, ast.Name)
    }
    rules = values.get("RULES")
    elements = rules.elts if isinstance(rules, ast.Tuple) else []
    named = [values.get(e.id) if isinstance(e, ast.Name) else e for e in elements]
    plain = [e.value for e in named if isinstance(e, ast.Constant) and isinstance(e.value, str)]
    return tuple(plain) if plain and len(plain) == len(named) else None


def _settings(root: Path, asked: Asked, files: Files) -> Settings:
    table, name = configuration(root, files.get("Cargo.toml"))
    if table:
        from remediate.workflow.sources.settings import settings_of  # noqa: PLC0415 - every codemod's options

        settings_of(root, files.get("Cargo.toml"))  # which refuses keys that nobody knows
    limits = {**table, **_table_of(table, "split-file")}
    shared = {key: limits[key] for key in ("max-lines",) if key in limits}
    settings = from_table({**shared, **table.get("audit", {})}, name)
    return replace(
        settings,
        max_lines=asked.max_lines or settings.max_lines,
        severities={**settings.severities, **dict(asked.severities)},
        forbid={**settings.forbid, **{FORBIDDEN[name]: ("**",) for name in asked.forbid}},
        only=asked.only,
        deep=asked.deep or "parse-health" in asked.only,
    )


def _table_of(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    found = table.get(key, {})
    return found if isinstance(found, Mapping) else {}


def _texts(found: Reading, settings: Settings) -> dict[str, bytes]:
    vendored = tuple(path.removesuffix(_VENDORED) for path in found.paths if path.endswith(f"/{_VENDORED}"))
    return {
        path: text
        for path, text in found.files.items()
        if path.endswith(".rs") and not path.startswith(vendored) and settings.looks_at(path)
    }


def _depth(path: str, settings: Settings) -> Depth:
    constrained = any(settings.reports(id_, path) for id_ in ("locking", "allocation"))
    return Depth(is_test_path(path), constrained, settings.deep)


def _metadata(
    root: Path, folder: Path, asked: Asked, found: Reading, cache: Cache
) -> Callable[[], Metadata | str]:
    """Start asking cargo, beside the scan; return how to get its answer. It is kept while the files stay."""
    manifests = sorted((p, t) for p, t in found.files.items() if p.endswith("Cargo.toml"))
    sources = sorted(p for p in found.files if p.endswith(".rs"))
    known = hashlib.blake2b(
        msgspec.msgpack.encode([manifests, sources, asked.cargo, str(folder.relative_to(root))]),
        digest_size=16,
    ).digest()
    if (text := cache.note(known)) is not None:
        return lambda: msgspec.json.decode(text, type=Metadata)
    receiving, sending = multiprocessing.Pipe(duplex=False)
    context = multiprocessing.get_context(
        "fork" if "fork" in multiprocessing.get_all_start_methods() else None
    )
    child = context.Process(target=_ask, args=(folder, asked.cargo, sending), daemon=True)
    child.start()
    sending.close()

    def answer() -> Metadata | str:
        try:
            text = receiving.recv_bytes()
        except EOFError:
            text = b"!the process that asked it was stopped"
        child.join()
        if text.startswith(b"!"):
            return text[1:].decode()
        cache.add_note(known, text)
        return msgspec.json.decode(text, type=Metadata)

    return answer


def _ask(folder: Path, arguments: tuple[str, ...], sending: Any) -> None:
    try:
        text = msgspec.json.encode(Cargo(folder, arguments=arguments).metadata())
    except (BaselineError, ToolError) as error:
        text = f"!{error}".encode()
    sending.send_bytes(text)
    sending.close()
