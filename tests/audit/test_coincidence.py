"""Without a past a claimed line that fits may fit by chance."""

import pytest

from remediate.audit.anchoring.anchor import anchor
from remediate.audit.readers.read import read
from remediate.audit.tree import Tree

DENSE = b"fn a() {\n" + b"    x.unwrap();\n    y();\n" * 20 + b"}\n"
SPARSE = (
    b"fn a() {\n" + b"    y();\n" * 100 + b"    x.unwrap();\n" + b"    y();\n" * 100 + b"    x.unwrap();\n}\n"
)


@pytest.mark.parametrize(
    ("text", "claim", "statuses"),
    [
        # Each could be the one above or below it.
        (DENSE, "`src/a.rs:10`", {"ambiguous"}),
        (DENSE, "`src/a.rs:2,10`", {"ambiguous"}),
        # All of them where they are said to be: any shift would lose some.
        (DENSE, f"`src/a.rs:{','.join(str(n) for n in range(2, 42, 2))}`", {"present"}),
        (SPARSE, "`src/a.rs:102`", {"present"}),
        # Its text is on the line, and where else it stands does not matter.
        (DENSE, "`src/a.rs:10` - `x.unwrap();`", {"present"}),
        (DENSE.replace(b"x", b"z", 1), "`src/a.rs:2` - `z.unwrap();`", {"present"}),
        (DENSE.replace(b"fn a() {\n", b"fn open_it() {\n    x.unwrap();\n}\nfn a() {\n"),
         "`src/a.rs:2` in the `open_it` function", {"present"}),
    ],
)  # fmt: skip
def test_what_stands_close_together_is_not_told_apart_by_number(
    text: bytes, claim: str, statuses: set[str]
) -> None:
    document = read(f"## unwrap() calls\n\n- {claim}\n", "A.md")
    assert {f.status for f in anchor(document, Tree({"src/a.rs": text}))} == statuses
