"""What a person may begin with where nothing is rewritten: an outline of the code, by the reason it stays."""

from remediate.codemods.replace_block_on.known import Known
from remediate.codemods.replace_block_on.sites import Site
from remediate.rust.syntax.bodies import Function, function_at

_TEMPLATE = "async/scaffold.rs.j2"
_WITH_ONE = frozenset(
    {
        "drop",
        "trait-method",
        "foreign-interface",
        "sync-closure",
        "public-api",
        "called-from-test",
        "runtime-stays",
        "executor-left-over",
        "guard-held",
        "in-initialiser",
    }
)


def scaffold(known: Known, site: Site, reason: str) -> tuple[str, ...]:
    """Return the lines of an outline for a site that stays, none where the reason leads to no code."""
    function = function_at(known.source(site.path), site.name[0])
    if reason not in _WITH_ONE or (function is None and reason != "in-initialiser"):
        return ()
    values = _values(known, site, function)
    text = known.codebase.render(_TEMPLATE, reason=reason, **values)
    return tuple(line.rstrip() for line in text.strip().splitlines())


def _values(known: Known, site: Site, function: Function | None) -> dict[str, object]:
    argument = site.syntax.arguments[0] if site.syntax is not None and site.syntax.arguments else None
    text = known.codebase.files[site.path]
    waited = " ".join(text[slice(*argument)].decode(errors="replace").split()) if argument else "future"
    header = ""
    if function is not None:
        end = function.body[0] if function.body is not None else function.span[1]
        header = " ".join(text[function.keyword : end].decode(errors="replace").split())
    return {
        "header": header,
        "name": function.name if function is not None else "value",
        "output": (function.output if function is not None else "") or "()",
        "waited": waited,
    }
