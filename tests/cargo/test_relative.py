from pathlib import Path

import pytest

from remediate.cargo.messages import relative


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("src/lib.rs", "src/lib.rs"),
        ("/w/src/lib.rs", "src/lib.rs"),
        ("a/src/../tests/unit/x.rs", "a/tests/unit/x.rs"),
        ("/w/a/src/../../b.rs", "b.rs"),
        ("/elsewhere/x.rs", "/elsewhere/x.rs"),
    ],
)
def test_paths_are_those_of_the_workspace(path: str, expected: str) -> None:
    assert relative(path, Path("/w")) == expected
