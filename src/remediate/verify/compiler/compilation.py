"""Gates of one ``cargo check`` (or clippy, or doc) against the same command before the change."""

import posixpath
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from remediate.cargo.check import Check, Configuration, merged
from remediate.gates import GateResult, failed, passed, unverified
from remediate.model import Diagnostic
from remediate.quantities import quantity

# What does not resolve in an import: its last name, or one before.
_UNRESOLVED = {"E0432", "E0433"}
_IMPORT = re.compile(r"^ *\d+ +\| +(?:pub(?:\([^)]*\))? +)?use ", re.MULTILINE)
"""A line with an import, as rustc shows it under a message."""
_UNUSED = "unused_imports"
_UNEXPECTED = "unexpected_cfgs"
_REEXPORT = re.compile(r"^ *\d+ +\| +pub(?:\([^)]*\))? +use ", re.MULTILINE)


Signature = tuple[str, str, str]
"""Level, code, normalised message."""

_PLACE = re.compile(r"[^\s`'\"]+\.rs(:\d+)*")
_PATH = re.compile(r"(?:\b\w+::|<[^<>]*>::)+(?=[\w{*<])")
_NAME = re.compile(r"`([^`]+)`")
_UNREAD = re.compile(r"(?<=couldn't read `)[^`]+(?=`)")
_LISTING = {"unused_imports", "dead_code", "unused_macros", "unused_macro_rules", "unreachable_pub"}


@dataclass(frozen=True, slots=True)
class Known:
    """A diagnostic of the baseline and how often it stood there; see ``signatures``."""

    level: str
    code: str
    message: str
    count: int


@dataclass(frozen=True, slots=True, order=True)
class Compiled:
    """A unit that compiled (or failed to): the package's name and cargo's label, ``lib test`` for one."""

    package: str
    label: str


@dataclass(frozen=True, slots=True)
class CheckBaseline:
    """One command under one configuration before the change.

    ``measured`` is false until somebody has to know: a check that says nothing is as good as any before it.
    """

    configuration: Configuration
    known: tuple[Known, ...] = ()
    compiled: tuple[Compiled, ...] = ()
    unmade: tuple[Compiled, ...] = ()
    measured: bool = True


def remember(check: Check, configuration: Configuration) -> CheckBaseline:
    """Return what of a run the comparison needs."""
    known = counted(merged([check]))
    return CheckBaseline(
        configuration,
        tuple(Known(*signature, count) for signature, count in sorted(known.items())),
        _compiled(check),
        _unmade(check),
    )


def silent(check: Check) -> bool:
    """Whether all compiles, and rustc had nothing to say: no check before it can have been better."""
    return check.success and not check.unmade and not check.messages


def news(
    checks: Sequence[Check], bases: Sequence[CheckBaseline], outstanding: int = 0
) -> tuple[Diagnostic, ...]:
    """Return the errors and warnings that the baseline does not have, over all configurations checked.

    Where one of several equal messages is new, all are returned: which one was there before cannot be told.
    """
    pairs = list(zip(checks, bases, strict=False))
    new = {s for check, base in pairs for s in _excess(check, base)}
    heard = [_audible(check, base) for check, base in pairs]
    return tuple(
        d for d in merged(heard, outstanding) if d.level in ("error", "warning") and new & set(signatures(d))
    )


def _audible(check: Check, base: CheckBaseline) -> Check:
    """Return a run without what did not compile before either: it could not have said what others say."""
    unmade = tuple(u for u in check.unmade if Compiled(u.package, u.label) not in base.unmade)
    return replace(check, unmade=unmade)


def gates(name: str, check: Check, base: CheckBaseline, package: str) -> Iterator[GateResult]:
    """Yield the gates of one run: ``name (configuration)`` for errors, ``name warnings (configuration)``.

    ``package`` is the one under edit. What did not compile before either is unverified, target by target.
    """
    title = f"{name} ({base.configuration.name})"
    fresh_news = news([check], [base])
    errors = tuple(d for d in fresh_news if d.level == "error")
    lost = sorted(set(base.compiled) - set(_compiled(check)))
    known = sum(k.count for k in base.known if k.level == "error")
    if errors or lost:
        yield failed(title, _what_broke(errors, lost, check.scripts), errors)
    elif not any(u.package == package for u in check.units):
        why = "".join(f"; {sentence}" for sentence in check.scripts)
        yield unverified(title, f"nothing of {package} compiles, before the change or after it{why}")
    else:
        yield passed(title, f"no new error in {quantity(len(check.units), 'unit')}; {known} known before")
        for unit in (u for u in _unmade(check) if u.package == package):
            yield unverified(f"{title}: {unit.label}", "it did not compile before the change either")
    yield _warnings(f"{name} warnings ({base.configuration.name})", check, base, fresh_news)


def _what_broke(errors: Sequence[Diagnostic], lost: Sequence[Compiled], scripts: Sequence[str]) -> str:
    if errors:
        return f"{quantity(len(errors), 'new error')}, the first: {errors[0].message}"
    if scripts:
        return "; ".join(scripts)
    return "no longer compiles: " + ", ".join(f"{u.package} ({u.label})" for u in lost[:5])


def _warnings(title: str, check: Check, base: CheckBaseline, fresh_news: Sequence[Diagnostic]) -> GateResult:
    warnings = tuple(d for d in fresh_news if d.level == "warning")
    if warnings:
        return failed(title, f"{len(warnings)} new, the first: {warnings[0].message}", warnings)
    if not check.units:
        return unverified(title, "nothing compiled")
    repeated = counted(merged([check])) - Counter({(k.level, k.code, k.message): k.count for k in base.known})
    more = sum(n for (_, code, _), n in repeated.items() if code == _UNEXPECTED)
    also = f"; {quantity(more, 'more mention')} of conditions that were unexpected before" if more else ""
    return passed(title, f"no new warning{also}")


def _excess(check: Check, base: CheckBaseline) -> Counter[Signature]:
    known = Counter({(k.level, k.code, k.message): k.count for k in base.known})
    found = counted(merged([check])) - known
    return Counter(
        {
            s: n
            for s, n in found.items()
            if not (s in known and _is_repeated(s, check, base)) and not _is_undecided(s, check, base)
        }
    )


def _is_undecided(signature: Signature, check: Check, base: CheckBaseline) -> bool:
    """Whether it calls a re-export unused, only in targets that do not compile and did not before.

    rustc has not read all that could use it, and code that it will read once the errors are gone may.
    """
    if signature[1] != _UNUSED:
        return False
    unmade = {(u.package, u.label) for u in base.unmade} & {(u.package, u.label) for u in check.unmade}
    said = [m for m in check.messages if signature in signatures(m.diagnostic)]
    return all(
        (m.package, m.label) in unmade and _REEXPORT.search(m.diagnostic.rendered) is not None for m in said
    )


def _is_repeated(signature: Signature, check: Check, base: CheckBaseline) -> bool:
    """Whether it is of an import that a file cut in two has in both parts.

    That is a condition that cargo does not expect, and that rustc names wherever it stands; or an import that
    did not resolve before, only in targets that did not compile before, which are unverified as they were.
    """
    if signature[1] == _UNEXPECTED:
        return True
    if signature[1] not in _UNRESOLVED:
        return False
    unmade = {(u.package, u.label.removesuffix(" test")) for u in base.unmade}
    said = [m for m in check.messages if signature in signatures(m.diagnostic)]
    others = {m.diagnostic.spans for m in said if not _IMPORT.search(m.diagnostic.rendered)}
    known = sum(k.count for k in base.known if (k.level, k.code, k.message) == signature)
    return len(others) <= known and all((m.package, m.label.removesuffix(" test")) in unmade for m in said)


def _compiled(check: Check) -> tuple[Compiled, ...]:
    return tuple(sorted({Compiled(u.package, u.label) for u in check.units}))


def _unmade(check: Check) -> tuple[Compiled, ...]:
    return tuple(sorted({Compiled(u.package, u.label) for u in check.unmade}))


def signatures(diagnostic: Diagnostic) -> tuple[Signature, ...]:
    """Return the signatures of one message, most often one."""
    # Another file includes the same one by another way.
    meant = _UNREAD.sub(lambda path: posixpath.normpath(path[0]), diagnostic.message)
    message = _PATH.sub("", _PLACE.sub("<file>", meant))
    names = _NAME.findall(message) if diagnostic.code in _LISTING else []
    return tuple((diagnostic.level, diagnostic.code, name) for name in names or [message])


def counted(diagnostics: Iterable[Diagnostic]) -> Counter[Signature]:
    """Return how often each signature stands among distinct errors and warnings."""
    return Counter(s for d in diagnostics if d.level in ("error", "warning") for s in signatures(d))
