"""What a person may begin with where nothing is rewritten: the function as it would wait, or a hint."""

from remediate.codemods.replace_block_on.contexts import setting
from remediate.codemods.replace_block_on.judging import replacement
from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.preconditions import plainly, whole_of
from remediate.codemods.replace_block_on.rewriting import made_async
from remediate.codemods.replace_block_on.sites import Site
from remediate.edits import Edit, apply
from remediate.model import Skip
from remediate.rust.syntax.bodies import Function, function_at
from remediate.rust.syntax.indent import indentation_at

_TEMPLATE = "async/scaffold.rs.j2"
_FUNCTIONS = frozenset({"drop", "trait-method", "public-api", "called-from-test", "not-called-from-async"})
"""The reasons for which the function may have an async form beside it."""
_HINTS = frozenset({"foreign-interface", "sync-closure", "guard-held", "runtime-stays", "in-initialiser"})


def scaffold(known: Known, site: Site, reason: str) -> tuple[str, ...]:
    """Return the lines of an outline for a site that stays, none where the reason leads to no code.

    Its code compiles where it would stand, as far as the function itself does.
    """
    function = function_at(known.source(site.path), site.name[0])
    form = _async_form(known, site, function, reason) if function is not None and reason in _FUNCTIONS else ""
    if not form and reason not in _HINTS:
        return ()
    text = known.codebase.render(_TEMPLATE, reason=reason, function=form)
    return tuple(line.rstrip() for line in text.strip().splitlines())


def _async_form(known: Known, site: Site, function: Function, reason: str) -> str:
    """Return the function under another name, async, with its blocking call awaited; "" for none."""
    where = setting(known, site.path, site.name[0])
    stays = plainly(known, site, where) is not None or site.spelling is None or site.spelling.runtime
    whole = whole_of(known, site, where) if not stays and where.kind == "fn" else None
    edits = None if whole is None or isinstance(whole, Skip) else replacement(known, site, whole)
    if edits is None or isinstance(edits, Skip):
        return ""
    text = known.codebase.files[site.path]
    if function.owner == "trait impl" and b"Self::" in text[slice(*function.span)]:
        return ""  # a type of the trait, which has another name outside of it
    name = "close" if reason == "drop" else f"{function.name}_async"
    every = (*edits, made_async(text, function), Edit(*function.name_span, name.encode()))
    start, end = function.span
    written = apply(text[start:end], (Edit(e.start - start, e.end - start, e.new) for e in every))
    margin = indentation_at(text, start).decode()
    lines = written.decode(errors="replace").splitlines()
    return "\n".join(line.removeprefix(margin) for line in lines)
