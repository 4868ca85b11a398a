"""A claim of a placeholder, where the stub is marked by the words of another rule."""

import pytest

from remediate.audit.anchoring.anchor import anchor
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree

STUB = b"""\
pub fn stub(_input: &str) -> u32 {
    // TODO: in a real implementation this would parse
    0
}
"""
WORKING = b"""\
pub fn stub(input: &str) -> usize {
    // TODO: count characters
    input.len()
}
"""


@pytest.mark.parametrize(
    ("text", "line", "status"),
    [
        (STUB, 2, "present"),
        (STUB, 9, "ambiguous"),  # the number is stale, but what is claimed is in the file
        (WORKING, 2, "mistaken"),  # only a name, and a remark about code that works
    ],
)
def test_a_stub_that_another_marker_names_is_no_mistake(text: bytes, line: int, status: str) -> None:
    audit = f"## Placeholders\n\n- `src/a.rs:{line}` placeholder implementation\n"
    (finding,) = anchor(read(audit, "A.md"), Tree({"src/a.rs": text}))
    assert (finding.rule, finding.status) == ("placeholder", status)
    if status == "present":
        assert [site.line for site in finding.sites] == [2]
