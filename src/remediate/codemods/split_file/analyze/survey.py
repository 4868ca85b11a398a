"""The survey of a file: units, needs, immovable items; the input of every decision."""

from dataclasses import replace

from remediate.codemods.split_file.analyze.below import below
from remediate.codemods.split_file.analyze.company import macro_callers, users_of_hidden
from remediate.codemods.split_file.analyze.immovable import Calls, pins
from remediate.codemods.split_file.analyze.macros import macros
from remediate.codemods.split_file.analyze.made_items import made_by_calls, with_made
from remediate.codemods.split_file.analyze.preconditions import ground
from remediate.codemods.split_file.analyze.symbols import symbols
from remediate.codemods.split_file.analyze.units import units
from remediate.codemods.split_file.analyze.uses import Lookup
from remediate.codemods.split_file.draft import Survey
from remediate.codemods.split_file.options import SplitOptions
from remediate.model import Finding, Skip
from remediate.rust.mentions.index import mention_index
from remediate.rust.package import Package


def survey(package: Package, finding: Finding, options: SplitOptions) -> Survey | Skip:
    """Return what is known of the file a finding names, or why it cannot be split."""
    place = ground(package, finding, options)
    if isinstance(place, Skip):
        return place
    local = macros(place)
    made = made_by_calls(place, local)
    place = replace(place, scope=with_made(place.scope, made))
    textual = {name: (i.end,) for i in place.items if i.start in made for name in made[i.start].macros}
    local = replace(local, local={**textual, **local.local})
    pieces = units(place, made, options.max_lines)
    known = symbols(place, pieces)
    owners = {u.own.lead: made[u.item.start].owners for u in pieces if u.item.start in made}
    lookup = Lookup(place, known, local, owners)
    inner = below(place, lookup)
    using = users_of_hidden(lookup, pieces, made, inner)
    return Survey(
        ground=place,
        options=options,
        units=pieces,
        needs=tuple(lookup.of_unit(u) for u in pieces),
        symbols=known,
        macros=local,
        company=macro_callers(place, pieces, local) | using,
        below=inner,
        pins=pins(place, pieces, mention_index(package).of(place.path), Calls(local, made, using), options),
    )
