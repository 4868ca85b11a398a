"""Codemods: pure plans for one kind of fix each. See ARCHITECTURE.md, "Adding a codemod"."""
