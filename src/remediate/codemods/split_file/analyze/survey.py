"""The survey of a file: units, needs, immovable items; the input of every decision."""

from remediate.codemods.split_file.analyze.below import below
from remediate.codemods.split_file.analyze.immovable import pins
from remediate.codemods.split_file.analyze.macros import macro_callers, macros
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
    pieces = units(place, options.max_lines)
    known, local = symbols(place, pieces), macros(place)
    lookup = Lookup(place, known, local)
    return Survey(
        ground=place,
        options=options,
        units=pieces,
        needs=tuple(lookup.of_unit(u) for u in pieces),
        symbols=known,
        macros=local,
        macro_callers=macro_callers(place, pieces, local),
        below=below(place, lookup),
        pins=pins(place, pieces, mention_index(package).of(place.path), local, options),
    )
