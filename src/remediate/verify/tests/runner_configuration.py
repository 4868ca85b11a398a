"""The gate "nextest configuration": nextest takes the file and knows every key of it."""

from remediate.cargo import nextest
from remediate.cargo.door import Cargo
from remediate.cargo.nextest import PATH, judged
from remediate.rust.package import Package
from remediate.verify.report import GateResult, failed, passed, unverified

_GATE = "nextest configuration"


def runner_configuration(cargo: Cargo, before: Package, after: Package) -> GateResult | None:
    """Judge the configuration on the disk; None where there is none.

    What the change left as it was cannot fail: its unknown keys are named.
    """
    if PATH not in after.files:
        return None
    if not nextest.available():
        return unverified(_GATE, "nextest is not installed")
    found = judged(cargo)
    if found.sound:
        return passed(_GATE, f"nextest knows every key of {PATH}")
    words = found.error or f"nextest does not know, and ignores: {', '.join(found.unknown)}"
    if after.files[PATH] != before.files.get(PATH):
        return failed(_GATE, words)
    return unverified(_GATE, f"{words}; `extract-tests --repair-nextest` repairs {PATH}")
