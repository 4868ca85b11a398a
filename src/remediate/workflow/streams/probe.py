"""Probe a stream backend: generate a crate with it, and run its contract's checks against the real thing."""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from remediate import templates
from remediate.cargo.check import DEFAULT
from remediate.cargo.command import Cargo
from remediate.cargo.process import Deadline, run
from remediate.rust.codebase import Renderer
from remediate.streams import Backend, Crate, Producer
from remediate.workflow.tree.disk import replace_file

CHECKS: Mapping[str, str] = {
    "ends": "it ends when its producer does",
    "bounded": "a slow consumer slows the producer down, and no item is lost",
    "cancels": "the producer stops when the stream is dropped",
    "error-reaches": "an error reaches the consumer, and is the last item",
    "panic-ends": "a panic of the producer does not leave the consumer waiting",
    "first-item": "the first item arrives within 50 ms",
}
_FOR_VALUES = ("ends", "error-reaches", "panic-ends")
"""What the contract asks of a function that returns once."""
_LIMIT_S = 8.0


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a probe found.

    Attributes:
        broken: What is wrong, by check; "compiles" is a check as well.
        checked: The checks that ran, in their order.
    """

    backend: str
    broken: Mapping[str, str]
    checked: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether the backend may be offered."""
        return not self.broken


def probe(backend: Backend, folder: Path, cargo: Cargo, render: Renderer = templates.render) -> Verdict:
    """Build the probe of a backend in ``folder``, which is ``cargo.root``, and run its checks.

    ``render`` fills the template of the backend: a project may have one of its own.

    Raises:
        ToolError: cargo is missing.
        BaselineError: A crate that the probe needs cannot be had.
    """
    for path, text in probe_crate(backend, render).items():
        (folder / path).parent.mkdir(parents=True, exist_ok=True)
        replace_file(folder / path, text.encode())
    cargo.touch(("src/main.rs", "src/subject.rs"))
    built = cargo.compile(("build",), DEFAULT, ())
    program = next((unit.executable for unit in built.units if unit.executable), None)
    if not built.success or program is None:
        errors = (m.diagnostic for m in built.messages if m.diagnostic.level.startswith("error"))
        first = next(errors, None)
        said = f"{first.code} {first.message}".strip() if first else "the build failed"
        return Verdict(backend.name, {"compiles": said}, ("compiles",))
    checks = tuple(CHECKS) if backend.streams else _FOR_VALUES
    if backend.single:
        checks = tuple(check for check in CHECKS if check != "bounded")
    broken = {check: wrong for check in checks if (wrong := _wrong(program, check, folder))}
    return Verdict(backend.name, broken, ("compiles", *checks))


def probe_crate(backend: Backend, render: Renderer = templates.render) -> dict[str, str]:
    """Return the files of a backend's probe.

    Raises:
        ToolError: The installation has no templates.
    """
    made = "subject::numbers($source)"
    if backend.streams and backend.is_stream:
        made = f"Box::pin({made})"
    if not backend.streams:
        made = f"Gathered::from({made}.await)"
    values = {
        "blocking": backend.blocking,
        "streams": backend.streams,
        "single": backend.single,
        "advance": backend.advance if backend.streams else "$stream.0.pop_front()",
        "made": made,
        "dependencies": [crate.line for crate in merged((*_OWN, *backend.needs))],
        "subject": example(backend, render),
    }
    return {
        path.removesuffix(".j2"): templates.render(f"async/probe/{name}", **values)
        for path, name in (
            ("Cargo.toml", "Cargo.toml.j2"),
            ("src/main.rs", "main.rs.j2"),
            ("src/subject.rs", "subject.rs.j2"),
        )
    }


def example(backend: Backend, render: Renderer = templates.render) -> str:
    """Return the function that a probe is about.

    Raises:
        ToolError: The installation has no templates.
    """
    if backend.single:
        return render("async/one-value.rs.j2", **{**_ONE_NUMBER, **backend.values})
    producer = _NUMBERS if backend.blocking else _ASYNC_NUMBERS
    return render(backend.template, **{**producer.values(), **backend.values})


def merged(crates: Iterable[Crate]) -> list[Crate]:
    """Return each crate once, with all features that are asked of it."""
    found: dict[str, Crate] = {}
    for crate in crates:
        known = found.get(crate.name, crate)
        features = tuple(dict.fromkeys((*known.features, *crate.features)))
        found[crate.name] = replace(crate, features=features)
    return list(found.values())


_OWN = (
    Crate("tokio", "1", ("rt-multi-thread", "macros", "time", "sync")),
    Crate("futures", "0.3"),
)
_NUMBERS = Producer(
    name="numbers",
    item="u32",
    error="Fault",
    parameters="source: Source",
    state="source",
    next="state.next()",
    docs=("Produces numbers.",),
)
_ASYNC_NUMBERS = replace(_NUMBERS, next="state.next().await")
_ONE_NUMBER: Mapping[str, object] = {
    "docs": ("Produces a number.",),
    "visibility": "pub ",
    "name": "numbers",
    "parameters": "mut source: Source",
    "item": "Result<u32, Fault>",
    "owned": (),
    "made": "source.next().await.map(Option::unwrap_or_default)",
    "future": "async move { source.next().await.map(Option::unwrap_or_default) }",
    "captures": "",
    "form": "once",
    "is_marked": True,
}


def _wrong(program: str, check: str, folder: Path) -> str:
    """Return what a check finds wrong, "" for nothing."""
    done = run((program, check), folder, os.environ, Deadline.after(_LIMIT_S))
    if done.timed_out:
        return "the check hangs"
    if not done.code:
        return ""
    return done.stdout.strip() or f"the check ended with {done.code}: {done.stderr.strip()[-200:]}"
