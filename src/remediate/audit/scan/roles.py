"""What a file's path says of its role."""

_TEST_FOLDERS = {"tests", "benches", "examples", "fuzz", "testing"}


def is_test_path(path: str) -> bool:
    """Whether a path is that of tests, benchmarks, examples or a build script: not production code."""
    parts = path.split("/")
    return (
        (bool(_TEST_FOLDERS & set(parts[:-1])) and "src" not in parts[:-1])
        or parts[-1] == "build.rs"
        or _below(parts)
    )


def _below(parts: list[str]) -> bool:
    """Whether a test folder stands outside of the innermost ``src``."""
    folders = parts[:-1]
    last = max((i for i, p in enumerate(folders) if p == "src"), default=-1)
    return any(p in _TEST_FOLDERS for p in folders[:last]) if last >= 0 else False
