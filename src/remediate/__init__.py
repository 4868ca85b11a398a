"""Automated refactoring codemods for Rust: audit in, verified branches out."""

__version__ = "0.1.0"
