"""Why a file is not split: the stable reason codes and what they mean."""

REASONS = {
    "build-script": "The file is a build script.",
    "cannot-cut": "Nothing movable is large enough to be a module, or most would stay in one file.",
    "generated": "The file says that a program wrote it.",
    "manifest-list": "`include` or `exclude` of Cargo.toml is inherited and would leave the new files out.",
    "no-such-file": "The finding names no Rust file of the package.",
    "not-large": "The file is within the limit.",
    "not-verified": "The compiler reported something that no import and no `pub(super)` answers.",
    "orphan-file": "No target reaches the file, so no compiler could check the split.",
    "parse-error": "An item at the top level cannot be read.",
    "path-taken": "The facade's new path exists already.",
    "plan-mismatch": "The plan the split was to follow does not fit the file.",
    "shared-file": "The file is several modules, or a file includes it: as code, or as text.",
    "unusual-module": "A `#[path]` that cannot be rewritten, or a macro, leads to the file.",
}

SETTLED = frozenset({"not-large"})
"""What a second run says where nothing is left to do."""
