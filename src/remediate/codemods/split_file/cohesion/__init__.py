"""Which items of a large file belong together: pure functions of the file's text.

    parts, links = parts_and_links(source)
    grouping = group(parts, links, Limits(max_lines=300), planned=finding.planned, taken_names=names)

The caller may change parts in between (``dataclasses.replace``): ``movable=False`` for what must stay in the
facade, ``bond="x"`` for what must not be parted, fewer parts for what is dealt with elsewhere.
"""

from remediate.codemods.split_file.cohesion.grouping import Sorter, group
from remediate.codemods.split_file.cohesion.model import Group, Grouping, Limits, Link, Part
from remediate.codemods.split_file.cohesion.reading import parts_and_links

__all__ = ["Group", "Grouping", "Limits", "Link", "Part", "Sorter", "group", "parts_and_links"]
