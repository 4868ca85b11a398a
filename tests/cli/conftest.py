import pytest
from command_line import Remediate
from tiny_codemod import TinyCodemod

from remediate import contract


@pytest.fixture
def remediate(capfdbinary: pytest.CaptureFixture[bytes], monkeypatch: pytest.MonkeyPatch) -> Remediate:
    return Remediate(capfdbinary, monkeypatch)


@pytest.fixture
def tiny(monkeypatch: pytest.MonkeyPatch) -> TinyCodemod:
    """The only installed codemod, in the place of `split-file`."""
    codemod = TinyCodemod()
    codemod.RULES = ("large-file",)
    monkeypatch.setattr(contract, "codemods", lambda: {"split-file": codemod})
    return codemod
