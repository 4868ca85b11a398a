from pathlib import Path

import pytest

from remediate.cargo.messages import Messages, package_name, parse

_ARTIFACT = (
    '{"reason":"compiler-artifact","package_id":"path+file:///w/small#0.1.0","target":{"kind":["lib"],'
    '"name":"small","src_path":"/w/small/src/lib.rs"},"profile":{"test":true},"features":["a"],'
    '"filenames":["/nowhere/libsmall-1.rmeta"],"executable":null,"fresh":true,"a-new-field":{}}'
)


def heard(*lines: str) -> Messages:
    messages = Messages(Path("/w/small"))
    for line in lines:
        messages.line(line)
    return messages


def test_an_artifact_without_record_of_what_was_read() -> None:
    [unit] = heard(_ARTIFACT).units
    assert (unit.package, unit.label, unit.root, unit.fresh) == ("small", "lib test", "src/lib.rs", True)
    assert unit.files is None


def test_what_is_not_cargos_json_is_passed_over() -> None:
    messages = heard("warning: x", " {}", "{not json", '{"reason":"new-kind","x":1}', _ARTIFACT)
    assert len(messages.units) == 1
    assert messages.finished is None


def test_after_the_build_nothing_is_believed() -> None:
    messages = heard(
        '{"reason":"build-finished","success":false}', _ARTIFACT, '{"reason":"build-finished","success":true}'
    )
    assert messages.finished is False
    assert not messages.units


def test_packages_of_others_are_left_out() -> None:
    assert not heard(_ARTIFACT.replace("path+file:///w/small", "registry+https://example.org/index")).units


def test_units_that_failed_are_named_by_cargo_itself() -> None:
    messages = Messages(Path("/w"))
    messages.complaint(
        "error: could not compile `small` (lib test) due to 2 previous errors; 1 warning emitted"
    )
    messages.complaint('error: could not compile `small` (bin "x" test) due to 1 previous error')
    assert [(u.package, u.label) for u in messages.unmade] == [
        ("small", "lib test"),
        ("small", 'bin "x" test'),
    ]


@pytest.mark.parametrize(
    ("identity", "name"),
    [
        ("path+file:///w/small#0.1.0", "small"),
        ("path+file:///w/folder#other@0.1.0", "other"),
        ("small 0.1.0 (path+file:///w/small)", "small"),
        ("git+https://example.org/x.git?branch=main#abc@1.0.0", "abc"),
    ],
)
def test_name_in_a_package_id(identity: str, name: str) -> None:
    assert package_name(identity) == name


def test_dep_info_with_blanks_and_environment() -> None:
    text = "# env-dep:X=a: b\n/t/libx.rmeta: src/lib.rs src/a\\ b.rs\n\nsrc/lib.rs:\nsrc/a\\ b.rs:\n"
    assert parse(text) == ["src/lib.rs", "src/a b.rs"]
