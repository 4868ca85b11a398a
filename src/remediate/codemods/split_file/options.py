"""What a user may ask of split-file."""

from typing import Annotated, Literal

from remediate.options import Options, option


class SplitOptions(Options, frozen=True):
    """How a file is cut."""

    max_lines: Annotated[int, option("The most lines a file may keep.", least=1)] = 300
    min_lines: Annotated[int, option("The fewest lines a new file should have.", flag="-", least=1)] = 30
    cut_types: Annotated[
        bool,
        option(
            "Cut as far as it goes: methods of a type that fills less than two files, and a file of which "
            "most stays in one."
        ),
    ] = False
    layout: Annotated[
        Literal["mod", "file", "auto"],
        option("foo/mod.rs, foo.rs beside foo/, or as the package already does."),
    ] = "mod"
    rename_tests: Annotated[
        bool,
        option(
            "Also move tests of a file of nothing but tests: each name gains its new module, as is verified."
        ),
    ] = False
