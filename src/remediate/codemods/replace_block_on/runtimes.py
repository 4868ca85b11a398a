"""Which executor drives the code around a site, and whether the runtime it blocks on goes with the call."""

import re

from remediate.audit.scan.blocking_calls import calls
from remediate.codemods.replace_block_on.executors import own_executor
from remediate.codemods.replace_block_on.known import Known, users_of
from remediate.codemods.replace_block_on.preconditions import setting_of_replaced
from remediate.codemods.replace_block_on.rewriting import runtime_removed
from remediate.codemods.replace_block_on.sites import Site, sites
from remediate.codemods.replace_block_on.spellings import Spelling
from remediate.edits import Edit
from remediate.facts.model import UNKNOWN, Call
from remediate.rust.syntax.bodies import function_at

_TOKIO = re.compile(
    rb"\btokio\s*::\s*(?:main|test|spawn|task\s*::\s*spawn)\b|\buse\s+tokio\s*::\s*(?:task\s*::\s*)?spawn\b"
)


def tokio_drives(known: Known, site: Site, gone: tuple[Site, ...], *, told: bool = False) -> str:
    """Return why it is not sure that tokio drives the async code around a site, "" if it is.

    ``told`` is whether who calls that code is told to: it is another API, and nothing awaits it yet.
    """
    mine = {(site.path, site.name[0]) for site in gone}
    seen = _blocked_on_by_tokio(known, site)
    users = users_of(known.codebase, known.codebase.home(site.path))
    for path in sorted({file for package in users for file in package.rust_files}):
        outline = known.outline(path)
        seen = seen or _TOKIO.search(outline.code) is not None
        for use in calls(outline):
            foreign = use.name == b"block_on" and use.provider not in {"tokio", "", "project"}
            if not foreign or (path, use.start) in mine:
                continue
            # What runs inside of a tokio runtime that is entered for it counts as tokio's own.
            there = (one.spelling for one in sites(known, path) if one.name[0] == use.start)
            if not any(spelling is not None and spelling.runtime for spelling in there):
                at = known.location(path, use.start)
                return f"{at} drives futures with {use.provider}, where tokio's would find no runtime."
    unknown = "nothing shows that tokio drives the async code around, whose future needs it."
    return "" if seen or told else unknown


def _blocked_on_by_tokio(known: Known, site: Site) -> bool:
    """Whether tokio's own ``block_on`` runs a future that leads to the function around a site.

    A call of ``block_on`` in that function itself shows nothing: it is what goes.
    """
    own = known.function_of(site.path, site.name[0])
    above, waiting = {own}, [own] if own else []
    while waiting:
        callers = {call.caller.path for call in known.callers_of(waiting.pop())}
        waiting += callers - above
        above |= callers
    return any(call.caller.path != own and _runs(known, call, above) for call in known.derived(_by_tokio))


def _by_tokio(known: Known) -> tuple[Call, ...]:
    """Return every call by which tokio drives a future: of its ``block_on``, or of what hands on to that."""
    calls = known.blocked_by_tokio
    own = dict.fromkeys(call.caller.path for call in calls)
    runs = (name for name in own if isinstance(own_executor(known, name), Spelling))
    return (*calls, *(call for name in runs for call in known.callers_of(name)))


def _runs(known: Known, call: Call, above: set[str]) -> bool:
    """Whether a call of ``block_on``, or the function that it stands in, makes a future of one of these."""
    if call.caller.path not in above or call.span.file not in known.codebase.files:
        return False
    inside = known.facts_at(call.span.file).calls_in(call.span)
    return inside is not UNKNOWN and any(one.callee.path in above for one in inside)


def is_last_resort(known: Known, site: Site) -> bool:
    """Whether the code around a site asks if a runtime is there, and brings one where none is."""
    function = function_at(known.source(site.path), site.name[0])
    body = function.body if function is not None else None
    return body is not None and b"try_current" in known.outline(site.path).code[body[0] : site.name[0]]


def executor_left_over(known: Known, site: Site, sites: tuple[Site, ...]) -> str:
    """Return the package's own function that nobody would call any more, "" if there is none.

    One of another package is public, and rustc does not warn of it.
    """
    written = known.written(site.call.callee.path) if site.call is not None else None
    if site.call is None or written is None:
        return ""
    if known.codebase.package_of(written[0]) is not known.codebase.package_of(site.path):
        return ""
    gone = {(one.path, one.name[1]) for one in sites if setting_of_replaced(known, one) is not None}
    left = [c for c in known.callers_of(site.call.callee.path) if (c.span.file, c.name.end) not in gone]
    return "" if left else site.call.callee.name


def stays(known: Known, site: Site, sites: tuple[Site, ...]) -> str:
    """Return why the runtime that a site blocks on would be left over, "" if it goes with the call.

    One that is held elsewhere (`self.runtime`) is dropped elsewhere: from async code its `block_on` panics.
    """
    receiver = site.syntax.receiver if site.syntax is not None else None
    if receiver is None or site.spelling is None or not site.spelling.runtime:
        return ""
    code = known.outline(site.path).code[receiver[0] : receiver[1]]
    name = variable(code)
    if not name:
        return _unread(known, site, code, sites)
    if name == b"self" or removal(known, site, sites) is not None:
        return ""
    return f"the runtime `{name.decode()}` is used for something else as well, or comes from elsewhere."


def _unread(known: Known, site: Site, code: bytes, sites: tuple[Site, ...]) -> str:
    """Return the field that would not be read any more, "" if it is, or if it is no field."""
    field = re.search(rb"\.\s*(\w+)\s*\Z", code)
    if field is None:
        return ""
    read = re.compile(rb"\.\s*" + re.escape(field[1]) + rb"\b(?!\s*\()")
    gone = {
        (s.path, s.syntax.receiver) for s in sites if s.syntax is not None and s.syntax.receiver is not None
    }
    for path in known.codebase.home(site.path).rust_files:
        spans = [span for p, span in gone if p == path]
        for match in read.finditer(known.outline(path).code):
            if not any(a <= match.start() < b for a, b in spans):
                return ""
    return f"the field `{field[1].decode()}` would not be read any more: it goes with what makes it."


def variable(code: bytes) -> bytes:
    """Return the plain variable that an expression is, b"" for any other."""
    found = re.fullmatch(rb"&?\s*(\w+)", code.strip())
    return found[1] if found else b""


def removal(known: Known, site: Site, sites: tuple[Site, ...]) -> Edit | None:
    """Return the edit that removes the local runtime of a site once the sites are replaced."""
    receiver = site.syntax.receiver if site.syntax is not None else None
    if receiver is None:
        return None
    name = variable(known.outline(site.path).code[receiver[0] : receiver[1]])
    used = [s.syntax.span for s in sites if s.path == site.path and s.syntax is not None]
    return runtime_removed(known, site.path, name, site.name[0], used) if name else None
