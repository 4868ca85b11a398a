"""Repairs of what the grammar cannot read, and what they may cost."""

import tree_sitter_rust
from tree_sitter import Language, Parser, Tree

from remediate.rust.syntax.repair import damage, repaired

PARSER = Parser(Language(tree_sitter_rust.language()))
UNREADABLE = b"fn f%d(x: Box<dyn 'static + Send>) -> u8 { @ %s }\n"


def parsed_bytes(copies: int) -> tuple[int, bool]:
    """Return how much was parsed to repair that many broken functions, and whether it did any good."""
    text = b"".join(UNREADABLE % (n, b"y" * 400) for n in range(copies))
    parsed: list[int] = []

    def parse(piece: bytes) -> Tree:
        parsed.append(len(piece))
        return PARSER.parse(piece)

    tree = PARSER.parse(text)
    return sum(parsed), damage(repaired(text, tree, parse)) < damage(tree)


def test_a_small_file_is_repaired() -> None:
    assert parsed_bytes(3)[1]


def test_a_hopeless_file_costs_no_more_than_it_is_worth() -> None:
    spent, better = parsed_bytes(1000)
    assert spent < 60_000_000
    assert not better
