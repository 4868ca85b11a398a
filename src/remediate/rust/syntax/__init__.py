"""Tokens, syntax tree, items, attributes, cfg. The only user of tree-sitter."""
