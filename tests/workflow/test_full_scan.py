"""What a scan takes from the codemods without importing them."""

from pathlib import Path

import pytest

from remediate.audit.rules.catalog import RULES
from remediate.contract import codemod_for
from remediate.workflow.scanning.full_scan import _declared, _rules_in


def test_codemods_are_known_without_importing_them() -> None:
    declared = _declared()
    assert declared is not None
    assert {rule.id: declared.get(rule.id) for rule in RULES} == {r.id: codemod_for(r.id) for r in RULES}


@pytest.mark.parametrize(
    ("text", "rules"),
    [
        ('OWN = "a"\nRULES = (OWN, "b")\n', ("a", "b")),
        ("RULES = tuple(sorted(x))\n", None),
        ("from elsewhere import A\nRULES = (A,)\n", None),
        ("", None),
    ],
)
def test_rules_that_are_not_plain_are_asked_for(
    text: str, rules: tuple[str, ...] | None, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "plain_codemod.py").write_text(text)
    monkeypatch.syspath_prepend(tmp_path)
    assert _rules_in("plain_codemod") == rules
