"""What ``cargo package`` would ship."""

from remediate.cargo.door import Cargo
from remediate.cargo.refusals import refusal


def packed(cargo: Cargo, spec: str) -> frozenset[str]:
    """Return the files a package's archive would hold, relative to the package's folder.

    Raises:
        ToolError: cargo is missing.
        BaselineError: cargo cannot list them.
    """
    finished = cargo.run(("package", "--list", "--allow-dirty", "--package", spec))
    if finished.code:
        raise refusal("cargo package --list", finished)
    return frozenset(line.strip().replace("\\", "/") for line in finished.stdout.splitlines() if line.strip())
