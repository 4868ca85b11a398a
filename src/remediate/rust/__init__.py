"""What Rust source is: tokens, syntax tree, items, paths, modules. The only user of tree-sitter. Pure."""
