"""How long the files of a split may be."""

from dataclasses import dataclass

from remediate.codemods.split_file.options import SplitOptions


@dataclass(frozen=True, slots=True)
class Limits:
    """The most lines of a file that a split may leave, and the fewest that one should have."""

    max_lines: int = 300
    min_lines: int = 30
    cut_types: bool = False
    """Whether the methods of a type are cut from the limit on, not from twice the limit."""

    @classmethod
    def of(cls, options: SplitOptions) -> "Limits":
        """Return what the options ask for."""
        return cls(options.max_lines, options.min_lines, options.cut_types)

    @property
    def about(self) -> int:
        """Lines up to which what belongs together is better left so: a quarter more than asked."""
        return self.max_lines * 5 // 4

    @property
    def whole(self) -> int:
        """Lines up to which a type's methods are not parted: all of a type in one file is what people merge.

        ``benchmarks/split/verdicts/whole_methods``: of twelve files where it matters two judges would
        merge 20 of 24 with the type whole, and 2 of 24 with its methods cut.
        """
        return self.about if self.cut_types else 2 * self.max_lines
